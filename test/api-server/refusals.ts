// What the API server must refuse, and what it must say: the field, what was expected, what was found.
import type { Breach } from './breach.ts';
import { specWith, type AnySpec } from './builders.ts';
import { tooLong } from './kubernetes.ts';
import { podBreaches, podSchemaRefusals } from './pod-refusals.ts';
import { poolBreaches, poolSchemaRefusals } from './pool-refusals.ts';
import { versionBreaches } from './version-refusals.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const recreate = 'delete the KubeVipConfig and create another to change it';
const takeOut =
  'to change it take controlPlane out, wait until the address has gone, and put it in again (without services: delete the KubeVipConfig and create another)';
const controlPlane = (...addresses: string[]): AnySpec => specWith({ controlPlane: { addresses } });
const withControlPlane = (fields: AnySpec): AnySpec =>
  specWith({ controlPlane: { addresses: ['203.0.113.1'], ...fields } });
const withServices = (services: AnySpec, overrides: AnySpec = {}): AnySpec => ({
  version: 'v1.1.2',
  mode: 'ARP',
  services,
  ...overrides,
});
const election = (leaderElection: AnySpec): AnySpec => specWith({ leaderElection });
const unicast = (found: string): string =>
  `spec.controlPlane.addresses: expected a literal unicast address in canonical form (no name, prefix, loopback, link-local, multicast or unspecified address), found ${found}`;

/** By id of the rule. */
export const breaches: Readonly<Record<string, Breach>> = {
  'class-is-immutable': {
    before: withServices({}),
    spec: withServices({ loadBalancerClass: 'example.org/other' }),
    says: `spec.services.loadBalancerClass: expected kubevip.dev/edge as before (immutable), found example.org/other; ${recreate}`,
  },
  'something-to-run': {
    spec: { version: 'v1.1.2', mode: 'ARP' },
    says: 'spec: expected controlPlane, services or both, found neither',
  },
  'digest-needs-mirror': {
    spec: specWith({ image: { digest } }),
    says: 'spec.image.digest: expected spec.image.repository with it (the catalogue has the digest for the default repository), found none',
  },
  'controlPlane-interface-is-not-loopback': {
    spec: withControlPlane({ interface: 'lo' }),
    says: 'spec.controlPlane.interface: expected a network interface that answers ARP, found lo',
  },
  'services-interface-is-not-loopback': {
    spec: withServices({ interface: 'lo' }),
    says: 'spec.services.interface: expected a network interface that answers ARP, found lo',
  },
  'address-is-literal-unicast': {
    spec: controlPlane('vip.example.org'),
    says: unicast('vip.example.org'),
  },
  'one-address-per-family': {
    spec: controlPlane('203.0.113.1', '203.0.113.2'),
    says: 'spec.controlPlane.addresses: expected at most one address per family, found 203.0.113.1 and 203.0.113.2',
  },
  'addresses-are-immutable': {
    before: controlPlane('203.0.113.1'),
    spec: controlPlane('203.0.113.1', '2001:db8::1'),
    says: `spec.controlPlane.addresses: expected 203.0.113.1 as before (immutable), found 203.0.113.1 and 2001:db8::1; ${takeOut}`,
  },
  'lease-outlives-letting-go': {
    spec: election({ leaseDurationSeconds: 22 }),
    says: 'spec.leaderElection: expected leaseDurationSeconds above 2 x renewDeadlineSeconds (10) + retryPeriodSeconds (2), found 22; with less two nodes own an address while an API server hangs, write for example leaseDurationSeconds 24, renewDeadlineSeconds 10, retryPeriodSeconds 2',
  },
  'renew-outlives-retry': {
    spec: election({ renewDeadlineSeconds: 6, retryPeriodSeconds: 5 }),
    says: 'spec.leaderElection: expected renewDeadlineSeconds above 1.2 x retryPeriodSeconds, found 6 and 5',
  },
  ...poolBreaches,
  ...podBreaches,
  ...versionBreaches,
};

