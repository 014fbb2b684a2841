// The policies have a run-time budget, and one with parameters lets pass what it cannot finish: so the largest
// objects that somebody can write must still be judged. What it costs is printed.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { specWith, written } from '../builders.ts';
import { paths } from '../cluster.ts';
import { startFence, type Fence, type Write } from './fence.ts';
import { container, create, safe } from './workloads.ts';

jest.setTimeout(60_000);

const services = '/api/v1/namespaces/default/services';
const ips = 'kube-vip.io/loadbalancerIPs';
const vip = '203.0.113.100';
const some = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, n) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`);

const service = (name: string, annotation: string, spec: object = {}): Write => ({
  method: 'POST',
  path: services,
  body: {
    metadata: { name, annotations: { [ips]: annotation } },
    spec: { type: 'LoadBalancer', loadBalancerClass: 'kubevip.dev/edge', ports: [{ port: 80 }], ...spec },
  },
});

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
  fence = await startFence();
  for (let n = 0; n < 5; n += 1) {
    const addresses = n === 0 ? [vip] : [`203.0.113.${100 + n}`];
    const spec = specWith({ controlPlane: { addresses }, services: {} });
    const name = n === 0 ? 'edge' : `edge-${n}`;
    await fence.must({ method: 'POST', path: paths.configs, body: written(name, spec) });
  }
  await fence.inForce('service-addresses.kubevip.dev', service('probe', vip));
  await fence.inForce('foreign-kube-vip.kubevip.dev', create({ env: { cp_enable: 'true' } }));
}, 90_000);

afterAll(() => fence?.stop());

const held = (field: string, by = '') =>
  `${field}: expected no control-plane address, found ${vip}${by}, which KubeVipConfig edge holds for the API servers; choose another address`;

describe('a Service is still judged', () => {
  it('with 2,000 characters of addresses', async () => {
    const list = [...some(150), vip].join();
    expect(await fence.ask(service('new', list))).toBe(`Service default/new: ${held(`annotation ${ips}`)}`);
    expect(await fence.ask(service('new', some(150).join()))).toBe('allowed');
  });

  it('with 200,000 characters of addresses, which it does not read', async () => {
    const list = some(20_000).join();
    expect(await fence.ask(service('new', list))).toBe(
      `Service default/new: annotation ${ips}: expected at most 2000 characters, found ${list.length}; list only what this Service needs`,
    );
  });

  it('with 5,000 external IPs', async () => {
    const externalIPs = [...some(5000), vip];
    expect(await fence.ask(service('new', '', { externalIPs }))).toBe(
      `Service default/new: ${held('spec.externalIPs')}`,
    );
  });

  it('with 5,000 addresses in its status, as many as there may be nodes', async () => {
    await fence.must(service('wide', '', { loadBalancerClass: 'example.org/other' }));
    const publish = (addresses: readonly string[]): Write => ({
      method: 'PATCH',
      path: `${services}/wide/status`,
      body: { status: { loadBalancer: { ingress: addresses.map((ip) => ({ ip })) } } },
      type: 'merge',
      as: 'some-controller',
    });
    await fence.must(publish(some(5000)));
    expect(await fence.ask(publish([...some(5000), vip]))).toBe(
      `Service default/wide: ${held('status.loadBalancer.ingress', ' written by some-controller')}`,
    );
    expect(await fence.ask(publish(some(4999)))).toBe('allowed');
  });
});

describe('a kube-vip is still judged', () => {
  const padded = (count: number, variables: Readonly<Record<string, string>> = {}): Write => {
    const wanted = Object.entries({ ...safe, ...variables }).map(([name, value]) => ({ name, value }));
    const padding = Array.from({ length: count - wanted.length }, (_, n) => ({
      name: `PADDING_${n}`,
      value: 'x',
    }));
    return create({ container: { env: [...padding, ...wanted] } });
  };

  it('with 1,000 variables', async () => {
    expect(await fence.ask(padded(1000))).toBe('allowed');
    expect(await fence.ask(padded(1000, { cp_enable: 'true' }))).toContain('found both true in one process');
    expect(await fence.ask(padded(1000, { address: vip }))).toContain(
      `address: expected none of KubeVipConfig edge`,
    );
  });

  it('with more, which it does not read', async () => {
    expect(await fence.ask(padded(1001))).toContain(
      'container kube-vip: env: expected at most 1000 variables, found more, so that the workload cannot be judged',
    );
  });

  it('with the longest addresses that are read', async () => {
    const address = [...some(70), vip].join();
    expect(await fence.ask(padded(100, { address }))).toContain(
      'address: expected none of KubeVipConfig edge',
    );
  });

  const addresses = (count: number, address: string): Write => {
    const wanted = Object.entries(safe).map(([name, value]) => ({ name, value }));
    const listed = Array.from({ length: count }, () => ({
      name: 'address',
      value: `${','.repeat(980)}${address}`,
    }));
    return create({ container: { env: [...wanted, ...listed] } });
  };

  it('with as many lists of addresses as are read', async () => {
    expect(await fence.ask(addresses(3, vip))).toContain('address: expected none of KubeVipConfig edge');
  });

  it('with more, which it does not read', async () => {
    const said = 'address and vip_address: expected at most 3000 characters in all containers';
    // Of nobody: when two policies refuse, either may be heard.
    expect(await fence.ask(addresses(900, '203.0.113.9'))).toContain(said);
    const initContainers = some(2).map((_, n) => ({
      ...container({ env: { address: ','.repeat(990) } }),
      name: `c${n}`,
    }));
    const spread = create({ env: { address: `${','.repeat(960)}${vip}, ${vip}` }, initContainers });
    expect(await fence.ask(spread)).toContain('address: expected none of KubeVipConfig edge');
    const more = [...initContainers, ...initContainers.map((one) => ({ ...one, name: `${one.name}-more` }))];
    expect(await fence.ask(create({ initContainers: more }))).toContain(said);
  });

  it('with its Lease 1,000 times, beside an address', async () => {
    const env = [
      { name: 'address', value: vip },
      ...Array.from({ length: 990 }, () => ({ name: 'svc_leasename', value: 'edge-services' })),
    ];
    expect(await fence.ask(create({ container: { env } }))).toContain(
      'address: expected none of KubeVipConfig edge',
    );
  });
});

/** More addresses for Services than the API server of the tests has. */
async function widenServiceRange(): Promise<void> {
  const path = '/apis/networking.k8s.io/v1/servicecidrs';
  await fence.must({
    method: 'POST',
    path,
    body: { metadata: { name: 'more' }, spec: { cidrs: ['10.200.0.0/20'] } },
  });
  const conditions = [
    {
      type: 'Ready',
      status: 'True',
      reason: 'Test',
      message: '',
      lastTransitionTime: new Date().toISOString(),
    },
  ];
  await fence.must({
    method: 'PATCH',
    path: `${path}/more/status`,
    body: { status: { conditions } },
    type: 'merge',
  });
}

describe('among 500 Services', () => {
  beforeAll(async () => {
    const first = await took(service('new', ''));
    await widenServiceRange();
    // Only to be quicker: each of them would be compared with all before it.
    await fence.api.kubectl('delete', 'validatingadmissionpolicybinding', 'service-sharing.kubevip.dev');
    const list = some(500);
    for (let n = 0; n < list.length; n += 10) {
      await Promise.all(list.slice(n, n + 10).map((address, i) => fence.must(service(`s${n + i}`, address))));
    }
    await fence.close('service-sharing.kubevip.dev', service('new', list[0] ?? ''));
    const [asked, plain] = [
      await took(service('new', '192.0.2.1')),
      await took(service('new', '', { type: 'ClusterIP', loadBalancerClass: undefined })),
    ];
    const update: Write = {
      method: 'PATCH',
      path: `${services}/s0`,
      body: { metadata: { annotations: { 'kube-vip.io/vipHost': 'n1' } } },
      type: 'merge',
    };
    console.info(
      `a Service among 0, 5 KubeVipConfigs: ${first.toFixed(0)} ms; among 500: ${asked.toFixed(0)} ms, without addresses ${plain.toFixed(0)} ms, an update ${(await took(update)).toFixed(0)} ms`,
    );
  }, 60_000);

  it('a port that is taken is still found', async () => {
    expect(await fence.ask(service('new', some(500)[499] ?? ''))).toBe(
      'Service default/new: spec.ports: expected none that another Service has on 10.0.1.243, found TCP/80, which Service s499 of class kubevip.dev/edge has; choose another port or another address',
    );
  });

  it('a free address is still allowed', async () => {
    expect(await fence.ask(service('new', '192.0.2.1'))).toBe('allowed');
  });
});
