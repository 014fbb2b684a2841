// A metrics port for each DaemonSet, no two alike: all of them share the network of their nodes.
import type { V1DaemonSet } from '@kubernetes/client-node';
import { componentName, type ComponentKind } from '../api/metadata.ts';
import type { Snapshot } from './snapshot.ts';

// Below the NodePort range (30000) and the ephemeral ports (32768), clear of kube-vip's default 2112.
/** Every metrics port is one of these. */
export const metricsPorts = { first: 29100, last: 29899 } as const;
const { first, last } = metricsPorts;

/** The ports that each function may be given, the best first; none when all are taken. */
export type MetricsPorts = Readonly<Partial<Record<ComponentKind, readonly number[]>>>;

const isMetricsPort = (port: number): boolean => Number.isInteger(port) && port >= first && port <= last;

/** What the ports and variables of a DaemonSet say; only one of them is right when they differ. */
function portsOf({ spec }: V1DaemonSet): readonly number[] {
  const said = (spec?.template.spec?.containers ?? []).flatMap(({ ports = [], env = [] }) => [
    ...ports.filter(({ name }) => name === 'metrics').map(({ containerPort }) => containerPort),
    ...env.filter(({ name }) => name === 'prometheus_server').map(({ value }) => Number(value?.slice(1))),
  ]);
  return [...new Set(said)].filter(isMetricsPort);
}

function lowestFree(taken: ReadonlySet<number>): readonly number[] {
  for (let port = first; port <= last; port += 1) {
    if (!taken.has(port)) {
      return [port];
    }
  }
  return [];
}

/**
 * The ports of some functions of a config: what their DaemonSets say or were recorded to, else the lowest that no DaemonSet uses. A
 * port that another DaemonSet says as well comes last: one of the two was edited, and only the one that was
 * rendered with it may keep it.
 */
export function allocateMetricsPorts(
  { config, daemonSets, recorded }: Pick<Snapshot, 'config' | 'daemonSets' | 'recorded'>,
  components: readonly ComponentKind[],
): MetricsPorts {
  // One that somebody deleted comes back as it was, with the port that it had.
  const lost = recorded
    .toSorted((a, b) => a.revision - b.revision)
    .map(({ daemonSet, object }) => [daemonSet, portsOf(object)] as const);
  const there = daemonSets.map((row) => [row.metadata?.name, portsOf(row)] as const);
  const inUse = new Map<string | undefined, readonly number[]>([...lost, ...there]);
  const taken = new Set([...inUse.values()].flat());
  const allocate = (component: ComponentKind): readonly number[] => {
    const name = componentName(config.metadata.name, component);
    const elsewhere = new Set([...inUse].flatMap(([other, ports]) => (other === name ? [] : ports)));
    const said = inUse.get(name) ?? [];
    const alone = said.filter((port) => !elsewhere.has(port));
    const given = alone.length > 0 ? alone : lowestFree(taken);
    given.forEach((port) => taken.add(port));
    return [...given, ...said.filter((port) => elsewhere.has(port))];
  };
  return Object.fromEntries(components.map((component) => [component, allocate(component)]));
}
