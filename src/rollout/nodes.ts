// The nodes of a component, as a rollout looks at them: which rendering each of them runs, and what it holds.
import type { V1Pod } from '@kubernetes/client-node';
import type { Component } from '../observed/component.ts';
import type { Observed } from '../observed/observed.ts';
import { byName } from '../observed/once.ts';
import { isSelected, keptOffBy } from '../observed/placement.ts';
import { isNode, isReady, isTerminating, nodeOf } from '../observed/pods.ts';
import type { OrderedNode } from './order.ts';

/** A node of a component with its pod. */
export interface RolloutNode extends OrderedNode {
  /** Undefined: there is none, or its end was asked for. */
  readonly pod: V1Pod | undefined;
  /** A pod of it is ending. */
  readonly isEnding: boolean;
}

// A component has one holder, so its addresses count together.
function addressesOn({ holder, former, claims }: Component, node: string): number {
  const isHolder = holder !== '' && isNode(holder, node);
  return isHolder || former.some((row) => isNode(row.node, node)) ? Math.max(1, claims.length) : 0;
}

function nodeWith(
  component: Component,
  name: string,
  pods: readonly V1Pod[],
  isNew: (pod: V1Pod) => boolean,
): RolloutNode {
  const pod = pods.find((row) => !isTerminating(row));
  return {
    name,
    pod,
    isEnding: pods.some(isTerminating),
    isNew: pod !== undefined && isNew(pod),
    isReady: pod !== undefined && isReady(pod),
    isHeard: !component.silentNodes.has(name),
    addresses: addressesOn(component, name),
  };
}

/**
 * The nodes of a component that have a pod, or had one.
 * @param besides Nodes whose pod is being replaced.
 * @param isNew Whether a pod runs what it should get.
 */
export function nodesOf(
  { snapshot }: Observed,
  component: Component,
  besides: readonly string[],
  isNew: (pod: V1Pod) => boolean,
): readonly RolloutNode[] {
  const pods = Map.groupBy(component.pods, nodeOf);
  return [...new Set([...pods.keys(), ...besides])]
    .filter((name) => byName(snapshot.nodes, name) !== undefined && !component.handOver.away.includes(name))
    .map((name) => nodeWith(component, name, pods.get(name) ?? [], isNew));
}

/** Those that the spec still places the component on: the others lose their pod when the rollout is over. */
export const stayingOf = (
  { snapshot }: Observed,
  { kind, part }: Component,
  nodes: readonly RolloutNode[],
): readonly RolloutNode[] =>
  nodes.filter(({ name }) => {
    const node = byName(snapshot.nodes, name);
    return (
      node !== undefined &&
      part !== undefined &&
      isSelected(node, kind, part) &&
      keptOffBy(node, part) === undefined
    );
  });