/** Texts that are not an address that a network interface may be given. */
export const notVirtualAddresses: readonly (readonly [what: string, text: string])[] = [
  ['an address with a prefix', '203.0.113.1/32'],
  ['a host name', 'vip.example.org'],
  ['the unspecified address', '0.0.0.0'],
  ['an address of 0.0.0.0/8', '0.1.2.3'],
  ['a loopback address', '127.0.0.1'],
  ['a link-local address', '169.254.1.1'],
  ['a multicast address', '224.0.0.1'],
  ['the broadcast address', '255.255.255.255'],
  ['an address with a leading zero', '203.0.113.01'],
  ['an IPv6 link-local address', 'fe80::1'],
  ['an IPv6 address with a zone', 'fe80::1%eth0'],
  ['the IPv6 loopback address', '::1'],
  ['an IPv6 multicast address', 'ff02::1'],
  ['an IPv4 address in IPv6', '::ffff:203.0.113.1'],
  ['an IPv6 address in upper case', '2001:DB8::1'],
  ['an IPv6 address that could be shorter', '2001:db8:0::1'],
];

/** What the schema refuses by itself, in the API server's words. */
export const schemaRefusals: readonly (readonly [
  what: string,
  spec: AnySpec,
  says: string,
  name?: string,
])[] = [
  [
    'a version outside the catalogue',
    specWith({ version: 'v9.9.9' }),
    'spec.version: Unsupported value: "v9.9.9": supported values: "v0.6.4", "v0.7.0", "v0.7.1", ',
  ],
  ['a missing version', { mode: 'ARP', services: {} }, 'spec.version: Required value'],
  ['mode BGP', specWith({ mode: 'BGP' }), 'spec.mode: Unsupported value: "BGP": supported values: "ARP"'],
  [
    'a variable of kube-vip as a field',
    specWith({ vip_leaderelection: false }),
    'unknown field "spec.vip_leaderelection"',
  ],
  ['an unknown field below', withControlPlane({ cidr: 32 }), 'unknown field "spec.controlPlane.cidr"'],
  ['a name of 41 characters', specWith(), `metadata.name: ${tooLong(40)}`, 'a'.repeat(41)],
  [
    'a name with a dot',
    specWith(),
    `metadata.name: Invalid value: "a.b": metadata.name in body should match '^[a-z0-9]`,
    'a.b',
  ],
  [
    'three addresses',
    controlPlane('203.0.113.1', '2001:db8::1', '2001:db8::2'),
    'spec.controlPlane.addresses: Too many: 3: must have at most 2 items',
  ],
  ['no address', controlPlane(), 'spec.controlPlane.addresses in body should have at least 1 items'],
  [
    'a control plane without addresses',
    specWith({ controlPlane: {} }),
    'spec.controlPlane.addresses: Required value',
  ],
  [
    'one address twice',
    controlPlane('203.0.113.1', '203.0.113.1'),
    'spec.controlPlane.addresses[1]: Duplicate value: "203.0.113.1"',
  ],
  [
    'an interface alias',
    withControlPlane({ interface: 'eth0:1' }),
    `spec.controlPlane.interface: Invalid value: "eth0:1": spec.controlPlane.interface in body should match '^[a-zA-Z0-9._-]+$'`,
  ],
  [
    'an interface name of 16 characters',
    withServices({ interface: 'abcdefghijklmnop' }),
    `spec.services.interface: ${tooLong(15)}`,
  ],
  [
    'a Lease that is too long',
    election({ leaseDurationSeconds: 61 }),
    'spec.leaderElection.leaseDurationSeconds: Invalid value: 61: spec.leaderElection.leaseDurationSeconds in body should be less than or equal to 60',
  ],
  [
    'a Lease that is too short',
    election({ leaseDurationSeconds: 4, renewDeadlineSeconds: 1 }),
    'spec.leaderElection.leaseDurationSeconds: Invalid value: 4: spec.leaderElection.leaseDurationSeconds in body should be greater than or equal to 5',
  ],
  [
    'a repository with a tag',
    specWith({ image: { repository: 'example.org/kube-vip:v1.1.2' } }),
    'spec.image.repository: Invalid value: "example.org/kube-vip:v1.1.2": spec.image.repository in body should match',
  ],
  [
    'a digest that is none',
    specWith({ image: { repository: 'example.org/kube-vip', digest: 'sha256:abc' } }),
    `spec.image.digest: Invalid value: "sha256:abc": spec.image.digest in body should match '^sha256:[a-f0-9]{64}$'`,
  ],
  [
    'a class without prefix',
    withServices({ loadBalancerClass: 'edge' }),
    'spec.services.loadBalancerClass: Invalid value: "edge": spec.services.loadBalancerClass in body should match',
  ],
  [
    'port 0',
    withControlPlane({ port: 0 }),
    'spec.controlPlane.port: Invalid value: 0: spec.controlPlane.port in body should be greater than or equal to 1',
  ],
  ...poolSchemaRefusals,
  ...podSchemaRefusals,
];
