// What can be wrong with one component, as ordered lists of named checks: the first that applies is said.
import { systemNamespace } from '../api/metadata.ts';
import { list, message, sentences } from '../api/words.ts';
import { arp } from '../modes/arp/arp.ts';
import { together, problemsOf, type Check, type Problem } from '../modes/check.ts';
import {
  isObserved,
  leftBehind,
  nodeCounts,
  onOldRevision,
  provenCounts,
  unheard,
} from '../observed/component-nodes.ts';
import { hasFormerPlacement, type Component } from '../observed/component.ts';
import { isInOrder, podProblemsOf } from '../observed/pod-problems.ts';
import { atStart, sayPodProblems } from '../observed/pod-words.ts';
import { isTerminating } from '../observed/pods.ts';
import { notMade } from './suspended.ts';

const controllerOf = (name: string): string =>
  `Look at kube-controller-manager, which acts upon DaemonSet ${name}`;
const describe = (name: string): string => `See kubectl -n ${systemNamespace} describe ds ${name}`;

const daemonSetIsMissing: Check = ({ daemonSet, name, isSuspended }) => {
  if (daemonSet && !isTerminating(daemonSet)) {
    return undefined;
  }
  return isSuspended
    ? notMade(name, daemonSet !== undefined)
    : {
        reason: 'Applying',
        ...message(`DaemonSet ${name} is being created`),
        passing: true,
        late: controllerOf(name),
      };
};

const daemonSetIsNotObserved: Check = (component) =>
  isObserved(component)
    ? undefined
    : {
        reason: 'Applying',
        ...message(`DaemonSet ${component.name} is written, not yet acted upon`),
        passing: true,
        late: controllerOf(component.name),
      };

/**
 * A problem that is told by a count of nodes and by pods: the worst pod is its head where something is wrong with it,
 * and the count where pods only start or end.
 */
function countProblem(
  count: { readonly reason: Problem['reason']; readonly head: string; readonly detail?: string },
  { name, lastWords }: Component,
  problems: Component['problems'],
): Problem {
  const heads = [count.head, count.head.replace(`DaemonSet ${name}`, name)] as const;
  const pods = sayPodProblems(problems, lastWords);
  const [first] = problems;
  if (pods === undefined || first === undefined) {
    return { reason: count.reason, ...message(heads, { detail: count.detail }), passing: true };
  }
  const { todo } = pods;
  const [clause, ...shorter] = pods.clauses;
  return isInOrder(first)
    ? {
        reason: count.reason,
        passing: true,
        ...message(heads, { detail: sentences(count.detail, atStart(clause), pods.detail), todo }),
      }
    : {
        reason: first.reason,
        passing: true,
        brief: shorter.at(-1) ?? clause,
        ...message([atStart(clause), ...shorter.map(atStart)], {
          detail: sentences(pods.detail, count.head, count.detail),
          todo,
        }),
      };
}

/** No node that should run a component reports: the DaemonSet controller counts none of them. */
export const noNodeReports: Check = (component) => {
  const pods = unheard(component);
  const head = `DaemonSet ${component.name} has no node that reports`;
  return nodeCounts(component).desired > 0 || pods.length === 0
    ? undefined
    : countProblem({ reason: 'PodsNotReady', head }, component, podProblemsOf(pods, component));
};

/** No node should run a component, by its node selector. */
export const noNodeMatches: Check = (component) =>
  nodeCounts(component).desired > 0 || !isObserved(component) || unheard(component).length > 0
    ? undefined
    : {
        reason: 'NoNodeMatches',
        ...message(`DaemonSet ${component.name} matches no node`, {
          detail: 'Expected at least one, found 0',
          todo: whichNodes(component),
        }),
        passing: false,
      };

function whichNodes(component: Component): string {
  if (component.kind === 'control-plane') {
    return 'label control-plane nodes with node-role.kubernetes.io/control-plane or set spec.controlPlane.nodeSelector';
  }
  return hasFormerPlacement(component)
    ? 'take the rendering that RenderingWaits names. What runs is for nodes that are not control plane, as an earlier operator had it'
    : 'take the taint off a node, or set spec.services.nodeSelector and tolerations';
}

/** Some nodes do not run the current revision. Time helps where pods start or end, and no trouble is seen. */
export const nodesRunAnOldRevision: Check = (component) => {
  const { name, problems } = component;
  const { desired, updated } = nodeCounts(component);
  const isRollingOut = updated < desired;
  const old = isRollingOut ? onOldRevision(component) : leftBehind(component);
  if (!isRollingOut && old.length === 0) {
    return undefined;
  }
  const head = `DaemonSet ${name}: ${updated} of ${desired} nodes run the current revision`;
  const detail = old.length === 0 ? '' : `An old one still runs on ${list(old)}`;
  return {
    ...countProblem({ reason: 'RollingOut', head, detail }, component, problems),
    ...(problems.length === 0 && {
      late: old.length === 0 ? describe(name) : `Look at its pods and the kubelets on ${list(old)}`,
    }),
  };
};

/** Some nodes run the current revision, and not well. */
export const podsAreNotReady: Check = (component) => {
  const { name, problems } = component;
  const { desired, ready } = provenCounts(component);
  const head = `DaemonSet ${name}: ${ready} of ${desired} pods are ready`;
  return ready >= desired
    ? undefined
    : {
        ...countProblem({ reason: 'PodsNotReady', head }, component, problems),
        ...(problems.length === 0 && { late: describe(name) }),
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

/** What keeps a component from being held by exactly one node that runs it. */
export const readinessChecks: readonly Check[] = [daemonSetIsMissing, noNodeMatches, ...arp.readiness.checks];

const withoutTrouble: readonly Problem['reason'][] = [
  'Applying',
  'RollingOut',
  'PodsNotReady',
  'NoNodeMatches',
];

/** What is wrong with pods of components that are held all the same: fewer nodes can take over. */
export const podTrouble = (components: readonly Component[]): Problem | undefined =>
  together(
    problemsOf(programmingChecks, components).filter(({ reason }) => !withoutTrouble.includes(reason)),
  );
