// A metrics port for each DaemonSet, no two alike: all of them share the network of their nodes.
import type { V1DaemonSet } from '@kubernetes/client-node';
import { operandName, type OperandFunction } from '../api/metadata.ts';
import type { Snapshot } from './snapshot.ts';

// Below the NodePort range (30000) and the ephemeral ports (32768), clear of kube-vip's default 2112.
const first = 29100;
const last = 29899;

export type MetricsPorts = Readonly<Record<OperandFunction, number>>;

function portOf(daemonSet: V1DaemonSet): number | undefined {
  return daemonSet.spec?.template.spec?.containers[0]?.ports?.[0]?.containerPort;
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
 * The ports of a config's two functions: the ones it has, else the lowest that no DaemonSet uses.
 * @throws RangeError when all are taken (400 configs with both functions).
 */
export function allocateMetricsPorts({ config, daemonSets }: Snapshot): MetricsPorts {
  const inUse = new Map(daemonSets.map((row) => [row.metadata?.name, portOf(row)]));
  const taken = new Set([...inUse.values()].filter((port) => port !== undefined));
  const allocate = (operand: OperandFunction): number => {
    const port = inUse.get(operandName(config.metadata.name, operand)) ?? lowestFree(taken);
    taken.add(port);
    return port;
  };
  return { 'control-plane': allocate('control-plane'), services: allocate('services') };
}
