// One pass of the pure core over a Snapshot, as the reconciler makes it.
import type { ComponentKind } from '../src/api/metadata.ts';
import type { KubeVipConfigStatus } from '../src/api/types.ts';
import { observe } from '../src/modes/observe.ts';
import type { Component } from '../src/observed/component.ts';
import type { Observed } from '../src/observed/observed.ts';
import type { NodeFinding, Snapshot } from '../src/observed/snapshot.ts';
import { decide as decideOn } from '../src/plan/decide.ts';
import {
  askOf,
  desiredOf,
  holdOf,
  rejectionOf,
  removalsOf,
  stepsOf,
  waitingOf,
  type Plan,
} from '../src/plan/plan.ts';
import { preflight, type Report } from '../src/preflight/run.ts';
import { eventsOf as eventsBetween, type EventDraft } from '../src/status/events.ts';
import type { StatusInput } from '../src/status/input.ts';
import { computeStatus as compute, type ComputedStatus } from '../src/status/status.ts';
import type { Step } from '../src/steps/step.ts';

const observations = new WeakMap<Snapshot, Observed>();

/** What is true of a Snapshot; the same for the same one. */
export function observed(snapshot: Snapshot): Observed {
  const known = observations.get(snapshot) ?? observe(snapshot);
  observations.set(snapshot, known);
  return known;
}

export const componentOf = (snapshot: Snapshot, kind: ComponentKind): Component =>
  observed(snapshot).components[kind];
export const reportOf = (snapshot: Snapshot): Report => preflight(observed(snapshot));

export const nodeFindings = (snapshot: Snapshot): readonly NodeFinding[] =>
  [...reportOf(snapshot).nodes.values()].flatMap(({ findings }) => findings);

/** A plan that does this, and nothing else. */
export const planOf = (steps: readonly Step[]): Plan => ({
  kind: 'running',
  preparation: steps,
  components: [],
  probing: { steps: [], isAsking: false },
  history: [],
});

const passing: Report = { rows: [], total: 0, isPending: false, nodes: new Map() };

/**
 * What is decided when preflight finds nothing.
 * @param without what is observed instead, to show that it counts
 */
export const makePlan = (snapshot: Snapshot, without: Partial<Observed> = {}): Plan =>
  decideOn({ ...observed(snapshot), ...without }, passing);

/** A plan as a whole: what it does, what should exist, what it waits for and asks, and why it does no more. */
function outlineOf(plan: Plan) {
  const [rejection, hold, ask] = [rejectionOf(plan), holdOf(plan), askOf(plan)];
  return {
    steps: stepsOf(plan),
    desired: desiredOf(plan),
    ...waitingOf(plan),
    ...(rejection && { rejection }),
    ...(hold && { hold }),
    ...(ask && { ask }),
  };
}

export const outline = (...of: Parameters<typeof makePlan>) => outlineOf(makePlan(...of));
export const decided = (snapshot: Snapshot) => {
  const plan = decide(snapshot);
  return { ...outlineOf(plan), probing: plan.probing, isRemoving: removalsOf(plan).length > 0 };
};
export const decide = (snapshot: Snapshot): Plan => decideOn(observed(snapshot), reportOf(snapshot));

export type PassInput = Omit<StatusInput, 'observed' | 'report'> & { readonly snapshot: Snapshot };

export const computed = ({ snapshot, ...rest }: PassInput): ComputedStatus =>
  compute({ observed: observed(snapshot), report: reportOf(snapshot), ...rest });
export const computeStatus = (input: PassInput): KubeVipConfigStatus => computed(input).status;

export const eventsOf = (
  before: KubeVipConfigStatus | undefined,
  after: ComputedStatus,
  snapshot: Snapshot,
  plan: Plan = planOf([]),
): readonly EventDraft[] =>
  eventsBetween(before, after, {
    observed: observed(snapshot),
    report: reportOf(snapshot),
    plan,
    acted: { kind: 'done' },
  });
