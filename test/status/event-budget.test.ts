import { describe, expect, it } from '@jest/globals';
import { due, forget, fullBudget, spend, type EventBudget } from '../../src/status/event-budget.ts';

const minute = 60_000;
type Happened = readonly (readonly [at: number, note: string])[];

/** How many of these become events of their own. */
function written(events: Happened): number {
  let budget = fullBudget(0);
  return events.filter(([at, note]) => {
    const { isNew, left } = spend(budget, { type: 'Normal', reason: 'Held', note }, at);
    budget = left;
    return isNew;
  }).length;
}

describe('spend', () => {
  it.each<[string, Happened, number]>([
    ['allows a burst of ten', Array.from({ length: 50 }, (_, index) => [0, `${index}`]), 10],
    [
      'allows one every 30 s after that',
      Array.from({ length: 100 }, (_, index) => [index * 3000, `${index}`]),
      19,
    ],
    [
      'counts the same words as one, for as long as they come again',
      Array.from({ length: 60 }, (_, index) => [index * 5 * minute, 'x']),
      1,
    ],
    [
      'says them anew when they had not been heard for six minutes',
      [
        [0, 'x'],
        [6 * minute, 'x'],
      ],
      2,
    ],
    [
      'says other words at once',
      [
        [0, 'a'],
        [1, 'b'],
        [2, 'a'],
      ],
      2,
    ],
    [
      'has a full burst again after five minutes, and no more',
      [
        ...Array.from({ length: 10 }, (_, index) => [0, `${index}`] as const),
        ...Array.from({ length: 20 }, (_, index) => [60 * minute, `${index}`] as const),
      ],
      20,
    ],
  ])('%s', (_, events, count) => {
    expect(written(events)).toBe(count);
  });
});

describe('due', () => {
  /** What is told while something happens every three seconds for five minutes: when, and how often by then. */
  function told(isWritten: (key: string) => boolean): readonly (readonly [number, number])[] {
    let budget: EventBudget = fullBudget(0);
    return Array.from({ length: 100 }, (_, index) => index * 3000).flatMap((at) => {
      budget = spend(budget, { type: 'Normal', reason: 'Held', note: 'x' }, at).left;
      const { rows, left } = due(budget, at, isWritten);
      budget = left;
      return rows.map(([, { count }]) => [at / 1000, count] as const);
    });
  }

  it('tells the first repetition at once, and the number once a minute after that', () => {
    expect(told((key) => key === 'Held x')).toEqual([
      [3, 2],
      [63, 22],
      [123, 42],
      [183, 62],
      [243, 82],
    ]);
  });

  it('has nothing to tell before the first is written', () => {
    expect(told(() => false)).toEqual([]);
  });

  it('has nothing to tell of what happened once', () => {
    const { left } = spend(fullBudget(0), { type: 'Normal', reason: 'Held', note: 'x' }, 0);
    expect(due(left, 10 * minute, () => true).rows).toEqual([]);
  });
});

describe('forget', () => {
  it('makes the next of its kind a new one', () => {
    const draft = { type: 'Normal', reason: 'Held', note: 'x' } as const;
    const { left } = spend(fullBudget(0), draft, 0);
    expect(spend(left, draft, 1).isNew).toBe(false);
    expect(spend(forget(left, 'Held x'), draft, 1).isNew).toBe(true);
  });
});
