// The next step of a rollout: what stands in the DaemonSet now, and which pods are ended. All of it follows from what is observed and
// from what status remembers, so an operator that starts anew, or another replica, goes on where the last one was.
//
//   choose -> offer the new rendering -> end the chosen pods -> put the last good one back -> observe -> choose … -> finished
import type { V1Pod } from '@kubernetes/client-node';
import { annotations } from '../api/metadata.ts';
import type { Observed } from '../observed/observed.ts';
import { isTerminating } from '../observed/pods.ts';
import { runs } from '../observed/revision.ts';
import type { Moment } from '../observed/moment.ts';
import { back, rollBack } from './back.ts';
import { isPaused, networkBlock, ownershipBlock, wishOf } from './blocks.ts';
import { judge } from './gates.ts';
import { nodesOf, stayingOf, type RolloutNode } from './nodes.ts';
import { offerOf } from './offer.ts';
import { groupsOf, whyHolderWaits } from './order.ts';
import {
  awaited,
  fail,
  isOverdue,
  isStanding,
  memoryOf,
  rest,
  view,
  watchedMs,
  type RolloutInput,
  type RolloutStep,
  type Stage,
} from './stage.ts';

const illIn = ({ nodes }: Stage): RolloutNode | undefined =>
  nodes.find(({ isNew, isHeard, isReady }) => isNew && isHeard && !isReady);

/** Why who holds keeps anything from changing. Where there is no node to change, a change is written as it is. */
const whoHolds = ({ component, nodes, observed }: Stage): string | undefined =>
  ownershipBlock(component) ?? (nodes.length > 0 ? networkBlock(observed, component) : undefined);

/** Why the next group may not be chosen, or undefined. */
function whyNotNow(stage: Stage, phase: string): string | undefined {
  const { first, nodes } = stage;
  const ill = illIn(stage);
  const isUnheard = nodes.length > 0 && !nodes.some(({ isHeard }) => isHeard);
  return (
    first ??
    (isUnheard ? 'none of its nodes reports' : undefined) ??
    whoHolds(stage) ??
    (ill && `the pod on ${ill.name}, which had passed, is not ready`) ??
    (phase === 'Holder' ? whyHolderWaits(nodes) : undefined)
  );
}

/** Waits without a turn. A node that had passed and does not come back fails the rollout in the end. */
function wait(stage: Stage, why: string): RolloutStep {
  const { memory, now } = stage;
  const isWaiting = memory.phase === 'Waiting' && memory.nodes.length === 0;
  const ill = illIn(stage);
  return isWaiting && ill && isOverdue(stage)
    ? fail(stage, 'pod-is-ready', ill.name, why)
    : rest(
        stage,
        { phase: 'Waiting', nodes: [], passingSince: undefined, since: isWaiting ? memory.since : now },
        why,
      );
}

function choose(stage: Stage): RolloutStep | undefined {
  const [group] = groupsOf(stage.nodes);
  const why = whyNotNow(stage, group?.phase ?? 'Finish');
  // Nothing is done in this pass: what is begun has to be remembered first.
  return why === undefined
    ? group && rest(stage, { ...group, since: stage.now, passingSince: undefined })
    : wait(stage, why);
}

function observe(stage: Stage, work: readonly RolloutNode[]): RolloutStep | undefined {
  const { component, memory, now, observed } = stage;
  const verdict = judge({ component, snapshot: observed.snapshot }, work);
  if (verdict.kind === 'failed') {
    return fail(stage, verdict.gate, verdict.node, verdict.says);
  }
  if (verdict.kind === 'waiting') {
    return awaited(stage, verdict, rest(stage, { passingSince: undefined }, verdict.says));
  }
  const passingSince = memory.passingSince ?? now;
  return watchedMs(stage, passingSince) < observed.spec.rollout.observeSeconds * 1000
    ? rest(stage, { passingSince })
    : choose({ ...stage, memory: { ...memory, nodes: [], passingSince: undefined } });
}

/** Decided once more, just before a pod is ended: who holds may have changed since its node was chosen. */
function whyNotEnd(stage: Stage, old: readonly RolloutNode[]): string | undefined {
  const { memory, nodes } = stage;
  if (old.some(({ pod }) => pod === undefined)) {
    return undefined;
  }
  const isHolder = memory.phase === 'Holder';
  const hasMoved = !isHolder && nodes.length > 1 && old.some(({ addresses }) => addresses > 0);
  return hasMoved
    ? 'the address has moved to the node that was chosen'
    : (whoHolds(stage) ?? (isHolder ? whyHolderWaits(nodes) : undefined));
}

