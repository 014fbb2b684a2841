// What is known against the chosen release, for what it is used for.
import type { EffectiveSpec } from '../api/defaults.ts';
import { recommended } from '../catalog/releases.ts';
import { choosable, verdictOf } from '../catalog/verdicts.ts';
import { featuresOf } from '../catalog/version-rules.ts';
import type { NewCondition } from './set-condition.ts';

/** Sentences about a spec. */
export type Report = (spec: EffectiveSpec) => readonly string[];

export const reportsOf: Report = (spec) => {
  const rows = featuresOf(spec).flatMap((feature) => verdictOf(spec.version, feature) ?? []);
  // Two addresses usually share the verdict of one: said once.
  return rows
    .filter(
      ({ verdict, because }, index) =>
        verdict === 'caveat' && rows.findIndex((row) => row.because === because) === index,
    )
    .map(
      ({ feature, because, evidence }) => `${spec.version}, ${feature}: ${because} (${evidence.join(', ')}).`,
    );
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

export function knownHazard(spec: EffectiveSpec, reports: readonly Report[]): NewCondition | undefined {
  const open = reports.flatMap((report) => report(spec));
  return open.length === 0
    ? undefined
    : {
        type: 'KnownHazard',
        status: 'True',
        reason: 'OpenReport',
        message: `${open.join(' ')} ${instead(spec)}.`,
      };
}
