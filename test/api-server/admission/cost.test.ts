// The policies have a run-time budget, and one with parameters lets pass what it cannot finish: so the largest
// objects that somebody can write must still be judged. What it costs is printed.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { paths } from '../cluster.ts';
import { looseAddresses } from '../kubernetes.ts';
import { startFence, type Fence, type Write } from './fence.ts';
import { createLargest, vip } from './largest.ts';
import {
  accounts,
  annotates,
  changes,
  makes,
  ofClass,
  publishes,
  servicesPath,
  someAddresses,
  somePorts,
} from './services.ts';

jest.setTimeout(60_000);

const ips = 'kube-vip.io/loadbalancerIPs';
const some = someAddresses;
const { kubeVip } = accounts;
const foreign = ofClass('example.org/other');

/** So many annotations that kube-vip might read. */
const forKubeVip = (count: number, value: string) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`kube-vip.io/${n}`, value]));

const service = (name: string, annotation: string, spec: object = foreign): Write =>
  makes(name, { annotations: { [ips]: annotation }, spec });

// Of the last pool, as long as Kubernetes before 1.36 takes it and the cap allows.
const inPool = (n: number): string =>
  `2001:db8:1234:5678:9abc:def0:${'0'.repeat(200)}11ff:${(n + 0xa000).toString(16)}`;
const outside = (n: number): string => inPool(n).replace('2001', '2002');

let fence: Fence;

/** Milliseconds that a write takes, the median of some. */
async function took(write: Write): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 9; round += 1) {
    const since = performance.now();
    await fence.ask(write);
    times.push(performance.now() - since);
  }
  return times.sort((a, b) => a - b)[4] ?? 0;
}

beforeAll(async () => {
  fence = await startFence({ flags: looseAddresses });
  await createLargest(fence);
  await fence.inForce('service-addresses.kubevip.dev', service('probe', vip));
  await fence.inForce('service-limits.kubevip.dev', makes('probe', { spec: { externalIPs: [...some(17)] } }));
}, 90_000);

afterAll(() => fence?.stop());

const held = (field: string, by = '') =>
  `${field}: expected no control-plane address, found ${vip}${by}, which KubeVipConfig edge holds for the API servers; choose another address`;

