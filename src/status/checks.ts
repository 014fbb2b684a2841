// What can be wrong with one function, as ordered lists of named checks: the first that applies is said.
import { systemNamespace } from '../api/metadata.ts';
import { podProblemsOf, sayPodProblems } from '../observed/pod-problems.ts';
import {
  isObserved,
  leftBehind,
  nodeCounts,
  onOldRevision,
  provenCounts,
  unheard,
  unwell,
} from '../observed/component-nodes.ts';
import type { Component } from '../observed/component.ts';
import { isReady, isTerminating, nameOf } from '../observed/pods.ts';
import type { Check, Problem } from '../modes/check.ts';
import { notMade } from './suspended.ts';
import { arp } from '../modes/arp/arp.ts';
import { problemsOf, together } from './worst.ts';

export type { Check, Problem } from '../modes/check.ts';

const controllerOf = (name: string): string =>
  `look at kube-controller-manager, which acts upon DaemonSet ${name}`;
const describe = (name: string): string => `see kubectl -n ${systemNamespace} describe ds ${name}`;

const daemonSetIsMissing: Check = ({ daemonSet, name, isSuspended }) => {
  if (daemonSet && !isTerminating(daemonSet)) {
    return undefined;
  }
  return isSuspended
    ? notMade(name, daemonSet !== undefined)
    : {
        reason: 'Applying',
        message: `DaemonSet ${name} is being created.`,
        passing: true,
        late: controllerOf(name),
      };
};

const daemonSetIsNotObserved: Check = (state) =>
  isObserved(state)
    ? undefined
    : {
        reason: 'Applying',
        message: `DaemonSet ${state.name} is written, not yet acted upon.`,
        passing: true,
        late: controllerOf(state.name),
      };

// The DaemonSet controller counts no node that does not report.
export const noNodeReports: Check = (state) => {
  const pods = unheard(state);
  const { reason = 'PodsNotReady', message } = ailing(state, pods);
  return nodeCounts(state).desired > 0 || pods.length === 0
    ? undefined
    : { reason, message: `DaemonSet ${state.name} has no node that reports${message}.`, passing: true };
};

export const noNodeMatches: Check = (state) =>
  nodeCounts(state).desired > 0 || !isObserved(state) || unheard(state).length > 0
    ? undefined
    : {
        reason: 'NoNodeMatches',
        message: `DaemonSet ${state.name} matches no node: expected at least one, found 0; ${whichNodes(state)}.`,
        passing: false,
      };

function whichNodes({ kind }: Component): string {
  return kind === 'control-plane'
    ? 'label control-plane nodes with node-role.kubernetes.io/control-plane or set spec.controlPlane.nodeSelector'
    : 'add nodes that are not control plane or set spec.services.nodeSelector and tolerations';
}

const mostNames = 3;

function few(names: readonly string[]): string {
  const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : '';
  return `${names.slice(0, mostNames).join(', ')}${more}`;
}

/** What ails the pods that are not well, in words; empty when nothing is seen of them. */
function ailing(
  state: Component,
  pods = unwell(state),
): Pick<Problem, 'message'> & { readonly reason?: Problem['reason'] } {
  const list = podProblemsOf(pods, state);
  return {
    message: list.length > 0 ? `; ${sayPodProblems(list, state.lastWords)}` : '',
    ...(list[0] && { reason: list[0].reason }),
  };
}

// Time helps where pods start or end, and no trouble is seen.
export const nodesRunAnOldRevision: Check = (state) => {
  const { desired, updated } = nodeCounts(state);
  const isRollingOut = updated < desired;
  const old = isRollingOut ? onOldRevision(state) : leftBehind(state);
  const where = old.length === 0 ? '' : `; an old one still runs on ${few(old)}`;
  const { reason = 'PodsNotReady', message } = ailing(state);
  return !isRollingOut && old.length === 0
    ? undefined
    : {
        reason: reason === 'PodsNotReady' ? 'RollingOut' : reason,
        message: `DaemonSet ${state.name}: ${updated} of ${desired} nodes run the current revision${where}${message}.`,
        passing: true,
        ...(message === '' && {
          late: old.length === 0 ? describe(state.name) : `look at its pods and the kubelets on ${few(old)}`,
        }),
      };
};

