// Reconciling and Stalled: what tools that wait for an object read (kstatus: Flux, Argo CD). Never both: the first means
// wait, the second means fail.
import type { KubeVipConfigStatus } from '../api/types.ts';
import { sentences } from '../api/words.ts';
import { worstProblem, type Problem } from '../modes/check.ts';
import { nodeCounts } from '../observed/component-nodes.ts';
import type { Component } from '../observed/component.ts';
import { isTerminating } from '../observed/pods.ts';
import type { Moment } from '../observed/moment.ts';
import { holdOf, rejectionOf, rollingIn } from '../plan/plan.ts';
import { programmingChecks } from './checks.ts';
import { changedOnAdmission } from './admission.ts';
import type { ConditionInput } from './input.ts';
import { deleting, removing, written } from './plan-progress.ts';
import { failedPreflight, heldBack } from './preflight.ts';
import { applyFailed, type Said } from './programmed.ts';
import { rollingOut, rolloutFailed } from './rollout.ts';
import type { NewCondition } from './set-condition.ts';

/** How long a change may get no further before a person must look; as Deployments have it. */
export const progressDeadlineSeconds = 600;

const updatedBefore = ({ controlPlane, services }: KubeVipConfigStatus): number =>
  (controlPlane?.nodes?.updated ?? 0) + (services?.nodes?.updated ?? 0);

const updatedNow = (components: readonly Component[]): number =>
  components.reduce((sum, component) => sum + nodeCounts(component).updated, 0);

/** When what is under way got further last: another spec, or a node more or less that runs it, starts the count anew. */
function lastProgress({ observed: { snapshot }, components, plan }: ConditionInput): Moment {
  const rolling = rollingIn(plan);
  if (rolling) {
    return rolling.rollout.since;
  }
  const { config, lastProgress, now } = snapshot;
  const { status = {}, metadata } = config;
  const isSame =
    status.observedGeneration === metadata.generation && updatedBefore(status) === updatedNow(components);
  return lastProgress !== undefined && isSame ? lastProgress : { at: now };
}

const departing = (input: ConditionInput): Problem | undefined => deleting(input) ?? removing(input);

// What is missing while spec.suspend is true is meant to be so: neither under way, nor for a person to mend.
const programming = ({ plan, components }: ConditionInput): Problem | undefined =>
  worstProblem(
    programmingChecks,
    plan.kind === 'suspended'
      ? components.filter(({ daemonSet }) => daemonSet && !isTerminating(daemonSet))
      : components,
  );

// What is held back is not under way; drift that is undone meanwhile is.
const openProblem = (input: ConditionInput): Problem | undefined =>
  rolloutFailed(input) ??
  rollingOut(input) ??
  (holdOf(input.plan) ? undefined : programming(input)) ??
  written(input.plan);

/** What is being done about the spec, apart from a deletion or removal. */
function underWay(input: ConditionInput): (Said & Pick<Problem, 'late'>) | undefined {
  const { plan } = input;
  const failed = applyFailed(input);
  if (failed || rejectionOf(plan)) {
    return failed;
  }
  const held = holdOf(plan)?.reason === 'PreflightPending' ? heldBack(input) : undefined;
  if (held) {
    return { ...held, late: 'Look at the log of the operator' };
  }
  const problem = openProblem(input);
  return problem?.passing ? problem : undefined;
}

/** Since when what is under way has got no further; undefined: nothing is under way that should. */
export const progressOf = (input: ConditionInput): Moment | undefined =>
  departing(input) === undefined && underWay(input) !== undefined ? lastProgress(input) : undefined;

const stalledBy = (said: Said): NewCondition => ({ ...said, type: 'Stalled', status: 'True' });
const reconciling = (said: Said): NewCondition => ({ ...said, type: 'Reconciling', status: 'True' });

// What only a person can end.
function needsPerson(input: ConditionInput): Said | undefined {
  const problem =
    rejectionOf(input.plan) ??
    failedPreflight(input.report) ??
    changedOnAdmission(input.plan) ??
    rolloutFailed(input) ??
    rollingOut(input) ??
    programming(input);
  return problem !== undefined && 'passing' in problem && problem.passing ? undefined : problem;
}

/** What is said when time did not help. */
function overdue({ late = '', ...said }: Said & Pick<Problem, 'late'>, since: Moment): Said {
  const stop = `Nothing got further since ${since.text}, for more than ${progressDeadlineSeconds} s`;
  const { detail, todo = '', also } = said;
  return todo === ''
    ? { ...said, detail: sentences(detail, also, stop), todo: late, also: '' }
    : { ...said, also: sentences(also, stop, late) };
}

/** Reconciling, Stalled, or neither. */
export function kstatus(input: ConditionInput): NewCondition | undefined {
  const departure = departing(input);
  if (departure !== undefined) {
    return departure.passing ? reconciling(departure) : stalledBy(departure);
  }
  const open = needsPerson(input);
  const said = underWay(input);
  if (open !== undefined || said === undefined) {
    return open && stalledBy(open);
  }
  const since = lastProgress(input);
  const isOverdue = input.observed.snapshot.now - since.at > progressDeadlineSeconds * 1000;
  return isOverdue ? stalledBy(overdue(said, since)) : reconciling(said);
}
