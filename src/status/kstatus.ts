// Reconciling and Stalled: what tools that wait for an object read (kstatus: Flux, Argo CD). Never both: the first means
// wait, the second means fail.
import { isTerminating } from '../observed/pods.ts';
import { failedPreflight } from './preflight.ts';
import type { Problem } from '../modes/check.ts';
import { isOverdue, lastProgress, progressDeadlineSeconds } from './progress.ts';
import { holdOf, rejectionOf } from '../plan/plan.ts';
import type { StatusInput } from './input.ts';
import type { Scene } from './scene.ts';
import { sentence, type NewCondition } from './set-condition.ts';
import type { Watches } from './watches.ts';
import { worstProblem } from './worst.ts';
import { written } from './written.ts';

type Said = Pick<NewCondition, 'reason' | 'message'>;

/** The first that applies, and why it gets no further where the API server refused it. */
function firstOf(checks: Watches['deletion'], input: StatusInput): Problem | undefined {
  const { acted } = input;
  for (const check of checks) {
    const problem = check(input);
    if (problem) {
      return acted.kind === 'failed'
        ? { ...problem, message: `${problem.message} ${sentence(acted.error.message)}` }
        : problem;
    }
  }
  return undefined;
}

/** What a deletion says, or undefined. */
export const deleting = ({ input, watches }: Scene): Problem | undefined => firstOf(watches.deletion, input);

/** What a removal of the control plane says, or undefined. */
export const removing = ({ input, watches }: Scene): Problem | undefined => firstOf(watches.removal, input);

const leaving = (scene: Scene): Problem | undefined => deleting(scene) ?? removing(scene);

// What is missing while spec.suspend is true is meant to be so: neither under way, nor for a person to mend.
const programming = ({ input, states, watches }: Scene): Problem | undefined =>
  worstProblem(
    watches.programming,
    input.plan.kind === 'suspended'
      ? states.filter(({ daemonSet }) => daemonSet && !isTerminating(daemonSet))
      : states,
  );

// What is held back is not under way; drift that is undone meanwhile is.
function passingProblem(scene: Scene): Problem | undefined {
  const { plan } = scene.input;
  return (holdOf(plan) ? undefined : programming(scene)) ?? written(plan);
}

/** What is being done about the spec, apart from a deletion or removal. */
function underWay(scene: Scene): (Said & Pick<Problem, 'late'>) | undefined {
  const { plan, acted } = scene.input;
  if (acted.kind === 'failed') {
    return { reason: 'ApplyFailed', message: sentence(acted.error.message) };
  }
  if (rejectionOf(plan)) {
    return undefined;
  }
  const hold = holdOf(plan);
  if (hold?.reason === 'PreflightPending') {
    return { ...hold, late: 'look at the log of the operator' };
  }
  const problem = passingProblem(scene);
  return problem?.passing ? problem : undefined;
}

/** Whether something is under way that should get further. */
export const isUnderWay = (scene: Scene): boolean =>
  leaving(scene) === undefined && underWay(scene) !== undefined;

const stalledBy = ({ reason, message }: Said): NewCondition => ({
  type: 'Stalled',
  status: 'True',
  reason,
  message: sentence(message),
});

const reconciling = ({ reason, message }: Said): NewCondition => ({
  type: 'Reconciling',
  status: 'True',
  reason,
  message,
});

// What only a person can end.
function needsPerson(scene: Scene): Said | undefined {
  const { plan, report } = scene.input;
  const problem = rejectionOf(plan) ?? failedPreflight(report) ?? programming(scene);
  return problem !== undefined && 'passing' in problem && problem.passing ? undefined : problem;
}

/** Reconciling, Stalled, or neither. */
export function kstatus(scene: Scene): NewCondition | undefined {
  const { input, states } = scene;
  const ending = leaving(scene);
  if (ending !== undefined) {
    return ending.passing ? reconciling(ending) : stalledBy(ending);
  }
  const open = needsPerson(scene);
  const said = underWay(scene);
  if (open !== undefined || said === undefined) {
    return open && stalledBy(open);
  }
  const since = lastProgress(input.observed.snapshot, states);
  return isOverdue(since, input.observed.snapshot.now)
    ? stalledBy({
        reason: said.reason,
        message: `${sentence(said.message)} Nothing got further since ${since.text}, for more than ${progressDeadlineSeconds} s${said.late === undefined ? '' : `; ${said.late}`}.`,
      })
    : reconciling(said);
}
