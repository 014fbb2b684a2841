// What is known against what a spec asks for: timings that are not safe, and faults of the chosen release.
import type { Reason } from '../api/conditions.ts';
import type { EffectiveSpec } from '../api/defaults.ts';
import { isSafeTiming, nearestSafeTiming, timingLine } from '../api/election-timing.ts';
import { list, message, sentences, toText, type Message } from '../api/words.ts';
import { recommended } from '../catalog/releases.ts';
import { choosable, verdictOf } from '../catalog/verdicts.ts';
import { featuresOf } from '../catalog/version-rules.ts';
import type { Component } from '../observed/component.ts';
import type { NewCondition } from './set-condition.ts';

/** Something that is known against a spec. */
export interface KnownHazard extends Message {
  readonly reason: Reason;
}

/** One kind of what may be known; undefined when a spec has nothing of it. */
export type FindHazard = (spec: EffectiveSpec, components: readonly Component[]) => KnownHazard | undefined;

/** Timings from before the rule `lease-outlives-letting-go`, which the API server leaves as they are. */
export const timingsAreUnsafe: FindHazard = ({ election }) => {
  const { leaseDurationSeconds: lease, renewDeadlineSeconds: renew, retryPeriodSeconds: retry } = election;
  return isSafeTiming(election)
    ? undefined
    : {
        reason: 'UnsafeTimings',
        ...message(
          `spec.leaderElection ${lease}/${renew}/${retry} gives two owners while an API server hangs`,
          {
            detail: `The Lease runs out before its holder has let go, which takes up to 2 x ${renew} + ${retry} s`,
            todo: `set ${timingLine(nearestSafeTiming(election))} in the spec. That restarts kube-vip, one node after the other`,
          },
        ),
      };
};

/** The release to choose: the recommended one, else the latest of which nothing is known for this use. */
function instead(spec: EffectiveSpec): string {
  const isGood = (version: string): boolean =>
    featuresOf(spec).every((feature) => verdictOf(version, feature)?.verdict === 'good');
  const better = [...choosable.map(({ version }) => version), recommended].findLast(isGood);
  return better === undefined
    ? 'see docs/versions.md: something is known of every release that can be chosen'
    : `set spec.version to ${better}, of which nothing of the kind is known`;
}

/** The verdicts of the catalogue on the chosen release that are no more than `caveat`, for what it is used for. */
export const releaseIsReported: FindHazard = (spec) => {
  const rows = featuresOf(spec).flatMap((feature) => verdictOf(spec.version, feature) ?? []);
  // Two addresses usually share the verdict of one: said once.
  const open = rows.filter(
    ({ verdict, because }, index) =>
      verdict === 'caveat' && rows.findIndex((row) => row.because === because) === index,
  );
  const features = open.map(({ feature }) => feature).join(', ');
  const texts = open.map(
    ({ feature, because, evidence }) => `${spec.version}, ${feature}: ${because} (${evidence.join(', ')}).`,
  );
  return open.length === 0
    ? undefined
    : {
        reason: 'OpenReport',
        ...message(
          [`${spec.version} has an open report for ${features}`, `${spec.version} has open reports`],
          { detail: sentences(...texts), todo: instead(spec) },
        ),
      };
};

/** A node on which a pod of an earlier release ended that leaves the address there, until a next kube-vip has started. */
export const addressIsLeft: FindHazard = (_, components) => {
  const left = components.flatMap(({ holds, former }) =>
    former.filter((row) => row.leavesAddress).map(({ node, version }) => ({ holds, node, version })),
  );
  const [first] = left;
  return (
    first && {
      reason: 'OpenReport',
      ...message(
        [
          `${first.version} may have left ${first.holds} on ${list(left.map(({ node }) => node))}`,
          `${first.version} may have left an address on ${first.node}`,
        ],
        {
          detail: 'A pod of this release may leave the address on its node when it ends',
          todo: `look on ${first.node} with ip address show. The next kube-vip pod there takes the address off when it starts`,
        },
      ),
    }
  );
};

/** Every kind, the worst first: its reason is the one that the condition has. */
export const hazardChecks: readonly FindHazard[] = [timingsAreUnsafe, addressIsLeft, releaseIsReported];

/** The condition KnownHazard; undefined when nothing is known. */
export function knownHazard(spec: EffectiveSpec, components: readonly Component[]): NewCondition | undefined {
  const [worst, ...others] = hazardChecks.flatMap((find) => find(spec, components) ?? []);
  return (
    worst && {
      ...worst,
      type: 'KnownHazard',
      status: 'True',
      ...(others.length > 0 && { also: sentences(...others.map(toText)) }),
    }
  );
}
