// When containers were started again, in numbers: the decisions know no clock and parse no time.
import type { V1Pod } from '@kubernetes/client-node';
import type { Restart } from '../observed/snapshot.ts';

// client-node's type has Date where the wire has text.
const milliseconds = (time: unknown): number => (typeof time === 'string' ? Date.parse(time) : NaN);

function restartOf({ status }: V1Pod): Restart | undefined {
  const { state, lastState } = status?.containerStatuses?.[0] ?? {};
  const { startedAt, finishedAt } = lastState?.terminated ?? {};
  const restart = {
    at: milliseconds(state?.running?.startedAt),
    ranMs: milliseconds(finishedAt) - milliseconds(startedAt),
  };
  return Number.isNaN(restart.at + restart.ranMs) ? undefined : restart;
}

/** By name of the pod. */
export const restartsOf = (pods: readonly V1Pod[]): Readonly<Record<string, Restart>> =>
  Object.fromEntries(
    pods.flatMap((pod) => {
      const restart = restartOf(pod);
      return restart === undefined ? [] : [[pod.metadata?.name ?? '', restart] as const];
    }),
  );
