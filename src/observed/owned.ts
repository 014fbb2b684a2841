// Which DaemonSets are of a config's making.
import type { V1DaemonSet } from '@kubernetes/client-node';
import { configOfComponent, labels, managedByValue, componentName } from '../api/metadata.ts';
import type { Snapshot } from './snapshot.ts';

// Either mark is enough: a person may have edited one of them, which is drift and not another owner.
function isOurs({ metadata }: V1DaemonSet, uid: string | undefined): boolean {
  return (
    metadata?.labels?.[labels.managedBy] === managedByValue ||
    (metadata?.ownerReferences?.some((owner) => owner.uid === uid) ?? false)
  );
}

/** The DaemonSets of this config that the operator made. */
export function ownedDaemonSets({ daemonSets, config }: Snapshot): readonly V1DaemonSet[] {
  const { name, uid } = config.metadata;
  return daemonSets.filter(
    (object) => configOfComponent(object.metadata?.name ?? '') === name && isOurs(object, uid),
  );
}

/** The one of its control plane, also one that is about to go. */
export function ownedControlPlane(snapshot: Snapshot): V1DaemonSet | undefined {
  const name = componentName(snapshot.config.metadata.name, 'control-plane');
  return ownedDaemonSets(snapshot).find(({ metadata }) => metadata?.name === name);
}

/** Whether a DaemonSet is there to stay. */
export const isStaying = (object: V1DaemonSet | undefined): object is V1DaemonSet =>
  object !== undefined && !object.metadata?.deletionTimestamp;

/** Whether a DaemonSet of this config that the operator made is there to stay. */
export function isRunning(snapshot: Snapshot, name: string): boolean {
  return isStaying(ownedDaemonSets(snapshot).find(({ metadata }) => metadata?.name === name));
}
