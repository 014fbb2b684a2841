// What MetalLB, Cilium and kube-vip's cloud provider give away.
import { isServed } from '../observed/neighbours/other-pools.ts';
import type { Survey } from '../observed/neighbours/survey.ts';
import { oncePer } from '../observed/once.ts';
import { RangeSet } from './range-set.ts';

/** Ranges that another load balancer gives away, under the name of its object. */
export const rangesOfOthers = oncePer(
  ({ pools, workloads }: Survey) =>
    new RangeSet(
      pools
        .filter((pool) => isServed(pool, workloads))
        .flatMap(({ object, ranges }) => ranges.map((text) => [text.trim(), object] as const)),
    ),
);
