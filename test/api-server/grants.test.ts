// A request is not a grant: the operator, as a process with its shipped rights, on a real API server.
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { V1Service } from '@kubernetes/client-node';
import { heard, operatorRequests } from './audit.ts';
import { asked, pathOf, Services } from './asking.ts';
import { specWith } from './builders.ts';
import { startReplica, type Operator } from './operator.ts';
import { startStage, type Stage } from './stage.ts';
import { settled } from './until.ts';

jest.setTimeout(30_000);

const both = '203.0.113.111,2001:db8::111';
const pools = [
  { name: 'main', addresses: ['203.0.113.110-203.0.113.119', '2001:db8::110/124'], autoAssign: false },
];

let stage: Stage;
let services: Services;
let operator: Operator | undefined;

beforeAll(async () => {
  stage = await startStage();
  services = new Services(stage);
  for (const name of ['a', 'b']) {
    await stage.admin.expect({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name } } });
  }
  const status = { addresses: [{ type: 'InternalIP', address: '203.0.113.119' }] };
  await stage.admin.expect({ method: 'POST', path: '/api/v1/nodes', body: { metadata: { name: 'n1' } } });
  await stage.admin.expect({
    method: 'PATCH',
    path: '/api/v1/nodes/n1/status',
    body: { status },
    type: 'merge',
  });
  await stage.create('edge', specWith({ services: { pools } }));
  await stage.create('bare', { version: 'v1.1.2', mode: 'ARP', services: {} });
}, 60_000);

afterAll(async () => {
  await operator?.stop();
  await stage?.stop();
});

afterEach(() => services.clear());

const grantOf = (name: string, namespace?: string) => services.grantOf(name, namespace);

async function untilGranted(name: string, address: string, namespace?: string): Promise<void> {
  expect(await services.settledGrant(name, address, namespace)).toBe(address);
}

describe('a Service that asks', () => {
  it('gets the address, and is told so', async () => {
    await services.make('web', '203.0.113.110');
    await untilGranted('web', '203.0.113.110');
    expect(await services.untilTold('web', 'AddressGranted')).toBe(
      '203.0.113.110 from pool main of KubeVipConfig edge is granted.',
    );
  });

  it('gets one of each family, in canonical spelling', async () => {
    await services.make('dual', '203.0.113.111, 2001:DB8:0::0111');
    expect(await settled(() => grantOf('dual'), both)).toBe(both);
  });

  it('is answered without delay', async () => {
    const times: number[] = [];
    for (const index of [1, 2, 3, 4, 5]) {
      await services.make(`fast-${index}`, `203.0.113.11${index}`);
      await untilGranted(`fast-${index}`, `203.0.113.11${index}`);
      const create = await heard(stage.api, 'create services', `fast-${index}`);
      const patch = await heard(stage.api, 'patch services', `fast-${index}`);
      times.push(patch.answeredAt - create.answeredAt);
    }
    // On a machine with other work it says nothing: a figure, and no limit.
    console.info(`create to annotation: ${times.join(', ')} ms`);
    expect(times).toHaveLength(5);
  });

  it('has its grant follow what it asks for, and lose it with the request', async () => {
    await services.make('moving', '203.0.113.112');
    await untilGranted('moving', '203.0.113.112');
    await services.annotate('moving', { [asked]: '203.0.113.113' });
    await untilGranted('moving', '203.0.113.113');
    await services.annotate('moving', { [asked]: null });
    expect(await settled(() => grantOf('moving'), undefined)).toBeUndefined();
    expect(await services.untilTold('moving', 'AddressWithdrawn')).toMatch(
      /^203\.0\.113\.113 is not asked for/,
    );
  });

  it('keeps what it asks for no more until kube-vip has published it', async () => {
    await services.make('quick', '203.0.113.112');
    expect(await settled(() => grantOf('quick'), '203.0.113.112')).toBe('203.0.113.112');
    await services.annotate('quick', { [asked]: null });
    expect(await services.untilTold('quick', 'GrantWaits')).toMatch(
      /^203\.0\.113\.112 is not asked for any more, and stays until kube-vip has published it/,
    );
    expect(await grantOf('quick')).toBe('203.0.113.112');
    await services.publish('quick', '203.0.113.112');
    expect(await settled(() => grantOf('quick'), undefined)).toBeUndefined();
  });

  it('waits for the one of its namespace before it, though no kube-vip leads yet', async () => {
    await services.make('one', '203.0.113.112');
    expect(await settled(() => grantOf('one'), '203.0.113.112')).toBe('203.0.113.112');
    await services.make('two', '203.0.113.113');
    expect(await services.untilTold('two', 'GrantWaits')).toContain('203.0.113.113 waits for its turn');
    expect(await grantOf('two')).toBeUndefined();
    await services.publish('one', '203.0.113.112');
    await untilGranted('two', '203.0.113.113');
  });

  it('gets what another one gives up', async () => {
    await services.make('before', '203.0.113.114');
    await untilGranted('before', '203.0.113.114');
    await services.make('after', '203.0.113.114', { in: 'b' });
    await services.untilTold('after', 'AddressTaken', 'b');
    await stage.admin.expect({ method: 'DELETE', path: pathOf('before', 'a') });
    expect(await settled(() => grantOf('after', 'b'), '203.0.113.114')).toBe('203.0.113.114');
  });

  it('shares an address with one of its namespace that has another port and the same key', async () => {
    const notes = { 'kubevip.dev/share': 'web' };
    await services.make('http', '203.0.113.115', { notes });
    await untilGranted('http', '203.0.113.115');
    await services.make('https', '203.0.113.115', { notes, port: 443 });
    const grants = () => Promise.all([grantOf('http'), grantOf('https')]);
    const shared: Awaited<ReturnType<typeof grants>> = ['203.0.113.115', '203.0.113.115'];
    expect(await settled(grants, shared)).toEqual(shared);
  });
});

