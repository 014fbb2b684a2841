// What can be wrong with one function, as ordered lists of named checks: the first that applies is said.
import type { Reason } from '../api/conditions.ts';
import { isObserved, isReady, nodeCounts, type OperandState } from './operand.ts';
import { describePod } from './pod.ts';

export interface Problem {
  readonly reason: Reason;
  /** Names the object, what was expected, what was found, and what to do where it is not plain. */
  readonly message: string;
  /** True when time alone can end it. */
  readonly passing: boolean;
}

export type Check = (state: OperandState) => Problem | undefined;

const daemonSetIsMissing: Check = ({ daemonSet, name }) =>
  daemonSet && daemonSet.metadata?.deletionTimestamp === undefined
    ? undefined
    : { reason: 'Applying', message: `DaemonSet ${name} is being created.`, passing: true };

const daemonSetIsNotObserved: Check = (state) =>
  isObserved(state)
    ? undefined
    : {
        reason: 'Applying',
        message: `DaemonSet ${state.name} is written, not yet acted upon.`,
        passing: true,
      };

const noNodeMatches: Check = (state) =>
  nodeCounts(state).desired > 0 || !isObserved(state)
    ? undefined
    : {
        reason: 'NoNodeMatches',
        message: `DaemonSet ${state.name} matches no node: expected at least one, found 0; ${whichNodes(state)}.`,
        passing: false,
      };

function whichNodes({ operand }: OperandState): string {
  return operand === 'control-plane'
    ? 'label control-plane nodes with node-role.kubernetes.io/control-plane or set spec.controlPlane.nodeSelector'
    : 'add nodes that are not control plane or set spec.services.nodeSelector and tolerations';
}

const nodesRunAnOldRevision: Check = (state) => {
  const { desired, updated } = nodeCounts(state);
  return updated >= desired
    ? undefined
    : {
        reason: 'RollingOut',
        message: `DaemonSet ${state.name}: ${updated} of ${desired} nodes run the current revision.`,
        passing: true,
      };
};

const podsAreNotReady: Check = (state) => {
  const { desired, ready } = nodeCounts(state);
  const bad = state.pods.find((pod) => !isReady(pod));
  return ready >= desired
    ? undefined
    : {
        reason: 'PodsNotReady',
        message: `DaemonSet ${state.name}: ${ready} of ${desired} pods are ready${bad ? `; ${describePod(bad)}` : ''}.`,
        passing: true,
      };
};

/** What keeps the objects from doing what they say on every selected node. */
export const programmingChecks: readonly Check[] = [
  daemonSetIsMissing,
  daemonSetIsNotObserved,
  noNodeMatches,
  nodesRunAnOldRevision,
  podsAreNotReady,
];

const nobodyHoldsTheLease: Check = ({ lease, name, holds, pods }) => {
  const bad = pods.find((pod) => !isReady(pod));
  return lease && lease.holder !== ''
    ? undefined
    : {
        reason: 'NoHolder',
        message: `${holds}: no node holds Lease ${name}${bad ? `; ${describePod(bad)}` : ', waiting for an election'}.`,
        passing: true,
      };
};

const leaseIsStale: Check = ({ lease, holds, name, now }) =>
  lease === undefined || now - lease.renewedAt <= lease.durationSeconds * 1000
    ? undefined
    : {
        reason: 'LeaseStale',
        message: `${holds}: Lease ${name} of ${lease.holder}: expected a renewal every ${lease.durationSeconds} s, found the last at ${lease.renewTime}; look at the kube-vip pod and the API server on ${lease.holder}.`,
        passing: true,
      };

const holderHasNoPod: Check = ({ lease, holderPod, holds, name }) =>
  holderPod
    ? undefined
    : {
        reason: 'HolderWithoutPod',
        message: `${holds}: Lease ${name} names ${lease?.holder}, which runs no pod of this KubeVipConfig; look for another kube-vip that uses this Lease.`,
        passing: true,
      };

const holderPodIsNotReady: Check = ({ holderPod, lease, holds }) =>
  holderPod && isReady(holderPod)
    ? undefined
    : {
        reason: 'HolderNotReady',
        message: `${holds}: held by ${lease?.holder}, where ${holderPod ? describePod(holderPod) : 'no pod runs'}.`,
        passing: true,
      };

/** What keeps a function from being held by exactly one node that runs it. */
export const readinessChecks: readonly Check[] = [
  daemonSetIsMissing,
  noNodeMatches,
  nobodyHoldsTheLease,
  leaseIsStale,
  holderHasNoPod,
  holderPodIsNotReady,
];

/** The first problem that a list of checks finds, over all functions. */
export function firstProblem(checks: readonly Check[], states: readonly OperandState[]): Problem | undefined {
  for (const state of states) {
    for (const check of checks) {
      const problem = check(state);
      if (problem) {
        return problem;
      }
    }
  }
  return undefined;
}
