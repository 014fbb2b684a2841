// What each check says when a fact that it judges by is not there. "Cannot judge" is never "passes": some check says it, or
// a reason tells why silence is right.
import { describe, expect, it } from '@jest/globals';
import type { Snapshot } from '../../src/observed/snapshot.ts';
import { emptySurvey } from '../../src/observed/neighbours/survey.ts';
import { checks } from '../../src/preflight/checks.ts';
import { freshSnapshot } from '../builders.ts';
import { askedSnapshot } from '../node-world.ts';
import { reportOf } from '../pass.ts';
import { nodes, rows, world } from './missing-facts-cases.ts';

const cases = Object.entries(rows).flatMap(([id, missing]) =>
  typeof missing === 'string' ? [] : missing.map(([fact, of, saidBy]) => [id, fact, of, saidBy] as const),
);
const saying = (of: Snapshot): readonly string[] => reportOf(of).rows.map(({ check }) => check);

describe('what is missing', () => {
  it('is told for every check, or its silence has a reason', () => {
    expect(Object.keys(rows).sort()).toEqual(checks.map(({ id }) => id).sort());
  });

  it.each(cases)('%s: %s', (_, __, of, saidBy) => {
    expect(saying(of)).toContain(saidBy);
  });

  it('is told of nothing in a cluster that tells all', () => {
    expect(saying(world({}))).toEqual([]);
    expect(saying(askedSnapshot({ snapshot: { nodes } }))).toEqual([]);
  });

  it('lets nothing pass while no fact is there', () => {
    expect(reportOf(freshSnapshot({ survey: undefined, nodes })).isPending).toBe(true);
    expect(saying(freshSnapshot({ survey: emptySurvey, nodes }))).not.toEqual([]);
  });
});
