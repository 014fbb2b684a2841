// Generators for properties. A KubeVipConfig is drawn from the CRD's own schema, so that a field added
// there is covered the same day; what the rules refuse is filtered out.
import fc from 'fast-check';
import type { JsonSchema } from '../../src/api/json-schema.ts';
import { apiVersion, kind } from '../../src/api/metadata.ts';
import type { KubeVipConfig, KubeVipConfigSpec } from '../../src/api/types.ts';
import { customResourceDefinition } from '../../src/catalog/crd.ts';
import { releases } from '../../src/catalog/releases.ts';
import { validate } from '../../src/catalog/validation.ts';
import { choosable } from '../../src/catalog/verdicts.ts';
import { kubeVipConfig } from '../builders.ts';
import { labelKey, resources, toleration } from './pod-samples.ts';

// fast-check prints the seed of a failure: `FC_SEED=… FC_RUNS=… npm test` plays it again.
/** Values drawn per property. */
export const numRuns = Number(process.env['FC_RUNS'] ?? 60);
fc.configureGlobal({ seed: Number(process.env['FC_SEED'] ?? 20261124), numRuns });

/** The schema of the whole object, as it is in the CRD. */
export const objectSchema = customResourceDefinition().spec.versions[0]?.schema
  ?.openAPIV3Schema as unknown as {
  readonly properties: Readonly<Record<'spec' | 'metadata' | 'status', JsonSchema>>;
};

const byte = fc.integer({ min: 0, max: 255 });
const ipv4 = fc
  .tuple(fc.constantFrom(10, 172, 192, 203), byte, byte, fc.integer({ min: 1, max: 254 }))
  .map((parts) => parts.join('.'));
const ipv6 = fc
  .tuple(fc.constantFrom('2001:db8', 'fd00', '2a01:4f8'), fc.integer({ min: 1, max: 0xffff }))
  .map(([lead, last]) => `${lead}::${last.toString(16)}`);

// A network of its own for each, so that no two overlap.
const poolEntry = (at: number): fc.Arbitrary<string> =>
  fc.constantFrom(`10.${at}.0.0/16`, `10.${at}.1.9-10.${at}.2.1`, `fd00:${at + 1}::/64`);
const pool = (name: string, at: number): fc.Arbitrary<unknown> =>
  fc.record(
    {
      name: fc.constant(name),
      addresses: fc.tuple(poolEntry(at), poolEntry(at + 1)),
      autoAssign: fc.boolean(),
      namespaces: fc.uniqueArray(fc.constantFrom('a', 'team-b'), { maxLength: 2 }),
      serviceSelector: fc.constantFrom({}, { 'example.org/tier': 'front' }),
      priority: fc.integer({ min: -1000, max: 1000 }),
      avoidBuggyIPs: fc.boolean(),
      reserved: fc.uniqueArray(fc.constantFrom('10.0.0.7', '10.0.8.0/21', 'fd00:1::/96', 'fd00:1::7'), {
        maxLength: 4,
      }),
    },
    { requiredKeys: ['name', 'addresses'], noNullPrototype: true },
  );

/** Values that random text would never hit, or hits too seldom. */
const overrides: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  'spec.controlPlane.tolerations[]': toleration,
  'spec.services.tolerations[]': toleration,
  'spec.controlPlane.resources': resources,
  'spec.services.resources': resources,
  // Half of all tags are refused for everything.
  'spec.version': fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...choosable.map(({ version }) => version)) },
    { weight: 1, arbitrary: fc.constantFrom(...releases.map(({ version }) => version)) },
  ),
  'spec.controlPlane.addresses[]': fc.oneof(ipv4, ipv6),
  'spec.services.pools': fc.oneof(
    fc.tuple(pool('main', 0)),
    fc.tuple(pool('main', 2), pool('more', 4), pool('most', 6)),
  ),
  'spec.leaderElection': fc
    .record({
      retryPeriodSeconds: fc.integer({ min: 1, max: 10 }),
      renewMore: fc.integer({ min: 1, max: 6 }),
      leaseMore: fc.integer({ min: 1, max: 14 }),
    })
    .map(({ retryPeriodSeconds, renewMore, leaseMore }) => {
      const renewDeadlineSeconds = Math.ceil(retryPeriodSeconds * 1.2) + renewMore;
      return {
        retryPeriodSeconds,
        renewDeadlineSeconds,
        leaseDurationSeconds: 2 * renewDeadlineSeconds + retryPeriodSeconds + leaseMore,
      };
    }),
};

