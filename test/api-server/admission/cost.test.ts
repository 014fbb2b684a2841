// The policies have a run-time budget, and one with parameters lets pass what it cannot finish: so the largest
// objects that somebody can write must still be judged. What it costs is printed.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { specWith, written } from '../builders.ts';
import { paths } from '../cluster.ts';
import { startFence, type Fence, type Write } from './fence.ts';
import { servePools, withPools } from './pools.ts';
import { changes, makes, ofClass, publishes, servicesPath, someAddresses } from './services.ts';
import { container, create, safe } from './workloads.ts';

jest.setTimeout(60_000);

const ips = 'kube-vip.io/loadbalancerIPs';
const vip = '203.0.113.100';
const some = someAddresses;
const foreign = ofClass('example.org/other');

const service = (name: string, annotation: string, spec: object = foreign): Write =>
  makes(name, { annotations: { [ips]: annotation }, spec });

// The largest KubeVipConfigs: 16 pools of 32 entries, each of them a range of IPv6, which is the longest to read.
const group = (n: number) => (n + 0x1000).toString(16);
const pools = Array.from({ length: 16 }, (_, pool) => ({
  name: `pool-${pool}`,
  addresses: Array.from({ length: 32 }, (__, n) => {
    const network = `2001:db8:1234:5678:9abc:def0:${group(pool * 32 + n)}`;
    return `${network}:1111-${network}:ffff`;
  }),
}));
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
  fence = await startFence({ flags: { 'feature-gates': 'StrictIPCIDRValidation=false' } });
  await servePools(fence);
  for (let n = 0; n < 5; n += 1) {
    const addresses = [n === 0 ? vip : `203.0.113.${100 + n}`, `2001:db8::${100 + n}`];
    const spec = withPools(specWith({ controlPlane: { addresses }, services: {} }), pools);
    const name = n === 0 ? 'edge' : `edge-${n}${'x'.repeat(34)}`;
    await fence.must({ method: 'POST', path: paths.configs, body: written(name, spec) });
  }
  await fence.inForce('service-addresses.kubevip.dev', service('probe', vip));
  await fence.inForce('service-limits.kubevip.dev', makes('probe', { spec: { externalIPs: [...some(17)] } }));
  await fence.inForce('foreign-kube-vip.kubevip.dev', create({ env: { cp_enable: 'true' } }));
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

  it('with 10,000 annotations', async () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`kube-vip.io/${n}`, 'x']));
    expect(await fence.ask(makes('new', { annotations: many }))).not.toBe('allowed');
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

  it.each([
    ['of one digit', '0,', 1480],
    ['that are nearly IPv6', '0:f,', 740],
    ['that are nearly IPv4', '0.f,', 740],
    ['of IPv4 in IPv6', '::ffff:1:1,', 260],
    ['of long groups', `${'0'.repeat(90)}ffff:${'0'.repeat(90)}ffff:1,`, 14],
  ])('with the longest lists %s', async (_, entry, count) => {
    const text = entry.repeat(count);
    const env = Array.from({ length: 3 }, (__, n) => ({
      name: 'address',
      value: text.slice(n * 990, (n + 1) * 990),
    }));
    const [first, ...rest] = env;
    const list = [...rest, { name: 'address', value: `${vip},${first?.value.slice(0, 960)}` }];
    const wanted = Object.entries(safe).map(([name, value]) => ({ name, value }));
    expect(await fence.ask(create({ container: { env: [...wanted, ...list] } }))).toContain(
      'address: expected none of KubeVipConfig edge',
    );
  });

  it('with more containers, variables and arguments, which it does not read', async () => {
    const more = (count: number, fields: object = {}) =>
      create({
        initContainers: Array.from({ length: count }, (_, n) => ({
          ...container({ container: fields }),
          name: `c${n}`,
        })),
      });
    const env = Array.from({ length: 500 }, (_, n) => ({ name: `N${n}`, value: 'x' }));
    expect(await fence.ask(more(8))).toContain('containers: expected at most 8 that run kube-vip, found 9');
    expect(await fence.ask(more(2, { env }))).toContain(
      'env: expected at most 1000 variables in all containers',
    );
    const args = (list: readonly string[]) => create({ container: { args: list } });
    const said = 'args: expected at most 64 arguments of at most 1000 characters, found more';
    expect(await fence.ask(args(Array.from({ length: 65 }, () => 'x')))).toContain(said);
    expect(await fence.ask(args(['x'.repeat(1001)]))).toContain(said);
    expect(await fence.ask(more(100_000 / 1000, { env: [...env, ...env] }))).not.toBe('allowed');
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
