// One function of a config as it stands in the cluster: its DaemonSet, its Lease, its holder's pod.
import type { V1DaemonSet, V1Node, V1Pod } from '@kubernetes/client-node';
import { labels, componentName, statusFields, type ComponentKind } from '../api/metadata.ts';
import type { LeaseView, Reach, Snapshot } from './snapshot.ts';
import type { LastWords, Ward } from './pod-problems.ts';
import { formerHolders, type Lingering } from './former-holders.ts';
import { isNode } from './identity.ts';
import { endOf, isEnding, isLooping, isReady, nameOf } from './pods.ts';

export interface Component extends Ward {
  readonly component: ComponentKind;
  /** Name of the DaemonSet and of the Lease. */
  readonly name: string;
  /** What the function holds, for messages: addresses, or the class. */
  readonly holds: string;
  readonly daemonSet: V1DaemonSet | undefined;
  readonly lease: LeaseView | undefined;
  readonly pods: readonly V1Pod[];
  readonly holderPod: V1Pod | undefined;
  readonly lastWords: LastWords;
  /** Nodes that lost the Lease and were not seen to let go. */
  readonly former: readonly Lingering[];
  /** Names of the cluster's nodes. */
  readonly nodes: readonly string[];
  /** Of the function's addresses; undefined: they are not asked, or it has none. */
  readonly reach: readonly Reach[] | undefined;
  readonly apiAccess: 'Local' | 'Service';
  readonly operatorNode: string | undefined;
  /** Whether the function was, by the status that was written last. */
  readonly wasReady: boolean;
  /** Nothing is done about it. */
  readonly isSuspended: boolean;
  readonly now: number;
}

function podOn(pods: readonly V1Pod[], holder: string): V1Pod | undefined {
  const there = pods.filter(({ spec }) => isNode(holder, spec?.nodeName ?? ''));
  return there.find((pod) => !isEnding(pod)) ?? there[0];
}

// A function that was put back was not there, and Ready spoke of the rest.
const wasReadyInStatus = ({ config: { status } }: Snapshot, component: ComponentKind): boolean =>
  status?.[statusFields[component]]?.holder !== undefined &&
  (status.conditions?.some((row) => row.type === 'Ready' && row.status === 'True') ?? false);

function isSilent({ status }: V1Node): boolean {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return ready !== undefined && ready.status !== 'True';
}

function ward({ nodes, restarts, now }: Snapshot, pods: readonly V1Pod[]): Ward {
  return {
    looping: new Set(pods.map(nameOf).filter((name) => isLooping(restarts[name], now))),
    silentNodes: new Set(nodes.filter(isSilent).map(({ metadata }) => metadata?.name ?? '')),
  };
}

/** The state of one function. */
export function componentState(snapshot: Snapshot, component: ComponentKind, holds: string): Component {
  const name = componentName(snapshot.config.metadata.name, component);
  const pods = snapshot.pods.filter(({ metadata }) => metadata?.labels?.[labels.component] === component);
  const lease = snapshot.leases.find((row) => row.name === name);
  const daemonSet = snapshot.daemonSets.find(({ metadata }) => metadata?.name === name);
  return {
    ...ward(snapshot, pods),
    component,
    name,
    holds,
    daemonSet,
    lease,
    pods,
    holderPod: lease && lease.holder !== '' ? podOn(pods, lease.holder) : undefined,
    lastWords: snapshot.lastWords,
    former: formerHolders(snapshot, { component, daemonSet, lease, pods }),
    nodes: snapshot.nodes.map(({ metadata }) => metadata?.name ?? ''),
    reach: component === 'control-plane' ? snapshot.reach : undefined,
    apiAccess: snapshot.config.spec.controlPlane?.apiAccess ?? 'Local',
    operatorNode: snapshot.operatorNode,
    wasReady: wasReadyInStatus(snapshot, component),
    isSuspended: snapshot.config.spec.suspend === true,
    now: snapshot.now,
  };
}

export interface NodeCounts {
  readonly desired: number;
  readonly updated: number;
  readonly ready: number;
}

/** True once the DaemonSet controller has acted upon the current spec. */
export function isObserved({ daemonSet }: Pick<Component, 'daemonSet'>): boolean {
  return daemonSet !== undefined && daemonSet.status?.observedGeneration === daemonSet.metadata?.generation;
}

/** Nodes of one function, from the DaemonSet's own status; none updated while it describes an older spec. */
export function nodeCounts(state: Pick<Component, 'daemonSet'>): NodeCounts {
  const { desiredNumberScheduled, updatedNumberScheduled, numberReady } = state.daemonSet?.status ?? {};
  return {
    desired: desiredNumberScheduled ?? 0,
    updated: isObserved(state) ? (updatedNumberScheduled ?? 0) : 0,
    ready: numberReady ?? 0,
  };
}

/** Pods that are not ready, or only for a moment. */
export const unwell = ({ pods, looping }: Pick<Component, 'pods' | 'looping'>): readonly V1Pod[] =>
  pods.filter((pod) => !isReady(pod) || looping.has(nameOf(pod)));

/** The same counts, without pods that are ready for a moment only, between two crashes. */
export function provenCounts(state: Component): NodeCounts {
  const counts = nodeCounts(state);
  const pods = unwell(state);
  const briefly = pods.filter(isReady).length;
  // The DaemonSet controller counts a pod for a moment after its container ended.
  const ended = pods.filter((pod) => endOf(pod) !== undefined && !unheard(state).includes(pod)).length;
  const most = Math.max(0, counts.desired - ended);
  return { ...counts, ready: Math.min(most, Math.max(0, counts.ready - briefly)) };
}

// The DaemonSet controller marks pods with the generation of the template that they were made from.
const madeFrom = 'pod-template-generation';
const templateIs = 'deprecated.daemonset.template.generation';

const nodesOf = (pods: readonly V1Pod[]): readonly string[] =>
  pods
    .map(({ spec }) => spec?.nodeName ?? '')
    .filter((name) => name !== '')
    .sort();

/** Nodes whose pod was made from an older template. A pod without the mark is not judged. */
export function onOldRevision({ daemonSet, pods }: Component): readonly string[] {
  const current = daemonSet?.metadata?.annotations?.[templateIs];
  const old = pods.filter(({ metadata }) => {
    const mark = metadata?.labels?.[madeFrom];
    return current !== undefined && mark !== undefined && mark !== current;
  });
  return nodesOf(old);
}

/** Pods on nodes that do not report. */
export const unheard = ({ pods, silentNodes }: Pick<Component, 'pods' | 'silentNodes'>): readonly V1Pod[] =>
  pods.filter(({ spec }) => silentNodes.has(spec?.nodeName ?? ''));

const revisionOf = ({ metadata }: V1Pod): string | undefined =>
  metadata?.labels?.['controller-revision-hash'];

/**
 * Nodes whose pod is of another revision than every pod that is heard of. The DaemonSet controller counts no node that
 * does not report, once that has its taint (NodeShouldRunDaemonPod in pkg/controller/daemon of Kubernetes v1.36.3).
 */
export function leftBehind({ pods, silentNodes }: Component): readonly string[] {
  const silent = unheard({ pods, silentNodes });
  const current = pods.filter((pod) => !silent.includes(pod) && !isEnding(pod)).map(revisionOf);
  return current.length === 0 ? [] : nodesOf(silent.filter((pod) => !current.includes(revisionOf(pod))));
}
