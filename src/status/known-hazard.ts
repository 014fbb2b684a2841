// What is known against what a spec asks for: timings that are not safe, and faults of the chosen release.
import type { Reason } from '../api/conditions.ts';
import type { EffectiveSpec } from '../api/defaults.ts';
import { isSafeTiming, nearestSafeTiming, timingLine } from '../api/election-timing.ts';
import { recommended } from '../catalog/releases.ts';
import { choosable, verdictOf } from '../catalog/verdicts.ts';
import { featuresOf } from '../catalog/version-rules.ts';
import type { NewCondition } from './set-condition.ts';

/** Something that is known against a spec, in sentences that end with what to do. */
export interface KnownHazard {
  readonly reason: Reason;
  readonly message: string;
}

/** One kind of what may be known; undefined when a spec has nothing of it. */
export type Report = (spec: EffectiveSpec) => KnownHazard | undefined;

/** Timings from before the rule `lease-outlives-letting-go`, which the API server leaves as they are. */
export const timingsAreUnsafe: Report = ({ election }) => {
  const { leaseDurationSeconds: lease, renewDeadlineSeconds: renew, retryPeriodSeconds: retry } = election;
  return isSafeTiming(election)
    ? undefined
    : {
        reason: 'UnsafeTimings',
        message: `spec.leaderElection ${lease}/${renew}/${retry}: two nodes own an address for seconds while an API server hangs, because the Lease runs out before its holder has let go (2 x ${renew} + ${retry} s). Set ${timingLine(nearestSafeTiming(election))} in the spec; that restarts kube-vip, one node after the other.`,
      };
};

/** The release to choose: the recommended one, else the latest of which nothing is known for this use. */
function instead(spec: EffectiveSpec): string {
  const isGood = (version: string): boolean =>
    featuresOf(spec).every((feature) => verdictOf(version, feature)?.verdict === 'good');
  const better = [...choosable.map(({ version }) => version), recommended].findLast(isGood);
  return better === undefined
    ? 'Of every release that can be chosen something is known; docs/versions.md has what'
    : `Set spec.version to ${better}, of which nothing of the kind is known`;
}

/** Faults of the chosen release, for what it is used for. */
export const releaseIsReported: Report = (spec) => {
  const rows = featuresOf(spec).flatMap((feature) => verdictOf(spec.version, feature) ?? []);
  // Two addresses usually share the verdict of one: said once.
  const said = rows
    .filter(
      ({ verdict, because }, index) =>
        verdict === 'caveat' && rows.findIndex((row) => row.because === because) === index,
    )
    .map(
      ({ feature, because, evidence }) => `${spec.version}, ${feature}: ${because} (${evidence.join(', ')}).`,
    );
  return said.length === 0
    ? undefined
    : { reason: 'OpenReport', message: `${said.join(' ')} ${instead(spec)}.` };
};

/** Every kind, the worst first: its reason is the one that the condition has. */
export const reports: readonly Report[] = [timingsAreUnsafe, releaseIsReported];

/** The condition KnownHazard; undefined when nothing is known. */
export function knownHazard(spec: EffectiveSpec, kinds: readonly Report[]): NewCondition | undefined {
  const open = kinds.flatMap((kind) => kind(spec) ?? []);
  const [worst] = open;
  return (
    worst && {
      type: 'KnownHazard',
      status: 'True',
      reason: worst.reason,
      message: open.map(({ message }) => message).join(' '),
    }
  );
}
