import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { DepartureDialer } from '../../src/controller/departure-dialer.ts';
import { ReferencedDial } from '../../src/controller/referenced-dial.ts';
import { arp } from '../../src/modes/arp/arp.ts';
import type { ReferenceHosts } from '../../src/grants/reference-hosts.ts';
import type { DialAnswer, Look, Target } from '../../src/observed/snapshot.ts';
import type { Ask } from '../../src/steps/step.ts';

const target = (address: string): Target => ({ address, port: 6443 });
const ask = (...addresses: readonly string[]): Ask => ({ stage: 'ended', targets: addresses.map(target) });

interface World {
  readonly addresses: DepartureDialer;
  /** Every dial, in order. */
  readonly dialled: string[];
  /** Every key that was called back, in order. */
  readonly told: string[];
  answer: (target: Target) => Promise<Look>;
}

function world(): World {
  const dialled: string[] = [];
  const told: string[] = [];
  const made: World = {
    dialled,
    told,
    answer: () => Promise.resolve('unreachable'),
    addresses: new DepartureDialer({
      dial: (asked) => {
        dialled.push(asked.address);
        return made.answer(asked);
      },
      now: () => performance.now(),
      onHeard: (key) => told.push(key),
    }),
  };
  return made;
}

const rounds = (count: number) => jest.advanceTimersByTimeAsync(count * 1000);

const start = Date.parse('2026-11-24T12:00:00Z');

beforeEach(() => void jest.useFakeTimers({ now: start }));
afterEach(() => void jest.useRealTimers());

describe('DepartureDialer', () => {
  it('asks until the network says that nobody has the address, and tells', async () => {
    const { addresses, dialled, told } = world();
    addresses.follow('edge', ask('a', 'b'));
    await rounds(10);
    expect(dialled).toEqual(['a', 'b']);
    expect(told).toEqual(['edge', 'edge']);
    expect(addresses.heard('edge')).toEqual([
      { address: 'a', port: 6443, stage: 'ended', answer: 'unreachable', quietMs: 0 },
      { address: 'b', port: 6443, stage: 'ended', answer: 'unreachable', quietMs: 0 },
    ]);
  });

  it('asks on while somebody answers, telling only what changes', async () => {
    const made = world();
    made.answer = () => Promise.resolve('answers');
    made.addresses.follow('edge', ask('a'));
    await rounds(5);
    expect([made.dialled.length, made.told.length]).toEqual([6, 1]);
    expect(made.addresses.heard('edge')).toMatchObject([{ answer: 'answers', quietMs: undefined }]);
    made.answer = () => Promise.resolve('silent');
    await rounds(3);
    expect(made.told).toHaveLength(2);
    expect(made.addresses.heard('edge')).toMatchObject([{ answer: 'silent', quietMs: 2000 }]);
    made.addresses.stop();
  });

  it('ends after a minute of silence, counted from the last answer', async () => {
    const made = world();
    made.answer = () => Promise.resolve('silent');
    made.addresses.follow('edge', ask('a'));
    await rounds(90);
    expect([made.dialled.length, made.told.length]).toEqual([61, 2]);
  });

  it('counts silence anew after a dial that told nothing, and asks on for as long as none tells', async () => {
    const made = world();
    made.answer = () => Promise.resolve('silent');
    made.addresses.follow('edge', ask('a'));
    await rounds(50);
    made.answer = () => Promise.resolve('unreferenced');
    await rounds(100);
    expect(made.addresses.heard('edge')).toMatchObject([{ answer: 'unreferenced', quietMs: undefined }]);
    expect(made.told).toHaveLength(2);
    made.answer = () => Promise.resolve('silent');
    await rounds(30);
    expect(made.addresses.heard('edge')).toMatchObject([{ answer: 'silent', quietMs: 29_000 }]);
    made.addresses.stop();
  });

  it('takes no time for silence in which it did not ask', async () => {
    const made = world();
    let end: (answer: DialAnswer) => void = () => undefined;
    made.answer = () => Promise.resolve('silent');
    made.addresses.follow('edge', ask('a'));
    await rounds(0);
    made.answer = () => new Promise((resolve) => (end = resolve));
    await rounds(120);
    expect(made.addresses.heard('edge')).toMatchObject([{ answer: 'silent', quietMs: 0 }]);
    end('silent');
    await rounds(0);
    expect(made.addresses.heard('edge')).toMatchObject([{ answer: 'silent', quietMs: 120_000 }]);
  });

  it('does not take a jump of the clock for a minute of silence', async () => {
    const made = world();
    made.answer = () => Promise.resolve('silent');
    made.addresses.follow('edge', ask('a'));
    await rounds(3);
    jest.setSystemTime(start + 3_600_000);
    await rounds(3);
    expect(made.addresses.heard('edge')).toMatchObject([{ answer: 'silent', quietMs: 6000 }]);
    made.addresses.stop();
  });

  it('goes on with the same question, and starts anew with another', async () => {
    const { addresses, dialled } = world();
    addresses.follow('edge', ask('a'));
    await rounds(1);
    addresses.follow('edge', ask('a'));
    await rounds(5);
    expect(dialled).toEqual(['a']);
    addresses.follow('edge', { ...ask('a'), stage: 'parked' });
    expect(addresses.heard('edge')).toEqual([]);
    await rounds(5);
    expect(addresses.heard('edge')).toMatchObject([{ stage: 'parked' }]);
  });

  it('forgets what comes after the question was taken back', async () => {
    const made = world();
    let late: (answer: DialAnswer) => void = () => undefined;
    made.answer = () => new Promise((resolve) => (late = resolve));
    made.addresses.follow('edge', ask('a'));
    made.addresses.follow('edge', undefined);
    late('silent');
    await rounds(5);
    expect([made.addresses.heard('edge'), made.told, made.dialled]).toEqual([[], [], ['a']]);
  });

  it('asks 32 at once, and all of them', async () => {
    const made = world();
    const names = Array.from({ length: 40 }, (_, index) => `a${index}`);
    const open: ((answer: DialAnswer) => void)[] = [];
    made.answer = () => new Promise((resolve) => void open.push(resolve));
    made.addresses.follow('edge', ask(...names));
    expect(made.dialled).toHaveLength(32);
    open.splice(0).forEach((resolve) => resolve('unreachable'));
    await jest.advanceTimersByTimeAsync(0);
    expect(made.dialled).toEqual(names);
    made.addresses.stop();
  });
});

