// What is true now, for the metrics.
import type { ClusterView } from '../cluster/cluster.ts';
import type { Facts } from '../metrics/samples.ts';

type Own = Pick<Facts, 'isLeading' | 'unsynced' | 'queueDepth' | 'queueBusySeconds' | 'operatorNode'>;

/**
 * Facts of a process and of what it sees.
 * @param hasLed whether it has led; a standby knows nothing of the configs that the leader does not say.
 */
export function factsOf(view: ClusterView, hasLed: boolean, own: Own): Facts {
  return {
    ...own,
    // What a standby has seen waits until it leads.
    queueDepth: hasLed ? own.queueDepth : 0,
    // Also while the API server is away: an alert about a config must not end with that.
    configs: hasLed ? view.configs() : [],
    daemonSets: view.daemonSets(),
    leases: view.leases(),
    seesLeases: view.seesLeases(),
    reach: (config) => view.reach(config),
    now: Date.now(),
    parseTime: Date.parse,
  };
}
