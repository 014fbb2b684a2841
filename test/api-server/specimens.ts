// Random KubeVipConfigs that fit the schema and often break a rule, for holding two judges against each other.
import fc from 'fast-check';
import { releases } from '../../src/catalog/releases.ts';
import { choosable } from '../../src/catalog/verdicts.ts';
import { schemaConfigs } from '../api/arbitraries.ts';
import { notPoolEntries, poolEntries } from './pool-refusals.ts';
import { notVirtualAddresses } from './refusals.ts';
import type { AnySpec, Written } from './builders.ts';

const byte = fc.integer({ min: 0, max: 255 });
const anyIpv4 = fc.tuple(byte, byte, byte, byte).map((parts) => parts.join('.'));
// Zero is frequent, because the shortest way to write an address depends on where its zeros are.
const group = fc.oneof(
  { weight: 3, arbitrary: fc.constant('0') },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16)) },
);
const anyIpv6 = fc.array(group, { minLength: 8, maxLength: 8 }).map((groups) => groups.join(':'));
const shortIpv6 = fc
  .tuple(fc.array(group, { minLength: 1, maxLength: 5 }), fc.array(group, { minLength: 0, maxLength: 2 }))
  .map(([head, tail]) => `${head.join(':')}::${tail.join(':')}`);
const refused = fc.constantFrom(...notVirtualAddresses.map(([, text]) => text));
const good = fc.constantFrom('203.0.113.1', '10.0.0.1', '2001:db8::1', 'fd00::1');
/** Texts that are an address, nearly one, or not at all. */
export const addresses: fc.Arbitrary<string> = fc.oneof(anyIpv4, anyIpv6, shortIpv6, refused);
// Mostly good, so that every other rule has its chance to be the only one that is broken.
const address = fc.oneof({ weight: 12, arbitrary: good }, { weight: 1, arbitrary: addresses });

const length = fc.integer({ min: 0, max: 129 }).map(String);
const joined = (from: fc.Arbitrary<string>, by: string, to: fc.Arbitrary<string>) =>
  fc.tuple(from, to).map((parts) => parts.join(by));
const anyAddress = fc.oneof(anyIpv4, anyIpv6, shortIpv6);
// Close to one another, so that the order decides.
const near = (lead: string) => fc.tuple(byte, byte).map(([a, b]) => `${lead}.${a}.${b}`);
const near6 = (lead: string) =>
  fc.integer({ min: 0, max: 0xffff }).map((last) => `${lead}${last.toString(16)}`);
// Inside a network that no pool may touch, next to one, and far from all.
const leads6 = ['2001:db8::', '::', '::1:0:0:', 'fe80::', 'ff02::', 'febf:ffff::', 'fec0::'];
/** Texts that are an entry of a pool, nearly one, or not at all. */
export const poolTexts: fc.Arbitrary<string> = fc
  .oneof(
    fc.constantFrom(...notPoolEntries.map(([, text]) => text), ...poolEntries),
    joined(anyAddress, '/', length),
    joined(anyAddress, '-', anyAddress),
    joined(near('203.0'), '-', near('203.0')),
    fc.constantFrom(...leads6).chain((lead) => joined(near6(lead), '-', near6(lead))),
  )
  // Other lengths are for the schema.
  .filter((text) => text.length >= 4 && text.length <= 79);

const interfaceName = fc.constantFrom('lo', 'eth0', 'eth1', 'bond0', 'vlan.100', 'br-lan');

type Range = readonly [min: number, max: number];
const seconds = ([min, max]: Range) => fc.integer({ min, max });
const timing = (lease: Range, renew: Range, retry: Range) =>
  fc.record(
    {
      leaseDurationSeconds: seconds(lease),
      renewDeadlineSeconds: seconds(renew),
      retryPeriodSeconds: seconds(retry),
    },
    { requiredKeys: [], noNullPrototype: true },
  );

/** Fields that rules are about; each is put in place of what was drawn, or left as it was. */
const mutations: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  // Half of all tags are refused for everything.
  version: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...choosable.map((row) => row.version)) },
    { weight: 1, arbitrary: fc.constantFrom(...releases.map((row) => row.version)) },
  ),
  controlPlane: fc.record(
    {
      addresses: fc.uniqueArray(address, { minLength: 1, maxLength: 2 }),
      interface: interfaceName,
    },
    { requiredKeys: ['addresses'], noNullPrototype: true },
  ),
  services: fc.record(
    {
      interface: interfaceName,
      loadBalancerClass: fc.constantFrom('a.io/b', 'a.io/c'),
      pools: fc.tuple(
        fc.record({ name: fc.constant('main'), addresses: fc.tuple(fc.constantFrom(...poolEntries)) }),
        fc.record({
          name: fc.constant('more'),
          addresses: fc.tuple(fc.constantFrom('10.1.0.0/16', 'fd00::/64', '10.1.0.1/16')),
        }),
      ),
    },
    { requiredKeys: [], noNullPrototype: true },
  ),
  image: fc.record(
    { repository: fc.constant('example.org/kube-vip'), digest: fc.constant(`sha256:${'0'.repeat(64)}`) },
    { requiredKeys: [], noNullPrototype: true },
  ),
  leaderElection: fc.oneof(
    timing([5, 60], [1, 59], [1, 30]),
    // Each above the next, so that the rules about them are kept.
    timing([45, 60], [12, 18], [1, 8]),
  ),
};

/** What a person might write: right, or wrong in one way or several. */
export const specimens: fc.Arbitrary<Written> = fc
  .record({
    config: schemaConfigs,
    fields: fc.record(mutations, { requiredKeys: [], noNullPrototype: true }),
    without: fc.subarray(['controlPlane', 'services', 'leaderElection', 'image'], { maxLength: 3 }),
  })
  .map(({ config: { apiVersion, kind, metadata, spec }, fields, without }) => ({
    apiVersion,
    kind,
    metadata: { name: metadata.name },
    spec: Object.fromEntries(
      Object.entries({ ...(spec as AnySpec), ...fields }).filter(([name]) => !without.includes(name)),
    ),
  }));