describe('a departure is known', () => {
  const near: ReferenceHosts = {
    kind: 'near',
    hosts: ['203.0.113.12'].map((address) => ({ address, port: 10_250 })),
  };

  it.each<[string, ReferenceHosts, { address: DialAnswer; host: DialAnswer }, boolean]>([
    ['by silence, while another node answers', near, { address: 'silent', host: 'answers' }, true],
    [
      'by what the network says, while another node answers',
      near,
      { address: 'unreachable', host: 'answers' },
      true,
    ],
    ['by silence, in a cluster of one node', { kind: 'alone' }, { address: 'silent', host: 'silent' }, true],
    ['not by silence, while no other node answers', near, { address: 'silent', host: 'silent' }, false],
    [
      'not by what a kernel without a link says',
      near,
      { address: 'unreachable', host: 'unreachable' },
      false,
    ],
  ])('%s', async (_, hosts, say, isKnown) => {
    const later = <T>(value: T, ms: number) =>
      new Promise<T>((resolve) => setTimeout(() => resolve(value), ms));
    const now = () => performance.now();
    const referenced = new ReferencedDial({
      dial: () => later(say.address, 3000),
      dialReferenceHost: async () => say.host,
      referenceHostsOf: () => hosts,
      now,
      pause: (ms) => later(undefined, ms),
    });
    const addresses = new DepartureDialer({
      dial: (target) => referenced.dial(target),
      now,
      onHeard: () => undefined,
    });
    addresses.follow('edge', ask('203.0.113.100'));
    await rounds(90);
    expect(addresses.heard('edge').map(arp.proof.isProven)).toEqual([isKnown]);
    addresses.stop();
  });
});
