// How long a node listens before it says that nobody answers, played by a clock of its own.
import { describe, expect, it } from '@jest/globals';
import type { Answer } from '../../src/api/node-report.ts';
import type { DialAnswer } from '../../src/observed/snapshot.ts';
import { whoAnswers, type Asking } from '../../src/probe/neighbours.ts';

const address = '203.0.113.100';
const mac = '02:00:00:00:00:64';
const head = 'IP address       HW type     Flags       HW address            Mask     Device\n';
const entry = (flags: string): string => `${address}  0x1  ${flags}  ${mac}  *  eth0\n`;

interface Play {
  /** When the kernel has an entry, in milliseconds; negative: from before. */
  readonly arpAt?: number;
  readonly arpUntil?: number;
  /** When the connection ends, and how. */
  readonly dialled?: readonly [number, DialAnswer];
  /** What this turn of the event loop takes, before the first packet leaves. */
  readonly turnMs?: number;
}

/** A node whose time passes only while it sleeps. */
function play({ arpAt = Infinity, arpUntil = Infinity, dialled, turnMs = 0 }: Play) {
  let now = 0;
  const answer = Promise.withResolvers<DialAnswer>();
  const pass = async (ms: number): Promise<void> => {
    now += ms;
    if (dialled && now >= dialled[0]) {
      answer.resolve(dialled[1]);
    }
    await Promise.resolve();
  };
  const by: Asking = {
    dial: () => answer.promise,
    arp: () => head + (now > arpAt && now < arpUntil ? entry('0x2') : entry('0x0')),
    now: () => now,
    sleep: pass,
    nextTurn: () => pass(turnMs),
  };
  return { by, took: () => now };
}

describe('whoAnswers', () => {
  it.each<[string, Play, readonly Answer[], number]>([
    ['calls an address silent after the time of three questions, and no later', {}, [], 2400],
    ['counts from when the first question has left', { turnMs: 130 }, [], 2530],
    ['does not take an error of its own for an answer', { dialled: [3000, 'blind'] }, [], 2400],
    ['believes a host that refuses the connection', { dialled: [100, 'answers'] }, [{ address }], 100],
    ['believes the ARP table, and names who it is', { arpAt: 40 }, [{ address, mac }], 50],
    ['hears who answers the third question', { arpAt: 2390 }, [{ address, mac }], 2400],
    [
      'doubts an entry of before, and is right where it goes',
      { arpAt: -1, arpUntil: 8000, dialled: [8000, 'unreachable'] },
      [],
      8000,
    ],
    ['believes an entry of before that stays', { arpAt: -1 }, [{ address, mac }], 10_000],
  ])('%s', async (_, played, expected, ms) => {
    const { by, took } = play(played);
    await expect(whoAnswers([address], 6443, by)).resolves.toEqual(expected);
    expect(took()).toBe(ms);
  });

  it('asks about several addresses side by side', async () => {
    const { by, took } = play({});
    const asked: string[] = [];
    const noting: Asking = { ...by, dial: (target, ms) => (asked.push(target.address), by.dial(target, ms)) };
    // Both sleep on one clock, so each of its steps counts twice.
    await expect(whoAnswers([address, '2001:db8::100'], 6443, noting)).resolves.toEqual([]);
    expect(asked).toEqual([address, '2001:db8::100']);
    expect(took()).toBeLessThan(2500);
  });

  it('asks nothing about no address', async () => {
    await expect(whoAnswers([], 6443)).resolves.toEqual([]);
  });
});
