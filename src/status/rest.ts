// Whether a pass has left nothing that time alone changes. What rests is looked at when something happens, and not over and over:
// 200 configs would be 27 looks a second, each to find what the one before has found.
import type { KubeVipConfigStatus } from '../api/types.ts';
import type { Observed } from '../observed/observed.ts';
import { orphanGraceMs } from '../observed/witness/orphans.ts';
import { isUncertain } from '../observed/witness/witnessed.ts';
import { stepsOf, type Plan } from '../plan/plan.ts';
import { triedAgainMs } from '../plan/rendering.ts';
import type { Report } from '../preflight/run.ts';

/** What a pass came to. */
export interface RestInput {
  readonly observed: Observed;
  readonly report: Report;
  readonly plan: Plan;
  readonly status: KubeVipConfigStatus;
}

/** Something that goes on, or comes to an end, though nothing happens. */
interface Unrest {
  readonly what: string;
  readonly applies: (input: RestInput) => boolean;
}

const isTrue = ({ conditions = [] }: KubeVipConfigStatus, type: string): boolean =>
  conditions.some((row) => row.type === type && row.status === 'True');

/** Everything that decisions read a clock for, but for the age of a Lease. */
export const unrests: readonly Unrest[] = [
  {
    what: 'what is not as it should be: some of that is given time, and some becomes overdue',
    applies: ({ status }) =>
      !isTrue(status, 'Ready') || isTrue(status, 'Reconciling') || isTrue(status, 'Stalled'),
  },
  {
    what: 'what is being written, taken away, held back or refused',
    applies: ({ plan }) =>
      plan.kind !== 'running' ||
      plan.components.some(({ kind }) => kind !== 'keep') ||
      stepsOf(plan).length + plan.history.length > 0,
  },
  {
    what: 'nodes that are being asked',
    applies: ({ plan: { probing } }) => probing.isAsking || probing.steps.length > 0,
  },
  {
    what: 'a write that is not made again for a while, because it had no effect',
    applies: ({ observed: { asked } }) =>
      asked.some(({ answer, now }) => answer !== undefined && Math.abs(now - answer.at) < triedAgainMs),
  },
  {
    what: 'a former holder that was not seen to let go',
    applies: ({ observed: { asked } }) => asked.some(({ former }) => former.length > 0),
  },
  {
    what: 'a container that has yet to prove that it stays',
    applies: ({ observed: { asked } }) => asked.some(({ looping }) => looping.size > 0),
  },
  {
    what: 'a holder whose next renewal tells in which container it leads',
    applies: ({ observed: { asked } }) => asked.some(({ holderContainer }) => holderContainer === undefined),
  },
  {
    what: 'owners of an address of which it is not certain yet what they mean',
    applies: ({ observed: { asked } }) =>
      asked.some(({ witnessed }) => witnessed?.verdicts.some(isUncertain) ?? false),
  },
  {
    what: 'an address that nothing claims any more, and that kube-vip may still take off',
    applies: ({ observed: { snapshot } }) =>
      snapshot.witness?.former.some(({ sinceMs }) => sinceMs < orphanGraceMs) ?? false,
  },
  {
    what: 'a status that an older CRD does not store whole, and that is written again',
    applies: ({ observed: { snapshot } }) => snapshot.unstored.length > 0,
  },
];

// So a row that is missing above costs ten minutes, as long as the time between two full compares.
const longestSeconds = 600;

/** For how many seconds nothing but an event, or a Lease that goes stale, changes what was decided; undefined: time does. */
export function restSeconds(input: RestInput): number | undefined {
  if (unrests.some(({ applies }) => applies(input))) {
    return undefined;
  }
  const { now } = input.observed.snapshot;
  const again = [...input.report.nodes.values()].flatMap(({ againAt }) => againAt ?? []);
  return Math.min(longestSeconds, ...again.map((at) => (at - now) / 1000));
}
