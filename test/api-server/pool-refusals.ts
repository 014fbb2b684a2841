// What the API server must refuse in pools of addresses.
import type { Breach } from './breach.ts';
import type { AnySpec } from './builders.ts';
import { duplicate } from './kubernetes.ts';

const poolEntry = (found: string): string =>
  `spec.services.pools: expected a CIDR such as 192.0.2.64/27, or first-last of one family inside one /16 (IPv6: /112), of unicast addresses in canonical form, found ${found}; write a larger range as CIDRs`;
const withPools = (...pools: AnySpec[]): AnySpec => ({ version: 'v1.1.2', mode: 'ARP', services: { pools } });

/** By id of the rule. */
export const poolBreaches: Readonly<Record<string, Breach>> = {
  'pool-entry-is-unicast-range': {
    spec: withPools({ name: 'main', addresses: ['203.0.113.64/26', '203.0.113.9-203.0.113.1'] }),
    says: poolEntry('203.0.113.9-203.0.113.1'),
  },
  'pool-reserved-is-address-or-cidr': {
    spec: withPools({
      name: 'main',
      addresses: ['203.0.113.64/26'],
      reserved: ['203.0.113.70', '203.0.113.71/29'],
    }),
    says: 'spec.services.pools: expected in reserved an address such as 192.0.2.70, or a CIDR such as 192.0.2.72/29, in canonical form, found 203.0.113.71/29; write a range as several CIDRs',
  },
};

/** Texts that no pool may list. */
export const notPoolEntries: readonly (readonly [what: string, text: string])[] = [
  ['a single address', '203.0.113.1'],
  ['a name', 'pool.example.org'],
  ['a CIDR with bits behind its prefix', '203.0.113.65/26'],
  ['a CIDR with a leading zero', '203.0.113.064/26'],
  ['a prefix with a leading zero', '203.0.113.64/026'],
  ['a prefix that is too long', '203.0.113.64/33'],
  ['all addresses', '0.0.0.0/0'],
  ['loopback addresses', '127.0.0.0/24'],
  ['link-local addresses', '169.254.0.0/16'],
  ['multicast addresses', '224.0.0.0/24'],
  ['a CIDR with the broadcast address', '255.255.255.0/24'],
  ['a range down', '203.0.113.9-203.0.113.1'],
  ['a range of two families', '203.0.113.9-2001:db8::1'],
  ['a range of three', '203.0.113.1-203.0.113.2-203.0.113.3'],
  ['a range with spaces', '203.0.113.1 - 203.0.113.9'],
  ['a range without an end', '203.0.113.1-'],
  ['a range that is no host of 0.0.0.0/8', '0.0.0.1-0.0.0.9'],
  ['a range over more than a /16', '203.0.113.1-203.1.113.1'],
  ['a range that ends at the broadcast address', '255.255.255.1-255.255.255.255'],
  ['an IPv6 CIDR with bits behind its prefix', '2001:db8::1/64'],
  ['an IPv6 CIDR in upper case', '2001:DB8::/64'],
  ['an IPv6 CIDR that could be shorter', '2001:db8:0::/64'],
  ['all IPv6 addresses', '::/0'],
  ['IPv4 in IPv6', '::ffff:203.0.113.0/120'],
  ['IPv6 link-local addresses', 'fe80::/64'],
  ['an IPv6 range down', '2001:db8::a-2001:db8::9'],
  ['an IPv6 range over more than a /112', '2001:db8::1-2001:db8::1:0'],
  ['an IPv6 CIDR of ::/80', '::/112'],
  ['an IPv6 range of ::/80', '::2-::ff'],
  ['an IPv6 range at the end of ::/80', '::ffff:ffff:fff0-::ffff:ffff:ffff'],
  ['an IPv6 link-local range', 'fe80::1-fe80::9'],
  ['an IPv6 multicast range', 'ff02::1-ff02::9'],
  ['a range of loopback addresses', '127.0.0.1-127.0.0.9'],
  ['a range of link-local addresses', '169.254.0.1-169.254.0.9'],
  ['a range of multicast addresses', '224.0.0.1-224.0.0.9'],
];

/** Texts that a pool may list. */
export const poolEntries: readonly string[] = [
  '203.0.113.64/26',
  '203.0.113.64/32',
  '203.0.113.9-203.0.113.9',
  '203.0.9.200-203.0.113.3',
  '198.0.0.0/8',
  '2001:db8::/64',
  '2001:db8::-2001:db8::',
  '2001:db8::9-2001:db8::a',
  '2001:db8::-2001:db8::ffff',
  '2001:db8:0:1:1:1:1:0/128',
  '::1:0:0:0/112',
  '::1:0:0:0-::1:0:0:ff',
];

/** What the schema refuses by itself, in the API server's words. */
export const poolSchemaRefusals: readonly (readonly [what: string, spec: AnySpec, says: string])[] = [
  ['an empty list of pools', withPools(), 'spec.services.pools in body should have at least 1 items'],
  [
    'two pools of one name',
    withPools({ name: 'a', addresses: ['203.0.113.0/25'] }, { name: 'a', addresses: ['203.0.113.128/25'] }),
    `spec.services.pools[1]: ${duplicate({ name: 'a' })}`,
  ],
  [
    'a pool name in upper case',
    withPools({ name: 'Main', addresses: ['203.0.113.0/25'] }),
    `spec.services.pools[0].name: Invalid value: "Main": spec.services.pools[0].name in body should match`,
  ],
  [
    'a pool without addresses',
    withPools({ name: 'a', addresses: [] }),
    'spec.services.pools[0].addresses in body should have at least 1 items',
  ],
  [
    '17 pools',
    withPools(
      ...Array.from({ length: 17 }, (_, at) => ({ name: `p${at}`, addresses: [`203.0.113.${at}/32`] })),
    ),
    'spec.services.pools: Too many: 17: must have at most 16 items',
  ],
  [
    '33 entries',
    withPools({ name: 'a', addresses: Array.from({ length: 33 }, (_, at) => `203.0.113.${at}/32`) }),
    'spec.services.pools[0].addresses: Too many: 33: must have at most 32 items',
  ],
];