function replace(stage: Stage, work: readonly RolloutNode[]): RolloutStep {
  const { memory, good, goal } = stage;
  const old = work.filter(({ isNew }) => !isNew);
  const why = whyNotEnd(stage, old);
  if (why !== undefined) {
    return wait(stage, why);
  }
  const offer = offerOf(goal, good);
  const ends = isStanding(stage, offer) ? old.flatMap(({ pod }) => pod ?? []) : [];
  const [node = ''] = old.map(({ name }) => name);
  const expected = { gate: 'pod-is-replaced', node, says: `the pod on ${node} is not replaced` };
  return awaited(stage, expected, { rollout: view(stage, memory), stands: offer, ends });
}

const steps: readonly string[] = ['Canary', 'Batch', 'Holder'];

function pause(stage: Stage, work: readonly RolloutNode[]): RolloutStep {
  const { memory, now, observed } = stage;
  const why = observed.spec.rollout.paused
    ? 'spec.rollout.paused is true'
    : `the annotation ${annotations.rollout} says pause`;
  const since = memory.phase === 'Paused' ? memory.since : now;
  // What was changed and not yet observed is observed when it goes on.
  const nodes = work.filter(({ isNew }) => isNew).map(({ name }) => name);
  return rest(stage, { phase: 'Paused', since, passingSince: undefined, nodes }, why);
}

function forward(stage: Stage): RolloutStep | undefined {
  const { memory, nodes, observed, now } = stage;
  if (wishOf(observed) === 'abort') {
    return fail(stage, 'aborted', memory.nodes[0] ?? '', `the annotation ${annotations.rollout} says abort`);
  }
  const work = nodes.filter(({ name, isHeard }) => isHeard && memory.nodes.includes(name));
  if (isPaused(observed)) {
    return pause(stage, work);
  }
  if (work.length === 0) {
    return choose(stage);
  }
  const goesOn = steps.includes(memory.phase)
    ? stage
    : { ...stage, memory: { ...memory, phase: 'Batch' as const, since: now } };
  return work.some(({ isNew }) => !isNew) ? replace(goesOn, work) : observe(goesOn, work);
}

const nowOf = ({ snapshot: { now } }: Observed): Moment => ({ at: now });

/** Nothing more is changed: what worked last is not known any more, and a person has to say what the nodes shall run. */
export function stopWithoutLastGood(input: RolloutInput): RolloutStep {
  const now = nowOf(input.observed);
  const { component, goal, observed } = input;
  const memory = observed.snapshot.rollout ?? memoryOf(input, now);
  const isNew = (pod: V1Pod): boolean => runs(pod, goal, component.daemonSet);
  const nodes = nodesOf(observed, component, memory.nodes, isNew);
  const says = `the record of what worked last, ${memory.lastGood}, is gone`;
  const failure = { gate: 'last-good-is-known', node: '', message: says };
  return rest({ ...input, memory, now, nodes }, { phase: 'Failed', nodes: [], failure });
}

/** The next step to another rendering; undefined: every node that reports has passed. */
export function nextStep(input: RolloutInput): RolloutStep | undefined {
  const { observed, component, goal } = input;
  const now = nowOf(observed);
  const memory = memoryOf(input, now);
  const isNew = (pod: V1Pod): boolean => runs(pod, goal, component.daemonSet);
  const all = nodesOf(observed, component, memory.nodes, isNew);
  const stage = { ...input, memory, now, nodes: stayingOf(observed, component, all) };
  return memory.failure ? rollBack({ ...stage, nodes: all }, isNew) : forward(stage);
}

/**
 * Brings nodes back that do not run what was applied last; undefined: all that report do.
 * @param edited UIDs of pods that were made from a template which a person had edited: their mark tells nothing.
 */
export function nextStepBack(
  input: Pick<RolloutInput, 'observed' | 'component' | 'good'>,
  edited: readonly string[] = [],
): RolloutStep | undefined {
  const { observed, component, good } = input;
  const now = nowOf(observed);
  const whole = { ...input, goal: good, first: undefined };
  const known = memoryOf(whole, now);
  const uids = component.pods.flatMap(({ metadata }) => metadata?.uid ?? []);
  const pods = [...new Set([...(known.pods ?? []), ...edited])].filter((uid) => uids.includes(uid));
  const isNew = (pod: V1Pod): boolean =>
    runs(pod, good, component.daemonSet) && !pods.includes(pod.metadata?.uid ?? '');
  const strays = component.pods.filter((pod) => !isTerminating(pod) && !isNew(pod));
  if (strays.length === 0) {
    return undefined;
  }
  const memory = { ...known, phase: 'RollingBack' as const, pods };
  return back({ ...whole, memory, now, nodes: nodesOf(observed, component, [], isNew) });
}