describe('a Service is still judged', () => {
  const sixteen = (text: (n: number) => string) => Array.from({ length: 16 }, (_, n) => text(n));
  const everywhere = (last: string): Write => ({
    ...makes('new', {
      annotations: { [ips]: [...some(14), 'f:f', vip].join() },
      spec: {
        ...foreign,
        loadBalancerIP: '0:f,'.repeat(64),
        externalIPs: [...sixteen(outside).slice(1), last],
      },
    }),
  });

  it('with every list and text as long as it may be', async () => {
    expect(await fence.ask(everywhere('203.0.113.9'))).toContain(held(`annotation ${ips}`));
    expect(await fence.ask(everywhere(vip))).toContain('spec.externalIPs: expected no control-plane address');
    expect(await fence.ask(everywhere(inPool(0)))).toMatch(
      /spec.externalIPs: expected no address of a pool|edge holds/,
    );
    const alone = makes('new', { spec: { externalIPs: [...sixteen(outside).slice(1), inPool(0)] } });
    expect(await fence.ask(alone)).toContain('spec.externalIPs: expected no address of a pool');
    expect(await fence.ask(makes('new', { spec: { externalIPs: sixteen(outside) } }))).toBe('allowed');
  });

  it('when all of it changes', async () => {
    await fence.must(
      makes('changing', {
        spec: { ...foreign, externalIPs: sixteen(outside), loadBalancerIP: '0:e,'.repeat(64) },
      }),
    );
    await fence.must(publishes('changing', sixteen(outside)));
    const spec = { loadBalancerIP: '0:f,'.repeat(64) };
    const change = (externalIPs: readonly string[]) =>
      changes('changing', { spec: { ...spec, externalIPs } });
    expect(await fence.ask(change(sixteen(inPool)))).toContain(
      'spec.externalIPs: expected no address of a pool',
    );
    expect(await fence.ask(change(sixteen((n) => outside(n + 16))))).toBe('allowed');
    expect(await fence.ask(publishes('changing', sixteen(inPool)))).toContain(
      'expected no address of a pool',
    );
  });

  it('with more of anything, which it does not read', async () => {
    expect(await fence.ask(makes('new', { spec: { externalIPs: [...some(20_000), vip] } }))).toContain(
      'spec.externalIPs: expected at most 16, found 20001',
    );
    expect(await fence.ask(service('new', some(20_000).join()))).toContain('expected at most 256 characters');
  });

  it('with 5,000 addresses in its status, as many as there may be nodes', async () => {
    await fence.must(makes('wide', { spec: foreign }));
    await fence.must(publishes('wide', some(5000)));
    expect(await fence.ask(publishes('wide', [...some(4999), vip]))).toBe(
      `Service default/wide: ${held('status.loadBalancer.ingress', ' written by some-controller')}`,
    );
    expect(await fence.ask(publishes('wide', some(4999)))).toBe('allowed');
  });

  // No more: for 2,000 of them the API server itself takes half a minute, whatever the policies.
  it('with 200 field managers', async () => {
    await fence.must(makes('managed', { annotations: { [ips]: '192.0.2.9' }, spec: { type: 'ClusterIP' } }));
    const managers = (extra: readonly string[]) => ({
      metadata: {
        managedFields: [...Array.from({ length: 200 }, (_, n) => `m${n}`), ...extra].map((manager) => ({
          manager,
          operation: 'Apply',
          apiVersion: 'v1',
          time: '2026-11-24T11:00:00Z',
          fieldsType: 'FieldsV1',
          fieldsV1: { 'f:metadata': { 'f:annotations': { [`f:${ips}`]: {} } } },
        })),
      },
    });
    await fence.must(changes('managed', managers([])));
    expect(await fence.ask(changes('managed', { metadata: { labels: { team: 'blue' } } }))).toBe('allowed');
    expect(await fence.ask(changes('managed', managers(['kube-vip-operator'])))).toContain(
      'in the name of kube-vip-operator from the operator only',
    );
  });

  it('with more annotations than a class may have, which it does not read', async () => {
    const annotations = forKubeVip(10_000, 'x');
    expect(await fence.ask(makes('new', { annotations, spec: foreign }))).toContain(
      'metadata.annotations: expected at most 256, found 10000',
    );
  });

  it('with all the annotations and ports that a class may have, of kube-vip itself too', async () => {
    const annotations = { ...forKubeVip(255, 'x'.repeat(765)), [ips]: '203.0.113.9' };
    const parts = (spec: object) => ({ annotations, spec: { ...spec, ports: somePorts(256) } });
    expect(await fence.ask(makes('new', parts(ofClass('kubevip.dev/edge'))))).toContain(
      'Service: expected no annotation of kube-vip',
    );
    await fence.must(makes('full', parts(foreign)));
    expect(await fence.ask(annotates('full', { [ips]: vip }))).toContain(held(`annotation ${ips}`));
    expect(await fence.ask(annotates('full', { 'kube-vip.io/vipHost': 'n1' }, kubeVip))).toBe('allowed');
    expect(await fence.ask(annotates('full', { 'kube-vip.io/0': 'y' }, kubeVip))).toContain(
      'expected kube-vip to change its own annotations',
    );
  });
});

describe('among 500 Services', () => {
  beforeAll(async () => {
    // What pools cost is no part of these figures.
    for (const { metadata } of (
      await fence.admin.expect<{ items: readonly { metadata: { name: string } }[] }>({
        method: 'GET',
        path: paths.configs,
      })
    ).items) {
      const body = { spec: { services: { pools: null } } };
      await fence.must({ method: 'PATCH', path: `${paths.configs}/${metadata.name}`, body, type: 'merge' });
    }
    const first = await took(service('new', ''));
    // Only to be quicker: each of them would be compared with all before it.
    await fence.open('service-sharing.kubevip.dev', service('new', ''));
    const list = some(500);
    for (let n = 0; n < list.length; n += 10) {
      await Promise.all(list.slice(n, n + 10).map((address, i) => fence.must(service(`s${n + i}`, address))));
    }
    await fence.close('service-sharing.kubevip.dev', service('new', list[0] ?? ''));
    const [asked, plain] = [
      await took(service('new', '192.0.2.1')),
      await took(makes('new', { spec: { type: 'ClusterIP' } })),
    ];
    const update: Write = {
      method: 'PATCH',
      path: `${servicesPath}/s0`,
      body: { metadata: { annotations: { 'kube-vip.io/vipHost': 'n1' } } },
      type: 'merge',
    };
    console.info(
      `a Service among 0, 5 KubeVipConfigs: ${first.toFixed(0)} ms; among 500: ${asked.toFixed(0)} ms, without addresses ${plain.toFixed(0)} ms, an update ${(await took(update)).toFixed(0)} ms`,
    );
  }, 150_000);

  it('a port that is taken is still found', async () => {
    expect(await fence.ask(service('new', some(500)[499] ?? ''))).toBe(
      'Service default/new: spec.ports: expected none that another Service has on 10.0.1.243, found TCP/80, which Service s499 of class example.org/other has; choose another port or another address',
    );
  });

  it('a free address is still allowed', async () => {
    expect(await fence.ask(service('new', '192.0.2.1'))).toBe('allowed');
  });
});
