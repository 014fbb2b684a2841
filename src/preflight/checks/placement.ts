// Checks of where the pods would run.
import type { V1Node } from '@kubernetes/client-node';
import type { Placement } from '../../api/defaults.ts';
import type { ComponentKind } from '../../api/metadata.ts';
import { namesItsNode } from '../../catalog/identity.ts';
import type { Component } from '../../observed/component.ts';
import { isControlPlane, isSelected, keptOffBy, labelledNodes, nodesOf } from '../../observed/placement.ts';
import type { Check, Facts, Finding } from './check.ts';

const field = { 'control-plane': 'spec.controlPlane', services: 'spec.services' } as const;

/** The nodes of a component. */
function selected({ snapshot }: Facts, { kind, part }: Component): readonly V1Node[] {
  return part === undefined ? [] : nodesOf(snapshot.nodes, kind, part);
}

/** How few nodes fit a component that none fits. */
const noneFits = ({ snapshot }: Facts, { kind, part }: Component): string =>
  `None of ${snapshot.nodes.length} nodes fits ${part?.nodeSelector ? `${field[kind]}.nodeSelector` : 'the default placement'} and its tolerations`;

function matchesNothing(facts: Facts): readonly Finding[] {
  const { spec, snapshot, asked } = facts;
  // Without nodes there is nothing to choose from yet.
  return snapshot.nodes.length === 0
    ? []
    : asked
        .filter((component) => selected(facts, component).length === 0)
        .map((component) => ({
          object: `KubeVipConfig/${spec.name}`,
          found: `finds no node for ${component.kind}`,
          detail: noneFits(facts, component),
          expected: 'a node for each component',
        }));
}

/** A component that runs, and would be ended on every node by what the spec asks for. */
const losesEveryNode =
  (kind: ComponentKind) =>
  (facts: Facts): readonly Finding[] => {
    const component = facts.components[kind];
    const { owned, part } = component;
    const runsOn = owned?.status?.desiredNumberScheduled ?? 0;
    const isEnded =
      part !== undefined && facts.snapshot.nodes.length > 0 && selected(facts, component).length === 0;
    return runsOn > 0 && isEnded
      ? [
          {
            object: `KubeVipConfig/${facts.spec.name}`,
            found: `leaves ${kind} no node, though it runs on ${runsOn}`,
            detail: noneFits(facts, component),
            expected: 'at least one node for a component that runs',
          },
        ]
      : [];
  };

/** What keeps a control-plane node from the address, and what to do about it. */
function missedBy(
  { snapshot }: Facts,
  node: V1Node,
  placed: Placement,
): Pick<Finding, 'found' | 'todo'> | undefined {
  if (!isSelected(node, 'control-plane', placed)) {
    return {
      found: 'has labels that spec.controlPlane.nodeSelector does not match',
      todo: 'correct spec.controlPlane.nodeSelector, or leave it out',
    };
  }
  const taint = keptOffBy(node, placed);
  const isWritten = snapshot.config.spec.controlPlane?.tolerations !== undefined;
  return (
    taint && {
      found: `has taint ${taint.key}:${taint.effect}, which nothing tolerates`,
      todo: isWritten
        ? `add a toleration of ${taint.key}:${taint.effect} to spec.controlPlane.tolerations, or take the taint off`
        : 'take the taint off, or write spec.controlPlane.tolerations: [{operator: Exists}]',
    }
  );
}

// Some, not all: a selector that matches nothing is said by the check before.
function missesControlPlane(facts: Facts): readonly Finding[] {
  const { components, snapshot } = facts;
  const { 'control-plane': controlPlane } = components;
  const { part: placed } = controlPlane;
  if (placed === undefined || selected(facts, controlPlane).length === 0) {
    return [];
  }
  return labelledNodes(snapshot.nodes).flatMap((node) => {
    const missed = missedBy(facts, node, placed);
    return missed === undefined
      ? []
      : [
          {
            object: `Node/${node.metadata?.name}`,
            ...missed,
            expected: 'every control-plane node to be able to hold the address',
          },
        ];
  });
}

// Where no node has the label, it says nothing of who is control plane.
function onWorkers(facts: Facts): readonly Finding[] {
  if (labelledNodes(facts.snapshot.nodes).length === 0) {
    return [];
  }
  return selected(facts, facts.components['control-plane'])
    .filter((node) => !isControlPlane(node))
    .map((node) => ({
      object: `Node/${node.metadata?.name}`,
      found: 'is selected without label node-role.kubernetes.io/control-plane',
      detail: 'spec.controlPlane.nodeSelector matches it',
      expected: 'the control-plane address on nodes with an API server only',
    }));
}

const hostName = ({ metadata, status }: V1Node): string =>
  (status?.addresses?.find(({ type }) => type === 'Hostname')?.address ?? metadata?.name ?? '').toLowerCase();

function equalHostNames(facts: Facts): readonly Finding[] {
  if (namesItsNode(facts.spec.version)) {
    return [];
  }
  const first = new Map<string, V1Node>();
  const nodes = [...new Set(facts.asked.flatMap((component) => selected(facts, component)))];
  return nodes.flatMap((node) => {
    const twin = first.get(hostName(node));
    first.set(hostName(node), twin ?? node);
    return twin === undefined
      ? []
      : [
          {
            object: `Node/${node.metadata?.name}`,
            found: `has the host name ${hostName(node)}, as node ${twin.metadata?.name} has`,
            detail: 'Upper and lower case count as equal',
            expected: `a host name of its own, because kube-vip ${facts.spec.version} leads under it`,
          },
        ];
  });
}

/** Whether the spec chooses nodes on which the pods can run, and should. */
export const placementChecks: readonly Check[] = [
  {
    id: 'selector-matches-no-node',
    question: 'Is there a node for each component?',
    severity: 'warns',
    find: matchesNothing,
    remedy: 'label a node, or correct nodeSelector and tolerations',
    links: ['cp-selector-wrong', 'services-on-control-plane-nodes'],
  },
  {
    id: 'control-plane-loses-its-nodes',
    question: 'Would an edit end the control plane on every node?',
    severity: 'blocks',
    holds: 'control-plane',
    find: losesEveryNode('control-plane'),
    remedy: 'correct spec.controlPlane.nodeSelector or tolerations. To end it, take spec.controlPlane out',
    links: ['aws/eks-anywhere#10828'],
  },
  {
    id: 'services-lose-their-nodes',
    question: 'Would an edit end Services on every node?',
    severity: 'blocks',
    holds: 'services',
    find: losesEveryNode('services'),
    remedy: 'correct spec.services.nodeSelector or tolerations. To end them, take spec.services out',
    links: ['aws/eks-anywhere#10828'],
  },
  {
    id: 'control-plane-node-is-missed',
    question: 'Can every control-plane node hold the address?',
    severity: 'warns',
    find: missesControlPlane,
    remedy: 'correct spec.controlPlane.nodeSelector or tolerations, or leave them out',
    links: ['cp-selector-wrong'],
  },
  {
    id: 'control-plane-on-workers',
    question: 'Do only control-plane nodes hold the control-plane address?',
    severity: 'warns',
    find: onWorkers,
    remedy: 'leave spec.controlPlane.nodeSelector out, or label the node',
    links: ['cp-selector-wrong', 'kube-vip/kube-vip#530'],
  },
  {
    id: 'host-names-are-equal',
    question: 'Before v0.8.0: does each node have a host name of its own, whatever the case?',
    severity: 'blocks',
    find: equalHostNames,
    remedy: 'rename a node, or choose spec.version v0.8.0 or later, which leads under the name of the Node',
    links: ['same-identity-two-nodes'],
  },
];
