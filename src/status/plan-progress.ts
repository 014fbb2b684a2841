// What a plan has under way: a deletion or a removal that waits, or what has just been written.
import { systemNamespace } from '../api/metadata.ts';
import { message, sentences, toText, type Message } from '../api/words.ts';
import type { Problem } from '../modes/check.ts';
import { nameOf } from '../observed/pods.ts';
import { removalsOf, stepsOf, type Plan, type Removing } from '../plan/plan.ts';
import type { Step, Waiting } from '../steps/step.ts';
import type { StatusInput } from './input.ts';
import { actedMessage } from './outcome.ts';

/** What a deletion or a removal says; undefined: it has nothing to say. */
export type DepartureCheck = (input: StatusInput) => Problem | undefined;

const deletionIn = ({ plan }: StatusInput): Waiting | undefined =>
  plan.kind === 'deleting' ? plan.waiting : undefined;

function sayDeletion(input: StatusInput, { waitingFirst, waitingFor, todo }: Waiting): Message {
  const since = input.observed.snapshot.config.metadata.deletionTimestamp;
  return message([`Deleting: waiting for ${waitingFirst}`, 'Deleting'], {
    detail: `Since ${since} it waits for ${waitingFor}`,
    todo,
  });
}

/** A deletion has waited for too long: a person must act. */
export const deletionIsOverdue: DepartureCheck = (input) => {
  const waiting = deletionIn(input);
  return waiting?.overdue
    ? { reason: 'DeletionOverdue', ...sayDeletion(input, waiting), passing: false }
    : undefined;
};

/** Says what a deletion waits for, in time. */
export const deletionWaits: DepartureCheck = (input) => {
  const waiting = deletionIn(input);
  return waiting && { reason: 'Deleting', ...sayDeletion(input, waiting), passing: true };
};

/** The first that applies is said. */
export const deletionChecks: readonly DepartureCheck[] = [deletionIsOverdue, deletionWaits];

const removalIn = ({ plan }: StatusInput): Removing | undefined =>
  removalsOf(plan).find(({ waiting }) => waiting);

function sayRemoval({ why, waiting }: Removing): Message {
  const { waitingFor, waitingFirst, todo } = waiting ?? {};
  return message([`Removing the control plane: waiting for ${waitingFirst}`, 'Removing the control plane'], {
    detail: `It leaves because ${why}. It waits for ${waitingFor}`,
    todo,
  });
}

/** A removal has waited for too long: a person must act. */
export const removalIsOverdue: DepartureCheck = (input) => {
  const removal = removalIn(input);
  return removal?.waiting?.overdue
    ? { reason: 'RemovalOverdue', ...sayRemoval(removal), passing: false }
    : undefined;
};

/** Says what a removal of the control plane waits for, in time. */
export const removalWaits: DepartureCheck = (input) => {
  const removal = removalIn(input);
  return removal && { reason: 'Removing', ...sayRemoval(removal), passing: true };
};

/** The first that applies is said. */
export const removalChecks: readonly DepartureCheck[] = [removalIsOverdue, removalWaits];

/** The first that applies, and why it gets no further where the API server refused it. */
function firstOf(checks: readonly DepartureCheck[], input: StatusInput): Problem | undefined {
  for (const check of checks) {
    const problem = check(input);
    if (problem) {
      const refused = actedMessage(input.acted);
      return refused ? { ...problem, also: toText(refused) } : problem;
    }
  }
  return undefined;
}

/** What a deletion says, or undefined. */
export const deleting = (input: StatusInput): Problem | undefined => firstOf(deletionChecks, input);

/** What a removal of the control plane says, or undefined. */
export const removing = (input: StatusInput): Problem | undefined => firstOf(removalChecks, input);

function sayStep(step: Step): string {
  if ('object' in step) {
    const isDrift = 'why' in step && step.why === 'drifted';
    const done = step.kind === 'delete' ? 'deleted' : isDrift ? 'put back' : 'written';
    return `DaemonSet ${nameOf(step.object)} has just been ${done}`;
  }
  return 'name' in step
    ? `Lease ${step.name} has just been written`
    : 'The finalizer of this KubeVipConfig has just been written';
}

function lateOf(steps: readonly Step[]): string {
  const name = steps.map((step) => ('object' in step ? nameOf(step.object) : '')).find((text) => text !== '');
  return name === undefined
    ? 'Look at the log of the operator'
    : `See who else writes it: kubectl -n ${systemNamespace} get ds ${name} -o yaml --show-managed-fields`;
}

// What is changed on admission is tried again and again, and stays as it is. A pod that is ended changes no object.
const hasEffect = (step: Step): boolean =>
  step.kind !== 'delete-pod' && !('why' in step && step.why === 'admission');

/** What has just been written: drift that is undone, or a change that the DaemonSet controller has not seen yet. */
export function written(plan: Plan): Problem | undefined {
  const steps = stepsOf(plan).filter(hasEffect);
  const [first, ...others] = steps.map(sayStep);
  return first === undefined
    ? undefined
    : {
        reason: 'Applying',
        ...message(first, { detail: sentences(...others) }),
        passing: true,
        late: lateOf(steps),
      };
}
