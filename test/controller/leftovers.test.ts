// What was left behind on a node: asked for as long as a Service wants it, and free only when it is known to be.
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { atOnce, makeDepartureDialer } from '../../src/controller/departure-dialer.ts';
import { FairDials } from '../../src/controller/fair-dials.ts';
import { Leftovers } from '../../src/controller/leftovers.ts';
import type { Sight } from '../../src/grants/grounds.ts';
import type { DialAnswer, DialState } from '../../src/observed/snapshot.ts';
import type { Ask } from '../../src/steps/step.ts';

function world(state?: Partial<DialState>) {
  const asked = new Map<string, Ask>();
  const lanes: string[] = [];
  const leftovers = new Leftovers(
    {
      follow: (key, ask) => void (ask ? asked.set(key, ask) : asked.delete(key)),
      heard: (key) =>
        (asked.get(key)?.targets ?? []).flatMap((target) =>
          state ? [{ ...target, stage: 'ended', answer: 'silent', quietMs: 0, ...state }] : [],
        ),
      stop: () => undefined,
    },
    {
      join: (address, lane) => void lanes.push(`${lane} wants ${address}`),
      leave: (address) => void lanes.push(`nobody wants ${address}`),
    },
  );
  return { leftovers, asked, lanes };
}

describe('of an address it is said that', () => {
  it.each<[Sight, string, Partial<DialState> | undefined]>([
    ['unheard', 'before anything was heard', undefined],
    ['somebody', 'while it answers', { answer: 'answers', quietMs: undefined }],
    ['unheard', 'after a moment of silence', { quietMs: 59_000 }],
    ['nobody', 'after a minute of silence', { quietMs: 60_000 }],
    ['nobody', 'when the network calls it unreachable', { answer: 'unreachable' }],
    ['blind', 'when it cannot be asked from here', { answer: 'blind', quietMs: 900_000 }],
  ])('%s has it %s', (sight, _, state) => {
    const { leftovers } = world(state);
    expect(leftovers.sightOf('203.0.113.110')).toBe('unheard');
    leftovers.ask('203.0.113.110', 'a');
    expect(leftovers.sightOf('203.0.113.110')).toBe(sight);
    leftovers.forget('203.0.113.110');
    expect(leftovers.sightOf('203.0.113.110')).toBe('unheard');
  });
});

it('asks at the port of the kubelet, and no longer than it is wanted', () => {
  const { leftovers, asked, lanes } = world();
  ['203.0.113.110', '203.0.113.111', '203.0.113.112'].forEach((address) => leftovers.ask(address, 'a'));
  expect(asked.get('203.0.113.110')?.targets).toEqual([{ address: '203.0.113.110', port: 10_250 }]);
  leftovers.keep((address) => address !== '203.0.113.110');
  leftovers.forget('203.0.113.111');
  expect([...asked.keys()]).toEqual(['203.0.113.112']);
  leftovers.stop();
  expect(asked.size).toBe(0);
  expect(lanes).toEqual([
    'a wants 203.0.113.110',
    'a wants 203.0.113.111',
    'a wants 203.0.113.112',
    'nobody wants 203.0.113.110',
    'nobody wants 203.0.113.111',
    'nobody wants 203.0.113.112',
  ]);
});

describe('a thousand addresses of one namespace, after a start of the operator', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  /** Seconds until the last of a thousand, and until one of another namespace, are known to be on no node. */
  async function secondsFor(answer: DialAnswer, dialMs: number): Promise<readonly [number, number]> {
    const pause = (): Promise<DialAnswer> =>
      new Promise((resolve) => void setTimeout(() => resolve(answer), dialMs));
    const turns = new FairDials({ dial: pause, atOnce });
    const dialer = makeDepartureDialer(
      () => undefined,
      (target) => turns.dial(target),
    );
    const leftovers = new Leftovers(dialer, turns);
    const many = Array.from({ length: 1000 }, (_, n) => `203.0.${n >> 8}.${n & 255}`);
    many.forEach((address) => leftovers.ask(address, 'a'));
    leftovers.ask('203.0.113.1', 'b');
    let other = 0;
    for (let seconds = 0; seconds < 3600; seconds += 1) {
      other ||= leftovers.sightOf('203.0.113.1') === 'nobody' ? seconds : 0;
      if (many.every((address) => leftovers.sightOf(address) === 'nobody')) {
        leftovers.stop();
        return [seconds, other];
      }
      await jest.advanceTimersByTimeAsync(1000);
    }
    throw new Error('not within an hour');
  }

  it('are known within two minutes where the network calls them unreachable, and one of another at once', async () => {
    expect(await secondsFor('unreachable', 3000)).toEqual([96, 6]);
  });

  it('are known within five minutes where it is silent, and one of another within 70 s', async () => {
    const [all, other] = await secondsFor('silent', 4000);
    expect([all < 300, other < 75]).toEqual([true, true]);
  });
});
