// The order of the nodes, over any cluster.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  batchSize,
  forecastOf,
  groupsOf,
  whyHolderWaits,
  type OrderedNode,
} from '../../src/rollout/order.ts';

const node = (name: string, of: Partial<OrderedNode> = {}): OrderedNode => ({
  name,
  isNew: false,
  isReady: true,
  isHeard: true,
  addresses: 0,
  ...of,
});
const say = (nodes: readonly OrderedNode[]): readonly string[] =>
  groupsOf(nodes).map(({ phase, nodes: names }) => `${phase} ${names.join(' ')}`);

describe('the order of the nodes', () => {
  it.each<[string, readonly OrderedNode[], readonly string[]]>([
    [
      'has one first and the holder last',
      [node('a', { addresses: 1 }), node('b'), node('c')],
      ['Canary b', 'Batch c', 'Holder a'],
    ],
    [
      'has no canary once one has passed',
      [node('a', { addresses: 1 }), node('b', { isNew: true }), node('c')],
      ['Batch c', 'Holder a'],
    ],
    [
      'leaves out who does not report',
      [node('a', { addresses: 1 }), node('b', { isHeard: false })],
      ['Holder a'],
    ],
    [
      'takes the holder with the fewest addresses first',
      [node('a', { addresses: 3 }), node('b', { addresses: 1 })],
      ['Holder b', 'Holder a'],
    ],
    ['is over when all have passed', [node('a', { isNew: true })], []],
  ])('%s', (_, nodes, expected) => {
    expect(say(nodes)).toEqual(expected);
  });

  it.each([
    [1, 1],
    [5, 1],
    [11, 3],
    [500, 10],
  ])('of %i nodes at most %i change at once', (count, expected) => {
    expect(batchSize(count)).toBe(expected);
  });

  const nodes = fc.array(
    fc.record({
      isNew: fc.boolean(),
      isReady: fc.boolean(),
      isHeard: fc.boolean(),
      addresses: fc.integer({ min: 0, max: 3 }),
    }),
    { maxLength: 60 },
  );

  it('has every node that can be changed once, and who holds after everybody else', () => {
    fc.assert(
      fc.property(nodes, (rows) => {
        const all = rows.map((row, index) => node(`n${index}`, row));
        const groups = groupsOf(all);
        const names = groups.flatMap((row) => row.nodes);
        const open = all.filter(({ isNew, isHeard }) => isHeard && !isNew);
        expect(names.toSorted()).toEqual(open.map(({ name }) => name).toSorted());
        const held = names.map((name) => all.find((row) => row.name === name)?.addresses ?? 0);
        expect(held).toEqual(held.toSorted((a, b) => a - b));
        expect(groups.every((row) => row.nodes.length <= batchSize(all.length))).toBe(true);
        expect(groups.filter(({ phase }) => phase !== 'Batch').every((row) => row.nodes.length === 1)).toBe(
          true,
        );
      }),
    );
  });

  it('lets no holder be changed before another can take over', () => {
    fc.assert(
      fc.property(nodes, (rows) => {
        const all = rows.map((row, index) => node(`n${index}`, row));
        const canTakeOver = all.some(({ isNew, isReady, isHeard }) => isNew && isReady && isHeard);
        const isLeft = all.some((row) => row.isHeard && !row.isNew && row.addresses === 0);
        const mayBegin = all.length === 1 || (canTakeOver && !isLeft);
        expect(whyHolderWaits(all) === undefined).toBe(mayBegin);
      }),
    );
  });

  it('expects one move of a holder that is left, and none without one', () => {
    const timing = { retryPeriodSeconds: 2 };
    expect(forecastOf([node('a', { addresses: 1 }), node('b')], timing)).toEqual({
      moves: 1,
      absenceSeconds: 5,
    });
    expect(forecastOf([node('a', { addresses: 1, isNew: true }), node('b')], timing)).toEqual({
      moves: 0,
      absenceSeconds: 0,
    });
    expect(forecastOf([node('a', { addresses: 1 })], timing)).toEqual({ moves: 1, absenceSeconds: 10 });
  });
});