describe('a Service is refused, with what to do,', () => {
  it('an address that another namespace has, which keeps it', async () => {
    await services.make('first', '203.0.113.110');
    await untilGranted('first', '203.0.113.110');
    await services.make('second', '203.0.113.110', { in: 'b' });
    expect(await services.untilTold('second', 'AddressTaken', 'b')).toBe(
      'kubevip.dev/addresses: expected 203.0.113.110 free in a pool of KubeVipConfig edge, found Service a/first with it in annotation kube-vip.io/loadbalancerIPs; choose another address of main (203.0.113.110-203.0.113.119, 2001:db8::110/124)',
    );
    expect([await grantOf('first'), await grantOf('second', 'b')]).toEqual(['203.0.113.110', undefined]);
  });

  it.each([
    ['outside', '203.0.113.120', 'AddressNotInPool'],
    ['node', '203.0.113.119', 'AddressOfNode'],
    ['vip', '203.0.113.100', 'AddressNotInPool'],
    ['name', 'web.example.org', 'AddressInvalid'],
    ['loopback', '127.0.0.1', 'AddressNotInPool'],
    ['two', '203.0.113.110,203.0.113.111', 'AddressInvalid'],
  ])('%s: %s', async (name, address, reason) => {
    await services.make(name, address);
    expect(await services.untilTold(name, reason)).toContain('kubevip.dev/addresses: expected');
    expect(await grantOf(name)).toBeUndefined();
  });

  it('anything of a KubeVipConfig without pools', async () => {
    await services.make('poor', '203.0.113.110', { of: 'bare' });
    expect(await services.untilTold('poor', 'NoPool')).toContain('spec.services.pools of KubeVipConfig bare');
    expect(await grantOf('poor')).toBeUndefined();
  });
});

describe('two replicas', () => {
  it('grant what one of them granted to nobody else after a restart, and change nothing', async () => {
    await services.make('kept', '203.0.113.116');
    await untilGranted('kept', '203.0.113.116');
    ({ operator } = await startReplica({ kubeconfig: stage.kubeconfig }));
    const before = await stage.admin.get<V1Service>(pathOf('kept', 'a'));
    await stage.operator.stop();
    await services.make('thief', '203.0.113.116', { in: 'b' });
    // The other one has to take the lead, and to look at the cluster.
    await services.untilTold('thief', 'AddressTaken', 'b', 20_000);
    await services.make('next', '203.0.113.117', { in: 'b' });
    await untilGranted('next', '203.0.113.117', 'b');
    expect(await stage.admin.get<V1Service>(pathOf('kept', 'a'))).toEqual(before);
    expect(await grantOf('thief', 'b')).toBeUndefined();
  });

  it('never write a Service without saying which version they read', () => {
    const conflicts = operatorRequests(stage.api).filter(
      ({ objectRef, verb, responseStatus }) =>
        objectRef?.resource === 'services' && verb === 'patch' && responseStatus?.code !== 200,
    );
    expect(conflicts.every(({ responseStatus }) => [404, 409].includes(responseStatus?.code ?? 0))).toBe(
      true,
    );
  });
});
