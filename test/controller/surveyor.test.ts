import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FakeCluster } from '../fake-cluster.ts';
import type { Condition } from '../../src/api/types.ts';
import { kubeVipConfig, nowText } from '../builders.ts';
import { emptySurvey } from '../../src/observed/neighbours/survey.ts';
import {
  longestRoundMs,
  pauses,
  Surveyor,
  urgencyOf,
  whyToAsk,
  type Urgency,
} from '../../src/controller/surveyor.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

interface Played {
  readonly surveyor: Surveyor;
  readonly rounds: () => number;
  /** How many rounds had what they found kept. */
  readonly kept: () => number;
  readonly errors: unknown[];
}

/** @param round what each round does */
function play(round: () => Promise<void> = async () => undefined, urgency: Urgency = 'quiet'): Played {
  let [rounds, kept] = [0, 0];
  const errors: unknown[] = [];
  const surveyor = new Surveyor({
    round: async () => {
      rounds += 1;
      await round();
      return () => (kept += 1);
    },
    urgency: () => urgency,
    onError: (error) => errors.push(error),
  });
  return { surveyor, rounds: () => rounds, kept: () => kept, errors };
}

describe('Surveyor', () => {
  it('reads at start, and every ten minutes', async () => {
    const { surveyor, rounds } = play();
    await surveyor.start();
    expect(rounds()).toBe(1);
    await jest.advanceTimersByTimeAsync(pauses.quiet);
    expect(rounds()).toBe(2);
  });

  it.each([
    ['every 15 s while somebody is held back', 'blocked', 15_000],
    ['every minute while somebody is warned', 'warned', 60_000],
  ] as const)('reads %s, and no oftener', async (_, urgency, ms) => {
    const { surveyor, rounds } = play(undefined, urgency);
    await surveyor.start();
    await jest.advanceTimersByTimeAsync(3 * ms);
    expect(rounds()).toBe(4);
    await jest.advanceTimersByTimeAsync(ms - 1);
    expect(rounds()).toBe(4);
  });

  // Each round ends with a write of the status, and that is an event.
  it('does not read oftener for the events of what it found', async () => {
    const { surveyor, rounds } = play(undefined, 'warned');
    await surveyor.start();
    for (let second = 0; second < 120; second += 1) {
      surveyor.request('warned');
      await jest.advanceTimersByTimeAsync(1000);
    }
    expect(rounds()).toBe(3);
  });

  it('makes one round of many changes', async () => {
    const { surveyor, rounds } = play();
    await surveyor.start();
    Array.from({ length: 50 }).forEach(() => surveyor.request('config'));
    await jest.advanceTimersByTimeAsync(pauses.config);
    expect(rounds()).toBe(2);
  });

  it('is not hurried by the cluster, and is by a config', async () => {
    const { surveyor, rounds } = play();
    await surveyor.start();
    surveyor.request('cluster');
    await jest.advanceTimersByTimeAsync(pauses.config);
    expect(rounds()).toBe(1);
    surveyor.request('config');
    await jest.advanceTimersByTimeAsync(pauses.config);
    expect(rounds()).toBe(2);
  });

  it('reads again what changed while it read', async () => {
    let finish = (): void => undefined;
    const { surveyor, rounds } = play(() => new Promise((resolve) => (finish = resolve)));
    const started = surveyor.start();
    surveyor.request('config');
    await jest.advanceTimersByTimeAsync(pauses.config);
    expect(rounds()).toBe(1);
    finish();
    await started;
    await jest.advanceTimersByTimeAsync(2 * pauses.config);
    expect(rounds()).toBe(2);
  });

  it('comes back soon after a failure, and says it', async () => {
    const { surveyor, rounds, errors } = play(() => Promise.reject(new Error('down')));
    await surveyor.start();
    await jest.advanceTimersByTimeAsync(pauses.failure);
    expect([rounds(), errors.length]).toEqual([2, 2]);
  });

  it('gives a round up that does not end, says it, and begins another', async () => {
    const late = Promise.withResolvers<void>();
    const { surveyor, rounds, kept, errors } = play(() => late.promise);
    void surveyor.start();
    await jest.advanceTimersByTimeAsync(longestRoundMs - 1);
    expect([rounds(), errors]).toEqual([1, []]);
    await jest.advanceTimersByTimeAsync(1 + pauses.failure);
    expect([rounds(), errors.map(String)]).toEqual([
      2,
      ['Error: facts for preflight: expected all of them within 60 s, found one open'],
    ]);
    late.resolve();
    await jest.advanceTimersByTimeAsync(0);
    // Of the second one alone: what the first found late is older.
    expect(kept()).toBe(1);
  });

  it('does nothing before it was started and after it was stopped', async () => {
    const { surveyor, rounds } = play();
    surveyor.request('config');
    await jest.advanceTimersByTimeAsync(pauses.quiet);
    expect(rounds()).toBe(0);
    await surveyor.start();
    surveyor.stop();
    await jest.advanceTimersByTimeAsync(2 * pauses.quiet);
    expect(rounds()).toBe(1);
  });
});

const judged = (status: Condition['status'], reason: string) =>
  kubeVipConfig({
    status: {
      conditions: [
        { type: 'Ready', status: 'False', reason: 'NoHolder', message: '', lastTransitionTime: nowText },
        { type: 'PreflightPassed', status, reason, message: '', lastTransitionTime: nowText },
      ],
    },
  });
const fine = judged('True', 'PreflightPassed');
const warned = judged('True', 'PreflightWarned');
const blocked = judged('False', 'PreflightFailed');

describe('urgencyOf', () => {
  it.each([
    ['is quiet without configs', [], 'quiet'],
    ['is quiet before a first verdict', [kubeVipConfig()], 'quiet'],
    ['is quiet when all passes, or is acknowledged', [fine], 'quiet'],
    ['is about what is warned', [fine, warned], 'warned'],
    ['is about what is held back before what is warned', [warned, blocked, fine], 'blocked'],
  ] as const)('%s', (_, configs, expected) => {
    expect(urgencyOf({ configs: () => configs })).toBe(expected);
  });
});

describe('whyToAsk', () => {
  const seen = (surveyed: boolean, covered: boolean, config = kubeVipConfig()) => {
    const cluster = new FakeCluster({ configs: [config] });
    cluster.surveyed = surveyed ? emptySurvey : undefined;
    return Object.assign(cluster, { isSurveyed: () => covered });
  };

  it.each([
    ['hurries for a config without facts', 'configs', seen(false, false), 'config'],
    ['takes its time for one that is judged by facts of before', 'configs', seen(true, false), 'edit'],
    ['has no reason when the facts are its own', 'configs', seen(true, true), undefined],
    ['looks again when one came to be held back', 'configs', seen(true, true, blocked), 'blocked'],
    ['looks again when one came to be warned', 'configs', seen(true, true, warned), 'warned'],
    ['hears of the cluster', 'nodes', seen(true, true), 'cluster'],
    ['does not care for pods', 'pods', seen(true, true), undefined],
  ] as const)('%s', (_, resource, view, expected) => {
    expect(whyToAsk(resource, view)).toBe(expected);
  });
});
