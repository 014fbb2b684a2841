// How far the nodes of a component have come: by the DaemonSet's own status, and by its pods.
import type { V1Pod } from '@kubernetes/client-node';
import { labels } from '../api/metadata.ts';
import type { Component } from './component.ts';
import { endOf, isReady, isTerminating, unwell } from './pods.ts';
import { isOfTemplate, markOf, runs } from './revision.ts';

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

type Counted = Pick<Component, 'daemonSet'> & Partial<Pick<Component, 'pods'>>;

/**
 * Nodes that run what stands in the DaemonSet. Its controller counts old pods among them once an old template is put back, and misses
 * those that were made from the same rendering in another template, so the marks of the pods are looked at.
 */
function updatedIn({ daemonSet, pods = [] }: Counted): number {
  const { desiredNumberScheduled = 0, updatedNumberScheduled = 0 } = daemonSet?.status ?? {};
  if (daemonSet === undefined || markOf(daemonSet) === undefined) {
    return updatedNumberScheduled;
  }
  const staying = pods.filter((pod) => !isTerminating(pod));
  const current = staying.filter((pod) => runs(pod, daemonSet, daemonSet)).length;
  const old = staying.length - current;
  return Math.min(
    desiredNumberScheduled,
    Math.max(current, Math.min(updatedNumberScheduled, desiredNumberScheduled - old)),
  );
}

/** Nodes of one component; none updated while the DaemonSet's own status describes an older spec. */
export function nodeCounts(state: Counted): NodeCounts {
  const { desiredNumberScheduled, numberReady } = state.daemonSet?.status ?? {};
  return {
    desired: desiredNumberScheduled ?? 0,
    updated: isObserved(state) ? updatedIn(state) : 0,
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

const nodesOf = (pods: readonly V1Pod[]): readonly string[] =>
  pods
    .map(({ spec }) => spec?.nodeName ?? '')
    .filter((name) => name !== '')
    .sort();

/** Nodes whose pod was made from an older template. A pod of which that is not told is not judged. */
export function onOldRevision({ daemonSet, pods }: Component): readonly string[] {
  return daemonSet === undefined || markOf(daemonSet) === undefined
    ? nodesOf(pods.filter((pod) => isOfTemplate(pod, daemonSet) === false))
    : nodesOf(pods.filter((pod) => !runs(pod, daemonSet, daemonSet)));
}

/** Pods on nodes that do not report. */
export const unheard = ({ pods, silentNodes }: Pick<Component, 'pods' | 'silentNodes'>): readonly V1Pod[] =>
  pods.filter(({ spec }) => silentNodes.has(spec?.nodeName ?? ''));

const revisionOf = ({ metadata }: V1Pod): string | undefined =>
  metadata?.labels?.[labels.revision] ?? metadata?.labels?.['controller-revision-hash'];

/**
 * Nodes whose pod is of another revision than every pod that is heard of. The DaemonSet controller counts no node that
 * does not report, once that has its taint (NodeShouldRunDaemonPod in pkg/controller/daemon of Kubernetes v1.36.3).
 */
export function leftBehind({ pods, silentNodes }: Component): readonly string[] {
  const silent = unheard({ pods, silentNodes });
  const current = pods.filter((pod) => !silent.includes(pod) && !isTerminating(pod)).map(revisionOf);
  return current.length === 0 ? [] : nodesOf(silent.filter((pod) => !current.includes(revisionOf(pod))));
}
