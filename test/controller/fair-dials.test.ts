// Whose turn it is to be dialled: few at once, and one after the other of those who want an address.
import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { FairDials, shared } from '../../src/controller/fair-dials.ts';
import type { Look } from '../../src/observed/snapshot.ts';
import { turn } from './granter-world.ts';

function world(atOnce: number) {
  const under: [address: string, end: (answer: Look) => void][] = [];
  const order: string[] = [];
  const dials = new FairDials({
    atOnce,
    shared,
    budget: { begin: () => undefined, waitMs: () => 0 },
    now: () => 0,
    dial: ({ address }) => {
      order.push(address);
      return new Promise((resolve) => under.push([address, resolve]));
    },
  });
  /** What became of each address that was wanted last. */
  const answers = new Map<string, Promise<Look>>();
  const want = (lane: string, ...addresses: readonly string[]): void => {
    for (const address of addresses) {
      dials.join(address, lane);
      answers.set(address, dials.dial({ address, port: 1 }));
    }
  };
  const end = async (): Promise<void> => {
    under.shift()?.[1]('unreachable');
    await turn();
  };
  /** Lanes of the dials under way. */
  const busy = (): readonly string[] => under.map(([address]) => address.replace(/\d+$/, ''));
  return { dials, order, answers, want, end, busy };
}

const many = (lane: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, n) => `${lane}${n}`);

describe('dials', () => {
  it('are under way up to a number, and the next begins when one has ended', async () => {
    const { want, order, end } = world(2);
    want('a', ...many('a', 4));
    expect(order).toEqual(['a0', 'a1']);
    await end();
    expect(order).toEqual(['a0', 'a1', 'a2']);
  });

  it('of one namespace wait for one of another at most', async () => {
    const { want, order, end } = world(1);
    want('a', ...many('a', 1000));
    want('b', 'b0', 'b1');
    want('c', 'c0');
    for (let count = 0; count < 6; count += 1) {
      await end();
    }
    expect(order).toEqual(['a0', 'a1', 'b0', 'c0', 'a2', 'b1', 'a3']);
  });

  it('of an address that two namespaces want come at the turn of either, and once', async () => {
    const { dials, want, order, end } = world(1);
    want('a', ...many('a', 1000));
    dials.join('a999', 'b');
    await end();
    await end();
    expect(order).toEqual(['a0', 'a1', 'a999']);
    for (let count = 0; count < 1000; count += 1) {
      await end();
    }
    expect(order).toHaveLength(1000);
  });

  it('come again for an address that has to be asked again', async () => {
    const { want, answers, order, end } = world(1);
    want('a', 'a0');
    await end();
    expect(await answers.get('a0')).toBe('unreachable');
    want('a', 'a0');
    expect(order).toEqual(['a0', 'a0']);
  });

  it('that nobody wants any more are not made, and hold up nobody', async () => {
    const { dials, want, answers, order, end } = world(1);
    want('a', ...many('a', 3));
    dials.leave('a1');
    expect(await answers.get('a1')).toBe('blind');
    await end();
    expect(order).toEqual(['a0', 'a2']);
    expect(await dials.dial({ address: 'x', port: 1 }).then(String)).toBe('blind');
  });

  it('fill every place while one namespace alone wants something', () => {
    const { want, order, busy } = world(32);
    want('a', ...many('a', 500));
    expect([order.length, busy().length]).toEqual([32, 32]);
  });

  it('of one address begin at the first place that is free, whatever another namespace wants', async () => {
    const { want, order, end } = world(32);
    want('a', ...many('a', 500));
    want('b', 'b0');
    await end();
    expect(order.slice(32)).toEqual(['b0']);
  });

  it('of a namespace that began more while it was alone do not go on beside another', async () => {
    const { dials, want, order, end, busy } = world(32);
    want('a', ...many('a', 500));
    want('b', 'b0');
    for (let count = 0; count < 31; count += 1) {
      await end();
    }
    // What a kernel tells is for both now.
    expect([...busy()].sort()).toEqual(['a', 'b']);
    expect(order).toHaveLength(33);
    dials.leave('b0');
    expect(busy()).toHaveLength(32);
  });

  it('of several namespaces begin when the kernel tells of them, and of one at once', async () => {
    jest.useFakeTimers();
    const order: string[] = [];
    let waitMs = 5000;
    const dials = new FairDials({
      atOnce: 32,
      shared,
      budget: { begin: () => undefined, waitMs: () => waitMs },
      now: () => 0,
      dial: ({ address }) => (order.push(address), new Promise(() => undefined)),
    });
    const want = (lane: string, address: string): void => {
      dials.join(address, lane);
      void dials.dial({ address, port: 1 });
    };
    want('a', 'a0');
    expect(order).toEqual(['a0']);
    want('b', 'b0');
    await jest.advanceTimersByTimeAsync(4999);
    expect(order).toEqual(['a0']);
    waitMs = 0;
    await jest.advanceTimersByTimeAsync(1);
    expect(order).toEqual(['a0', 'b0']);
    jest.useRealTimers();
  });

  it('of 60 namespaces are two at once, each in its turn', async () => {
    const { want, order, end, busy } = world(32);
    const lanes = Array.from({ length: 60 }, (_, n) => `${String.fromCodePoint(97 + (n % 26))}x${n}y`);
    want('a', ...many('a', 500));
    lanes.forEach((lane) => want(lane, `${lane}0`));
    for (let count = 0; count < 32 + 60; count += 1) {
      await end();
    }
    expect(busy().length).toBeLessThanOrEqual(2);
    expect(lanes.filter((lane) => !order.includes(`${lane}0`))).toEqual([]);
  });

  it('of one address begin at the next place that is free, whenever it comes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 450 }), async (ended) => {
        const { want, order, end } = world(32);
        want('a', ...many('a', 500));
        for (let count = 0; count < ended; count += 1) {
          await end();
        }
        const begun = order.length;
        want('b', 'b0');
        await end();
        expect([begun, order.indexOf('b0')]).toEqual([32 + ended, begun]);
      }),
      { numRuns: 20 },
    );
  });

  it('are never more than there are places, and leave none idle for one namespace that is alone', async () => {
    const count = fc.integer({ min: 1, max: 12 });
    const step = fc.oneof(
      fc.record({ lane: fc.constantFrom('a', 'b', 'c'), count }),
      fc.record({ lane: fc.constant(undefined), count }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        const { dials, want, order, end, busy } = world(8);
        const open = new Set<string>();
        for (const [index, { lane, count: times }] of steps.entries()) {
          for (let n = 0; n < times; n += 1) {
            const ended = order[order.length - busy().length] ?? '';
            if (lane !== undefined) {
              open.add(`${lane}${index}${n}`);
              want(lane, `${lane}${index}${n}`);
            } else if (ended !== '') {
              await end();
              open.delete(ended);
              dials.leave(ended);
            }
            const [isAlone, isIdle] = [
              new Set([...open].map((row) => row[0])).size === 1,
              busy().length === 0,
            ];
            expect([busy().length <= 8, isIdle]).toEqual([true, open.size === 0]);
            expect(isAlone ? Math.min(8, open.size) : busy().length).toBe(busy().length);
          }
        }
      }),
      { numRuns: 50 },
    );
  });
});
