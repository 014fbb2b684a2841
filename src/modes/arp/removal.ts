// A control plane leaves the nodes while its config lives on: as a deletion does it, and beside all else that the config
// runs. Also what another address or interface begins with, since kube-vip takes only the present address off, and
// only from the present interface (pkg/cluster/clusterLeaderElection.go@v1.2.3).
import type { V1DaemonSet } from '@kubernetes/client-node';
import { labels } from '../../api/metadata.ts';
import { renderedHash } from '../../plan/drift.ts';
import { heldBy, interfaceOf } from '../../observed/holding.ts';
import { isStaying, ownedControlPlane } from '../../observed/owned.ts';
import { giveBack, keepParked, parkControlPlane, parkedLease } from './parking.ts';
import { controlPlaneTargets, unproven } from './proof.ts';
import type { Snapshot } from '../../observed/snapshot.ts';
import type { Ask, Plan, Removal, Step } from '../../steps/step.ts';
import { remaining, sayWaits, waitForAddresses, type Wait } from '../../steps/waits.ts';

/** The part of a plan that is about a control plane on its way off the nodes. */
type Going = Pick<Plan, 'steps' | 'removal' | 'ask'>;

interface Stage {
  readonly steps: readonly Step[];
  readonly waits: readonly Wait[];
  readonly ask?: Ask | undefined;
}

/** With the pods gone nobody of ours takes an address again: asked at for the last time. */
function lastLook(snapshot: Snapshot): Stage {
  const targets = controlPlaneTargets(snapshot);
  const left = unproven(snapshot, 'ended', targets);
  const lease = parkedLease(snapshot);
  return left.length === 0
    ? { steps: lease ? [{ kind: 'delete-lease', name: lease.name }] : [], waits: [] }
    : {
        steps: keepParked(snapshot),
        waits: waitForAddresses(snapshot, left),
        ask: { stage: 'ended', targets },
      };
}

function stageOf(snapshot: Snapshot): Stage {
  const live = ownedControlPlane(snapshot);
  const { steps, waits, ask } = parkControlPlane(snapshot);
  const pods = snapshot.pods.filter(
    ({ metadata }) => metadata?.labels?.[labels.component] === 'control-plane',
  );
  const left = remaining(snapshot, live ? [live] : [], pods);
  if (waits.length > 0) {
    return { steps, waits: [...waits, ...left], ask };
  }
  if (left.length > 0) {
    const ends = isStaying(live) ? [{ kind: 'delete', object: live } as const] : [];
    return { steps: [...keepParked(snapshot), ...ends], waits: left };
  }
  return lastLook(snapshot);
}

/** The next steps of a removal, and what it waits for. */
export function removeControlPlane(snapshot: Snapshot, why: string): Going {
  const { steps, waits, ask } = stageOf(snapshot);
  const lease = parkedLease(snapshot);
  const removal: Removal = {
    why,
    steps,
    isUnderWay: lease !== undefined,
    ...(waits.length > 0 && { waiting: sayWaits(waits, lease ? snapshot.now - lease.acquiredAt : 0) }),
  };
  return { steps, removal, ...(ask && { ask }) };
}

/** Whether pods of the next revision would leave behind what those of the present one hold. */
function leavesBehind(live: V1DaemonSet, next: V1DaemonSet): boolean {
  const kept = heldBy(next);
  const loses = heldBy(live).some((address) => !kept.includes(address));
  // What somebody edited is drift, and is put back at once.
  return renderedHash(live) !== renderedHash(next) && (loses || interfaceOf(live) !== interfaceOf(next));
}

/** A control plane that has begun to go, and has to be gone before anything else: its pods are ending, or have ended. */
const isLeaving = (snapshot: Snapshot): boolean =>
  parkedLease(snapshot) !== undefined && !isStaying(ownedControlPlane(snapshot));

/**
 * Why the control plane that runs has to leave, for a message; undefined when it may stay.
 * @param next the DaemonSet that the spec asks for
 */
export function whyToRemove(snapshot: Snapshot, next: V1DaemonSet | undefined): string | undefined {
  const live = ownedControlPlane(snapshot);
  if (next === undefined) {
    return live || parkedLease(snapshot) ? 'which the spec does not ask for any more' : undefined;
  }
  if (isLeaving(snapshot)) {
    return 'before it starts anew';
  }
  return isStaying(live) && leavesBehind(live, next)
    ? 'before it starts with another address or interface'
    : undefined;
}

/** What to do about a removal that has begun while nothing else may be done about the spec. */
export function settle(snapshot: Snapshot): Going {
  const { addresses = [] } = snapshot.config.spec.controlPlane ?? {};
  const live = ownedControlPlane(snapshot);
  const isAskedFor = isStaying(live) && heldBy(live).every((address) => addresses.includes(address));
  return parkedLease(snapshot) === undefined || isAskedFor
    ? { steps: giveBack(snapshot) }
    : removeControlPlane(snapshot, 'which had begun before');
}
