// What is known of the witnesses before one has said anything: where they are, and why they are not elsewhere.

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
