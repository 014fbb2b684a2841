// How long a Lease lives and how long its holder tries to renew it, and which of such timings are safe.

/** Timings of one election in seconds. */
export interface ElectionTiming {
  readonly leaseDurationSeconds: number;
  readonly renewDeadlineSeconds: number;
  readonly retryPeriodSeconds: number;
}

/** What a spec gets that says nothing; docs/decisions/0006-lease-timings.md has the measurement. */
export const defaultTiming: ElectionTiming = {
  leaseDurationSeconds: 24,
  renewDeadlineSeconds: 10,
  retryPeriodSeconds: 2,
};

/**
 * Seconds that the Lease must outlive, so that a holder whose API server hangs lets go before another node takes over:
 * one deadline to renew, one to release, since the address goes only after the release (tools/leaderelection of
 * client-go 0.32 to 0.36), and the pause before the attempt that hangs.
 */
const secondsUntilLetGo = ({ renewDeadlineSeconds, retryPeriodSeconds }: ElectionTiming): number =>
  2 * renewDeadlineSeconds + retryPeriodSeconds;

/** Whether one hung API server ends with one owner. */
export const isSafeTiming = (timing: ElectionTiming): boolean =>
  timing.leaseDurationSeconds > secondsUntilLetGo(timing);

/** Whether client-go takes them: JitterFactor 1.2 in tools/leaderelection. */
export const outlivesRetry = ({ renewDeadlineSeconds, retryPeriodSeconds }: ElectionTiming): boolean =>
  renewDeadlineSeconds * 10 > retryPeriodSeconds * 12;

/** Whether two elections have the same timings. */
export const isSameTiming = (one: ElectionTiming, other: ElectionTiming): boolean =>
  timingLine(one) === timingLine(other);

/** What the schema allows a Lease to last. */
export const longestLeaseSeconds = 60;

/** Of the default, too: what a clock, a scheduler and the network may take. */
const marginSeconds = 2;

/** Safe timings with the renew deadline and the retries of others, as far as the longest Lease allows. */
export function nearestSafeTiming({
  renewDeadlineSeconds,
  retryPeriodSeconds,
}: ElectionTiming): ElectionTiming {
  const longestRenew = Math.floor((longestLeaseSeconds - retryPeriodSeconds - marginSeconds) / 2);
  const kept = { renewDeadlineSeconds: Math.min(renewDeadlineSeconds, longestRenew), retryPeriodSeconds };
  const nearest = { ...defaultTiming, ...kept };
  const leaseDurationSeconds = secondsUntilLetGo(nearest) + marginSeconds;
  return outlivesRetry(nearest) ? { ...nearest, leaseDurationSeconds } : defaultTiming;
}

/** Timings as their fields and values, in a sentence. */
export const timingInWords = (timing: ElectionTiming): string =>
  Object.entries(timing)
    .map((pair) => pair.join(' '))
    .join(', ');

/** Timings as a line of a spec, to be copied. */
export const timingLine = (timing: ElectionTiming): string =>
  `leaderElection: {leaseDurationSeconds: ${timing.leaseDurationSeconds}, renewDeadlineSeconds: ${timing.renewDeadlineSeconds}, retryPeriodSeconds: ${timing.retryPeriodSeconds}}`;
