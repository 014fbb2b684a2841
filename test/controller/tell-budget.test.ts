// What is left of what a kernel tells a pod of unreachable addresses.
import { describe, expect, it } from '@jest/globals';
import { TellBudget } from '../../src/controller/tell-budget.ts';

/** In how many milliseconds a dial may begin, after others began at these times. */
function waitAfter(begun: readonly number[], now: number): number {
  const budget = new TellBudget();
  begun.forEach((at) => budget.begin(at));
  return budget.waitMs(now);
}

const many = (count: number, everyMs = 0): readonly number[] =>
  Array.from({ length: count }, (_, n) => n * everyMs);

describe('a dial may begin', () => {
  it.each<[string, readonly number[], number, number]>([
    ['at once where none has begun', [], 0, 0],
    ['at once beside another one', many(1), 0, 0],
    ['two seconds after two that began together', many(2), 0, 2000],
    ['when what a crowd has used up is there again', many(32), 0, 2000],
    ['as late after a crowd that came one by one', many(32, 100), 3100, 5000],
    ['sooner, the later it comes', many(32), 4000, 1000],
    ['at once when a crowd is long over', many(32), 60_000, 0],
  ])('%s', (_, begun, now, waitMs) => {
    expect(waitAfter(begun, now)).toBe(waitMs);
  });
});
