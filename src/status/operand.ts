// One function of a config as it stands in the cluster: its DaemonSet, its Lease, its holder's pod.
import type { V1DaemonSet, V1Pod } from '@kubernetes/client-node';
import { labels, operandName, type OperandFunction } from '../api/metadata.ts';
import type { LeaseView, Snapshot } from '../plan/snapshot.ts';

export interface OperandState {
  readonly operand: OperandFunction;
  /** Name of the DaemonSet and of the Lease. */
  readonly name: string;
  /** What the function holds, for messages: addresses, or the class. */
  readonly holds: string;
  readonly daemonSet: V1DaemonSet | undefined;
  readonly lease: LeaseView | undefined;
  readonly pods: readonly V1Pod[];
  readonly holderPod: V1Pod | undefined;
  readonly now: number;
}

// Releases before v0.8.0 lead under the host name and those from v1.2.0 on in lower case, so a node `N1`
// may hold the Lease as `n1` or `n1.example.org`.
function isNode(identity: string, node: string): boolean {
  const [a, b] = [identity.toLowerCase(), node.toLowerCase()];
  return a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);
}

const isEnding = (pod: V1Pod): boolean => pod.metadata?.deletionTimestamp !== undefined;

function podOn(pods: readonly V1Pod[], holder: string): V1Pod | undefined {
  const there = pods.filter(({ spec }) => isNode(holder, spec?.nodeName ?? ''));
  return there.find((pod) => !isEnding(pod)) ?? there[0];
}

/** The state of one function. */
export function operandState(snapshot: Snapshot, operand: OperandFunction, holds: string): OperandState {
  const name = operandName(snapshot.config.metadata.name, operand);
  const pods = snapshot.pods.filter(({ metadata }) => metadata?.labels?.[labels.component] === operand);
  const lease = snapshot.leases.find((row) => row.name === name);
  return {
    operand,
    name,
    holds,
    daemonSet: snapshot.daemonSets.find(({ metadata }) => metadata?.name === name),
    lease,
    pods,
    holderPod: lease && lease.holder !== '' ? podOn(pods, lease.holder) : undefined,
    now: snapshot.now,
  };
}

export interface NodeCounts {
  readonly desired: number;
  readonly updated: number;
  readonly ready: number;
}

/** True once the DaemonSet controller has acted upon the current spec. */
export function isObserved({ daemonSet }: OperandState): boolean {
  return daemonSet !== undefined && daemonSet.status?.observedGeneration === daemonSet.metadata?.generation;
}

/** Nodes of one function, from the DaemonSet's own status; none updated while it describes an older spec. */
export function nodeCounts(state: OperandState): NodeCounts {
  const { desiredNumberScheduled, updatedNumberScheduled, numberReady } = state.daemonSet?.status ?? {};
  return {
    desired: desiredNumberScheduled ?? 0,
    updated: isObserved(state) ? (updatedNumberScheduled ?? 0) : 0,
    ready: numberReady ?? 0,
  };
}

/** True when a pod's containers are ready and nobody asked it to end. */
export function isReady(pod: V1Pod): boolean {
  const ready = pod.status?.conditions?.find(({ type }) => type === 'Ready');
  return ready?.status === 'True' && !isEnding(pod);
}
