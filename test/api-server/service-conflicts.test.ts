// Services that have what belongs to a KubeVipConfig, and that no policy could stop: they were there before, they are in
// two namespaces, or they came through an update.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { conditionsOf, messageOf, specWith, type AnySpec } from './builders.ts';
import { startStage, type Stage } from './stage.ts';
import { stretched } from '../stretched.ts';
import { settled } from './until.ts';

jest.setTimeout(30_000);

let stage: Stage;

beforeAll(async () => {
  // Only this one is open: it would refuse that a Service takes an address which runs.
  stage = await startStage({ open: ['service-addresses.kubevip.dev', 'service-requests.kubevip.dev'] });
  await stage.admin.expect({
    method: 'POST',
    path: '/api/v1/namespaces',
    body: { metadata: { name: 'team' } },
  });
}, 60_000);

afterAll(() => stage?.stop());

const ips = 'kube-vip.io/loadbalancerIPs';
const addressOf = (address: string): AnySpec => specWith({ controlPlane: { addresses: [address] } });
const pathOf = (namespace: string): string => `/api/v1/namespaces/${namespace}/services`;

async function createService(namespace: string, name: string, spec: object, annotations = {}): Promise<void> {
  const body = { metadata: { name, annotations }, spec: { ports: [{ port: 80 }], ...spec } };
  await stage.admin.expect({ method: 'POST', path: pathOf(namespace), body });
}

async function change(path: string, body: object): Promise<void> {
  await stage.admin.expect({ method: 'PATCH', path: `${pathOf('default')}/${path}`, body, type: 'merge' });
}

/** The condition as `True ServiceHasAddress`, or undefined while it is not there. */
const duplicate = async (name: string) => {
  const found = (await stage.config(name))?.status?.conditions?.find(({ type }) => type === 'DuplicateOwner');
  return found && `${found.status} ${found.reason}`;
};
const verdict = (name: string, wanted: string) =>
  settled(async () => conditionsOf(await stage.config(name))['Accepted'], wanted);
const untilDuplicate = (name: string, wanted: string | undefined) =>
  settled(() => duplicate(name), wanted, 12_000);

describe('a config that claims the address of a Service', () => {
  const stalled = {
    Accepted: 'False ServiceConflict',
    PreflightPassed: 'False PreflightFailed',
    Programmed: 'False NotAccepted',
    Ready: 'False NotAccepted',
    Stalled: 'True ServiceConflict',
    // The two that would refuse such Services.
    Unguarded: 'True PolicyMissing',
  };

  it('is not accepted, and nothing is rendered for it', async () => {
    await createService('team', 'old', { type: 'ClusterIP', externalIPs: ['203.0.113.10'] });
    await stage.create('late', addressOf('203.0.113.10'));
    expect(await stage.conditions('late', stalled)).toEqual(stalled);
    expect(messageOf(await stage.config('late'), 'Accepted')).toBe(
      'spec.controlPlane.addresses: 203.0.113.10 belongs to Service team/old. Expected an address that no Service has, found 203.0.113.10, which Service team/old has in spec.externalIPs. Give the Service another address, or delete the KubeVipConfig and create one with a free address.',
    );
    expect(await stage.daemonSet('late-control-plane')).toBeUndefined();
    expect((await stage.config('late'))?.metadata.finalizers).toBeUndefined();
  });

  it('is accepted at once when the Service gives the address up', async () => {
    const path = `${pathOf('team')}/old`;
    const body = { spec: { externalIPs: null } };
    await stage.admin.expect({ method: 'PATCH', path, body, type: 'merge' });
    await stage.untilRuns('late-control-plane', stretched(2000));
    expect(await verdict('late', 'True Accepted')).toBe('True Accepted');
  });

  it('keeps what it runs beside it', async () => {
    await createService('default', 'holder', { type: 'LoadBalancer' }, { [ips]: '203.0.113.20' });
    await stage.create('half', { version: 'v1.1.2', mode: 'ARP', services: {} });
    await stage.untilRuns('half-services');
    await stage.change('half', { controlPlane: { addresses: ['203.0.113.20'] } });
    expect(await verdict('half', 'False ServiceConflict')).toBe('False ServiceConflict');
    await stage.untilRuns('half-services');
    expect(await stage.daemonSet('half-control-plane')).toBeUndefined();
  });
});

describe('a Service that takes an address which runs', () => {
  it('is reported, and the config keeps the address', async () => {
    await stage.create('first', addressOf('203.0.113.30'));
    await stage.untilRuns('first-control-plane');
    await createService('default', 'thief', { type: 'LoadBalancer' });
    await change('thief/status', { status: { loadBalancer: { ingress: [{ ip: '203.0.113.30' }] } } });
    expect(await untilDuplicate('first', 'True ServiceHasAddress')).toBe('True ServiceHasAddress');
    expect(messageOf(await stage.config('first'), 'DuplicateOwner')).toBe(
      '203.0.113.30: KubeVipConfig first and Service default/thief both have it. Expected it for the API servers alone, found it in Service default/thief (no class, status.loadBalancer.ingress). Give the Service another address.',
    );
    await stage.untilRuns('first-control-plane');
  });

  it('is no longer reported when it is gone', async () => {
    await stage.admin.expect({ method: 'DELETE', path: `${pathOf('default')}/thief` });
    expect(await untilDuplicate('first', undefined)).toBeUndefined();
  });
});

describe('two Services with one address', () => {
  const ours = { type: 'LoadBalancer', loadBalancerClass: 'kubevip.dev/pair' };
  const address = { [ips]: '203.0.113.40' };

  it('may have different ports of it', async () => {
    await stage.create('pair', { version: 'v1.1.2', mode: 'ARP', services: {} });
    await stage.untilRuns('pair-services');
    await createService('default', 'a', ours, address);
    await createService('team', 'b', { ...ours, ports: [{ port: 81 }] }, address);
    await stage.play.runHealthy('pair-services', 'n1');
    expect(await settled(async () => conditionsOf(await stage.config('pair'))['Ready'], 'True Held')).toBe(
      'True Held',
    );
    expect(await duplicate('pair')).toBeUndefined();
  });

  it('may not have one port of it, in whatever namespaces', async () => {
    await createService('team', 'c', ours, address);
    expect(await untilDuplicate('pair', 'True ServicesShareAddress')).toBe('True ServicesShareAddress');
    expect(messageOf(await stage.config('pair'), 'DuplicateOwner')).toBe(
      `203.0.113.40 TCP/80: Services default/a and team/c both have it. Expected one Service to have it, found Service default/a (class kubevip.dev/pair, annotation ${ips}) and Service team/c (class kubevip.dev/pair, annotation ${ips}). Traffic reaches only one of them. Give one of them another port or address.`,
    );
  });

  it('are well again after an update of either', async () => {
    await change('a', { metadata: { annotations: { [ips]: '203.0.113.41' } } });
    expect(await untilDuplicate('pair', undefined)).toBeUndefined();
  });

  it('are found through an update', async () => {
    await change('a', { metadata: { annotations: address } });
    expect(await untilDuplicate('pair', 'True ServicesShareAddress')).toBe('True ServicesShareAddress');
  });
});
