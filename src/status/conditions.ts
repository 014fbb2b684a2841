// One function per condition. Accepted, Programmed and Ready are always there; the others only while true.
import { effectiveSpec, functionsOf, type EffectiveSpec } from '../api/defaults.ts';
import { verdictOf } from '../catalog/verdicts.ts';
import { featuresOf } from '../catalog/version-rules.ts';
import { labels } from '../api/metadata.ts';
import type { Snapshot } from '../plan/snapshot.ts';
import type { Plan } from '../plan/step.ts';
import { firstProblem, programmingChecks, readinessChecks, type Problem } from './checks.ts';
import type { OperandState } from './operand.ts';
import type { Outcome } from './outcome.ts';
import type { NewCondition } from './set-condition.ts';
import type { StatusInput } from './status.ts';

type States = readonly OperandState[];

const sentence = (text: string): string => (text.endsWith('.') ? text : `${text}.`);

function accepted({ rejection }: Plan): NewCondition {
  return rejection
    ? { type: 'Accepted', status: 'False', reason: rejection.reason, message: sentence(rejection.message) }
    : { type: 'Accepted', status: 'True', reason: 'Accepted', message: 'The spec is accepted.' };
}

// An invalid spec may have been rendered by an older operator: when all that it asks for runs, it is judged
// as it stands.
function runsOn({ plan, snapshot }: StatusInput, states: States): boolean {
  const asked = functionsOf(effectiveSpec(snapshot.config));
  return plan.rejection?.reason === 'SpecInvalid' && asked.length > 0 && states.length === asked.length;
}

function notRunning(
  input: StatusInput,
  states: States,
): Pick<NewCondition, 'reason' | 'message'> | undefined {
  const { plan } = input;
  if (plan.waitingFor !== undefined) {
    return { reason: 'Deleting', message: `Deleting: waiting for ${plan.waitingFor}.` };
  }
  return plan.rejection && !runsOn(input, states)
    ? {
        reason: 'NotAccepted',
        message: `Nothing of the spec is rendered: ${sentence(plan.rejection.message)}`,
      }
    : undefined;
}

// Drift that is undone, or a change that the DaemonSet controller has not seen yet.
const written: Problem = {
  reason: 'Applying',
  message: 'A change has just been written.',
  passing: true,
};

function programmed(input: StatusInput, states: States): NewCondition {
  const { plan, acted } = input;
  const base = { type: 'Programmed', status: 'False' } as const;
  if (acted.kind === 'failed') {
    return { ...base, reason: 'ApplyFailed', message: sentence(acted.error.message) };
  }
  const problem = notRunning(input, states) ?? firstProblem(programmingChecks, states);
  if (problem) {
    return { ...base, reason: problem.reason, message: problem.message };
  }
  return plan.steps.length > 0
    ? { ...base, reason: written.reason, message: written.message }
    : {
        ...base,
        status: 'True',
        reason: 'Applied',
        message: 'Every selected node runs the current revision.',
      };
}

function ready(input: StatusInput, states: States): NewCondition {
  const problem = notRunning(input, states) ?? firstProblem(readinessChecks, states);
  if (problem) {
    return { type: 'Ready', status: 'False', reason: problem.reason, message: problem.message };
  }
  const held = states.map(({ holds, lease }) => `${holds} on ${lease?.holder}`);
  return { type: 'Ready', status: 'True', reason: 'Held', message: sentence(held.join(', ')) };
}

function reconciling({ plan, acted }: StatusInput, states: States): NewCondition | undefined {
  const base = { type: 'Reconciling', status: 'True' } as const;
  if (plan.waitingFor !== undefined) {
    return { ...base, reason: 'Deleting', message: `Waiting for ${plan.waitingFor}.` };
  }
  if (acted.kind === 'failed') {
    return { ...base, reason: 'ApplyFailed', message: sentence(acted.error.message) };
  }
  if (plan.rejection) {
    return undefined;
  }
  const problem = firstProblem(programmingChecks, states) ?? (plan.steps.length > 0 ? written : undefined);
  return problem?.passing ? { ...base, reason: problem.reason, message: problem.message } : undefined;
}

function stalled({ plan }: StatusInput, states: States): NewCondition | undefined {
  const problem = plan.rejection ?? firstProblem(programmingChecks, states);
  const needsPerson = problem !== undefined && !('passing' in problem && problem.passing);
  return needsPerson && plan.waitingFor === undefined
    ? { type: 'Stalled', status: 'True', reason: problem.reason, message: sentence(problem.message) }
    : undefined;
}

function suspended({ suspended: isSuspended }: Plan): NewCondition | undefined {
  return isSuspended
    ? {
        type: 'Suspended',
        status: 'True',
        reason: 'Suspended',
        message: 'Nothing is applied and no drift is repaired until spec.suspend is false.',
      }
    : undefined;
}

function pinUnverified({ image }: EffectiveSpec): NewCondition | undefined {
  return image.digest === undefined
    ? undefined
    : {
        type: 'PinUnverified',
        status: 'True',
        reason: 'DigestFromSpec',
        message: `spec.image.digest ${image.digest} replaces the digest of the catalogue; make sure that it is kube-vip.`,
      };
}

function unguarded({ openNamespaces }: Snapshot): NewCondition | undefined {
  return openNamespaces.length === 0
    ? undefined
    : {
        type: 'Unguarded',
        status: 'True',
        reason: 'NamespaceOptedOut',
        message: `Any kube-vip is let through in namespace ${[...openNamespaces].sort().join(', ')}; remove the label ${labels.unsafe} there when it is no longer needed.`,
      };
}

function knownHazard(spec: EffectiveSpec): NewCondition | undefined {
  const rows = featuresOf(spec).flatMap((feature) => verdictOf(spec.version, feature) ?? []);
  // Two addresses usually share the verdict of one: said once.
  const open = rows.filter(
    ({ verdict, because }, index) =>
      verdict === 'caveat' && rows.findIndex((row) => row.because === because) === index,
  );
  return open.length === 0
    ? undefined
    : {
        type: 'KnownHazard',
        status: 'True',
        reason: 'OpenReport',
        message: open
          .map(
            ({ feature, because, evidence }) =>
              `${spec.version}, ${feature}: ${because} (${evidence.join(', ')}).`,
          )
          .join(' '),
      };
}

/** Every condition of a config, in the order in which they are stored. */
export function computeConditions(input: StatusInput, states: States): readonly NewCondition[] {
  const { plan, snapshot } = input;
  const spec = effectiveSpec(snapshot.config);
  return [
    ready(input, states),
    accepted(plan),
    programmed(input, states),
    reconciling(input, states),
    stalled(input, states),
    suspended(plan),
    pinUnverified(spec),
    unguarded(snapshot),
    knownHazard(spec),
  ].filter((row) => row !== undefined);
}

/** When to look again: twice in a lease duration, so that a stale Lease shows within one. */
export function nextLook(plan: Plan, states: States, acted: Outcome): Outcome {
  if (acted.kind === 'failed') {
    return acted;
  }
  // What was rendered before a refusal may run on, and its Lease may go stale without an event.
  if (plan.rejection && states.every(({ daemonSet }) => daemonSet === undefined)) {
    return { kind: 'stalled' };
  }
  const durations = states.map(({ lease }) => lease?.durationSeconds ?? 15);
  return { kind: 'waiting', afterSeconds: Math.min(15, ...durations) / 2 };
}
