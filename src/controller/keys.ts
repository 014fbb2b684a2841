// Which configs an event is about. Levels, not edges: the event itself is forgotten.
import type { KubernetesObject } from '@kubernetes/client-node';
import { configOfOperand, labels } from '../api/metadata.ts';
import type { KubeVipConfig } from '../api/types.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import type { resources } from '../cluster/resources.ts';

type Name = keyof typeof resources;

function isRejected({ status }: KubeVipConfig): boolean {
  return status?.conditions?.some((row) => row.type === 'Accepted' && row.status === 'False') ?? false;
}

/** Configs that wait for somebody else to give something up. */
function rejected(view: ClusterView): readonly string[] {
  return view
    .configs()
    .filter(isRejected)
    .map(({ metadata }) => metadata.name);
}

/** The config whose DaemonSet or Lease has this name; an unknown name costs one look in the store. */
function ownerOf(object: KubernetesObject): readonly string[] {
  return [configOfOperand(nameOf(object))].filter((name) => name !== undefined);
}

function labelled({ metadata }: KubernetesObject): readonly string[] {
  return [metadata?.labels?.[labels.config]].filter((name) => name !== undefined);
}

function nameOf({ metadata }: KubernetesObject): string {
  return metadata?.name ?? '';
}

/** Maps events to keys. A Lease counts only when its holder changes: it is renewed every other second. */
export function makeKeysOf(
  view: ClusterView,
): (resource: Name, object: KubernetesObject) => readonly string[] {
  const holders = new Map<string, string>();
  const holderChanged = (lease: string): boolean => {
    const holder = view.leases().find(({ name }) => name === lease)?.holder ?? '';
    const before = holders.get(lease);
    holders.set(lease, holder);
    return before !== holder;
  };
  const byResource: Record<Name, (object: KubernetesObject) => readonly string[]> = {
    configs: (object) => [nameOf(object), ...rejected(view)],
    daemonSets: (object) => [...ownerOf(object), ...rejected(view)],
    pods: labelled,
    // Rare, and about every config: what may run beside them has changed.
    openNamespaces: () => view.configs().map(({ metadata }) => metadata.name),
    leases: (object) => (holderChanged(nameOf(object)) ? ownerOf(object) : []),
  };
  return (resource, object) => byResource[resource](object);
}
