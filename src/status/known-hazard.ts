// What is known against the chosen release, for what it is used for.
import type { EffectiveSpec } from '../api/defaults.ts';
import { message, sentences } from '../api/words.ts';
import { recommended } from '../catalog/releases.ts';
import { choosable, verdictOf } from '../catalog/verdicts.ts';
import { featuresOf } from '../catalog/version-rules.ts';
import type { NewCondition } from './set-condition.ts';

/** What is known against the release of a spec, in one use of it. */
export interface OpenReport {
  readonly feature: string;
  /** One sentence, with its evidence. */
  readonly text: string;
}

/** What is known against the release of a spec. */
export type FindReports = (spec: EffectiveSpec) => readonly OpenReport[];

/** The verdicts of the catalogue that are no more than `caveat`. */
export const reportsOf: FindReports = (spec) => {
  const rows = featuresOf(spec).flatMap((feature) => verdictOf(spec.version, feature) ?? []);
  // Two addresses usually share the verdict of one: said once.
  return rows
    .filter(
      ({ verdict, because }, index) =>
        verdict === 'caveat' && rows.findIndex((row) => row.because === because) === index,
    )
    .map(({ feature, because, evidence }) => ({
      feature,
      text: `${spec.version}, ${feature}: ${because} (${evidence.join(', ')}).`,
    }));
};

/** Everything that may be known against a release. */
export const reports: readonly FindReports[] = [reportsOf];

/** The release to choose: the recommended one, else the latest of which nothing is known for this use. */
function instead(spec: EffectiveSpec): string {
  const isGood = (version: string): boolean =>
    featuresOf(spec).every((feature) => verdictOf(version, feature)?.verdict === 'good');
  const better = [...choosable.map(({ version }) => version), recommended].findLast(isGood);
  return better === undefined
    ? 'see docs/versions.md: something is known of every release that can be chosen'
    : `set spec.version to ${better}, of which nothing of the kind is known`;
}

/** The condition KnownHazard. */
export function knownHazard(spec: EffectiveSpec): NewCondition | undefined {
  const open = reports.flatMap((find) => find(spec));
  const features = open.map(({ feature }) => feature);
  return open.length === 0
    ? undefined
    : {
        type: 'KnownHazard',
        status: 'True',
        reason: 'OpenReport',
        ...message(
          [
            `${spec.version} has an open report for ${features.join(', ')}`,
            `${spec.version} has open reports`,
          ],
          {
            detail: sentences(...open.map(({ text }) => text)),
            todo: instead(spec),
          },
        ),
      };
}
