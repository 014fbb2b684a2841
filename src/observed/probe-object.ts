// The DaemonSet of a probe as it stands in the cluster.
import type { V1DaemonSet } from '@kubernetes/client-node';
import { annotations, componentKinds, probeName, type ComponentKind } from '../api/metadata.ts';
import type { Snapshot } from './snapshot.ts';

/** The probe of one function, also one that is about to go; undefined when there is none, or a stranger has the name. */
export function findProbe(
  { daemonSets, config }: Snapshot,
  component: ComponentKind,
): V1DaemonSet | undefined {
  const { name, uid } = config.metadata;
  return daemonSets.find(
    ({ metadata }) =>
      metadata?.name === probeName(name, component) &&
      metadata.ownerReferences?.some((owner) => owner.uid === uid),
  );
}

/** Every probe of a config. */
export function probesOf(snapshot: Snapshot): readonly V1DaemonSet[] {
  return componentKinds.flatMap((component) => findProbe(snapshot, component) ?? []);
}

/** The run that a probe was made for. */
export const runOfProbe = ({ metadata }: V1DaemonSet): string | undefined =>
  metadata?.annotations?.[annotations.probeRun];

/** Whether the DaemonSet controller has counted the nodes of a probe. */
export const isCounted = ({ metadata, status }: V1DaemonSet): boolean =>
  status?.observedGeneration !== undefined && status.observedGeneration === metadata?.generation;

export const isGoing = ({ metadata }: V1DaemonSet): boolean => metadata?.deletionTimestamp !== undefined;
