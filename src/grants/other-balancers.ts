// Pools of MetalLB, of Cilium and of kube-vip's cloud provider: what they give away the operator does not give away as well. An
// administrator who knows better says so by the annotation that lets the check of the pools pass.
import { annotations } from '../api/metadata.ts';
import { itemsOf } from '../api/words.ts';
import { choose, type Check } from './candidate.ts';
import type { Server } from './grounds.ts';

/** The check of preflight that says the same of whole pools. */
export const overlapCheck = 'pool-is-of-other-load-balancer';

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
