// An address of a pool is not had past the operator: as an external IP, or by a Service of another class.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { specWith, written } from '../builders.ts';
import { paths } from '../cluster.ts';
import { startFence, type Fence, type Row } from './fence.ts';
import { expectOpen, judges } from './judges.ts';
import { accounts, annotates, changes, makes, ofClass, publishes, someAddresses } from './services.ts';

jest.setTimeout(100_000);

const policy = 'service-addresses.kubevip.dev';
const ips = 'kube-vip.io/loadbalancerIPs';
const foreign = ofClass('example.org/other');

const pooled = (name: string, field: string, found: string, by = '') =>
  `Service default/${name}: ${field}: expected no address of a pool, found ${found}${by}, which KubeVipConfig edge gives to Services of class kubevip.dev/edge; choose another address`;
const external = (...externalIPs: string[]) => makes('web', { spec: { externalIPs } });
const inExternal = (found: string) => pooled('web', 'spec.externalIPs', found);

const addresses = [
  '192.0.2.64/27',
  '192.0.2.100-192.0.2.110',
  '198.51.100.250-198.51.101.4',
  '192.0.2.200/32',
  '2001:db8:0:1::/64',
  '2001:db8::ff-2001:db8::1000',
  'fd00::-fd00::9',
];
const inside = [
  '192.0.2.64',
  '192.0.2.95',
  '192.0.2.100',
  '192.0.2.105',
  '192.0.2.110',
  '198.51.100.250',
  '198.51.101.0',
  '198.51.101.4',
  '192.0.2.200',
  '2001:db8:0:1::',
  '2001:db8:0:1:ffff::1',
  '2001:db8::ff',
  '2001:db8::100',
  '2001:db8::fff',
  '2001:db8::1000',
  'fd00::',
  'fd00::9',
];
const outside = [
  '192.0.2.63',
  '192.0.2.96',
  '192.0.2.99',
  '192.0.2.111',
  '198.51.100.249',
  '198.51.101.5',
  '192.0.2.20',
  '2001:db8:0:2::',
  '2001:db8::fe',
  '2001:db8::1001',
  '2001:db8:0:0:1::',
  'fd00::a',
  'fd00:0:0:1::',
];

const rows: readonly Row[] = [
  ...inside.map((ip): Row => [`${ip} as an external IP`, external(ip), inExternal(ip)]),
  ...outside.map((ip): Row => [`${ip} as an external IP, of no pool`, external(ip), 'allowed']),
  ['several of them', external('192.0.2.63', '192.0.2.64', 'fd00::1'), inExternal('192.0.2.64 and fd00::1')],
  [
    'an external IP of a Service of the class',
    makes('web', { spec: { ...ofClass('kubevip.dev/edge'), externalIPs: ['192.0.2.64'] } }),
    inExternal('192.0.2.64'),
  ],
  ['another spelling', external('2001:DB8:0:0:0:0:0:0100'), inExternal('2001:db8::100')],
  [
    'a status of another class',
    publishes('foreign', ['192.0.2.64']),
    pooled('foreign', 'status.loadBalancer.ingress', '192.0.2.64', ' written by some-controller'),
  ],
  ['a status of another class, of no pool', publishes('foreign', ['192.0.2.63']), 'allowed'],
  [
    'kube-vip of another class',
    makes('web', { annotations: { [ips]: '192.0.2.63,192.0.2.64' }, spec: foreign }),
    pooled('web', `annotation ${ips}`, '192.0.2.64'),
  ],
  [
    'another class by spec.loadBalancerIP',
    makes('web', { spec: { ...foreign, loadBalancerIP: '192.0.2.64' } }),
    pooled('web', 'spec.loadBalancerIP', '192.0.2.64'),
  ],
  ['a grant, by the operator', annotates('plain', { [ips]: '192.0.2.64' }, accounts.operator), 'allowed'],
  ['a status of the class, by kube-vip', publishes('granted', ['192.0.2.65'], accounts.kubeVip), 'allowed'],
  [
    'a status of the class that was not granted, by kube-vip',
    publishes('granted', ['192.0.2.66'], accounts.kubeVip),
    `Service default/granted: status.loadBalancer.ingress: expected only addresses that this Service was granted, found 192.0.2.66 written by ${accounts.kubeVip}; keep that controller off class kubevip.dev/edge`,
  ],
];

