// A namespace opts out of being judged, not of showing what its kube-vip claims: nothing that foreign-kube-vip-claims
// cannot read gets past foreign-kube-vip.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { parse } from 'yaml';
import { foreignNamespace, legacyDaemonSet } from '../../lab/outage/manifests.ts';
import { startFence, type Fence, type Row } from './fence.ts';
import { expectOpen, judges } from './judges.ts';
import { change, collection, create, inContainer, type WorkloadParts } from './workloads.ts';

jest.setTimeout(100_000);

const policy = 'foreign-kube-vip.kubevip.dev';
const vip = '203.0.113.100';
const open = 'open';

const plain = (names: string) =>
  `${names}: expected plain values, found envFrom, valueFrom, $(...) or more than 1000 characters, so that the workload cannot be judged; write them as name and value`;
const tooMany = 'env: expected at most 1000 variables, found more, so that the workload cannot be judged';
const tooLong =
  'address and vip_address: expected at most 3000 characters in all containers, found 10400, so that the workload cannot be judged; list only what is needed';
const noFlags =
  'args: expected manager and no flags, found flags, so that the workload cannot be judged; write them as variables';
const noClaimingFlags =
  'args: expected none of --address, --vip, --lbClassName, --leaseName, --servicesLeaseName, --namespace, --config-file, one-letter flags and $(...), found one, so that nobody sees what it claims; write them as variables';

const where = (what: string) => (what === tooLong ? what : `container kube-vip: ${what}`);
const inDefault = (what: string) =>
  `DaemonSet default/kube-vip: ${where(what)}. Declare a KubeVipConfig instead`;
const inOpen = (what: string) =>
  `DaemonSet open/kube-vip: ${where(what)}. Namespace open opts out of being judged, not of showing what it claims`;

const controlPlane = {
  svc_enable: undefined,
  lb_class_only: undefined,
  lb_class_name: undefined,
  cp_enable: 'true',
};
const fromSettings = { configMapKeyRef: { name: 'settings', key: 'it' } };
const envFrom = [{ configMapRef: { name: 'settings' } }];
const withArgs = (...args: readonly string[]): WorkloadParts => ({
  env: controlPlane,
  container: { args: ['manager', ...args] },
});
const many = (name: (n: number) => string, count: number): WorkloadParts => ({
  container: { env: Array.from({ length: count }, (_, n) => ({ name: name(n), value: vip })) },
});

const claiming = [
  'address',
  'vip_address',
  'lb_class_name',
  'vip_leasename',
  'svc_leasename',
  'cp_namespace',
  'svc_enable',
];
const allOpen = 'address, vip_address, vip_leasename, svc_leasename, cp_namespace';
const all = `bgp_enable, vip_routingtable, vip_wireguard, cp_enable, lb_class_legacy_handling, ${allOpen}`;

/** What hides a claim, and what is said in a namespace that opts out, and elsewhere. */
const hiding: readonly (readonly [what: string, parts: WorkloadParts, open: string, elsewhere?: string])[] = [
  ...claiming.map(
    (name) => [`${name} out of a ConfigMap`, { env: { [name]: fromSettings } }, plain(name)] as const,
  ),
  ['an address by reference', { env: { ...controlPlane, VIP: vip, address: '$(VIP)' } }, plain('address')],
  ['an address too long to read', { env: { address: `${vip},`.repeat(100) } }, plain('address')],
  ['an address too often to read', many(() => 'address', 800), tooLong],
  ['variables out of a ConfigMap', { container: { envFrom } }, plain(allOpen), plain(all)],
  ['more variables than are read', many((n) => `N${n}`, 1001), tooMany],
  ...[
    [`--address=${vip}`],
    ['--vip', vip],
    ['--lbClassName=kubevip.dev/edge'],
    ['--leaseName=kube-vip-system/edge-control-plane'],
    ['--servicesLeaseName=kube-vip-system/edge-services'],
    ['--namespace', 'kube-vip-system'],
    ['-nkube-vip-system'],
    ['--config-file=/etc/kube-vip/config.yaml'],
    ['$(FLAGS)'],
    ['--arp', '--controlplane', `--address=${vip}`],
  ].map((args) => [args.join(' '), withArgs(...args), noClaimingFlags, noFlags] as const),
  [
    'a shell',
    { container: { command: ['/bin/sh', '-c', `address=${vip} /kube-vip manager`], args: [] } },
    noClaimingFlags,
    noFlags,
  ],
];

const waived: readonly (readonly [what: string, parts: WorkloadParts])[] = [
  [
    'both functions, no class filter, v0.7.2',
    {
      image: 'ghcr.io/kube-vip/kube-vip:v0.7.2',
      env: { cp_enable: 'true', lb_class_only: undefined, address: '203.0.113.105', cp_namespace: open },
    },
  ],
  ['two modes and a floating tag', { image: 'kube-vip:latest', env: { bgp_enable: 'true' } }],
  ['a hidden mode and function', { env: { vip_arp: fromSettings, cp_enable: '$(CP)' } }],
  ['flags that claim nothing', withArgs('--arp', '--controlplane', '--services', '--leaderElection')],
  [
    'a ConfigMap beside plain values of all that claims',
    { container: { envFrom, env: claiming.map((name) => ({ name, value: 'x' })) } },
  ],
];

const opened = (parts: WorkloadParts): WorkloadParts => ({ ...parts, namespace: open });
const rows: readonly Row[] = [
  ...hiding.map(([what, parts, said]): Row => [`${what}, opted out`, create(opened(parts)), inOpen(said)]),
  ...hiding.map(([what, parts, said, elsewhere]): Row => [what, create(parts), inDefault(elsewhere ?? said)]),
];

const probe = create(opened({ env: { address: fromSettings } }));
let fence: Fence;

beforeAll(async () => {
  fence = await startFence();
  const labels = { 'kubevip.dev/unsafe-kube-vip': 'allowed' };
  for (const name of [open, foreignNamespace]) {
    await fence.must({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name, labels } } });
  }
  await fence.inForce(policy, probe);
}, 90_000);

afterAll(() => fence?.stop());

describe('a kube-vip that hides what it claims, with', () => {
  judges(() => fence, rows);
});

describe('a namespace that opts out still may have', () => {
  it.each(waived)('%s', async (_, parts) => {
    expect(await fence.ask(create(opened(parts)))).toBe('allowed');
  });

  it('the manifest of the outage of 2024', async () => {
    const path = collection('DaemonSet', foreignNamespace);
    expect(await fence.ask({ method: 'POST', path, body: parse(legacyDaemonSet) })).toBe('allowed');
  });
});

it('without the fence every refused write is allowed, and what runs then keeps running', async () => {
  await expectOpen(fence, policy, probe, rows);
  await fence.must(probe);
  await fence.close(policy, create(opened({ name: 'new', env: { address: fromSettings } })));
  const old = { namespace: open };
  expect(await fence.ask(change(old, { metadata: { labels: { team: 'blue' } } }))).toBe('allowed');
  expect(await fence.ask(change(old, inContainer({ image: 'kube-vip:v1.2.3' })))).toBe(
    inOpen(plain('address')),
  );
  expect(
    await fence.ask(
      change(old, inContainer({ env: [{ name: 'address', value: '203.0.113.9', valueFrom: null }] })),
    ),
  ).toBe('allowed');
});
