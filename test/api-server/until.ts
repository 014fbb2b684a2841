// Waiting for something that a real cluster does in its own time.
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { stretched } from '../stretched.ts';

/**
 * Milliseconds between two questions after so many of waiting: a tenth of them. What comes soon is seen at once, and what takes
 * seconds is not asked for hundreds of times, which takes the time of those that work on it.
 */
const pauseAfter = (ms: number): number => Math.min(250, Math.max(20, ms / 10));

// How fast something is on a busy machine is no matter of these tests, unless one gives a time.
const patience = (): number => stretched(10_000);

/**
 * Asks until the probe gives something and returns it. A probe says "not yet" with undefined or false, or by
 * throwing, as a failed `expect` does; what it threw last is part of the failure.
 * @param sentence completes "waited … for", so that a failure reads as one.
 * @param pause milliseconds until the next question, after so many of waiting.
 */
export async function until<T>(
  sentence: string,
  probe: () => T | Promise<T>,
  ms = patience(),
  pause = pauseAfter,
): Promise<Exclude<T, undefined | false>> {
  const since = Date.now();
  let last = '';
  for (;;) {
    try {
      const value = await probe();
      if (value !== undefined && value !== false) {
        return value as Exclude<T, undefined | false>;
      }
      last = '';
    } catch (error) {
      last = `\nlast answer: ${error instanceof Error ? error.message : String(error)}`;
    }
    if (Date.now() > since + ms) {
      throw new Error(`waited ${ms} ms for ${sentence}${last}`);
    }
    await sleep(pause(Date.now() - since));
  }
}

/** Reads until the answer is the wanted one; resolves with the last answer, for `expect` to judge. */
export async function settled<T>(read: () => T | Promise<T>, wanted: T, ms = patience()): Promise<T> {
  const since = Date.now();
  for (;;) {
    const answer = await read();
    if (isDeepStrictEqual(answer, wanted) || Date.now() > since + ms) {
      return answer;
    }
    await sleep(pauseAfter(Date.now() - since));
  }
}
