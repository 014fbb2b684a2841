// One row per check: what it finds wrong, in words, and that a healthy function passes it.
import { describe, expect, it } from '@jest/globals';
import { programmingChecks, readinessChecks } from '../../src/status/checks.ts';
import { worstProblem, type Problem } from '../../src/modes/check.ts';
import { toText } from '../../src/api/words.ts';
import { examples, state, withLease, withSet } from './check-cases.ts';

/** A problem with its whole message. */
const said = (problem: Problem | undefined) =>
  problem && {
    reason: problem.reason,
    passing: problem.passing,
    message: toText(problem),
    ...(problem.late !== undefined && { late: problem.late }),
  };

const all = [...new Set([...programmingChecks, ...readinessChecks])];

describe('checks', () => {
  it('have an example each', () => {
    expect(Object.keys(examples)).toEqual(all.map(({ name }) => name));
  });

  it.each(Object.entries(examples).flatMap(([name, rows]) => rows.map((row) => [name, ...row] as const)))(
    '%s when %s',
    (name, _, found, problem) => {
      const lists = [programmingChecks, readinessChecks].filter((list) =>
        list.some((row) => row.name === name),
      );
      expect(said(all.find((check) => check.name === name)?.(found))).toEqual(problem);
      expect(lists.map((list) => said(worstProblem(list, [found])))).toEqual(lists.map(() => problem));
    },
  );

  it.each(all.map((check) => [check.name, check] as const))('%s not in a healthy function', (_, check) => {
    expect(check(state())).toBeUndefined();
  });

  it.each([
    ['a Lease renewed just in time', withLease({ ageSeconds: 15 })],
    ['a Lease renewed by a clock that is ahead', withLease({ ageSeconds: -5 })],
    ['an older revision, while it is held', withSet({ updated: 0 })],
  ])('find a function ready with %s', (_, found) => {
    expect(worstProblem(readinessChecks, [found])).toBeUndefined();
  });
});
