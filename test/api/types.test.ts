// The types come from the schemas that make the CRD. Each proof is a line that tsc refuses when it is wrong.
import { describe, expect, it } from '@jest/globals';
import type { FromSchema } from '../../src/api/json-schema.ts';
import type { Condition, KubeVipConfigSpec, KubeVipConfigStatus, Toleration } from '../../src/api/types.ts';

// oxlint-disable typescript/no-unnecessary-type-parameters, typescript/no-generated-empty-object-type -- how types are compared
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type IsOptional<T, K extends keyof T> = Record<never, never> extends Pick<T, K> ? true : false;
type IsRequired<T, K extends keyof T> = IsOptional<T, K> extends true ? false : true;
type IsReadonly<T, K extends keyof T> = Equal<Pick<T, K>, Readonly<Pick<T, K>>>;
type ControlPlane = NonNullable<KubeVipConfigSpec['controlPlane']>;
type Services = NonNullable<KubeVipConfigSpec['services']>;
type Election = NonNullable<KubeVipConfigSpec['leaderElection']>;

const proofs: readonly (readonly [sentence: string, proof: true])[] = [
  ['spec.version is a string', true satisfies Equal<KubeVipConfigSpec['version'], string>],
  ['spec.version is required', true satisfies IsRequired<KubeVipConfigSpec, 'version'>],
  ['spec.version is read-only', true satisfies IsReadonly<KubeVipConfigSpec, 'version'>],
  ['spec.mode is required', true satisfies IsRequired<KubeVipConfigSpec, 'mode'>],
  ['spec.mode is one of the enum', true satisfies Equal<KubeVipConfigSpec['mode'], 'ARP'>],
  ['spec.controlPlane is optional', true satisfies IsOptional<KubeVipConfigSpec, 'controlPlane'>],
  ['spec.services is optional', true satisfies IsOptional<KubeVipConfigSpec, 'services'>],
  [
    'spec.controlPlane.addresses is a read-only list of strings',
    true satisfies Equal<ControlPlane['addresses'], readonly string[]>,
  ],
  ['spec.controlPlane.addresses is required', true satisfies IsRequired<ControlPlane, 'addresses'>],
  [
    'spec.controlPlane.port, which has a default, is an optional number',
    true satisfies Equal<ControlPlane['port'], number | undefined>,
  ],
  [
    'spec.controlPlane.apiAccess is one of two words',
    true satisfies Equal<ControlPlane['apiAccess'], 'Local' | 'Service' | undefined>,
  ],
  [
    'a node selector maps text to text',
    true satisfies Equal<Services['nodeSelector'], Readonly<Record<string, string>> | undefined>,
  ],
  [
    'a quantity is text or a number',
    true satisfies Equal<
      NonNullable<NonNullable<Services['resources']>['limits']>['memory'],
      string | number | undefined
    >,
  ],
  ['a toleration has an optional operator', true satisfies IsOptional<Toleration, 'operator'>],
  [
    'spec.leaderElection has exactly three timings',
    true satisfies Equal<
      keyof Election,
      'leaseDurationSeconds' | 'renewDeadlineSeconds' | 'retryPeriodSeconds'
    >,
  ],
  [
    'the spec has exactly these fields',
    true satisfies Equal<
      keyof KubeVipConfigSpec,
      | 'version'
      | 'mode'
      | 'image'
      | 'controlPlane'
      | 'services'
      | 'leaderElection'
      | 'arp'
      | 'preflight'
      | 'rollout'
      | 'witness'
      | 'remedy'
      | 'suspend'
    >,
  ],
  [
    'a condition has one of three statuses',
    true satisfies Equal<Condition['status'], 'True' | 'False' | 'Unknown'>,
  ],
  [
    'status.conditions is an optional list of conditions',
    true satisfies Equal<KubeVipConfigStatus['conditions'], readonly Condition[] | undefined>,
  ],
  [
    'a boolean schema gives a boolean',
    true satisfies Equal<FromSchema<{ readonly type: 'boolean' }>, boolean>,
  ],
  ['an empty schema admits nothing', true satisfies Equal<FromSchema<Record<never, never>>, never>],
];

describe('KubeVipConfig types', () => {
  it.each(proofs)('%s', (_, proof) => {
    expect(proof).toBe(true);
  });
});
