// One request beside a flood of another namespace, where a kernel tells a pod of few unreachable addresses.
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { makeFairDials } from '../../src/controller/fair-dials.ts';
import { Leftovers } from '../../src/controller/leftovers.ts';
import type { Look, Target } from '../../src/observed/snapshot.ts';

// Its clock is played, and a busy machine takes its time.
jest.setTimeout(60_000);

const seconds = (count: number) => jest.advanceTimersByTimeAsync(count * 1000);

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('where a kernel tells a pod of few unreachable addresses, and leaves the others silent', () => {
  /**
   * As Linux does it (6.18): a token each second, six at most. A SYN goes out each second, and waits for the neighbour, which is given
   * up 3 s after the first one. Then each one that waits takes a token if there is one, also for a dial that has ended.
   * @param givenUpMs when a neighbour is given up: before the fourth SYN, or after it
   */
  function kernel(givenUpMs: number): (target: Target) => Promise<Look> {
    let [tokens, at] = [6, performance.now()];
    const take = (): boolean => {
      const now = performance.now();
      [tokens, at] = [Math.min(6, tokens + (now - at) / 1000), now];
      const isTold = tokens >= 1;
      tokens -= isTold ? 1 : 0;
      return isTold;
    };
    const waiting = new Map<string, ((look: Look) => void)[]>();
    const giveUp = (row: string): void => {
      const all = waiting.get(row) ?? [];
      waiting.delete(row);
      for (const end of all) {
        if (take()) {
          end('unreachable');
        }
      }
    };
    const send = (row: string, end: (look: Look) => void): void => {
      const all = waiting.get(row);
      if (all === undefined) {
        waiting.set(row, [end]);
        setTimeout(() => giveUp(row), givenUpMs);
      } else {
        all.push(end);
      }
    };
    return ({ address: row }) =>
      new Promise((resolve) => {
        let isOpen = true;
        const end = (look: Look): void => {
          isOpen = false;
          resolve(look);
        };
        const again = (): void => (isOpen ? send(row, end) : undefined);
        [0, 1020, 2040, 3060].forEach((ms) => setTimeout(again, ms));
        setTimeout(() => end('silent'), 4000);
      });
  }

  it.each(
    [3040, 3080].flatMap((ms) =>
      [0, 0.5, 1, 2, 3, 5.5, 7, 10, 12.5, 30, 33.3, 47].map((later) => [later, ms]),
    ),
  )(
    'one request is answered after its first dial, %d s after the first of 500 of another namespace, given up after %i ms',
    async (later = 0, ms = 0) => {
      const leftovers = new Leftovers({
        turns: makeFairDials({ dial: kernel(ms) }, () => performance.now()),
        now: () => performance.now(),
        onHeard: () => undefined,
      });
      const many = Array.from({ length: 500 }, (_, n) => `203.0.${114 + (n >> 8)}.${n & 255}`);
      // One after the other, as they are made.
      many.forEach((row, n) => setTimeout(() => leftovers.ask(row, 'a'), 50 * n));
      await seconds(later);
      leftovers.ask('203.0.113.1', 'b');
      let waited = 0;
      for (; leftovers.sightOf('203.0.113.1') !== 'nobody' && waited < 60; waited += 0.5) {
        await seconds(0.5);
      }
      leftovers.stop();
      // The dials of the other one have used up what is told for 6 s, and its own takes 3 s.
      expect(waited).toBeLessThanOrEqual(11);
    },
  );
});
