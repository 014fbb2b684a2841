// Whether the objects are applied, and every selected node runs them.
import { sentences, toText, type Message } from '../api/words.ts';
import { problemsOf, together, worstFirst, type Check, type Problem } from '../modes/check.ts';
import { programmingChecks } from './checks.ts';
import { changedOnAdmission } from './admission.ts';
import type { ConditionInput } from './input.ts';
import { rejectionOf } from '../plan/plan.ts';
import { actedMessage } from './outcome.ts';
import { deleting, removing, written } from './plan-progress.ts';
import { heldBack } from './preflight.ts';
import { rollingOut, rolloutFailed } from './rollout.ts';
import type { NewCondition } from './set-condition.ts';
import { leftAsItIs } from './suspended.ts';

/** A reason with its message. */
export type Said = Message & Pick<NewCondition, 'reason'>;

// An invalid spec may have been rendered by an older operator: when all that it asks for runs, it is judged
// as it stands.
const runsAll = ({ plan, components, observed: { asked } }: ConditionInput): boolean =>
  rejectionOf(plan)?.reason === 'SpecInvalid' && asked.length > 0 && components.length === asked.length;

/** Why there is nothing to judge: the object is being deleted, or its spec is refused and nothing of it runs. */
export function notRunning(input: ConditionInput): Said | undefined {
  const deletion = deleting(input);
  if (deletion !== undefined) {
    return { ...deletion, reason: 'Deleting' };
  }
  const rejection = rejectionOf(input.plan);
  if (rejection === undefined || runsAll(input)) {
    return undefined;
  }
  const removal = removing(input);
  return {
    ...rejection,
    reason: 'NotAccepted',
    detail: sentences('Nothing of the spec is rendered', rejection.detail),
    ...(removal && { also: toText(removal) }),
  };
}

/** A control plane that leaves, and what is wrong with the other component. */
export function removalAndRest(input: ConditionInput, checks: readonly Check[]): Problem | undefined {
  const removal = removing(input);
  const rest = input.components.filter(({ kind }) => kind !== 'control-plane');
  return removal && together(worstFirst([{ ...removal, reason: 'Removing' }, ...problemsOf(checks, rest)]));
}

/** What the API server refused. */
export function applyFailed({ acted }: Pick<ConditionInput, 'acted'>): Said | undefined {
  const refused = actedMessage(acted);
  return refused && { ...refused, reason: 'ApplyFailed' };
}

// What is left as it is on purpose is said once, and what else is wrong with what runs comes behind it.
function programmingProblem(input: ConditionInput): Problem | undefined {
  const { plan, components } = input;
  const problems = problemsOf(programmingChecks, components);
  const rolling = rolloutFailed(input) ?? rollingOut(input);
  const left = leftAsItIs(plan);
  const rest = problems.filter(({ reason }) => reason !== left?.reason);
  return together([left ?? [], rolling ?? [], changedOnAdmission(plan) ?? [], rest].flat());
}

/** The condition Programmed. */
export function programmed(input: ConditionInput): NewCondition {
  const problem =
    applyFailed(input) ??
    notRunning(input) ??
    removalAndRest(input, programmingChecks) ??
    heldBack(input) ??
    programmingProblem(input) ??
    written(input.plan);
  return problem
    ? { ...problem, type: 'Programmed', status: 'False' }
    : {
        type: 'Programmed',
        status: 'True',
        reason: 'Applied',
        head: 'Every selected node runs the current revision',
      };
}
