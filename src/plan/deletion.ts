// Deletion: DaemonSets first, then their pods, then the Leases, and the finalizer only when all are gone.
import type { V1DaemonSet } from '@kubernetes/client-node';
import { finalizer, operandFunctions, operandName } from '../api/metadata.ts';
import type { Snapshot } from './snapshot.ts';
import type { Plan } from './step.ts';

const shown = 3;

function list(names: readonly string[]): string {
  const more = names.length > shown ? ` and ${names.length - shown} more` : '';
  return names.slice(0, shown).join(', ') + more;
}

/** What to do about a config that is being deleted. */
export function planDeletion(snapshot: Snapshot, owned: readonly V1DaemonSet[]): Plan {
  const { config, pods, leases } = snapshot;
  if (!config.metadata.finalizers?.includes(finalizer)) {
    return { steps: [], desired: [] };
  }
  const remaining = [
    ...owned.map(({ metadata }) => `DaemonSet ${metadata?.name}`),
    ...pods.map(({ metadata, spec }) => `pod ${metadata?.name} on ${spec?.nodeName ?? 'no node'}`),
  ];
  if (remaining.length > 0) {
    const open = owned.filter(({ metadata }) => !metadata?.deletionTimestamp);
    return {
      steps: open.map((object) => ({ kind: 'delete', object })),
      desired: [],
      waitingFor: list(remaining),
    };
  }
  const names = operandFunctions.map((operand) => operandName(config.metadata.name, operand));
  const left = leases.filter(({ name }) => names.includes(name));
  return {
    steps: [
      ...left.map(({ name }) => ({ kind: 'delete-lease', name }) as const),
      { kind: 'remove-finalizer' },
    ],
    desired: [],
  };
}
