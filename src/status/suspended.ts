// What is left as it is while spec.suspend is true, though the spec asks for something else.
import { rejectionOf, type ComponentPlan, type Plan } from '../plan/plan.ts';
import type { Step, StepOnDaemonSet } from '../steps/step.ts';
import type { Problem } from '../modes/check.ts';
import type { NewCondition } from './set-condition.ts';

const todo = 'set spec.suspend to false';
const most = 3;

// Fields that somebody added are told by managedFields, in its own notation.
const plainPath = (path: string): string => `spec.${path.replaceAll(/(^|\.)f:/g, '$1')}`;

/** Goes on after the name of a DaemonSet. */
function sayDifference(step: StepOnDaemonSet): string {
  if (step.kind === 'delete') {
    return 'which the spec does not ask for any more';
  }
  if (step.kind === 'replace-spec') {
    return `to which somebody added ${plainPath(step.path)}`;
  }
  switch (step.why) {
    case 'missing':
      return 'which is missing';
    case 'changed':
      return `whose ${step.path} is not yet as the spec asks`;
    case 'drifted':
      return `whose ${step.path} somebody changed`;
  }
}

const sayStep = (step: StepOnDaemonSet): string =>
  `DaemonSet ${step.object.metadata?.name}, ${sayDifference(step)},`;

function sayLeft(things: readonly string[]): string {
  const more = things.length > most ? ` and ${things.length - most} more` : '';
  const shown = more === '' ? things.join(' and ') : things.slice(0, most).join(' ') + more;
  return `${shown} ${things.length > 1 ? 'are' : 'is'} left so; ${todo}.`;
}

function sayRemoval(why: string): string {
  return `the control plane that runs, ${why.startsWith('which') ? why : `to be removed ${why}`},`;
}

const isOnDaemonSet = (step: Step): step is StepOnDaemonSet => 'object' in step;

function thingsOf(row: ComponentPlan): readonly string[] {
  if (row.kind === 'removing' && row.component === 'control-plane') {
    return [sayRemoval(row.why)];
  }
  return 'steps' in row ? row.steps.filter(isOnDaemonSet).map(sayStep) : [];
}

/** What would become of each component; none while the spec is refused. */
const withheldIn = (plan: Plan): readonly ComponentPlan[] =>
  plan.kind === 'suspended' && rejectionOf(plan) === undefined ? plan.withheld : [];

/** Every difference between what runs and what the spec asks for. */
export function leftSo(plan: Plan): Problem | undefined {
  const things = withheldIn(plan).flatMap(thingsOf);
  return things.length === 0 ? undefined : { reason: 'Suspended', message: sayLeft(things), passing: false };
}

/** A function that has no DaemonSet, or not for long, and gets none. */
export const notMade = (name: string, isGoing: boolean): Problem => ({
  reason: 'Suspended',
  message: isGoing
    ? `DaemonSet ${name} is on its way out and is not made again; ${todo}.`
    : `DaemonSet ${name} is missing and is left so; ${todo}.`,
  passing: false,
});

export function suspended({ kind }: Plan): NewCondition | undefined {
  return kind === 'suspended'
    ? {
        type: 'Suspended',
        status: 'True',
        reason: 'Suspended',
        message: 'Nothing is applied and no drift is repaired until spec.suspend is false.',
      }
    : undefined;
}

/** Drift that nobody repairs. What is repaired at once is an event of the DaemonSet, and no state. */
export function drifted(plan: Plan): NewCondition | undefined {
  const steps = withheldIn(plan)
    .flatMap((row) => ('steps' in row ? row.steps.filter(isOnDaemonSet) : []))
    .filter((step) => 'why' in step && step.why === 'drifted');
  return steps.length === 0
    ? undefined
    : { type: 'Drifted', status: 'True', reason: 'Drifted', message: sayLeft(steps.map(sayStep)) };
}
