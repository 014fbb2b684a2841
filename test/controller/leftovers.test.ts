// What was left behind on a node: asked for as long as a Service wants it, and free only when it is known to be.
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { makeFairDials } from '../../src/controller/fair-dials.ts';
import { freshMs, Leftovers } from '../../src/controller/leftovers.ts';
import type { Look } from '../../src/observed/snapshot.ts';
import type { Sight } from '../../src/grants/grounds.ts';
import type { Target } from '../../src/observed/snapshot.ts';

const address = '203.0.113.110';

/** What is dialled, by whom it is wanted, and what was told; each dial hears at once what `hears` says. */
function world(...hears: readonly Look[]) {
  const left = [...hears];
  const dialled: Target[] = [];
  const lanes: string[] = [];
  const told: string[] = [];
  const made = {
    dialled,
    lanes,
    told,
    /** What dials hear from now on. */
    hears: (look: Look) => void left.splice(0, left.length, look),
    leftovers: new Leftovers({
      turns: {
        join: (row, lane) => void lanes.push(`${lane} wants ${row}`),
        leave: (row) => void lanes.push(`nobody wants ${row}`),
        dial: async (target) => {
          dialled.push(target);
          return (left.length > 1 ? left.shift() : left[0]) ?? 'silent';
        },
      },
      now: () => performance.now(),
      onHeard: (row) => void told.push(row),
    }),
  };
  return made;
}

const seconds = (count: number) => jest.advanceTimersByTimeAsync(count * 1000);

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('of an address it is said that', () => {
  it.each<[Sight, string, readonly Look[], number]>([
    ['somebody', 'while it answers', ['answers'], 100],
    ['unheard', 'after a moment of silence', ['silent'], 59],
    ['nobody', 'after a minute of silence', ['silent'], 60],
    ['unheard', 'when an answer interrupted that', [...hear('silent', 50), 'answers', 'silent'], 60],
    ['nobody', 'a minute after that', [...hear('silent', 50), 'answers', 'silent'], 111],
    ['nobody', 'when the network calls it unreachable', ['unreachable'], 0],
    ['blind', 'when it cannot be asked from here', ['blind'], 900],
    ['unreferenced', 'when nobody answers who would', ['unreferenced'], 900],
    ['unheard', 'when it could not be asked in between', [...hear('silent', 50), 'blind', 'silent'], 60],
    [
      'unheard',
      'when nobody else answered in between',
      [...hear('silent', 50), 'unreferenced', 'silent'],
      60,
    ],
  ])('%s has it %s', async (sight, _, looks, after) => {
    const { leftovers } = world(...looks);
    expect(leftovers.sightOf(address)).toBe('unheard');
    leftovers.ask(address, 'a');
    expect(leftovers.sightOf(address)).toBe('unheard');
    await seconds(after);
    expect(leftovers.sightOf(address)).toBe(sight);
    leftovers.forget(address);
    expect(leftovers.sightOf(address)).toBe('unheard');
  });
});

function hear(look: Look, count: number): readonly Look[] {
  return Array.from({ length: count }, () => look);
}

describe('that no node has an address', () => {
  it.each<Look>(['unreachable', 'silent'])(
    'is known for ten seconds, and then asked again (%s)',
    async (look) => {
      const { leftovers, dialled, hears } = world(look);
      leftovers.ask(address, 'a');
      await seconds(60);
      leftovers.ask(address, 'a');
      await seconds(0);
      const known = dialled.length;
      await seconds(freshMs / 1000);
      expect(leftovers.sightOf(address)).toBe('nobody');
      leftovers.ask(address, 'a');
      await seconds(1);
      expect([leftovers.sightOf(address), dialled.length]).toEqual(['stale', known]);
      hears('answers');
      leftovers.ask(address, 'a');
      expect(leftovers.sightOf(address)).toBe('stale');
      await seconds(1);
      expect(leftovers.sightOf(address)).toBe('somebody');
      leftovers.stop();
    },
  );

  it('is known again after one dial, and told', async () => {
    const { leftovers, dialled, told } = world('unreachable');
    leftovers.ask(address, 'a');
    await seconds(3600);
    expect([leftovers.sightOf(address), dialled.length]).toEqual(['stale', 1]);
    leftovers.ask(address, 'a');
    leftovers.ask(address, 'b');
    await seconds(0);
    expect([leftovers.sightOf(address), dialled.length]).toEqual(['nobody', 2]);
    expect(told).toEqual([address, address]);
  });

  it('keeps no place from others while it is known', async () => {
    const { leftovers, lanes } = world('unreachable');
    leftovers.ask(address, 'a');
    await seconds(0);
    leftovers.ask(address, 'b');
    expect(lanes).toEqual([`a wants ${address}`, `nobody wants ${address}`]);
  });
});

it('asks at the port of the kubelet, and no longer than it is wanted', async () => {
  const { leftovers, dialled, lanes } = world('answers');
  ['203.0.113.110', '203.0.113.111', '203.0.113.112'].forEach((row) => leftovers.ask(row, 'a'));
  expect(dialled[0]).toEqual({ address: '203.0.113.110', port: 10_250 });
  leftovers.keep((row) => row !== '203.0.113.110');
  leftovers.forget('203.0.113.111');
  dialled.splice(0);
  await seconds(1);
  expect(new Set(dialled.map((row) => row.address))).toEqual(new Set(['203.0.113.112']));
  leftovers.stop();
  dialled.splice(0);
  await seconds(5);
  expect(dialled).toEqual([]);
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
  /** Seconds until the last of a thousand, and until one of another namespace, are known to be on no node. */
  async function secondsFor(look: Look, dialMs: number): Promise<readonly [number, number]> {
    const pause = (): Promise<Look> => new Promise((resolve) => void setTimeout(() => resolve(look), dialMs));
    const turns = makeFairDials({ dial: pause }, () => performance.now());
    const known = new Set<string>();
    const leftovers = new Leftovers({
      turns,
      now: () => performance.now(),
      onHeard: (row) => void (leftovers.sightOf(row) === 'nobody' && known.add(row)),
    });
    const many = Array.from({ length: 1000 }, (_, n) => `203.0.${n >> 8}.${n & 255}`);
    many.forEach((row) => leftovers.ask(row, 'a'));
    leftovers.ask('203.0.113.1', 'b');
    let other = 0;
    for (let count = 0; count < 3600; count += 1) {
      other ||= known.has('203.0.113.1') ? count : 0;
      if (many.every((row) => known.has(row))) {
        leftovers.stop();
        return [count, other];
      }
      await seconds(1);
    }
    throw new Error('not within an hour');
  }

  it('are known within two minutes where the network calls them unreachable, and one of another within 11 s', async () => {
    const [all, other] = await secondsFor('unreachable', 3000);
    expect([all < 120, other < 11]).toEqual([true, true]);
  });

  it('are known within six minutes where it is silent, and one of another within 75 s', async () => {
    const [all, other] = await secondsFor('silent', 4000);
    expect([all < 360, other < 75]).toEqual([true, true]);
  });
});
