// Deletion: the control-plane Lease is taken, the DaemonSets go, then their pods; the addresses are asked for, then the
// Leases go, and the finalizer last.
import { componentKinds, finalizer } from '../api/metadata.ts';
import { arp } from '../modes/arp/arp.ts';
import { ownedDaemonSets, type Observed } from '../observed/observed.ts';
import { isTerminating } from '../observed/pods.ts';
import type { Snapshot } from '../observed/snapshot.ts';
import { remaining, sayWaits, type Departure, type Wait } from '../steps/waits.ts';
import type { Deleting } from './plan.ts';

function waiting({ now, deletedAt = now }: Snapshot, { steps, waits, ask }: Departure): Deleting {
  return { kind: 'deleting', steps, waiting: sayWaits(waits, now - deletedAt), ...(ask && { ask }) };
}

/** Asks at every address, for the last time: with the pods gone nobody of ours takes one again. */
function planEnd(observed: Observed): Deleting {
  const { snapshot, components } = observed;
  const targets = arp.claims(observed);
  const left = arp.proof.unproven(observed, 'ended', targets);
  if (left.length > 0) {
    const waits = arp.proof.waitFor(snapshot, left);
    return waiting(snapshot, { steps: [], waits, ask: { stage: 'ended', targets } });
  }
  return {
    kind: 'deleting',
    steps: [
      ...componentKinds
        .flatMap((kind) => components[kind].lease ?? [])
        .map(({ name }) => ({ kind: 'delete-lease', name }) as const),
      { kind: 'remove-finalizer', unseen: arp.proof.unseen(observed, 'ended', targets) },
    ],
  };
}

const waitForOthers = (name: string): Wait => ({
  what: `finalizer ${name}`,
  why: 'it is not ours',
  late: `look at what set finalizer ${name}, or take it off`,
});

/** What to do about a config that is being deleted. */
export function planDeletion(observed: Observed): Deleting {
  const { snapshot } = observed;
  const owned = ownedDaemonSets(observed);
  const { finalizers = [] } = snapshot.config.metadata;
  if (!finalizers.includes(finalizer)) {
    return finalizers.length === 0
      ? { kind: 'deleting', steps: [] }
      : waiting(snapshot, { steps: [], waits: finalizers.map(waitForOthers) });
  }
  const { steps, waits, ask } = arp.withdrawal.departure(observed);
  const held = waits.length > 0 ? observed.components['control-plane'].name : '';
  const open = owned.filter((object) => !isTerminating(object) && object.metadata?.name !== held);
  const left = [...waits, ...remaining(snapshot, owned, snapshot.pods)];
  return left.length === 0
    ? planEnd(observed)
    : waiting(snapshot, {
        steps: [...steps, ...open.map((object) => ({ kind: 'delete', object }) as const)],
        waits: left,
        ask: waits.length > 0 ? ask : undefined,
      });
}
