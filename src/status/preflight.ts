// What preflight found, as status, as the condition PreflightPassed and as events.
import { annotations } from '../api/metadata.ts';
import type { KubeVipConfigStatus } from '../api/types.ts';
import { clip, list, message, sentences, type Message } from '../api/words.ts';
import { rowsOf, type Report, type Row } from '../preflight/run.ts';
import { decidedOf, heldIn, rejectionOf, type Held, type Plan } from '../plan/plan.ts';
import type { StatusInput } from './input.ts';
import type { NewCondition } from './set-condition.ts';

type Said = Message & Pick<NewCondition, 'reason'>;

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
      message: clip(message, longest),
    })),
    preflightCounts: {
      failed: count('Failed'),
      ...(count('Overridden') > 0 && { overridden: count('Overridden') }),
      warned: count('Warned'),
      acknowledged: count('Acknowledged'),
    },
  };
}

/** The first finding, and how many more there are. */
function sayRows([first, ...others]: readonly Row[]): Message {
  return {
    head: first?.head ?? '',
    detail: first?.detail,
    todo: first?.todo,
    ...(others.length > 0 && { also: `And ${others.length} more, see status.preflight.` }),
  };
}

function sayAcknowledged(report: Report): string {
  const ids = [...new Set(rowsOf(report, 'Acknowledged').map(({ check }) => check))];
  return ids.length === 0 ? '' : `Acknowledged: ${ids.join(', ')}`;
}

/** What an administrator lets pass though it blocks, or undefined. */
export function overridden(report: Report): NewCondition | undefined {
  const [first, ...others] = rowsOf(report, 'Overridden');
  return (
    first && {
      type: 'Overridden',
      status: 'True',
      reason: 'CheckOverridden',
      ...message(`Annotation ${annotations.override} lets check ${first.check} pass, which blocks`, {
        detail: sentences(
          first.message,
          others.length > 0 ? `And ${others.length} more, see status.preflight` : '',
        ),
        todo: 'take the annotation off when that is mended',
      }),
    }
  );
}

/** What forbids that anything is applied, or undefined. */
export function failedPreflight(report: Report): Said | undefined {
  const failed = rowsOf(report, 'Failed');
  return failed.length === 0 ? undefined : { reason: 'PreflightFailed', ...sayRows(failed) };
}

const called = { 'control-plane': 'the control plane', services: 'Services' } as const;

/** What is held back: with the name of the component where another one goes on. */
function sayHeld(plan: Plan, held: readonly Held[]): string {
  const goesOn = decidedOf(plan).length > held.length;
  const names = held.map(({ component }) => called[component]);
  return `Nothing new is applied${goesOn ? ` for ${list(names)}` : ''}`;
}

/** Why a change is held back, or undefined. */
export function heldBack({ plan, report }: Pick<StatusInput, 'plan' | 'report'>): Said | undefined {
  const held = heldIn(plan);
  const [reason] = held.map((row) => row.hold.reason);
  const failed = rowsOf(report, 'Failed');
  const isCause = ({ holds }: Row): boolean => held.some(({ component }) => holds.includes(component));
  if (reason === 'PreflightFailed' && failed.some(isCause)) {
    const said = sayRows([...failed.filter(isCause), ...failed.filter((row) => !isCause(row))]);
    return { reason, ...said, detail: sentences(sayHeld(plan, held), said.detail) };
  }
  return (
    reason && {
      reason,
      head: `${sayHeld(plan, held)} yet: the facts that preflight judges are being gathered`,
    }
  );
}

// What is refused or suspended is not looked into.
function whyUnknown(plan: Plan): Said {
  const head = 'The cluster is not asked while nothing is to be applied';
  if (rejectionOf(plan)) {
    return { reason: 'NotAccepted', head };
  }
  if (plan.kind === 'suspended' || (plan.kind === 'deleting' && plan.waiting)) {
    return { reason: plan.kind === 'suspended' ? 'Suspended' : 'Deleting', head };
  }
  return { reason: 'PreflightPending', head: 'The facts that preflight judges are being gathered' };
}

/** The condition PreflightPassed. */
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
    ? { ...base, reason: 'PreflightWarned', ...sayRows(warned) }
    : {
        ...base,
        reason: 'PreflightPassed',
        ...message(`All ${report.total} checks of the live cluster pass`, {
          detail: sayAcknowledged(report),
        }),
      };
}

/** The checks that fail, each once, or undefined where preflight does not forbid anything. */
function failing({ conditions = [], preflight = [] }: KubeVipConfigStatus): readonly string[] | undefined {
  const verdict = conditions.find(({ type }) => type === 'PreflightPassed');
  const failed = preflight.filter(({ result }) => result === 'Failed').map(({ check }) => check);
  return verdict?.status === 'False' ? [...new Set(failed)] : undefined;
}

const sayChecks = (what: string, checks: readonly string[]): string =>
  checks.length === 0 ? '' : `${what}: ${list(checks)}.`;

/**
 * What to tell when another set of checks fails than before; undefined when it is the same one. The condition has the
 * same status and reason before and after, so that nothing else tells it.
 */
export function preflightChange(
  before: KubeVipConfigStatus,
  after: KubeVipConfigStatus,
): Message | undefined {
  const [old, present] = [failing(before), failing(after)];
  if (old === undefined || present === undefined) {
    return undefined;
  }
  const begun = present.filter((check) => !old.includes(check));
  const ended = old.filter((check) => !present.includes(check));
  const left = present.filter((check) => old.includes(check));
  if (begun.length + ended.length === 0) {
    return undefined;
  }
  const row = after.preflight?.find(({ check }) => check === (begun[0] ?? left[0]));
  const [first = '', ...others] = [
    sayChecks('Fails now', begun),
    sayChecks('Fails no longer', ended),
    sayChecks('Still fails', left),
  ].filter((text) => text !== '');
  return message(first.replace(/\.$/, ''), { todo: sentences(...others, row?.message) });
}
