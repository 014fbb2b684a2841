// What is left as it is while spec.suspend is true, though the spec asks for something else.
import { list, message, sentences, type Message } from '../api/words.ts';
import type { Problem } from '../modes/check.ts';
import { nameOf } from '../observed/pods.ts';
import { rejectionOf, type ComponentPlan, type Plan } from '../plan/plan.ts';
import type { Step, StepOnDaemonSet } from '../steps/step.ts';
import type { NewCondition } from './set-condition.ts';

const todo = 'set spec.suspend to false';

// Fields that were added are told by managedFields, in its own notation.
const plainPath = (path: string): string => `spec.${path.replaceAll(/(^|\.)f:/g, '$1')}`;

/** What is different about a DaemonSet, in one clause. */
function sayDifference(step: StepOnDaemonSet): string {
  const name = `DaemonSet ${nameOf(step.object)}`;
  if (step.kind === 'delete') {
    return `${name} is not asked for any more`;
  }
  if (step.kind === 'replace-spec') {
    return `${name} has ${plainPath(step.path)}, which was added by hand`;
  }
  switch (step.why) {
    case 'missing':
      return `${name} is missing`;
    case 'changed':
      return `${name} is not yet as the spec asks (${step.path})`;
    case 'drifted':
      return `${name} was changed by hand (${step.path})`;
    case 'admission':
      return `${name} is changed on admission (${step.path})`;
  }
}

function sayLeft(differences: readonly string[]): Message {
  const [first = '', ...others] = differences;
  return message([first, first.replace(/ \(.*\)$/, '')], {
    detail: sentences(
      others.length === 0 ? undefined : list(others, 2),
      `${others.length === 0 ? 'It is' : 'They are'} left so while spec.suspend is true`,
    ),
    todo,
  });
}

const isOnDaemonSet = (step: Step): step is StepOnDaemonSet => 'object' in step;

const stepsIn = (row: ComponentPlan): readonly StepOnDaemonSet[] =>
  'steps' in row ? row.steps.filter(isOnDaemonSet) : [];

const differencesOf = (row: ComponentPlan): readonly string[] =>
  row.kind === 'removing' && row.component === 'control-plane'
    ? [`The control plane runs, though ${row.why}`]
    : stepsIn(row).map(sayDifference);

/** What would become of each component; none while the spec is refused. */
const withheldIn = (plan: Plan): readonly ComponentPlan[] =>
  plan.kind === 'suspended' && rejectionOf(plan) === undefined ? plan.withheld : [];

/** Every difference between what runs and what the spec asks for, as one problem. */
export function leftAsItIs(plan: Plan): Problem | undefined {
  const differences = withheldIn(plan).flatMap(differencesOf);
  return differences.length === 0
    ? undefined
    : { reason: 'Suspended', ...sayLeft(differences), passing: false };
}

/** A component that has no DaemonSet, or not for long, and gets none. */
export const notMade = (name: string, terminates: boolean): Problem => ({
  reason: 'Suspended',
  ...message(
    terminates
      ? `DaemonSet ${name} terminates and is not made again`
      : `DaemonSet ${name} is missing and is left so`,
    { todo },
  ),
  passing: false,
});

/** The condition Suspended. */
export function suspended({ kind }: Plan): NewCondition | undefined {
  return kind === 'suspended'
    ? {
        type: 'Suspended',
        status: 'True',
        reason: 'Suspended',
        head: 'Nothing is applied and no drift is repaired until spec.suspend is false',
      }
    : undefined;
}

/** The condition Drifted: what is not repaired. What is repaired at once is an event of the DaemonSet, and no state. */
export function drifted(plan: Plan): NewCondition | undefined {
  const steps = withheldIn(plan)
    .flatMap(stepsIn)
    .filter((step) => 'why' in step && step.why === 'drifted');
  return steps.length === 0
    ? undefined
    : { type: 'Drifted', status: 'True', reason: 'Drifted', ...sayLeft(steps.map(sayDifference)) };
}
