// The face of ARP: one owner by Lease. Plan, status and the controller reach what knows about Leases through here.
import { leaseOwnership } from './former-holders.ts';
import { hasLetGo, keepTakenLease, returnLease, withdrawLease } from './lease-takeover.ts';
import { askNodes } from './node-statements.ts';
import { allTargets, isProven, unproven, unseen, waitForAddresses } from './proof.ts';
import { sayWrong, takeOff } from './network.ts';
import { begunWithdrawal, whyToWithdraw, withdrawControlPlane } from './removal.ts';
import { ageMs, holderIn, secondsAtRest, secondsToLook } from './lease.ts';
import { ownershipChecks } from './readiness.ts';
import { sayHeld } from './traffic.ts';
import { formerHolderIsThere, isAwaited } from './two-owners.ts';

/** What ARP knows of a KubeVipConfig, by the question that is asked. */
export const arp = {
  /** Where kube-vip may have an address. */
  claims: allTargets,
  /** Who has what a component claims. */
  holders: {
    of: leaseOwnership,
    /** In words, with what is in doubt. */
    say: sayHeld,
    /** The node that a Lease names, by its host name or by its own. */
    inLease: holderIn,
    leaseAgeMs: ageMs,
  },
  /** What keeps an address from being held by exactly one node, and answered. */
  readiness: {
    /** In the order in which they are said. */
    checks: ownershipChecks,
    /** The one among them that tells of a second owner. */
    secondOwner: formerHolderIsThere,
    /** Whether a former holder is still given time. */
    isAwaited,
    /** When ownership is to be looked at again. */
    secondsToLook,
    secondsAtRest,
  },
  /** What witnesses hear, in words, and what takes an address off by hand. */
  network: { sayWrong, takeOff },
  /** How a control plane leaves the nodes, or has its Lease again. */
  withdrawal: {
    /** Whether, and why, what runs has to leave. */
    why: whyToWithdraw,
    next: withdrawControlPlane,
    begun: begunWithdrawal,
    /** What comes before the DaemonSet may be deleted. */
    departure: withdrawLease,
    keep: keepTakenLease,
    undo: returnLease,
    hasLetGo,
  },
  /** That an address is gone, and how the nodes are asked about it. */
  proof: { isProven, unproven, unseen, waitFor: waitForAddresses, askNodes },
} as const;
