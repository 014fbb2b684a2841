// How many events one object may have: a burst, then few. A state that flaps must not fill the API server. What is said
// again is counted, and that number is told once a minute.
import type { EventDraft } from './events.ts';

const burst = 10;
const refillMs = 30_000;
/** As long as client-go goes on with a series. */
const seriesMs = 6 * 60_000;
const tellMs = 60_000;

/** The same words, again and again. */
export interface Series {
  readonly count: number;
  /** When it happened last, in milliseconds. */
  readonly seenAt: number;
  /** The count that was told last, and when. */
  readonly told: number;
  readonly toldAt: number;
}

/** What one object may still have, and what was said lately. */
export interface EventBudget {
  readonly tokens: number;
  /** When tokens were counted last, in milliseconds. */
  readonly at: number;
  readonly series: Readonly<Record<string, Series>>;
}

/** That of an object of which nothing was said yet. */
export const fullBudget = (now: number): EventBudget => ({ tokens: burst, at: now, series: {} });

/** What makes two events the same. */
export const keyOf = ({ reason, note }: EventDraft): string => `${reason} ${note}`;

/** Whether an event is to be written now, and what is left then. A repetition is counted instead. */
export function spend(
  { tokens, at, series }: EventBudget,
  draft: EventDraft,
  now: number,
): { readonly isNew: boolean; readonly left: EventBudget } {
  const key = keyOf(draft);
  const filled = Math.min(burst, tokens + (now - at) / refillMs);
  const recent = Object.fromEntries(Object.entries(series).filter(([, row]) => now - row.seenAt < seriesMs));
  const before = recent[key];
  if (before !== undefined) {
    const again = { ...before, count: before.count + 1, seenAt: now };
    return { isNew: false, left: { tokens: filled, at: now, series: { ...recent, [key]: again } } };
  }
  if (filled < 1) {
    return { isNew: false, left: { tokens: filled, at: now, series: recent } };
  }
  const first = { count: 1, seenAt: now, told: 1, toldAt: -Infinity };
  return { isNew: true, left: { tokens: filled - 1, at: now, series: { ...recent, [key]: first } } };
}

/**
 * The series whose number is to be told now, and what is left when that is done.
 * @param isWritten Whether the first of a series has been written: there is nothing to add a number to before.
 */
export function due(
  budget: EventBudget,
  now: number,
  isWritten: (key: string) => boolean,
): { readonly rows: readonly (readonly [key: string, series: Series])[]; readonly left: EventBudget } {
  const rows = Object.entries(budget.series).filter(
    ([key, { count, told, toldAt }]) => count > told && now - toldAt >= tellMs && isWritten(key),
  );
  const told = rows.map(([key, row]) => [key, { ...row, told: row.count, toldAt: now }] as const);
  return { rows, left: { ...budget, series: { ...budget.series, ...Object.fromEntries(told) } } };
}

/** After an event that could not be written: the next of its kind is a new one. */
export function forget(budget: EventBudget, key: string): EventBudget {
  const { [key]: _, ...series } = budget.series;
  return { ...budget, series };
}
