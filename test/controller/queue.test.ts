import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Queue } from '../../src/controller/queue.ts';
import type { Outcome } from '../../src/status/outcome.ts';

const fine: Outcome = { kind: 'done' };

interface Work {
  readonly key: string;
  readonly end: (outcome: Outcome) => void;
}

/** A queue whose work ends when the test says so, and each piece of it takes the processor for so long. */
function makeQueue(costMs = 0, restMs?: (key: string) => number | undefined) {
  const started: Work[] = [];
  const done: [outcome: string, seconds: number][] = [];
  let turns = 0;
  const queue = new Queue({
    work: (key) => new Promise((resolve) => started.push({ key, end: resolve })),
    now: () => Date.now(),
    random: () => 0,
    ...(restMs && { restMs }),
    usedMs: () => costMs * started.length,
    nextTurn: async () => void (turns += 1),
    onDone: (outcome, seconds) => done.push([outcome, seconds]),
  });
  const end = async (outcome: Outcome = fine): Promise<void> => {
    started.at(-1)?.end(outcome);
    await jest.advanceTimersByTimeAsync(0);
  };
  return { queue, end, done, turns: () => turns, keys: () => started.map(({ key }) => key) };
}

describe('Queue', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('does nothing before it is started', () => {
    const { queue, keys } = makeQueue();
    queue.add('a');
    expect(keys()).toEqual([]);
    queue.start();
    expect(keys()).toEqual(['a']);
  });

  it('works on one key at a time, in order', async () => {
    const { queue, keys, end } = makeQueue();
    queue.start();
    ['a', 'b', 'c'].forEach((key) => queue.add(key));
    expect(keys()).toEqual(['a']);
    await end();
    await end();
    expect(keys()).toEqual(['a', 'b', 'c']);
  });

  it('keeps a waiting key once, however often it is added', async () => {
    const { queue, keys, end } = makeQueue();
    queue.start();
    queue.add('a');
    Array.from({ length: 1000 }, () => queue.add('b'));
    await end();
    await end();
    expect(keys()).toEqual(['a', 'b']);
  });

  it('works again on a key that was added while it was worked on', async () => {
    const { queue, keys, end } = makeQueue();
    queue.start();
    queue.add('a');
    queue.add('a');
    await end();
    expect(keys()).toEqual(['a', 'a']);
  });

  it('lets others have their turn after 20 ms of work, and not between', async () => {
    const { queue, end, turns } = makeQueue();
    queue.start();
    ['a', 'b', 'c', 'd'].forEach((key) => queue.add(key));
    const counts: number[] = [];
    for (const ms of [0, 19, 1, 5]) {
      jest.setSystemTime(Date.now() + ms);
      await end();
      counts.push(turns());
    }
    expect(counts).toEqual([0, 0, 1, 1]);
  });

  it('rests as long as work took the processor, and then does at once what came meanwhile', async () => {
    const { queue, keys, end } = makeQueue(100);
    queue.start();
    queue.add('a');
    await end();
    Array.from({ length: 1000 }, () => queue.add('a'));
    await jest.advanceTimersByTimeAsync(99);
    expect(keys()).toEqual(['a']);
    await jest.advanceTimersByTimeAsync(1);
    expect(keys()).toEqual(['a', 'a']);
  });

  it.each([
    ['not at all after what is cheap', 19, 0],
    ['for a second at most', 30_000, 1000],
  ])('rests %s', async (_, costMs, restMs) => {
    const { queue, keys, end } = makeQueue(costMs);
    queue.start();
    ['a', 'b'].forEach((key) => queue.add(key));
    await end();
    await jest.advanceTimersByTimeAsync(Math.max(0, restMs - 1));
    expect(keys()).toHaveLength(restMs === 0 ? 2 : 1);
    await jest.advanceTimersByTimeAsync(1);
    expect(keys()).toEqual(['a', 'b']);
  });

  it('ends at once when it is stopped while it rests, and does nothing more', async () => {
    const { queue, keys, end } = makeQueue(500);
    queue.start();
    ['a', 'b'].forEach((key) => queue.add(key));
    await end();
    queue.stop();
    await queue.ended();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(keys()).toEqual(['a']);
  });

  it('backs off while a key fails, and starts over after a success', async () => {
    const { queue, keys, end } = makeQueue();
    const failed: Outcome = { kind: 'failed', error: new Error('x') };
    queue.start();
    queue.add('a');
    await end(failed);
    await jest.advanceTimersByTimeAsync(249);
    expect(keys()).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(1);
    await end(failed);
    await jest.advanceTimersByTimeAsync(499);
    expect(keys()).toHaveLength(2);
    await jest.advanceTimersByTimeAsync(1);
    await end();
    queue.add('a');
    await end(failed);
    await jest.advanceTimersByTimeAsync(250);
    expect(keys()).toHaveLength(5);
  });

  it('does not back off further for attempts that events bring', async () => {
    const { queue, keys, end } = makeQueue();
    const failed: Outcome = { kind: 'failed', error: new Error('x') };
    queue.start();
    for (let event = 0; event < 10; event += 1) {
      queue.add('a');
      await jest.advanceTimersByTimeAsync(10);
      await end(failed);
    }
    await jest.advanceTimersByTimeAsync(500);
    expect(keys()).toHaveLength(11);
  });

  it('does not wait for the back-off when an event comes', async () => {
    const { queue, keys, end } = makeQueue();
    queue.start();
    queue.add('a');
    await end({ kind: 'waiting', afterSeconds: 60 });
    queue.add('a');
    expect(keys()).toHaveLength(2);
    await end();
    await jest.advanceTimersByTimeAsync(61_000);
    expect(keys()).toHaveLength(2);
  });

  it('asks first whether a key that it waits with still rests, and works on one that does not', async () => {
    const rests: (number | undefined)[] = [2000, 500, undefined];
    const { queue, keys, end } = makeQueue(0, () => rests.shift());
    queue.start();
    queue.add('a');
    await end({ kind: 'waiting', afterSeconds: 1 });
    await jest.advanceTimersByTimeAsync(3499);
    expect(keys()).toEqual(['a']);
    await jest.advanceTimersByTimeAsync(1);
    expect(keys()).toEqual(['a', 'a']);
  });

  it('works on a key that rests when an event comes, and then once', async () => {
    const { queue, keys, end } = makeQueue(0, () => 2000);
    queue.start();
    queue.add('a');
    await end({ kind: 'waiting', afterSeconds: 1 });
    await jest.advanceTimersByTimeAsync(1500);
    queue.add('a');
    await end();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(keys()).toEqual(['a', 'a']);
  });

  it('says how long the present work takes', async () => {
    const { queue, end } = makeQueue();
    expect(queue.busyMs).toBe(0);
    queue.start();
    queue.add('a');
    await jest.advanceTimersByTimeAsync(5000);
    expect(queue.busyMs).toBe(5000);
    await end();
    expect(queue.busyMs).toBe(0);
  });

  it('says how many keys wait, and what came of each after how long', async () => {
    const { queue, end, done: told } = makeQueue();
    queue.add('a');
    queue.add('b');
    expect(queue.depth).toBe(2);
    queue.start();
    await jest.advanceTimersByTimeAsync(2000);
    expect(queue.depth).toBe(1);
    await end();
    await end({ kind: 'stalled' });
    expect(told).toEqual([
      ['done', 2],
      ['stalled', 0],
    ]);
  });

  it('starts nothing after it was stopped', async () => {
    const { queue, keys, end } = makeQueue();
    queue.start();
    queue.add('a');
    await end({ kind: 'waiting', afterSeconds: 1 });
    queue.stop();
    await jest.advanceTimersByTimeAsync(5000);
    expect(keys()).toEqual(['a']);
  });

  it('tells when the work of before the stop has ended', async () => {
    const { queue, end } = makeQueue();
    await queue.ended();
    queue.start();
    queue.add('a');
    queue.stop();
    let hasEnded = false;
    void queue.ended().then(() => (hasEnded = true));
    await jest.advanceTimersByTimeAsync(1000);
    expect(hasEnded).toBe(false);
    await end();
    expect(hasEnded).toBe(true);
  });
});
