// Specs that often claim the same, and what each of them claims.
import fc from 'fast-check';
import { effectiveClass } from '../../src/api/defaults.ts';
import type { KubeVipConfig, KubeVipConfigSpec } from '../../src/api/types.ts';

/** Two addresses, two classes, in every combination. */
export const spec: fc.Arbitrary<Partial<KubeVipConfigSpec>> = fc.record(
  {
    controlPlane: fc.record({
      addresses: fc.constantFrom(['192.0.2.1'], ['192.0.2.2'], ['192.0.2.1', 'fd00::1']),
    }),
    services: fc.record({ loadBalancerClass: fc.constantFrom('a.io/p', 'a.io/q') }),
  },
  { requiredKeys: [] },
);

/** Addresses and class of a config. */
export function claimsOf(config: KubeVipConfig): readonly string[] {
  return [...(config.spec.controlPlane?.addresses ?? []), effectiveClass(config) ?? ''].filter(
    (row) => row !== '',
  );
}
