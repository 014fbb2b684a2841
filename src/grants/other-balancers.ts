// Pools of MetalLB, of Cilium and of kube-vip's cloud provider: what they give away the operator does not give away as well. An
// administrator who knows better says so by the annotation that lets the check of the pools pass.
import { annotations } from '../api/metadata.ts';
import { itemsOf } from '../api/words.ts';
import { isServed } from '../observed/neighbours/other-pools.ts';
import type { Survey } from '../observed/neighbours/survey.ts';
import { oncePer } from '../observed/once.ts';
import { choose, type Check } from './candidate.ts';
import type { Server } from './grounds.ts';
import { RangeSet } from './range-set.ts';

/** The check of preflight that says the same of whole pools. */
export const overlapCheck = 'pool-is-of-other-load-balancer';

/** Ranges that another load balancer gives away, under the name of its object. */
export const rangesOfOthers = oncePer(
  ({ pools, workloads }: Survey) =>
    new RangeSet(
      pools
        .filter((pool) => isServed(pool, workloads))
        .flatMap(({ object, ranges }) => ranges.map((text) => [text.trim(), object] as const)),
    ),
);

/** Whether an administrator permits addresses that another load balancer may give away, too. */
export const permitsOthers = ({ config: { metadata } }: Server): boolean =>
  [annotations.override, annotations.acknowledge].some((name) =>
    itemsOf(metadata.annotations?.[name]).includes(overlapCheck),
  );

/** No other load balancer gives the address away. */
export const isOfNoOther: Check = ({ wanted, server }, { grounds }) => {
  const object = permitsOthers(server) ? undefined : grounds.ofOthers?.find(wanted);
  return object === undefined
    ? undefined
    : {
        reason: 'AddressOfOtherBalancer',
        found: `an address of ${object}, which gives it away, too`,
        todo: `${choose(server)}, or ask an administrator to take it out of one of the two`,
      };
};
