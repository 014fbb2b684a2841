// What happened while preflight holds a config back: another check fails, or one of several does not any more. The
// condition has the same status and reason before and after, so that nothing else tells it.
import type { KubeVipConfigStatus } from '../api/types.ts';

type Finding = NonNullable<KubeVipConfigStatus['preflight']>[number];

/** The first finding of each check that fails, or undefined where preflight does not forbid anything. */
function failing({ conditions = [], preflight = [] }: KubeVipConfigStatus): readonly Finding[] | undefined {
  const verdict = conditions.find(({ type }) => type === 'PreflightPassed');
  const failed = preflight.filter(({ result }) => result === 'Failed');
  return verdict?.status === 'False'
    ? failed.filter(({ check }, index) => failed.findIndex((row) => row.check === check) === index)
    : undefined;
}

const say = (what: string, rows: readonly Finding[]): readonly string[] =>
  rows.length === 0 ? [] : [`${what}: ${rows.map(({ check }) => check).join(', ')}.`];

const isIn = (rows: readonly Finding[], { check }: Finding): boolean =>
  rows.some((row) => row.check === check);

/** What to tell when another set of checks fails than before; undefined when it is the same one. */
export function preflightChange(before: KubeVipConfigStatus, after: KubeVipConfigStatus): string | undefined {
  const [old, present] = [failing(before), failing(after)];
  if (old === undefined || present === undefined) {
    return undefined;
  }
  const begun = present.filter((row) => !isIn(old, row));
  const ended = old.filter((row) => !isIn(present, row));
  const left = present.filter((row) => isIn(old, row));
  if (begun.length + ended.length === 0) {
    return undefined;
  }
  // The short parts first: the end of a long note is cut off.
  const parts = [
    ...say('Fails now', begun),
    ...say('Fails no longer', ended),
    ...say('Still fails', left),
    ...[begun[0] ?? left[0]].flatMap((row) => row?.message ?? []),
  ];
  return parts.join(' ');
}
