// Nodes that give their addresses up before a person works on them. While a node is asked to, the template of a component leaves it
// out by its name. The DaemonSet controller ends the pod there in order, so another node takes over at once, and makes none before the
// node may have one again (nodeShouldRunDaemonPod in pkg/controller/daemon of Kubernetes v1.36.3). It needs no operator then.
import type { V1DaemonSet, V1Node, V1NodeSelectorTerm, V1Pod } from '@kubernetes/client-node';
import type { Placement } from '../api/defaults.ts';
import { annotations, type ComponentKind } from '../api/metadata.ts';
import { leavesAddress } from '../catalog/releases.ts';
import { releaseIn } from './daemon-set.ts';
import { oncePer } from './once.ts';
import { isSelected, keptOffBy, nodesOf } from './placement.ts';
import { isReady, isTerminating, nodeOf } from './pods.ts';
import { markOf } from './revision.ts';

/** What becomes of the nodes of a component that shall give their addresses up. */
export interface HandOver {
  /** Names of those that have no pod for that, in order. */
  readonly away: readonly string[];
  /** Those that have to wait, with why, in half a sentence. */
  readonly waits: readonly { readonly node: string; readonly because: string }[];
}

/** What it depends on. */
export interface HandOverFacts {
  readonly kind: ComponentKind;
  readonly part: Placement | undefined;
  readonly daemonSet: V1DaemonSet | undefined;
  readonly pods: readonly V1Pod[];
  readonly silentNodes: ReadonlySet<string>;
  readonly isSuspended: boolean;
}

/** Label of Kubernetes: no load balancer outside of the cluster shall send traffic to the node. */
export const excludedFromLoadBalancers = 'node.kubernetes.io/exclude-from-external-load-balancers';

const hasLabel = ({ metadata }: V1Node): boolean =>
  metadata?.labels?.[excludedFromLoadBalancers] !== undefined;

// There may be thousands of nodes, and few of them are asked.
const markedIn = oncePer((nodes: readonly V1Node[]) => ({
  annotated: nodes.filter(({ metadata }) => metadata?.annotations?.[annotations.handOver] === 'true'),
  labelled: nodes.filter(hasLabel),
}));

interface Asked {
  readonly asked: readonly string[];
  /** Those of which the label is not taken at its word. */
  readonly ignored: readonly string[];
}

/**
 * The nodes that are asked. kubeadm puts the label on each node of a control plane, so there it means nothing, and where every node of
 * Services has it neither.
 */
function askedOf(nodes: readonly V1Node[], kind: ComponentKind, part: Placement): Asked {
  const { annotated, labelled } = markedIn(nodes);
  const namesOf = (rows: readonly V1Node[]): readonly string[] =>
    rows
      .filter((node) => isSelected(node, kind, part) && keptOffBy(node, part) === undefined)
      .map(({ metadata }) => metadata?.name ?? '');
  const byPerson = namesOf(annotated);
  const byLabel = kind === 'services' ? namesOf(labelled) : [];
  const isOnAll = byLabel.length > 0 && nodesOf(nodes, kind, part).every(hasLabel);
  return {
    asked: [...new Set([...byPerson, ...(isOnAll ? [] : byLabel)])].sort(),
    ignored: isOnAll ? byLabel.filter((name) => !byPerson.includes(name)) : [],
  };
}

const nameField = 'metadata.name';

/** The terms of which a node has to meet one, to have a pod of a DaemonSet. */
export const termsOf = ({ spec }: V1DaemonSet): readonly V1NodeSelectorTerm[] =>
  spec?.template.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
    ?.nodeSelectorTerms ?? [];

/** Names of the nodes that a template leaves out. */
export const leftOutIn = oncePer((object: V1DaemonSet): readonly string[] =>
  (termsOf(object)[0]?.matchFields ?? [])
    .filter(({ key, operator }) => key === nameField && operator === 'NotIn')
    .flatMap(({ values = [] }) => values)
    .sort(),
);

function leaveOut(object: V1DaemonSet, names: readonly string[]): V1DaemonSet {
  const copy = structuredClone(object);
  const pod = copy.spec?.template.spec;
  // One name each: the API server takes no more.
  const matchFields = names.map((name) => ({ key: nameField, operator: 'NotIn', values: [name] }));
  const terms = termsOf(object).length > 0 ? termsOf(object) : [{}];
  const nodeSelectorTerms = terms.map(({ matchExpressions }) => ({
    ...(matchExpressions && { matchExpressions }),
    matchFields,
  }));
  // Nothing else is rendered there: src/render/placement.ts.
  const required = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } };
  Object.assign(pod ?? {}, { affinity: { nodeAffinity: required } });
  return copy;
}

const madeOf = oncePer<V1DaemonSet, Map<string, V1DaemonSet>>(() => new Map());

/** The same DaemonSet without some nodes. It is no other rendering: what runs elsewhere stays. */
export function withoutNodes(object: V1DaemonSet, names: readonly string[]): V1DaemonSet {
  if (names.length === 0) {
    return object;
  }
  const known = madeOf(object);
  const made = known.get(names.join()) ?? leaveOut(object, names);
  known.set(names.join(), made);
  return made;
}

/** Why a node keeps its pod for now; undefined: it may go. */
function whyNot(facts: HandOverFacts, live: V1DaemonSet, asked: readonly string[]): string | undefined {
  const version = releaseIn(live) ?? '';
  const canTakeOver = facts.pods.some(
    (pod) =>
      isReady(pod) &&
      !isTerminating(pod) &&
      !asked.includes(nodeOf(pod)) &&
      !facts.silentNodes.has(nodeOf(pod)),
  );
  return [
    { says: 'spec.suspend is true', holds: facts.isSuspended },
    {
      says: 'an earlier operator made its pods. Take the rendering that waits, or edit the spec',
      holds: markOf(live) === undefined,
    },
    {
      says: `kube-vip ${version} leaves its addresses on a node when its pod ends`,
      holds: version !== '' && leavesAddress(version),
    },
    { says: 'no other node can take over', holds: !canTakeOver },
  ].find(({ holds }) => holds)?.says;
}

/** Which nodes of a component give their addresses up. One that has begun goes on, whatever becomes of the others. */
export function handOverOf(nodes: readonly V1Node[], facts: HandOverFacts): HandOver {
  const { kind, part, daemonSet } = facts;
  if (part === undefined || daemonSet === undefined) {
    return { away: [], waits: [] };
  }
  const { asked, ignored } = askedOf(nodes, kind, part);
  const begun = leftOutIn(daemonSet);
  const because = asked.length === 0 ? undefined : whyNot(facts, daemonSet, asked);
  const away = asked.filter((node) => because === undefined || begun.includes(node));
  const waiting = asked.filter((node) => !away.includes(node));
  return {
    away,
    waits: [
      ...waiting.map((node) => ({ node, because: because ?? '' })),
      ...ignored.map((node) => ({
        node,
        because: `every node of Services has the label ${excludedFromLoadBalancers}`,
      })),
    ],
  };
}
