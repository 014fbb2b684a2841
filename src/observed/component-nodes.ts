// How far the nodes of a component have come: by the DaemonSet's own status, and by its pods.
import type { V1Pod } from '@kubernetes/client-node';
import type { Component } from './component.ts';
import { endOf, isReady, isTerminating, unwell } from './pods.ts';

/** Numbers of nodes. */
export interface NodeCounts {
  readonly desired: number;
  readonly updated: number;
  readonly ready: number;
}

/** True once the DaemonSet controller has acted upon the current spec. */
export function isObserved({ daemonSet }: Pick<Component, 'daemonSet'>): boolean {
  return daemonSet !== undefined && daemonSet.status?.observedGeneration === daemonSet.metadata?.generation;
}

/** Nodes of one component, from the DaemonSet's own status; none updated while it describes an older spec. */
export function nodeCounts(state: Pick<Component, 'daemonSet'>): NodeCounts {
  const { desiredNumberScheduled, updatedNumberScheduled, numberReady } = state.daemonSet?.status ?? {};
  return {
    desired: desiredNumberScheduled ?? 0,
    updated: isObserved(state) ? (updatedNumberScheduled ?? 0) : 0,
    ready: numberReady ?? 0,
  };
}

/** The same counts, without pods that are ready for a moment only, between two crashes. */
export function provenCounts(state: Component): NodeCounts {
  const counts = nodeCounts(state);
  const pods = unwell(state.pods, state.looping);
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
  const current = pods.filter((pod) => !silent.includes(pod) && !isTerminating(pod)).map(revisionOf);
  return current.length === 0 ? [] : nodesOf(silent.filter((pod) => !current.includes(revisionOf(pod))));
}
