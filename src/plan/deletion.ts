// Deletion: the control-plane Lease is taken, the DaemonSets go, then their pods; the addresses are asked for, then the
// Leases go, and the finalizer last.
import { componentKinds, finalizer } from '../api/metadata.ts';
import { ownedDaemonSets, type Observed } from '../observed/observed.ts';
import { isTerminating } from '../observed/pods.ts';
import { parkControlPlane } from '../modes/arp/parking.ts';
import { allTargets, unproven, unseen, waitForAddresses } from '../modes/arp/proof.ts';
import type { Snapshot } from '../observed/snapshot.ts';
import type { Ask, Plan, Step } from '../steps/step.ts';
import { remaining, sayWaits, type Wait } from '../steps/waits.ts';

interface Stage {
  readonly steps: readonly Step[];
  readonly waits: readonly Wait[];
  readonly ask?: Ask | undefined;
}

function waiting({ now, deletedAt = now }: Snapshot, { steps, waits, ask }: Stage): Plan {
  return { steps, desired: [], ...sayWaits(waits, now - deletedAt), ...(ask && { ask }) };
}

/** Asks at every address, for the last time: with the pods gone nobody of ours takes one again. */
function planEnd(observed: Observed): Plan {
  const { snapshot, components } = observed;
  const targets = allTargets(observed);
  const left = unproven(observed, 'ended', targets);
  if (left.length > 0) {
    const waits = waitForAddresses(snapshot, left);
    return waiting(snapshot, { steps: [], waits, ask: { stage: 'ended', targets } });
  }
  return {
    steps: [
      ...componentKinds
        .flatMap((kind) => components[kind].lease ?? [])
        .map(({ name }) => ({ kind: 'delete-lease', name }) as const),
      { kind: 'remove-finalizer', unseen: unseen(observed, 'ended', targets) },
    ],
    desired: [],
  };
}

const waitForOthers = (name: string): Wait => ({
  what: `finalizer ${name}`,
  why: 'it is not ours',
  late: `look at what set finalizer ${name}, or take it off`,
});

/** What to do about a config that is being deleted. */
export function planDeletion(observed: Observed): Plan {
  const { snapshot } = observed;
  const owned = ownedDaemonSets(observed);
  const { finalizers = [] } = snapshot.config.metadata;
  if (!finalizers.includes(finalizer)) {
    return finalizers.length === 0
      ? { steps: [], desired: [] }
      : waiting(snapshot, { steps: [], waits: finalizers.map(waitForOthers) });
  }
  const { steps, waits, ask } = parkControlPlane(observed);
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
