// Whose turn it is to be dialled: few at once, and one after the other of those who want an address.
import { describe, expect, it } from '@jest/globals';
import { FairDials } from '../../src/controller/fair-dials.ts';
import type { DialAnswer } from '../../src/observed/snapshot.ts';
import { turn } from './granter-world.ts';

function world(atOnce: number) {
  const under: [address: string, end: (answer: DialAnswer) => void][] = [];
  const order: string[] = [];
  const dials = new FairDials({
    atOnce,
    dial: ({ address }) => {
      order.push(address);
      return new Promise((resolve) => under.push([address, resolve]));
    },
  });
  /** What became of each address that was wanted last. */
  const answers = new Map<string, Promise<DialAnswer>>();
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
  return { dials, order, answers, want, end };
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
});
