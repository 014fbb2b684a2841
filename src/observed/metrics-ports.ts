// A metrics port for each DaemonSet, no two alike: all of them share the network of their nodes.
import type { V1DaemonSet } from '@kubernetes/client-node';
import { componentName, type ComponentKind } from '../api/metadata.ts';
import { oncePer } from './once.ts';
import type { RecordedRendering } from './recorded.ts';
import type { Snapshot } from './snapshot.ts';

// Below the NodePort range (30000) and the ephemeral ports (32768), clear of kube-vip's default 2112.
/** Every metrics port is one of these. */
export const metricsPorts = { first: 29100, last: 29899 } as const;
const { first, last } = metricsPorts;

/** The ports that each function may be given, the best first; none when all are taken. */
export type MetricsPorts = Readonly<Partial<Record<ComponentKind, readonly number[]>>>;

const isMetricsPort = (port: number): boolean => Number.isInteger(port) && port >= first && port <= last;

/** What the ports and variables of a DaemonSet say; only one of them is right when they differ. */
export function metricsPortsIn({ spec }: V1DaemonSet): readonly number[] {
  const said = (spec?.template.spec?.containers ?? []).flatMap(({ ports = [], env = [] }) => [
    ...ports.filter(({ name }) => name === 'metrics').map(({ containerPort }) => containerPort),
    ...env.filter(({ name }) => name === 'prometheus_server').map(({ value }) => Number(value?.slice(1))),
  ]);
  return [...new Set(said)].filter(isMetricsPort);
}

interface Use {
  /** By name of a DaemonSet, of one that is there or that was recorded. */
  readonly portsOf: ReadonlyMap<string | undefined, readonly number[]>;
  /** Names of the DaemonSets that say a port. */
  readonly usersOf: ReadonlyMap<number, readonly (string | undefined)[]>;
}

function useOf(recorded: readonly RecordedRendering[], daemonSets: readonly V1DaemonSet[]): Use {
  // One that a person deleted or edited comes back as it was, with the port that it had.
  const kept = new Map<string | undefined, readonly number[]>(
    recorded
      .toSorted((a, b) => a.revision - b.revision)
      .map(({ daemonSet, object }) => [daemonSet, metricsPortsIn(object)]),
  );
  const all = new Map(kept);
  for (const row of daemonSets) {
    const name = row.metadata?.name;
    all.set(name, [...new Set([...metricsPortsIn(row), ...(kept.get(name) ?? [])])]);
  }
  const pairs = [...all].flatMap(([name, ports]) => ports.map((port) => ({ name, port })));
  const users = Map.groupBy(pairs, ({ port }) => port);
  return {
    portsOf: all,
    usersOf: new Map([...users].map(([port, rows]) => [port, rows.map(({ name }) => name)])),
  };
}

// The same lists give the same answer, and a list is the same until something in it changes: of hundreds of configs each is
// looked at by itself.
const useWith = oncePer((recorded: readonly RecordedRendering[]) =>
  oncePer((daemonSets: readonly V1DaemonSet[]) => useOf(recorded, daemonSets)),
);

/** Names of the DaemonSets that say a port, or were recorded to. */
export const metricsPortUsers = (
  { daemonSets, recorded }: Pick<Snapshot, 'daemonSets' | 'recorded'>,
  port: number,
): readonly (string | undefined)[] => useWith(recorded)(daemonSets).usersOf.get(port) ?? [];

function lowestFree(isTaken: (port: number) => boolean): readonly number[] {
  for (let port = first; port <= last; port += 1) {
    if (!isTaken(port)) {
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
  const use = useWith(recorded)(daemonSets);
  const chosen = new Set<number>();
  const allocate = (component: ComponentKind): readonly number[] => {
    const name = componentName(config.metadata.name, component);
    const isElsewhere = (port: number): boolean =>
      use.usersOf.get(port)?.some((other) => other !== name) ?? false;
    const said = use.portsOf.get(name) ?? [];
    const alone = said.filter((port) => !isElsewhere(port));
    const given = alone.length > 0 ? alone : lowestFree((port) => use.usersOf.has(port) || chosen.has(port));
    given.forEach((port) => chosen.add(port));
    return [...given, ...said.filter(isElsewhere)];
  };
  return Object.fromEntries(components.map((component) => [component, allocate(component)]));
}
