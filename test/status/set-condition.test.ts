import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Condition } from '../../src/api/types.ts';
import { stamp, type NewCondition } from '../../src/status/set-condition.ts';
import '../api/arbitraries.ts';

const earlier = '2026-11-24T11:00:00Z';
const now = '2026-11-24T12:00:00Z';
const next: NewCondition = { type: 'Ready', status: 'True', reason: 'Held', head: 'Held' };
const held = { type: 'Ready', status: 'True', reason: 'Held', message: 'Held.' } as const;
const old = (overrides: Partial<Condition>): Condition => ({
  ...held,
  observedGeneration: 1,
  lastTransitionTime: earlier,
  ...overrides,
});

describe('stamp', () => {
  it.each([
    ['dates a condition that is new', [], now],
    ['keeps the time while the status stays', [old({})], earlier],
    ['keeps the time when only reason and message change', [old({ reason: 'X', message: 'x' })], earlier],
    ['keeps the time when only the generation changes', [old({ observedGeneration: 0 })], earlier],
    ['moves the time with the status', [old({ status: 'False' })], now],
    ['does not mind other conditions', [old({ type: 'Accepted' })], now],
  ])('%s', (_, before, expected) => {
    expect(stamp(next, before, { generation: 2, now })).toEqual({
      ...held,
      observedGeneration: 2,
      lastTransitionTime: expected,
    });
  });

  it('changes nothing the second time, whatever the time is', () => {
    const condition = fc.record({
      type: fc.constantFrom('Ready' as const, 'Accepted' as const),
      status: fc.constantFrom('True' as const, 'False' as const, 'Unknown' as const),
      reason: fc.constantFrom('Held' as const, 'NoHolder' as const),
      head: fc.string(),
    });
    fc.assert(
      fc.property(
        condition,
        fc.array(condition.map(({ head, ...row }) => old({ ...row, message: head }))),
        fc.nat(),
        (row, before, generation) => {
          const first = stamp(row, before, { generation, now: earlier });
          const others = before.filter(({ type }) => type !== row.type);
          expect(stamp(row, [...others, first], { generation, now })).toEqual(first);
        },
      ),
    );
  });
});
