// What is known against the chosen release, for what it is used for.
import type { EffectiveSpec } from '../api/defaults.ts';
import { verdictOf } from '../catalog/verdicts.ts';
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

export function knownHazard(spec: EffectiveSpec, reports: readonly Report[]): NewCondition | undefined {
  const open = reports.flatMap((report) => report(spec));
  return open.length === 0
    ? undefined
    : { type: 'KnownHazard', status: 'True', reason: 'OpenReport', message: open.join(' ') };
}
