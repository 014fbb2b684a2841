// The DaemonSet of a probe as it stands in the cluster.
import type { V1DaemonSet } from '@kubernetes/client-node';
import { annotations, operandFunctions, probeName, type OperandFunction } from '../api/metadata.ts';
import type { Snapshot } from './snapshot.ts';

/** The probe of one function, also one that is about to go; undefined when there is none, or a stranger has the name. */
export function findProbe(
  { daemonSets, config }: Snapshot,
  operand: OperandFunction,
): V1DaemonSet | undefined {
  const { name, uid } = config.metadata;
  return daemonSets.find(
    ({ metadata }) =>
      metadata?.name === probeName(name, operand) &&
      metadata.ownerReferences?.some((owner) => owner.uid === uid),
  );
}

/** Every probe of a config. */
export function probesOf(snapshot: Snapshot): readonly V1DaemonSet[] {
  return operandFunctions.flatMap((operand) => findProbe(snapshot, operand) ?? []);
}

/** The run that a probe was made for. */
export const runOfProbe = ({ metadata }: V1DaemonSet): string | undefined =>
  metadata?.annotations?.[annotations.probeRun];

/** Whether the DaemonSet controller has counted the nodes of a probe. */
export const isCounted = ({ metadata, status }: V1DaemonSet): boolean =>
  status?.observedGeneration !== undefined && status.observedGeneration === metadata?.generation;

export const isGoing = ({ metadata }: V1DaemonSet): boolean => metadata?.deletionTimestamp !== undefined;