export const podsAreNotReady: Check = (state) => {
  const { desired, ready } = provenCounts(state);
  const { reason = 'PodsNotReady', message } = ailing(state);
  return ready >= desired
    ? undefined
    : {
        reason,
        message: `DaemonSet ${state.name}: ${ready} of ${desired} pods are ready${message}.`,
        passing: true,
        ...(message === '' && { late: describe(state.name) }),
      };
};

/** What keeps the objects from doing what they say on every selected node. */
export const programmingChecks: readonly Check[] = [
  daemonSetIsMissing,
  daemonSetIsNotObserved,
  noNodeReports,
  noNodeMatches,
  nodesRunAnOldRevision,
  podsAreNotReady,
];

export const nobodyHoldsTheLease: Check = (state) => {
  const { lease, name, holds } = state;
  const { message } = ailing(state);
  const wait = `, waiting for an election; when that lasts, see kubectl -n ${systemNamespace} logs ds/${name}`;
  return lease && lease.holder !== ''
    ? undefined
    : {
        reason: 'NoHolder',
        message: `${holds}: no node holds Lease ${name}${message || wait}.`,
        passing: true,
      };
};

export const leaseIsStale: Check = ({ lease, holds, name, now, holderPod }) =>
  lease === undefined || now - lease.renewedAt <= lease.durationSeconds * 1000
    ? undefined
    : {
        reason: 'LeaseStale',
        message: `${holds}: Lease ${name} of ${lease.holder}: expected a renewal every ${lease.durationSeconds} s, found the last at ${lease.renewTime}; look at ${holderPod ? `pod ${nameOf(holderPod)}` : 'kube-vip'} and the API server on ${lease.holder}, and delete that pod when no other node takes over.`,
        passing: true,
      };

export const holderHasNoPod: Check = ({ lease, holderPod, holds, name }) =>
  holderPod || !lease?.holder
    ? undefined
    : {
        reason: 'HolderWithoutPod',
        message: `${holds}: Lease ${name} names ${lease.holder}, which runs no pod of this KubeVipConfig; look there for another kube-vip that uses this Lease, for example a static pod.`,
        passing: true,
      };

export const holderPodIsNotReady: Check = ({ holderPod, lease, holds, lastWords, ...context }) =>
  holderPod === undefined || isReady(holderPod)
    ? undefined
    : {
        reason: 'HolderNotReady',
        message: `${holds}: held by ${lease?.holder}, where ${sayPodProblems(podProblemsOf([holderPod], context), lastWords)}.`,
        passing: true,
      };

/** What keeps a function from being held by exactly one node that runs it. */
export const readinessChecks: readonly Check[] = [
  daemonSetIsMissing,
  noNodeMatches,
  nobodyHoldsTheLease,
  arp.readiness.holderIsNoNode,
  leaseIsStale,
  holderHasNoPod,
  holderPodIsNotReady,
  arp.readiness.formerHolderIsThere,
  arp.readiness.apiServerIsDead,
  arp.readiness.addressIsSilent,
  arp.readiness.formerHolderLetsGo,
  arp.readiness.addressIsUnproven,
];

const plain: readonly Problem['reason'][] = ['Applying', 'RollingOut', 'PodsNotReady', 'NoNodeMatches'];

/** What ails pods of functions that are held all the same: fewer nodes can take over. */
export function troubleBeside(checks: readonly Check[], states: readonly Component[]): string {
  const problem = together(problemsOf(checks, states).filter(({ reason }) => !plain.includes(reason)));
  return problem === undefined ? '' : `, but ${problem.message}`;
}
