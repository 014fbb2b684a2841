// What a step of a rollout is decided on, what it comes to, and what is said of it.
import type { V1DaemonSet, V1Pod } from '@kubernetes/client-node';
import { annotations } from '../api/metadata.ts';
import { isObserved } from '../observed/component-nodes.ts';
import type { Component } from '../observed/component.ts';
import { renderedHash } from '../observed/daemon-set.ts';
import type { Observed } from '../observed/observed.ts';
import type { RolloutMemory } from '../observed/rollout-memory.ts';
import type { Moment } from '../observed/moment.ts';
import { networkOf } from './network.ts';
import type { RolloutNode } from './nodes.ts';
import { forecastOf, groupsOf, type Forecast } from './order.ts';

/** What a rollout is decided on. */
export interface RolloutInput {
  readonly observed: Observed;
  readonly component: Component;
  /** What worked last. */
  readonly good: V1DaemonSet;
  /** What the nodes should get. */
  readonly goal: V1DaemonSet;
  /** What goes first, in half a sentence; undefined: nothing does. */
  readonly first: string | undefined;
}

/** Where a rollout is, for status. */
export interface Rollout extends RolloutMemory, Forecast {
  readonly good: V1DaemonSet;
  readonly goal: V1DaemonSet;
  /** Nodes that run the goal. */
  readonly updated: number;
  readonly total: number;
  /** Nodes that come next. */
  readonly next: readonly string[];
  /** Nodes that do not report. */
  readonly skipped: readonly string[];
  /** In half a sentence; undefined: it goes on. */
  readonly waitingFor: string | undefined;
  /** Why no witness tells who answers, in half a sentence; undefined: one does, or may. */
  readonly untold: string | undefined;
}

/** What is done now. */
export interface RolloutStep {
  readonly rollout: Rollout;
  /** What should stand in the DaemonSet. */
  readonly stands: V1DaemonSet;
  /** Pods that are ended, once that stands and was seen. */
  readonly ends: readonly V1Pod[];
}

/** A rollout in the middle of being decided. */
export interface Stage extends RolloutInput {
  readonly memory: RolloutMemory;
  readonly nodes: readonly RolloutNode[];
  readonly now: Moment;
}

function freshMemory({ component, goal, good }: RolloutInput, now: Moment, attempt = 1): RolloutMemory {
  const revision = renderedHash(goal) ?? '';
  const lastGood = renderedHash(good) ?? '';
  return { component: component.kind, revision, attempt, phase: 'Waiting', nodes: [], since: now, lastGood };
}

/** What the annotation has to say so that a rollout which was rolled back is tried once more. */
export const retryWord = ({ revision, attempt }: Pick<RolloutMemory, 'revision' | 'attempt'>): string =>
  `${revision}-${attempt}`;

/** What is remembered of the rollout to a goal: another goal, or a person who asks, begins anew. */
export function memoryOf(input: RolloutInput, now: Moment): RolloutMemory {
  const { component, goal, observed } = input;
  const { rollout, config } = observed.snapshot;
  if (rollout?.component !== component.kind || rollout.revision !== renderedHash(goal)) {
    return freshMemory(input, now);
  }
  const isAskedAgain = config.metadata.annotations?.[annotations.retryRollout] === retryWord(rollout);
  return rollout.failure && isAskedAgain ? freshMemory(input, now, rollout.attempt + 1) : rollout;
}

/** What is said of a rollout. */
export function view(stage: Stage, memory: RolloutMemory, waitingFor?: string): Rollout {
  const { nodes, component, good, goal, observed } = stage;
  const network = networkOf({ component, snapshot: observed.snapshot });
  const [next] = groupsOf(nodes.filter(({ name }) => !memory.nodes.includes(name)));
  return {
    ...memory,
    ...forecastOf(nodes, component.timing),
    good,
    goal,
    updated: nodes.filter(({ isNew }) => isNew).length,
    total: nodes.length,
    next: next?.nodes ?? [],
    skipped: nodes.filter(({ isHeard }) => !isHeard).map(({ name }) => name),
    waitingFor,
    untold: network.kind === 'untold' ? network.says : undefined,
  };
}

/** The last good rendering stands, and nothing is ended. */
export function rest(stage: Stage, change: Partial<RolloutMemory>, waitingFor?: string): RolloutStep {
  const rollout = view(stage, { ...stage.memory, ...change }, waitingFor);
  return { rollout, stands: stage.good, ends: [] };
}

/** A gate has failed. What follows is done in the next pass: that it failed has to be remembered first. */
export function fail(stage: Stage, gate: string, node: string, says: string): RolloutStep {
  const phase = stage.observed.spec.rollout.onFailure === 'Rollback' ? 'RollingBack' : 'Failed';
  return rest(stage, { phase, nodes: [], failure: { gate, node, message: says }, since: stage.now });
}

/**
 * Milliseconds since a moment, as far as the operator was there and saw: an API server that was away, or an operator that was, is no
 * fault of what is rolled out. The moment may be by the clock of another replica.
 */
export const watchedMs = ({ observed: { snapshot }, now }: Stage, since: Moment): number =>
  Math.min(Math.abs(now.at - since.at), snapshot.seenForMs ?? Infinity);

/** Whether the present step has taken too long. */
export const isOverdue = (stage: Stage): boolean =>
  watchedMs(stage, stage.memory.since) > stage.observed.spec.rollout.progressDeadlineSeconds * 1000;

/** What has to come to pass on a node: goes on before `for more than`. */
export interface Expectation {
  readonly gate: string;
  readonly node: string;
  readonly says: string;
}

/** Waits for something that should come, and fails when it takes too long. */
export const awaited = (stage: Stage, { gate, node, says }: Expectation, step: RolloutStep): RolloutStep =>
  isOverdue(stage)
    ? fail(
        stage,
        gate,
        node,
        `${says} for more than ${stage.observed.spec.rollout.progressDeadlineSeconds} s`,
      )
    : step;

/** Whether what should stand stands, and the DaemonSet controller has seen it: it makes no pod from what was there before. */
export const isStanding = ({ component }: Stage, object: V1DaemonSet): boolean =>
  component.daemonSet !== undefined &&
  renderedHash(component.daemonSet) === renderedHash(object) &&
  isObserved(component);
