import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FakeCluster } from '../fake-cluster.ts';
import { kubeVipConfig } from '../builders.ts';
import { emptySurvey } from '../../src/plan/survey.ts';
import { pauses, Surveyor, whyToAsk } from '../../src/controller/surveyor.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

interface Played {
  readonly surveyor: Surveyor;
  readonly rounds: () => number;
  readonly errors: unknown[];
}

/** @param round what each round does */
function play(round: () => Promise<void> = async () => undefined, isBlocking = false): Played {
  let rounds = 0;
  const errors: unknown[] = [];
  const surveyor = new Surveyor({
    round: () => {
      rounds += 1;
      return round();
    },
    isBlocking: () => isBlocking,
    onError: (error) => errors.push(error),
  });
  return { surveyor, rounds: () => rounds, errors };
}

describe('Surveyor', () => {
  it('reads at start, and every ten minutes', async () => {
    const { surveyor, rounds } = play();
    await surveyor.start();
    expect(rounds()).toBe(1);
    await jest.advanceTimersByTimeAsync(pauses.quiet);
    expect(rounds()).toBe(2);
  });

  it('reads oftener while somebody is held back', async () => {
    const { surveyor, rounds } = play(undefined, true);
    await surveyor.start();
    await jest.advanceTimersByTimeAsync(3 * pauses.blocked);
    expect(rounds()).toBe(4);
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

describe('whyToAsk', () => {
  const seen = (surveyed: boolean, covered: boolean) => {
    const cluster = new FakeCluster({ configs: [kubeVipConfig()] });
    cluster.surveyed = surveyed ? emptySurvey : undefined;
    return Object.assign(cluster, { isSurveyed: () => covered });
  };

  it.each([
    ['hurries for a config without facts', 'configs', seen(false, false), 'config'],
    ['takes its time for one that is judged by facts of before', 'configs', seen(true, false), 'edit'],
    ['has no reason when the facts are its own', 'configs', seen(true, true), undefined],
    ['hears of the cluster', 'nodes', seen(true, true), 'cluster'],
    ['does not care for pods', 'pods', seen(true, true), undefined],
  ] as const)('%s', (_, resource, view, expected) => {
    expect(whyToAsk(resource, view)).toBe(expected);
  });
});