function textOf({ pattern, minLength = 0, maxLength = 40 }: JsonSchema): fc.Arbitrary<string> {
  return pattern === undefined
    ? fc.string({ minLength, maxLength: Math.min(maxLength, 20) })
    : fc
        .stringMatching(new RegExp(pattern))
        .filter((text) => text.length >= minLength && text.length <= maxLength);
}

function objectOf({ properties = {}, required = [] }: JsonSchema, at: string): fc.Arbitrary<unknown> {
  const fields = Object.entries(properties).map(([name, schema]) => [
    name,
    arbitraryOf(schema, `${at}.${name}`),
  ]);
  const model = Object.fromEntries(fields) as Record<string, fc.Arbitrary<unknown>>;
  return fc.record(model, { requiredKeys: [...required], noNullPrototype: true });
}

function listOf(schema: JsonSchema, at: string): fc.Arbitrary<unknown> {
  const { items = {}, minItems = 0, maxItems = 4 } = schema;
  const length = { minLength: minItems, maxLength: Math.min(maxItems, 4) };
  const item = arbitraryOf(items, `${at}[]`);
  return schema['x-kubernetes-list-type'] === 'set' ? fc.uniqueArray(item, length) : fc.array(item, length);
}

/** Any value that a schema admits. */
export function arbitraryOf(schema: JsonSchema, at: string): fc.Arbitrary<unknown> {
  const own = overrides[at];
  if (own) {
    return own;
  }
  if (schema.enum) {
    return fc.constantFrom(...schema.enum);
  }
  if (schema['x-kubernetes-int-or-string']) {
    return fc.oneof(fc.nat(100), textOf(schema));
  }
  if (schema.additionalProperties) {
    const key = at.endsWith('.nodeSelector')
      ? labelKey
      : fc.stringMatching(/^([a-z]{1,6}\.io\/)?[a-z]{1,6}$/);
    return fc.dictionary(key, arbitraryOf(schema.additionalProperties, `${at}{}`), {
      maxKeys: 3,
      noNullPrototype: true,
    });
  }
  return byType[schema.type ?? 'string'](schema, at);
}

const byType: Record<
  NonNullable<JsonSchema['type']>,
  (schema: JsonSchema, at: string) => fc.Arbitrary<unknown>
> = {
  object: objectOf,
  array: listOf,
  integer: ({ minimum = 0, maximum = 1e6 }) => fc.integer({ min: minimum, max: maximum }),
  boolean: () => fc.boolean(),
  string: textOf,
};

const { spec: specSchema, metadata: metadataSchema } = objectSchema.properties;
const name = arbitraryOf(metadataSchema.properties?.['name'] ?? {}, 'metadata.name') as fc.Arbitrary<string>;
const anySpec = arbitraryOf(specSchema, 'spec') as fc.Arbitrary<KubeVipConfigSpec>;

/** Any KubeVipConfig that fits the schema, whether or not the rules admit it. */
export const schemaConfigs: fc.Arbitrary<KubeVipConfig> = fc
  .record({ name, spec: anySpec })
  .map(({ name, spec }) => ({ ...kubeVipConfig({ name }), apiVersion, kind, spec }));

/** Any KubeVipConfig that the API server stores. */
export const admittedConfigs: fc.Arbitrary<KubeVipConfig> = schemaConfigs.filter(
  (config) => validate(config).length === 0,
);

/** The same, not suspended: one that is acted upon. */
export const activeConfigs: fc.Arbitrary<KubeVipConfig> = admittedConfigs.map((config) => ({
  ...config,
  spec: { ...config.spec, suspend: false },
}));
