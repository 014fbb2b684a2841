// Nobody answers: is that believed? Only while another machine of the network does.
import { describe, expect, it } from '@jest/globals';
import { ReferencedDial } from '../../src/controller/referenced-dial.ts';
import type { ReferenceHosts } from '../../src/grants/reference-hosts.ts';
import type { DialAnswer, Look } from '../../src/observed/snapshot.ts';

const target = { address: '203.0.113.110', port: 10_250 };
const near: ReferenceHosts = { kind: 'near', hosts: [{ address: '203.0.113.12', port: 10_250 }] };
const far: ReferenceHosts = { kind: 'far', hosts: [{ address: '192.0.2.13', port: 10_250 }] };

interface Played {
  readonly answer: DialAnswer;
  readonly hosts: ReferenceHosts;
  /** What reference hosts say, one after the other; the last one for ever. */
  readonly say?: readonly DialAnswer[];
  readonly dialMs?: number;
}

/** A clock that each dial moves, and every reference host that was asked. */
function world({ answer, hosts, say = ['answers'], dialMs = 3000 }: Played) {
  const asked: string[] = [];
  const left = [...say];
  let now = 0;
  const dial = new ReferencedDial({
    dial: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      now += dialMs;
      return answer;
    },
    dialReferenceHost: async ({ address }) => {
      asked.push(address);
      return (left.length > 1 ? left.shift() : left[0]) ?? 'silent';
    },
    referenceHostsOf: () => hosts,
    now: () => now,
    pause: async () => (now += 500),
  });
  return { dial, asked };
}

describe('a dial that hears', () => {
  it.each<[DialAnswer, string, ReferenceHosts, readonly DialAnswer[], Look]>([
    ['silent', 'is believed while a machine of the network answers', near, ['answers'], 'silent'],
    ['unreachable', 'is believed while a machine of the network answers', near, ['answers'], 'unreachable'],
    ['silent', 'is not when that is silent, too', near, ['silent'], 'unreferenced'],
    // A kernel without a link says so after 3 s (Linux, network namespaces).
    ['unreachable', 'is not when that is unreachable, too', near, ['unreachable'], 'unreferenced'],
    ['silent', 'is not when that cannot be asked', near, ['blind'], 'unreferenced'],
    ['silent', 'is not when that answers at first only', near, ['answers', 'silent'], 'unreferenced'],
    ['silent', 'is not when that answers at the end only', near, ['silent', 'answers'], 'unreferenced'],
    ['silent', 'is not when only machines of other networks answer', far, ['answers'], 'unreferenced'],
    ['unreachable', 'is believed when machines of other networks answer', far, ['answers'], 'unreachable'],
    ['unreachable', 'is not when these are silent', far, ['silent'], 'unreferenced'],
    [
      'silent',
      'is not when nobody is there to ask',
      { kind: 'near', hosts: [] },
      ['answers'],
      'unreferenced',
    ],
    ['silent', 'is believed where there is no other node', { kind: 'alone' }, ['silent'], 'silent'],
    ['answers', 'is believed whatever others say', near, ['silent'], 'answers'],
    ['blind', 'stays so', near, ['answers'], 'blind'],
  ])('%s %s', async (answer, ...[, hosts, say, look]) => {
    await expect(world({ answer, hosts, say }).dial.dial(target)).resolves.toBe(look);
  });

  it.each<[string, ReferenceHosts]>([
    ['with other nodes', near],
    ['alone', { kind: 'alone' }],
  ])('nothing for longer than a dial takes tells nothing: the process stood still, %s', async (_, hosts) => {
    const { dial } = world({ answer: 'silent', hosts, dialMs: 3_600_000 });
    await expect(dial.dial(target)).resolves.toBe('unreferenced');
  });
});

describe('reference hosts', () => {
  const hosts = ['a', 'b', 'c', 'd', 'e'].map((address) => ({ address, port: 10_250 }));
  const many: ReferenceHosts = { kind: 'near', hosts };

  it('are three at once, and others each time', async () => {
    const { dial, asked } = world({ answer: 'silent', hosts: many });
    await dial.dial(target);
    expect(asked).toEqual(['a', 'b', 'c', 'b', 'c', 'd']);
  });

  it('may be down but for one', async () => {
    const { dial } = world({ answer: 'silent', hosts: many, say: ['silent', 'unreachable', 'answers'] });
    await expect(dial.dial(target)).resolves.toBe('silent');
  });

  it('are not asked where the address answers at once', async () => {
    const asked: string[] = [];
    const dial = new ReferencedDial({
      dial: async () => 'answers',
      dialReferenceHost: async ({ address }) => (asked.push(address), 'answers'),
      referenceHostsOf: () => near,
      now: () => 0,
      pause: () => new Promise((resolve) => setImmediate(resolve)),
    });
    await expect(dial.dial(target)).resolves.toBe('answers');
    expect(asked).toEqual([]);
  });

  it('are asked at their own port, whatever port the address is asked at', async () => {
    const ports: number[] = [];
    const dial = new ReferencedDial({
      dial: () => new Promise((resolve) => setImmediate(() => resolve('silent'))),
      dialReferenceHost: async ({ port }) => (ports.push(port), 'answers'),
      referenceHostsOf: () => near,
      now: () => 0,
      pause: async () => undefined,
    });
    await dial.dial({ ...target, port: 6443 });
    expect(ports).toEqual([10_250]);
  });

  it('are asked once for all dials of a second', async () => {
    const asked: string[] = [];
    const dial = new ReferencedDial({
      dial: () => new Promise((resolve) => setImmediate(() => resolve('silent'))),
      dialReferenceHost: async ({ address }) => (asked.push(address), 'answers'),
      referenceHostsOf: () => near,
      now: () => 0,
      pause: async () => undefined,
    });
    await Promise.all(Array.from({ length: 32 }, () => dial.dial(target)));
    expect(asked).toEqual(['203.0.113.12']);
  });
});
