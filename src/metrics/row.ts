// What a metric says of itself.

/** Every label that a metric may have, and what bounds the number of its values. */
export const labels = {
  outcome: 'done, waiting, stalled or failed',
  verb: 'the method of HTTP, or WATCH',
  code: 'the status that the API server answered with, or `none` when it did not answer',
  resource: 'the resources that are watched',
  kubevipconfig: 'name of the KubeVipConfig, whose series end with it',
  mode: 'the modes of the API',
  version: 'the releases in the catalogue',
  type: 'the condition types',
  reason: 'the reason that a condition has now, from docs/conditions.md',
  function: 'control-plane or services',
  node: 'the one node that holds, or the nodes of the witnesses, two for each network',
  address: 'addresses of control planes, and at most 20 of Services that are not as they should be',
  owner: 'the machines that answer for an address',
  pool: 'the pools of the spec, 16 at most',
  family: 'IPv4 or IPv6',
  segment: 'the networks of the nodes',
  state: 'of nodes desired, updated or ready, of pools size, used or free',
  phase: 'where a rollout is, from status.rollout',
  result: 'Failed, Overridden, Warned or Acknowledged',
  check: 'the checks in docs/preflight.md, those alone that failed',
} as const;

/** Name of a label that a metric may have. */
export type Label = keyof typeof labels;

/** One metric, with its documentation. */
export interface Row {
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** What is counted or measured, with its unit; the HELP line. */
  readonly help: string;
  readonly labels: readonly Label[];
  /** Upper bounds, in the unit of the metric; of a histogram alone. */
  readonly buckets?: readonly number[];
  /** What its value tells. */
  readonly meaning: string;
  /** What to do when the value is not as it should be. */
  readonly todo: string;
}
