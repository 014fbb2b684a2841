// What is known of the witnesses before one has said anything: where they are, and why they are not elsewhere.
import type { KubeVipConfig } from '../api/types.ts';
import type { ProbeImage } from '../render/probe-daemon-set.ts';
import type { SubnetKnowledge } from './known-subnets.ts';
import { hasWitness } from './questions.ts';

/** One segment and its witnesses. */
export interface SegmentCoverage {
  readonly segment: string;
  readonly subnets: readonly string[];
  /** Where the witnesses are; none where none can be. */
  readonly nodes: readonly string[];
  /** Half a sentence: why there is no witness. Empty where there are some. */
  readonly because: string;
  /** Addresses that are too many to be asked for. */
  readonly omitted: number;
}

/** All segments that have an address of ours. */
export interface WitnessCoverage {
  readonly segments: readonly SegmentCoverage[];
  /** Half a sentence: why there is no witness anywhere. Empty where there are segments. */
  readonly because: string;
  /** No KubeVipConfig wants a witness. */
  readonly isUnwanted?: boolean;
  /** Addresses of ours that are in no subnet of the nodes, at most {@link mostOutside}: no witness hears of them. */
  readonly outside: readonly string[];
}

/** How many addresses are named that are in no subnet. */
export const mostOutside = 20;

/** What is known before the first look. */
export const nothingCovered: WitnessCoverage = {
  segments: [],
  because: 'expected the operator to have looked for the networks of the nodes, found it starting',
  outside: [],
};

/** Why there is no witness anywhere, half a sentence; undefined: there may be. */
export function hindranceOf(
  { image, configs }: { readonly image: ProbeImage | undefined; readonly configs: readonly KubeVipConfig[] },
  known: SubnetKnowledge,
): string | undefined {
  if (!configs.some(hasWitness)) {
    return 'expected a KubeVipConfig with spec.witness On, found none';
  }
  if (known.rows.length === 0) {
    return known.isOmitted
      ? 'expected the subnets of the nodes, found more than a status can hold'
      : 'expected the subnets of the nodes, found none: no probe of the nodes has run, or spec.preflight.nodeProbe is Off';
  }
  return image === undefined
    ? 'expected to know the image of the operator, found no POD_NAME in its environment and no --probe-image'
    : undefined;
}
