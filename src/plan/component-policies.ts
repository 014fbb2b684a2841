// What becomes of one component: an ordered list of policies, the first that has an answer decides.
import type { V1DaemonSet } from '@kubernetes/client-node';
import type { ComponentKind } from '../api/metadata.ts';
import { arp } from '../modes/arp/arp.ts';
import type { Component } from '../observed/component.ts';
import { heldBy } from '../observed/daemon-set.ts';
import type { Observed } from '../observed/observed.ts';
import { isTerminating } from '../observed/pods.ts';
import type { Hold, Rejection, Step, Withdrawal } from '../steps/step.ts';
import type { ComponentPlan } from './plan.ts';
import { stepsTo } from './rendering.ts';

/** What is decided about. */
export interface Subject {
  readonly observed: Observed;
  readonly component: Component;
  /** Why the spec is refused; undefined: it is accepted. */
  readonly rejection: Rejection | undefined;
  /** What the spec asks for; undefined: not this component, or it is refused. */
  readonly desired: V1DaemonSet | undefined;
  /** Why nothing new may be applied; undefined: it may. */
  readonly hold: Hold | undefined;
}

type Policy = (subject: Subject) => ComponentPlan | undefined;

const isControlPlane = ({ component }: Subject): boolean => component.kind === 'control-plane';

function deletionOf({ owned }: Component): readonly Step[] {
  return owned && !isTerminating(owned) ? [{ kind: 'delete', object: owned }] : [];
}

// A DaemonSet of ours holds a contested value only when the owner's does too: then ours is the second owner.
function isSecondOwner({ observed: { conflicts }, component: { owned }, rejection }: Subject): boolean {
  const isConflict = rejection?.reason === 'AddressConflict' || rejection?.reason === 'ClassConflict';
  const contested = conflicts.map(({ value }) => value);
  return isConflict && owned !== undefined && heldBy(owned).some((value) => contested.includes(value));
}

const removing = (component: ComponentKind, withdrawal: Withdrawal, object?: V1DaemonSet): ComponentPlan => ({
  kind: 'removing',
  component,
  object,
  ...withdrawal,
});

const secondOwnerLeaves: Policy = (subject) => {
  const { observed, component, rejection } = subject;
  if (rejection === undefined || !isSecondOwner(subject)) {
    return undefined;
  }
  if (!isControlPlane(subject)) {
    return { kind: 'refused', component: component.kind, rejection, steps: deletionOf(component) };
  }
  const [{ owner } = { owner: '' }] = observed.conflicts;
  return removing(component.kind, arp.withdrawal.next(observed, `for KubeVipConfig ${owner}`));
};

const begunWithdrawalGoesOn: Policy = (subject) => {
  const { observed, component, rejection } = subject;
  const begun = rejection && isControlPlane(subject) ? arp.withdrawal.begun(observed) : undefined;
  return begun && removing(component.kind, begun);
};

const refusedRunsOn: Policy = (subject) => {
  const { observed, component, rejection } = subject;
  const steps = isControlPlane(subject) ? arp.withdrawal.undo(observed) : [];
  return rejection && { kind: 'refused', component: component.kind, rejection, steps };
};

/** How a component leaves that the spec does not ask for, or asks for otherwise. */
function withdrawalOf(subject: Subject): Withdrawal | undefined {
  const { observed, component, desired } = subject;
  if (isControlPlane(subject)) {
    const why = arp.withdrawal.why(observed, desired);
    return why === undefined ? undefined : arp.withdrawal.next(observed, why);
  }
  return desired || component.owned === undefined
    ? undefined
    : { why: 'which the spec does not ask for any more', steps: deletionOf(component), isUnderWay: false };
}

const unwantedLeaves: Policy = (subject) => {
  const { component, desired, hold } = subject;
  const withdrawal = withdrawalOf(subject);
  if (withdrawal === undefined) {
    return undefined;
  }
  return hold && !withdrawal.isUnderWay && withdrawal.steps.length > 0
    ? { kind: 'held', component: component.kind, object: desired, hold, steps: [] }
    : removing(component.kind, withdrawal, desired);
};

// Drift is undone also while a check fails: the result is what was applied before, which is what must stay. So is a
// removal that was taken back, as long as kube-vip may have the address still.
const keepsLastApplied = (observed: Observed, step: Step): boolean =>
  (step.kind === 'return-lease' && !arp.withdrawal.hasLetGo(observed)) ||
  ((step.kind === 'apply' || step.kind === 'replace-spec') && step.why === 'drifted');

/** Of some steps those that may be taken while nothing new may be applied. */
export const whatMay = (
  observed: Observed,
  steps: readonly Step[],
  hold: Hold | undefined,
): readonly Step[] => (hold ? steps.filter((step) => keepsLastApplied(observed, step)) : steps);

const wantedIsApplied: Policy = (subject) => {
  const { observed, component, desired: object, hold } = subject;
  if (object === undefined) {
    return undefined;
  }
  const undo = isControlPlane(subject) ? arp.withdrawal.undo(observed) : [];
  const steps = [...undo, ...stepsTo(object, component.daemonSet)];
  const kept = whatMay(observed, steps, hold);
  if (hold && kept.length < steps.length) {
    return { kind: 'held', component: component.kind, object, hold, steps: kept };
  }
  return steps.length === 0
    ? { kind: 'keep', component: component.kind, object }
    : { kind: 'apply', component: component.kind, object, steps };
};

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
  { decide: wantedIsApplied, because: 'What is asked for exists, as it was rendered.' },
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
