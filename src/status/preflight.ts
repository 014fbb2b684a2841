// What preflight found, as status and as the condition PreflightPassed.
import { annotations } from '../api/metadata.ts';
import type { KubeVipConfigStatus } from '../api/types.ts';
import { rejectionOf, type Plan } from '../plan/plan.ts';
import { rowsOf, type Report, type Row } from '../preflight/run.ts';
import type { NewCondition } from './set-condition.ts';

const shown = 20;
const longest = 4096;

/** At most so many, in their order, and of each check at least one: many findings of one must not hide another. */
function shownOf(rows: readonly Row[]): readonly Row[] {
  const firsts = [...Map.groupBy(rows, ({ check }) => check).values()].flatMap(([first]) => first ?? []);
  const chosen = new Set([...new Set([...firsts, ...rows])].slice(0, shown));
  return rows.filter((row) => chosen.has(row));
}

/** The findings, capped, and how many there are. */
export function preflightStatus(report: Report): Pick<KubeVipConfigStatus, 'preflight' | 'preflightCounts'> {
  const count = (result: Row['result']): number => rowsOf(report, result).length;
  return {
    preflight: shownOf(report.rows).map(({ check, result, object, message }) => ({
      check,
      result,
      object,
      message: message.slice(0, longest),
    })),
    preflightCounts: {
      failed: count('Failed'),
      ...(count('Overridden') > 0 && { overridden: count('Overridden') }),
      warned: count('Warned'),
      acknowledged: count('Acknowledged'),
    },
  };
}

function sayRows(rows: readonly Row[]): string {
  const more = rows.length > 1 ? ` And ${rows.length - 1} more, see status.preflight.` : '';
  return `${rows[0]?.message.slice(0, longest)}${more}`;
}

function sayAcknowledged(report: Report): string {
  const ids = [...new Set(rowsOf(report, 'Acknowledged').map(({ check }) => check))];
  return ids.length === 0 ? '' : ` Acknowledged: ${ids.join(', ')}.`;
}

/** What an administrator lets pass though it blocks, or undefined. */
export function overridden(report: Report): NewCondition | undefined {
  const rows = rowsOf(report, 'Overridden');
  return rows.length === 0
    ? undefined
    : {
        type: 'Overridden',
        status: 'True',
        reason: 'CheckOverridden',
        message: `Annotation ${annotations.override} lets pass what would block: ${sayRows(rows)} Take the annotation off when that is mended.`,
      };
}

/** What forbids that anything is applied, or undefined. */
export function failedPreflight(report: Report): Pick<NewCondition, 'reason' | 'message'> | undefined {
  const failed = rowsOf(report, 'Failed');
  return failed.length === 0 ? undefined : { reason: 'PreflightFailed', message: sayRows(failed) };
}

// What is refused or suspended is not looked into.
function whyUnknown(plan: Plan): Pick<NewCondition, 'reason' | 'message'> {
  const message = 'The cluster is not asked while nothing is to be applied.';
  if (rejectionOf(plan)) {
    return { reason: 'NotAccepted', message };
  }
  if (plan.kind === 'suspended' || (plan.kind === 'deleting' && plan.waiting)) {
    return { reason: plan.kind === 'suspended' ? 'Suspended' : 'Deleting', message };
  }
  return { reason: 'PreflightPending', message: 'The facts that preflight judges are being gathered.' };
}

export function preflightPassed(report: Report, plan: Plan): NewCondition {
  const failed = failedPreflight(report);
  const warned = rowsOf(report, 'Warned');
  const base = { type: 'PreflightPassed', status: 'True' } as const;
  if (failed) {
    return { ...base, status: 'False', ...failed };
  }
  if (report.isPending) {
    return { ...base, status: 'Unknown', ...whyUnknown(plan) };
  }
  return warned.length > 0
    ? { ...base, reason: 'PreflightWarned', message: sayRows(warned) }
    : {
        ...base,
        reason: 'PreflightPassed',
        message: `All ${report.total} checks of the live cluster pass.${sayAcknowledged(report)}`,
      };
}
