// A metrics port for each DaemonSet, no two alike: all of them share the network of their nodes.
import type { V1DaemonSet } from '@kubernetes/client-node';
import { operandName, type OperandFunction } from '../api/metadata.ts';
import type { Snapshot } from './snapshot.ts';

// Below the NodePort range (30000) and the ephemeral ports (32768), clear of kube-vip's default 2112.
const first = 29100;
const last = 29899;

/** The ports that each function may have been given; more than one after somebody's edit. */
export type MetricsPorts = Readonly<Record<OperandFunction, readonly [number, ...number[]]>>;

const isMetricsPort = (port: number): boolean => Number.isInteger(port) && port >= first && port <= last;

/** What the ports and variables of a DaemonSet say; only one of them is right when they differ. */
function portsOf({ spec }: V1DaemonSet): readonly number[] {
  const said = (spec?.template.spec?.containers ?? []).flatMap(({ ports = [], env = [] }) => [
    ...ports.filter(({ name }) => name === 'metrics').map(({ containerPort }) => containerPort),
    ...env.filter(({ name }) => name === 'prometheus_server').map(({ value }) => Number(value?.slice(1))),
  ]);
  return [...new Set(said)].filter(isMetricsPort);
}

function lowestFree(taken: ReadonlySet<number>): number {
  for (let port = first; port <= last; port += 1) {
    if (!taken.has(port)) {
      return port;
    }
  }
  throw new RangeError(
    `metrics ports: expected one free from ${first} to ${last}, found none; delete a KubeVipConfig`,
  );
}

/**
 * The ports of a config's two functions: what its DaemonSets say, else the lowest that no DaemonSet uses.
 * @throws RangeError when all are taken (400 configs with both functions).
 */
export function allocateMetricsPorts({ config, daemonSets }: Snapshot): MetricsPorts {
  const inUse = new Map(daemonSets.map((row) => [row.metadata?.name, portsOf(row)]));
  const taken = new Set([...inUse.values()].flat());
  const allocate = (operand: OperandFunction): readonly [number, ...number[]] => {
    const [port, ...others] = inUse.get(operandName(config.metadata.name, operand)) ?? [];
    const given = port ?? lowestFree(taken);
    taken.add(given);
    return [given, ...others];
  };
  return { 'control-plane': allocate('control-plane'), services: allocate('services') };
}
