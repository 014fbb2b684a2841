// Reads the cluster into a Snapshot: all the reads of a reconcile, in one place.
import type { ClusterView } from '../cluster/cluster.ts';
import type { Snapshot } from '../plan/snapshot.ts';

/** The Snapshot of a config, or undefined when it does not exist. */
export function gather(
  view: ClusterView,
  name: string,
  context: { readonly namespace: string; readonly now: number },
): Snapshot | undefined {
  const config = view.config(name);
  return (
    config && {
      config,
      configs: view.configs(),
      daemonSets: view.daemonSets(),
      pods: view.podsOf(name),
      leases: view.leases(),
      openNamespaces: view.openNamespaces(),
      ...context,
    }
  );
}
