// Deletion: the control-plane Lease is taken, the DaemonSets go, then their pods; the addresses are asked for, then the
// Leases go, and the finalizer last.
import { finalizer, componentKinds, componentName } from '../api/metadata.ts';
import { isStaying, ownedDaemonSets } from '../observed/owned.ts';
import { parkControlPlane } from '../modes/arp/parking.ts';
import { allTargets, unproven, unseen } from '../modes/arp/proof.ts';
import type { Snapshot } from '../observed/snapshot.ts';
import type { Ask, Plan, Step } from '../steps/step.ts';
import { remaining, sayWaits, waitForAddresses, type Wait } from '../steps/waits.ts';

interface Stage {
  readonly steps: readonly Step[];
  readonly waits: readonly Wait[];
  readonly ask?: Ask | undefined;
}

function waiting({ now, deletedAt = now }: Snapshot, { steps, waits, ask }: Stage): Plan {
  return { steps, desired: [], ...sayWaits(waits, now - deletedAt), ...(ask && { ask }) };
}

/** Asks at every address, for the last time: with the pods gone nobody of ours takes one again. */
function planEnd(snapshot: Snapshot): Plan {
  const { config, leases } = snapshot;
  const targets = allTargets(snapshot);
  const left = unproven(snapshot, 'ended', targets);
  if (left.length > 0) {
    const waits = waitForAddresses(snapshot, left);
    return waiting(snapshot, { steps: [], waits, ask: { stage: 'ended', targets } });
  }
  const names = componentKinds.map((component) => componentName(config.metadata.name, component));
  return {
    steps: [
      ...leases
        .filter(({ name }) => names.includes(name))
        .map(({ name }) => ({ kind: 'delete-lease', name }) as const),
      { kind: 'remove-finalizer', unseen: unseen(snapshot, 'ended', targets) },
    ],
    desired: [],
  };
}

const waitForOthers = (name: string): Wait => ({
  what: `finalizer ${name}, which is not ours`,
  late: `look at what set finalizer ${name}, or take it off`,
});

/** What to do about a config that is being deleted. */
export function planDeletion(snapshot: Snapshot): Plan {
  const { config } = snapshot;
  const owned = ownedDaemonSets(snapshot);
  const { finalizers = [] } = config.metadata;
  if (!finalizers.includes(finalizer)) {
    return finalizers.length === 0
      ? { steps: [], desired: [] }
      : waiting(snapshot, { steps: [], waits: finalizers.map(waitForOthers) });
  }
  const { steps, waits, ask } = parkControlPlane(snapshot);
  const held = waits.length > 0 ? componentName(config.metadata.name, 'control-plane') : '';
  const open = owned.filter((object) => isStaying(object) && object.metadata?.name !== held);
  const left = [...waits, ...remaining(snapshot, owned, snapshot.pods)];
  return left.length === 0
    ? planEnd(snapshot)
    : waiting(snapshot, {
        steps: [...steps, ...open.map((object) => ({ kind: 'delete', object }) as const)],
        waits: left,
        ask: waits.length > 0 ? ask : undefined,
      });
}