const probe = external('192.0.2.64');
let fence: Fence;

beforeAll(async () => {
  fence = await startFence();
  await fence.must(makes('plain'));
  await fence.must(makes('granted'));
  await fence.must(makes('foreign', { spec: foreign }));
  const pools = [
    { name: 'a', addresses: addresses.slice(0, 3) },
    { name: 'b', addresses: addresses.slice(3) },
  ];
  const spec = specWith({ services: { pools } });
  await fence.must({ method: 'POST', path: paths.configs, body: written('edge', spec) });
  await fence.inForce(policy, probe);
  await fence.must(annotates('granted', { [ips]: '192.0.2.65' }, accounts.operator));
}, 90_000);

afterAll(() => fence?.stop());

describe('an address of a pool as', () => {
  judges(() => fence, rows);
});

describe('without the fence', () => {
  it('every refused write is allowed', async () => {
    await expectOpen(fence, policy, probe, rows);
    await fence.must(makes('old', { spec: { externalIPs: ['192.0.2.64', '192.0.2.63'] } }));
    await fence.close(policy, probe);
  });

  describe('a Service that was there before', () => {
    judges(
      () => fence,
      [
        ['can be labelled', changes('old', { metadata: { labels: { team: 'blue' } } }), 'allowed'],
        ['can keep it', changes('old', { spec: { externalIPs: ['192.0.2.64'] } }), 'allowed'],
        [
          'cannot get another',
          changes('old', { spec: { externalIPs: ['192.0.2.64', '192.0.2.65'] } }),
          pooled('old', 'spec.externalIPs', '192.0.2.65'),
        ],
      ],
    );
  });
});

// 16 pools of 32 entries, as many as there may be, all of them ranges or all of them networks of IPv6, the longest texts.
describe('with the largest pools, a Service is still judged', () => {
  const many = (entry: (n: number) => string) =>
    Array.from({ length: 16 }, (_, pool) => ({
      name: `p${pool}`,
      addresses: Array.from({ length: 32 }, (__, n) => entry(pool * 32 + n)),
    }));
  const group = (n: number) => n.toString(16);
  const range = (n: number) =>
    `2001:db8:1234:5678:9abc:def0:${group(n + 0x1000)}:1111-2001:db8:1234:5678:9abc:def0:${group(n + 0x1000)}:ffff`;
  const network = (n: number) => `2001:db8:1234:5678:9abc:def0:${group(n + 0x1000)}:0/112`;
  const spelled = (tail: string, n: number) => `2001:0DB8:1234:5678:9ABC:DEF0:${tail}:${group(n + 0xa000)}`;

  it.each([
    ['ranges', range],
    ['networks', network],
  ])('%s', async (_, entry) => {
    const body = { spec: { services: { pools: many(entry) } } };
    await fence.must({ method: 'PATCH', path: `${paths.configs}/edge`, body, type: 'merge' });
    const last = '2001:db8:1234:5678:9abc:def0:11ff:a00f';
    await fence.inForce(policy, external(last));
    const others = Array.from({ length: 15 }, (__, n) => spelled('ffff', n));
    expect(await fence.ask(external(...others, spelled('11ff', 15)))).toBe(inExternal(last));
    expect(await fence.ask(external(...others))).toBe('allowed');
    expect(await fence.ask(publishes('foreign', [...others, last]))).toContain(
      'expected no address of a pool',
    );
    const text = [...someAddresses(15), last].join();
    expect(await fence.ask(makes('web', { annotations: { [ips]: text }, spec: foreign }))).toContain(
      'expected no address of a pool',
    );
  });
});
