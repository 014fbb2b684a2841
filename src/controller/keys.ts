// Which configs an event is about. Levels, not edges: the event itself is forgotten.
import type { KubernetesObject } from '@kubernetes/client-node';
import { configOfComponent, configOfProbe, labels } from '../api/metadata.ts';
import type { KubeVipConfig } from '../api/types.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import { messagesOf } from '../cluster/probe-pods.ts';
import type { ResourceName } from '../cluster/resources.ts';
import { concernedByNode, concernedByService } from './concern.ts';

function named(view: ClusterView, isMeant: (config: KubeVipConfig) => boolean): readonly string[] {
  return view
    .configs()
    .filter(isMeant)
    .map(({ metadata }) => metadata.name);
}

function isRejected({ status }: KubeVipConfig): boolean {
  return status?.conditions?.some((row) => row.type === 'Accepted' && row.status === 'False') ?? false;
}

/** Configs that wait for somebody else to give something up. */
function rejected(view: ClusterView): readonly string[] {
  return named(view, isRejected);
}

function everyConfig(view: ClusterView): readonly string[] {
  return named(view, () => true);
}

/** The config whose DaemonSet or Lease has this name; an unknown name costs one look in the store. */
function ownerOf(object: KubernetesObject): readonly string[] {
  return [configOfComponent(nameOf(object))].filter((name) => name !== undefined);
}

function labelled({ metadata }: KubernetesObject): readonly string[] {
  return [metadata?.labels?.[labels.config]].filter((name) => name !== undefined);
}

function probedBy(daemonSet: string): readonly string[] {
  return [configOfProbe(daemonSet)].filter((name) => name !== undefined);
}

// Of a probe on thousands of nodes only what it said matters: that it is scheduled, pulled and started does not.
function hasReported(object: KubernetesObject): readonly string[] {
  const config = object.metadata?.labels?.[labels.probe];
  return config !== undefined && messagesOf(object).length > 0 ? [config] : [];
}

function nameOf({ metadata }: KubernetesObject): string {
  return metadata?.name ?? '';
}

interface Holder {
  readonly name: string;
  readonly isParked: boolean;
}

function holderOf(view: ClusterView, lease: string): Holder {
  const { holder = '', parkedFrom } = view.leases().find(({ name }) => name === lease) ?? {};
  return { name: holder, isParked: parkedFrom !== undefined };
}

/** Maps events to keys. A Lease counts only when its holder changes: it is renewed every other second. */
export function makeKeysOf(
  view: ClusterView,
): (resource: ResourceName, object: KubernetesObject) => readonly string[] {
  const holders = new Map<string, Holder>();
  const concernedByLease = (object: KubernetesObject): readonly string[] => {
    const after = holderOf(view, nameOf(object));
    const before = holders.get(nameOf(object));
    holders.set(nameOf(object), after);
    if (before?.name === after.name && before.isParked === after.isParked) {
      return [];
    }
    // A Lease that the operator has, or had, keeps an address from whoever waits for it.
    const waiting = after.isParked || before?.isParked ? rejected(view) : [];
    return [...ownerOf(object), ...waiting];
  };
  const byResource: Record<ResourceName, (object: KubernetesObject) => readonly string[]> = {
    configs: (object) => [nameOf(object), ...rejected(view)],
    daemonSets: (object) => [...ownerOf(object), ...probedBy(nameOf(object)), ...rejected(view)],
    controllerRevisions: (object) =>
      [object.metadata?.labels?.[labels.recorded]].filter((name) => name !== undefined),
    pods: (object) => [...labelled(object), ...hasReported(object)],
    // Rare, and about every config: what may run beside them has changed.
    openNamespaces: () => everyConfig(view),
    nodes: (object) => named(view, concernedByNode(object)),
    services: (object) => named(view, concernedByService(object)),
    leases: concernedByLease,
  };
  return (resource, object) => byResource[resource](object);
}
