// A control plane leaves the nodes while its config lives on: as a deletion does it, while all else that the config
// has runs on. Also what another address or interface begins with, since kube-vip takes only the present address off, and
// only from the present interface (pkg/cluster/clusterLeaderElection.go@v1.2.3). And what follows a release whose pods leave
// the address when they end: until the next image is there, nothing takes it off.
import type { V1DaemonSet } from '@kubernetes/client-node';
import { leavesAddress } from '../../catalog/releases.ts';
import { heldBy, interfaceOf, releaseIn, renderedHash } from '../../observed/daemon-set.ts';
import type { Observed } from '../../observed/observed.ts';
import { isTerminating } from '../../observed/pods.ts';
import { keepTakenLease, takenLease, withdrawLease } from './lease-takeover.ts';
import { controlPlaneTargets, unproven, waitForAddresses } from './proof.ts';
import type { Withdrawal } from '../../steps/step.ts';
import { remaining, sayWaits, type Departure } from '../../steps/waits.ts';

/** With the pods gone no kube-vip of ours takes an address again: it is asked for the last time. */
function lastLook(observed: Observed): Departure {
  const targets = controlPlaneTargets(observed);
  const left = unproven(observed, 'ended', targets);
  const lease = takenLease(observed);
  return left.length === 0
    ? { steps: lease ? [{ kind: 'delete-lease', name: lease.name }] : [], waits: [] }
    : {
        steps: keepTakenLease(observed),
        waits: waitForAddresses(observed.snapshot, left),
        ask: { stage: 'ended', targets },
      };
}

function departureOf(observed: Observed): Departure {
  const { owned: live } = observed.components['control-plane'];
  const { steps, waits, ask } = withdrawLease(observed);
  const left = remaining(observed.snapshot, live ? [live] : [], observed.components['control-plane'].pods);
  if (waits.length > 0) {
    return { steps, waits: [...waits, ...left], ask };
  }
  if (left.length > 0) {
    const ends = live && !isTerminating(live) ? [{ kind: 'delete', object: live } as const] : [];
    return { steps: [...keepTakenLease(observed), ...ends], waits: left };
  }
  return lastLook(observed);
}

/**
 * The next steps of a control plane off the nodes, and what they wait for.
 * @param why Half a sentence about the control plane.
 */
export function withdrawControlPlane(observed: Observed, why: string): Withdrawal {
  const { steps, waits, ask } = departureOf(observed);
  const lease = takenLease(observed);
  return {
    why,
    steps,
    isUnderWay: lease !== undefined,
    ...(waits.length > 0 && {
      waiting: sayWaits(waits, lease ? observed.snapshot.now - lease.acquiredAt : 0),
    }),
    ...(ask && { ask }),
  };
}

/** Why pods of the next revision would leave behind what those of the present one hold. */
function leavesBehind(live: V1DaemonSet, next: V1DaemonSet): string | undefined {
  // What was edited by hand is drift, and is put back at once.
  if (renderedHash(live) === renderedHash(next)) {
    return undefined;
  }
  const kept = heldBy(next);
  const loses = heldBy(live).some((address) => !kept.includes(address));
  if (loses || interfaceOf(live) !== interfaceOf(next)) {
    return 'its address or interface changes';
  }
  const version = releaseIn(live);
  return leavesAddress(version) && version !== releaseIn(next)
    ? `kube-vip ${version} may leave the address behind when its pods end`
    : undefined;
}

/** A control plane that has begun to go, and has to be gone before anything else: its pods are ending, or have ended. */
function mustEndFirst(observed: Observed): boolean {
  const { owned } = observed.components['control-plane'];
  return takenLease(observed) !== undefined && (owned === undefined || isTerminating(owned));
}

/**
 * Why the control plane that runs has to leave: goes on after `because`. Undefined when it may stay.
 * @param next The DaemonSet that the spec asks for.
 */
export function whyToWithdraw(observed: Observed, next: V1DaemonSet | undefined): string | undefined {
  const { owned: live } = observed.components['control-plane'];
  if (next === undefined) {
    return live || takenLease(observed) ? 'the spec does not ask for it any more' : undefined;
  }
  if (mustEndFirst(observed)) {
    return 'it has to end before it starts anew';
  }
  return live && !isTerminating(live) ? leavesBehind(live, next) : undefined;
}

/**
 * A withdrawal that has begun and goes on while nothing else may be done about the spec. Undefined: none has, or the
 * spec asks again for what still runs, so the Lease may go back.
 */
export function begunWithdrawal(observed: Observed): Withdrawal | undefined {
  const { addresses = [] } = observed.snapshot.config.spec.controlPlane ?? {};
  const { owned: live } = observed.components['control-plane'];
  const isAskedFor =
    live !== undefined &&
    !isTerminating(live) &&
    heldBy(live).every((address) => addresses.includes(address));
  return takenLease(observed) === undefined || isAskedFor
    ? undefined
    : withdrawControlPlane(observed, 'its removal had begun before');
}
