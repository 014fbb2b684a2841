// What is said of a rollout: how far it is, what it waits for, and that it was taken back.
import type { KubeVipConfigStatus } from '../api/types.ts';
import { annotations } from '../api/metadata.ts';
import { clip, list, message, sentences, type Message } from '../api/words.ts';
import { releaseIn } from '../observed/daemon-set.ts';
import type { Moment } from '../observed/moment.ts';
import type { Problem } from '../modes/check.ts';
import { rollingIn, type Plan, type Rolling } from '../plan/plan.ts';
import { retryWord, type Rollout } from '../rollout/stage.ts';
import type { StatusInput } from './input.ts';
import type { NewCondition } from './set-condition.ts';

type RolloutStatus = NonNullable<KubeVipConfigStatus['rollout']>;

const longest = 1024;
const mostPods = 100;

const releases = ({ good, goal }: Rollout) => ({ from: releaseIn(good) ?? '', to: releaseIn(goal) ?? '' });

function statusOf(rollout: Rollout, now: string): RolloutStatus {
  const { component, revision, attempt, phase, nodes, failure, next, skipped, waitingFor } = rollout;
  const { pods = [] } = rollout;
  const textOf = ({ text }: Moment): string => text ?? now;
  return {
    function: component,
    revision,
    attempt,
    ...releases(rollout),
    lastGood: rollout.lastGood,
    phase,
    nodes,
    ...(pods.length > 0 && { pods: pods.slice(0, mostPods) }),
    ...(next[0] !== undefined && { next: next[0] }),
    ...(skipped.length > 0 && { skipped: skipped.length }),
    updated: rollout.updated,
    total: rollout.total,
    since: textOf(rollout.since),
    ...(rollout.passingSince && { passingSince: textOf(rollout.passingSince) }),
    ...(waitingFor !== undefined && { waitingFor: clip(waitingFor, longest) }),
    expectedMoves: rollout.moves,
    expectedAbsenceSeconds: rollout.absenceSeconds,
    ...(failure && { failure: { ...failure, message: clip(failure.message, longest) } }),
  };
}

/** What status remembers of a rollout; undefined: there is none. One that is held back or suspended has no turn. */
export function rolloutStatus({ plan, observed, now }: StatusInput): RolloutStatus | undefined {
  const rolling = rollingIn(plan);
  if (rolling) {
    return statusOf(rolling.rollout, now);
  }
  const known = observed.snapshot.config.status?.rollout;
  const isKept =
    plan.kind === 'suspended' ||
    (plan.kind === 'running' && plan.components.some(({ kind }) => kind === 'held' || kind === 'refused'));
  if (known === undefined || !isKept) {
    return undefined;
  }
  return known.failure ? known : { ...known, phase: 'Waiting', nodes: [] };
}

/** What the nodes get, for example `v1.2.3`, or `the new rendering` where the release stays. */
function goalOf(rollout: Rollout): string {
  const { from, to } = releases(rollout);
  return from === to ? `the new rendering of ${to}` : to;
}

/** The same as the first words: a release is written as it is. */
const atBeginning = (rollout: Rollout): string => goalOf(rollout).replace(/^the/, 'The');

const skippedIn = ({ skipped }: Rollout): string =>
  skipped.length === 0
    ? ''
    : skipped.length === 1
      ? `${list(skipped)} does not report and is changed later: start its kubelet, or delete the Node when it is gone for good`
      : `${list(skipped)} do not report and are changed later: start their kubelets, or delete the Nodes that are gone for good`;

const expected = ({ moves, absenceSeconds }: Rollout): string =>
  moves === 0
    ? 'The address moves no more for it'
    : `The address moves ${moves === 1 ? 'once' : `${moves} times`} for it, and is absent for ${absenceSeconds} s at most then`;

function sayProgress({ rollout }: Rolling): Message {
  const { updated, total, nodes, next, waitingFor, untold } = rollout;
  const rests = untold === undefined ? '' : `The gates rest on Leases, pods and the API alone: ${untold}`;
  const head = `${updated} of ${total} nodes on ${goalOf(rollout)}`;
  const [following] = [...nodes, ...next];
  return message(
    waitingFor === undefined
      ? [following === undefined ? head : `${head}, next ${following}`, head]
      : [`${head}, waiting: ${waitingFor}`, `${head}, waiting`],
    { detail: sentences(expected(rollout), skippedIn(rollout), rests) },
  );
}

/** How far a rollout is; undefined: none is under way. */
export function rollingOut({ plan }: Pick<StatusInput, 'plan'>): Problem | undefined {
  const rolling = rollingIn(plan);
  if (rolling === undefined || rolling.rollout.failure) {
    return undefined;
  }
  const { phase, component } = rolling.rollout;
  return phase === 'Paused'
    ? {
        reason: 'RolloutPaused',
        ...message(sayProgress(rolling).head, {
          todo: `set spec.rollout.paused to false, and take the annotation ${annotations.rollout} off, when it may go on`,
        }),
        passing: false,
      }
    : {
        reason: 'RollingOut',
        ...sayProgress(rolling),
        passing: true,
        late: `Look at status.rollout, and at the ${component} pods`,
      };
}

/** What the nodes run after a gate failed. */
function sayState({ phase, updated, total }: Rollout, isLost: boolean): string {
  const counted = `${updated} of ${total} nodes`;
  const said: Partial<Record<Rollout['phase'], string>> = {
    RollingBack: `${counted} still run it, and go back`,
    RolledBack: 'Every node runs what worked last',
  };
  const why = isLost ? '' : ', because spec.rollout.onFailure is Pause';
  return said[phase] ?? `${counted} run it, and stay so${why}`;
}

function sayFailure(plan: Plan, config: string): Message | undefined {
  const { rollout } = rollingIn(plan) ?? {};
  if (rollout?.failure === undefined) {
    return undefined;
  }
  const { failure } = rollout;
  const isLost = failure.gate === 'last-good-is-known';
  const where = failure.node === '' ? '' : ` on ${failure.node}`;
  return message(
    [
      `${atBeginning(rollout)} failed${where}: ${failure.message}`,
      `${atBeginning(rollout)} failed${where} at gate ${failure.gate}`,
      `A rollout failed at gate ${failure.gate}`,
    ],
    {
      detail: sentences(`Gate ${failure.gate} did not pass`, sayState(rollout, isLost)),
      todo: isLost
        ? 'change the spec back to what ran before, or to another release'
        : `change the spec. To try the same once more, run kubectl annotate --overwrite kubevipconfig ${config} ${annotations.retryRollout}=${retryWord(rollout)}`,
    },
  );
}

/** A gate failed, and a person has to look. */
export function rolloutFailed({
  plan,
  observed,
}: Pick<StatusInput, 'plan' | 'observed'>): Problem | undefined {
  const said = sayFailure(plan, observed.spec.name);
  const isGoingBack = rollingIn(plan)?.rollout.phase === 'RollingBack';
  return said && { reason: 'RolloutFailed', ...said, passing: isGoingBack };
}

/** The condition RollbackActive. */
export function rollbackActive({
  plan,
  observed,
}: Pick<StatusInput, 'plan' | 'observed'>): NewCondition | undefined {
  const said = sayFailure(plan, observed.spec.name);
  return rollingIn(plan)?.rollout.phase === 'Failed' || said === undefined
    ? undefined
    : { type: 'RollbackActive', status: 'True', reason: 'RolloutFailed', ...said };
}
