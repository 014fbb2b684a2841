import { describe, expect, it } from '@jest/globals';
import { ApiError } from '../../src/cluster/errors.ts';
import { belowFloor, untilNewEnough } from '../../src/controller/kubernetes-floor.ts';
import type { Loss } from '../../src/controller/leadership.ts';

const says = (found: string): string =>
  `API server runs Kubernetes ${found}: expected 1.31 or newer, which has ip() in CEL, with which its rules and policies read addresses`;

describe('the operator', () => {
  it.each<[string, string, string | undefined]>([
    ['does not act on the last release below', 'v1.30.14', says('1.30.14')],
    ['does not act on an old one of a distribution', 'v1.29.3+rke2r1', says('1.29.3+rke2r1')],
    ['acts on the first release that has what it uses', 'v1.31.0', undefined],
    ['acts on a release that it does not know yet', 'v2.0.0', undefined],
    ['acts on what is no release', 'main', undefined],
  ])('%s', (_, gitVersion, cause) => {
    expect(belowFloor(gitVersion)?.cause).toBe(cause);
  });
});

type Answer = string | Error;

/** An API server that gives these answers, one after the other; and what was said and awaited meanwhile. */
async function ask(...answers: readonly Answer[]) {
  const seen: { heard: Loss[]; logged: number; pauses: number[]; left: Answer[] } = {
    heard: [],
    logged: 0,
    pauses: [],
    left: [...answers],
  };
  await untilNewEnough({
    http: {
      send: async <T>(): Promise<T> => {
        const answer = seen.left.shift();
        if (answer instanceof Error) {
          throw answer;
        }
        return { gitVersion: answer } as T;
      },
    },
    log: { error: () => void (seen.logged += 1) },
    onTooOld: (loss) => void seen.heard.push(loss),
    pause: async (ms) => void seen.pauses.push(ms),
  });
  return seen;
}

const silence = new Error('ECONNREFUSED');

describe('untilNewEnough', () => {
  it.each<[string, readonly Answer[], readonly number[], number]>([
    ['ends at once where the API server is new enough', ['v1.36.3'], [], 0],
    [
      'asks again, without a word of its own, while nothing answers',
      [silence, silence, 'v1.31.0'],
      [2000, 2000],
      0,
    ],
    ['waits for an upgrade, and says it once', ['v1.30.1', 'v1.30.1', 'v1.31.1'], [30_000, 30_000], 1],
    [
      'takes an API server as it is that does not let it ask',
      [new ApiError(403, 'GET /version', 'no')],
      [],
      0,
    ],
    [
      'asks again after a failure of the API server',
      [new ApiError(500, 'GET /version', 'no'), 'v1.33.0'],
      [2000],
      0,
    ],
  ])('%s', async (_, answers, pauses, times) => {
    const { heard, logged, left, ...seen } = await ask(...answers);
    expect({ left, pauses: seen.pauses, heard: heard.length, logged }).toEqual({
      left: [],
      pauses,
      heard: times,
      logged: times,
    });
  });
});
