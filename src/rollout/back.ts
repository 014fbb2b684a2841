// How nodes go back to what worked last: those that hold nothing first, and the holder only when another can take over.
import type { V1Pod } from '@kubernetes/client-node';
import { ownershipBlock, wishOf } from './blocks.ts';
import { groupsOf, whyHolderWaits } from './order.ts';
import { isStanding, rest, type RolloutStep, type Stage } from './stage.ts';

/** Ends the pods that should not be there, those that hold nothing first; undefined: there is none. */
export function back(stage: Stage): RolloutStep | undefined {
  const { nodes, good } = stage;
  const [group] = groupsOf(nodes);
  if (group === undefined) {
    return undefined;
  }
  // Who has no pod now gets the last good one as soon as that stands.
  const isBusy = nodes.some(({ pod, isHeard }) => isHeard && pod === undefined);
  const why =
    group.phase === 'Holder' ? (ownershipBlock(stage.component) ?? whyHolderWaits(nodes)) : undefined;
  const mayEnd = !isBusy && why === undefined && isStanding(stage, good);
  const chosen = mayEnd ? nodes.filter(({ name }) => group.nodes.includes(name)) : [];
  return { ...rest(stage, { nodes: group.nodes }, why), ends: chosen.flatMap(({ pod }) => pod ?? []) };
}

/** What follows a gate that failed. */
export function rollBack(stage: Stage, bad: (pod: V1Pod) => boolean): RolloutStep {
  const { memory, observed } = stage;
  const { onFailure } = observed.spec.rollout;
  if (onFailure === 'Pause' && wishOf(observed) !== 'abort') {
    return rest(stage, { phase: 'Failed', nodes: [] });
  }
  const nodes = stage.nodes.map((node) => ({ ...node, isNew: node.pod !== undefined && !bad(node.pod) }));
  const step = back({ ...stage, nodes, memory: { ...memory, phase: 'RollingBack' } });
  const updated = stage.nodes.filter(({ isNew }) => isNew).length;
  return step
    ? { ...step, rollout: { ...step.rollout, updated } }
    : rest(stage, { phase: 'RolledBack', nodes: [] });
}
