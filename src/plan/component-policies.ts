// What becomes of one component: an ordered list of policies, the first that has an answer decides.
import type { V1DaemonSet } from '@kubernetes/client-node';
import type { ComponentKind } from '../api/metadata.ts';
import { arp } from '../modes/arp/arp.ts';
import { conflictsOf, type Conflict } from '../observed/claims.ts';
import type { Component } from '../observed/component.ts';
import { heldBy } from '../observed/daemon-set.ts';
import type { Observed } from '../observed/observed.ts';
import { isTerminating } from '../observed/pods.ts';
import type { Hold, Step, Withdrawal } from '../steps/step.ts';
import type { ComponentPlan } from './plan.ts';
import { admissionChanges, stepsBack, stepsTo } from './rendering.ts';
import { rolls } from './rolling.ts';
import { toApply, type Subject } from './subject.ts';

type Policy = (subject: Subject) => ComponentPlan | undefined;

const isControlPlane = ({ component }: Subject): boolean => component.kind === 'control-plane';

function deletionOf({ owned }: Component): readonly Step[] {
  return owned && !isTerminating(owned) ? [{ kind: 'delete', object: owned }] : [];
}

// A DaemonSet of ours holds a contested value only when the owner's does too: then ours is the second owner.
function secondOwnership({ observed: { conflicts }, component: { owned } }: Subject): Conflict | undefined {
  const held = owned ? heldBy(owned) : [];
  return conflicts.find(({ value }) => held.includes(value));
}

const removing = (component: ComponentKind, withdrawal: Withdrawal, object?: V1DaemonSet): ComponentPlan => ({
  kind: 'removing',
  component,
  object,
  ...withdrawal,
});

const secondOwnerLeaves: Policy = (subject) => {
  const { observed, component, rejection } = subject;
  const conflict = secondOwnership(subject);
  if (rejection === undefined || conflict === undefined) {
    return undefined;
  }
  if (!isControlPlane(subject)) {
    return { kind: 'refused', component: component.kind, rejection, steps: deletionOf(component) };
  }
  const why = `KubeVipConfig ${conflict.owner} has what it holds`;
  return removing(component.kind, arp.withdrawal.next(observed, why));
};

const begunWithdrawalGoesOn: Policy = (subject) => {
  const { observed, component, rejection } = subject;
  const begun = rejection && isControlPlane(subject) ? arp.withdrawal.begun(observed) : undefined;
  return begun && removing(component.kind, begun);
};

/** Puts back what was applied last, unless another has what it holds. */
function repairs({ observed, component, applied }: Subject): readonly Step[] {
  const { daemonSet, owned } = component;
  const isOthers = daemonSet !== undefined && owned === undefined;
  return applied === undefined ||
    isOthers ||
    conflictsOf(observed.snapshot, component.kind, applied.object).length > 0
    ? []
    : stepsBack(applied.object, component);
}

const refusedRunsOn: Policy = (subject) => {
  const { observed, component, rejection } = subject;
  const undo = isControlPlane(subject) ? arp.withdrawal.undo(observed) : [];
  const isKept = component.part !== undefined || component.daemonSet !== undefined;
  const steps = [...undo, ...(isKept ? repairs(subject) : [])];
  return rejection && { kind: 'refused', component: component.kind, rejection, steps };
};

/** How a component leaves that the spec does not ask for, or asks for otherwise. */
function withdrawalOf(subject: Subject): Withdrawal | undefined {
  const { observed, component, goal } = subject;
  if (isControlPlane(subject)) {
    const why = arp.withdrawal.why(observed, goal);
    return why === undefined ? undefined : arp.withdrawal.next(observed, why);
  }
  return goal || component.owned === undefined
    ? undefined
    : { why: 'the spec does not ask for it any more', steps: deletionOf(component), isUnderWay: false };
}

const unwantedLeaves: Policy = (subject) => {
  const { component, goal, hold } = subject;
  const withdrawal = withdrawalOf(subject);
  if (withdrawal === undefined) {
    return undefined;
  }
  return hold && !withdrawal.isUnderWay && withdrawal.steps.length > 0
    ? { kind: 'held', component: component.kind, object: goal, hold, steps: repairs(subject) }
    : removing(component.kind, withdrawal, goal);
};

/**
 * Of the steps that give a Lease back those that may be taken while nothing new may be applied: a removal that was taken
 * back is undone as long as kube-vip may have the address still.
 */
export const undoWhile = (
  observed: Observed,
  steps: readonly Step[],
  hold: Hold | undefined,
): readonly Step[] =>
  hold ? steps.filter(({ kind }) => kind === 'return-lease' && !arp.withdrawal.hasLetGo(observed)) : steps;

/** What should exist in place of what was applied, if anything was. */
function changeTo(goal: V1DaemonSet, { component }: Subject): readonly Step[] {
  return stepsTo(goal, component, toApply(goal, component));
}

const wantedIsApplied: Policy = (subject) => {
  const { observed, component, goal, isChange, hold } = subject;
  if (goal === undefined) {
    return undefined;
  }
  const undo = isControlPlane(subject) ? arp.withdrawal.undo(observed) : [];
  const mayUndo = undoWhile(observed, undo, hold);
  const steps = isChange ? changeTo(goal, subject) : repairs(subject);
  const isHeld = (isChange && steps.length > 0) || mayUndo.length < undo.length;
  const object = isChange ? toApply(goal, component) : goal;
  const ofComponent = { component: component.kind, object };
  return hold && isHeld
    ? { kind: 'held', ...ofComponent, hold, steps: [...mayUndo, ...repairs(subject)] }
    : applyOrKeep(object, [...undo, ...steps], subject);
};

function applyOrKeep(
  object: V1DaemonSet,
  steps: readonly Step[],
  { component, newer }: Subject,
): ComponentPlan {
  const admission = admissionChanges(object, component);
  const ofComponent = { component: component.kind, object, ...(admission.length > 0 && { admission }) };
  const waiting = newer && { newer };
  return steps.length === 0
    ? { kind: 'keep', ...ofComponent, ...waiting }
    : { kind: 'apply', ...ofComponent, steps, ...waiting };
}

/** In this order. No answer of any: nothing of the component is asked for, and nothing is there. */
const policies: readonly { readonly decide: Policy; readonly because: string }[] = [
  {
    decide: secondOwnerLeaves,
    because: 'An address or class that another has is given up, and nothing else.',
  },
  { decide: begunWithdrawalGoesOn, because: 'kube-vip has lost its Lease already: halfway nobody leads.' },
  { decide: refusedRunsOn, because: 'An upgrade of the operator that refuses a spec takes no address down.' },
  {
    decide: unwantedLeaves,
    because: 'What is not asked for, or leaves something behind, goes before the next starts.',
  },
  {
    decide: rolls,
    because: 'What is new comes to one node after the other, and what failed goes back.',
  },
  {
    decide: wantedIsApplied,
    because:
      'What is asked for exists, as it was applied: a change waits for preflight, a repair for nothing.',
  },
];

/** What becomes of a component; undefined: nothing is asked for, and nothing is there. */
export function decideComponent(subject: Subject): ComponentPlan | undefined {
  for (const { decide } of policies) {
    const plan = decide(subject);
    if (plan) {
      return plan;
    }
  }
  return undefined;
}
