// What a tenant tries to get by writing Services: the operator, as a process, and the policies of config/default.
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { V1Service } from '@kubernetes/client-node';
import { asked, granted, pathOf, Services } from './asking.ts';
import { specWith } from './builders.ts';
import { startStage, type Stage } from './stage.ts';
import { settled } from './until.ts';

jest.setTimeout(30_000);

const pools = [{ name: 'main', addresses: ['203.0.113.110-203.0.113.119'], autoAssign: false }];
const probedPools = [{ name: 'main', addresses: ['203.0.113.120-203.0.113.129'], autoAssign: false }];
const olderPools = [{ name: 'main', addresses: ['203.0.113.130-203.0.113.139'], autoAssign: false }];
const noBalancer: NonNullable<V1Service['spec']> = { type: 'ClusterIP' };
const foreign = (more: NonNullable<V1Service['spec']> = {}): NonNullable<V1Service['spec']> => ({
  type: 'LoadBalancer',
  loadBalancerClass: 'example.org/x',
  ...more,
});

let stage: Stage;
let services: Services;
let squatters: Services;

beforeAll(async () => {
  stage = await startStage();
  [services, squatters] = [new Services(stage), new Services(stage)];
  for (const name of ['a', 'b']) {
    await stage.admin.expect({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name } } });
  }
  // Before there is a pool that a policy could read.
  await squatters.make('port', undefined, {
    in: 'b',
    notes: { [granted]: '203.0.113.110' },
    spec: noBalancer,
  });
  await squatters.make('note', undefined, {
    in: 'b',
    notes: { [granted]: '203.0.113.111' },
    spec: foreign(),
  });
  await squatters.make('field', undefined, { in: 'b', spec: foreign({ loadBalancerIP: '203.0.113.112' }) });
  await squatters.make('caught', undefined, {
    in: 'b',
    spec: { ...noBalancer, externalIPs: ['203.0.113.113'] },
  });
  await stage.create('edge', specWith({ services: { pools } }));
  await stage.create('older', {
    ...specWith({ version: 'v0.6.4', services: { pools: olderPools } }),
    controlPlane: undefined,
  });
  await stage.create('probed', {
    ...specWith({ services: { pools: probedPools }, preflight: {} }),
    controlPlane: undefined,
  });
}, 60_000);

afterAll(() => stage?.stop());
afterEach(() => services.clear());

async function take(address: string): Promise<void> {
  const path = '/api/v1/nodes';
  await stage.admin.expect({ method: 'POST', path, body: { metadata: { name: 'late' } } });
  const body = { status: { addresses: [{ type: 'InternalIP', address }] } };
  await stage.admin.expect({ method: 'PATCH', path: `${path}/late/status`, body, type: 'merge' });
}

describe('a tenant keeps no address of a pool from others', () => {
  it.each([
    ['in an annotation of what is no load balancer', 'port', '203.0.113.110'],
    ['in an annotation of another class', 'note', '203.0.113.111'],
    ['in loadBalancerIP of another class', 'field', '203.0.113.112'],
  ])('%s', async (_, name, address) => {
    await services.make(`not-${name}`, address);
    expect(await services.settledGrant(`not-${name}`, address)).toBe(address);
  });

  it('but for one that kube-proxy captures', async () => {
    await services.make('beaten', '203.0.113.113');
    expect(await services.untilTold('beaten', 'AddressTaken')).toContain(
      'found Service b/caught with it in spec.externalIPs',
    );
  });
});

describe('a Service with an address', () => {
  it('cannot become another type, and gives it up when it is deleted', async () => {
    await services.make('web', '203.0.113.114');
    expect(await services.settledGrant('web', '203.0.113.114')).toBe('203.0.113.114');
    const body = {
      spec: { type: 'ClusterIP', loadBalancerClass: null },
      metadata: { annotations: { [asked]: null } },
    };
    const answer = await stage.admin.send({ method: 'PATCH', path: pathOf('web', 'a'), body, type: 'merge' });
    expect([answer.status, answer.body]).toMatchObject([
      422,
      { message: expect.stringContaining('delete the Service and make it anew') },
    ]);
    await services.clear();
    await services.make('web', '203.0.113.114', { spec: noBalancer });
    await services.make('next', '203.0.113.114', { in: 'b' });
    expect(await services.settledGrant('next', '203.0.113.114', 'b')).toBe('203.0.113.114');
  });

  it('does not get in writing what is published and would not be granted', async () => {
    await services.make('bound', '203.0.113.115');
    expect(await services.settledGrant('bound', '203.0.113.115')).toBe('203.0.113.115');
    await services.annotate('bound', { [asked]: null });
    expect(await services.settledGrant('bound', undefined)).toBeUndefined();
    await take('203.0.113.115');
    // A node and a Service come by two watches.
    await services.make('heard', '203.0.113.115');
    await services.untilTold('heard', 'AddressOfNode');
    await services.annotate('bound', { [asked]: '203.0.113.115' });
    expect(await services.untilTold('bound', 'AddressKept')).toMatch(
      /^203\.0\.113\.115 stays: .* found an address of node late/,
    );
    expect(await services.grantOf('bound')).toBeUndefined();
  });
});

describe('a Service that is made anew under its name', () => {
  const has = async (holder: string | undefined): Promise<void> => {
    const wanted = async () => (await stage.config('older'))?.status?.services?.holder;
    expect(await settled(wanted, holder)).toBe(holder);
  };

  it('gets no address that its kube-vip may have left on a node, though that leads without a break', async () => {
    await stage.untilRuns('older-services');
    await stage.play.runHealthy('older-services', 'n1');
    await has('n1');
    await services.make('back', '203.0.113.130', { of: 'older' });
    expect(await services.settledGrant('back', '203.0.113.130')).toBe('203.0.113.130');
    await stage.admin.expect({ method: 'DELETE', path: pathOf('back', 'a') });
    await services.make('back', '203.0.113.130', { of: 'older' });
    expect(await services.untilTold('back', 'AddressLeftBehind')).toContain(
      'found that Service a/back had it, and kube-vip may have left it on its node',
    );
    expect(await services.grantOf('back')).toBeUndefined();
  });
});

it('a request waits, and is told so, while no node has told its networks', async () => {
  await services.make('early', '203.0.113.120', { of: 'probed' });
  expect(await services.untilTold('early', 'GrantWaits')).toMatch(
    /^kubevip\.dev\/addresses: 203\.0\.113\.120 waits for /,
  );
  expect(await services.grantOf('early')).toBeUndefined();
  await stage.change('probed', { preflight: { nodeProbe: 'Off' } });
  expect(await services.settledGrant('early', '203.0.113.120')).toBe('203.0.113.120');
});
