// Which words of a witness are news.
import { describe, expect, it } from '@jest/globals';
import { annotations } from '../../src/api/metadata.ts';
import { makeWitnessNews } from '../../src/controller/witness-news.ts';
import { lease } from '../builders.ts';
import { FakeCluster } from '../fake-cluster.ts';
import type { Answers } from '../../src/witness/contract.ts';

const [n1, n2] = ['02:00:00:00:00:01', '02:00:00:00:00:02'];
const seen = (...macs: readonly string[]) => macs.map((mac) => ({ mac, since: 1, last: 2 }));
const answers = (seq: number, owners: readonly string[], of: Partial<Answers> = {}): Answers => ({
  v: 1,
  seq,
  revision: 'r',
  pod: 'p',
  at: seq,
  interface: 'eth0',
  mac: n1,
  missing: [],
  trouble: '',
  control: [{ address: '203.0.113.100', asked: seq, owners: seen(...owners) }],
  groups: [],
  heard: [],
  ...of,
});
const name = 'kube-vip-witness.0a1b2c3d.n4';
const view = new FakeCluster({ leases: [lease({ name })] });
const object = (text: string | undefined, of = name) => ({
  metadata: { name: of, annotations: text === undefined ? {} : { [annotations.answers]: text } },
});
const news = (...words: readonly Answers[]) => {
  const newsOf = makeWitnessNews(view, () => 0);
  return words.map((row) => newsOf(object(JSON.stringify(row)))).at(-1);
};
const group = (name: string, odd: readonly string[], more = 0) => ({
  groups: [
    {
      name,
      count: 2,
      roundMs: 1000,
      owners: [{ mac: n1, count: 2 }],
      odd: odd.map((address) => ({ address, owners: seen(n1, n2) })),
      more,
    },
  ],
});
const settled = { at: 31_000 };

describe('what a witness says is news', () => {
  const none = { about: [], isAboutAll: false };
  const ofClass = { about: ['c'], isAboutAll: false };
  const silentFrom = (silentSince: number): Partial<Answers> => ({
    control: [{ address: '203.0.113.100', asked: 1, owners: [], silentSince }],
  });
  const vip = { about: ['203.0.113.100'], isAboutAll: false };
  it.each([
    ['not, where it is the same', [answers(1, [n1]), answers(2, [n1])], none],
    ['of another owner', [answers(1, [n1]), answers(2, [n2])], vip],
    ['of two owners, each time', [answers(1, [n1, n2]), answers(2, [n1, n2])], vip],
    ['of no owner, each time', [answers(1, [], silentFrom(0)), answers(2, [], silentFrom(0))], vip],
    [
      'of no owner, until that has lasted',
      [answers(1, [], { ...silentFrom(0), ...settled }), answers(2, [], { ...silentFrom(0), ...settled })],
      none,
    ],
    [
      'not of two owners, once that has lasted',
      [answers(1, [n1, n2], settled), answers(2, [n1, n2], settled)],
      none,
    ],
    [
      'of a class with an odd address, each time',
      [answers(1, [n1], group('c', ['a'])), answers(2, [n1], group('c', ['a']))],
      ofClass,
    ],
    [
      'not of a class with an odd address, once that has lasted',
      [
        answers(1, [n1], { ...group('c', ['a']), ...settled }),
        answers(2, [n1], { ...group('c', ['a']), ...settled }),
      ],
      none,
    ],
    [
      'of a class in which another address is odd',
      [
        answers(1, [n1], { ...group('c', ['a']), ...settled }),
        answers(2, [n1], { ...group('c', ['b']), ...settled }),
      ],
      ofClass,
    ],
    [
      'of a class in which more are odd',
      [answers(1, [n1], group('c', [], 1)), answers(2, [n1], group('c', [], 2))],
      ofClass,
    ],
    ['not of a class without', [answers(1, [n1], group('c', [])), answers(2, [n1], group('c', []))], none],
    [
      'for all, of what nothing claims',
      [answers(1, [n1]), answers(2, [n1], group('orphans', []))],
      { about: [], isAboutAll: true },
    ],
    [
      'for all, when it cannot ask any more',
      [answers(1, [n1]), answers(2, [n1], { trouble: 'x' })],
      { about: [], isAboutAll: true },
    ],
    [
      'for all, when it has lost a network',
      [answers(1, [n1]), answers(2, [n1], { missing: ['203.0.113.0/24'] })],
      { about: [], isAboutAll: true },
    ],
    [
      'for all, when it has read what it is asked now',
      [answers(1, [n1]), answers(2, [n1], { revision: 's' })],
      { about: [], isAboutAll: true },
    ],
  ])('%s', (_, words, expected) => {
    expect(news(...words)).toEqual(expected);
  });

  it('not, where it is no Lease of a witness', () => {
    expect(makeWitnessNews(view, () => 0)(object(undefined, 'edge-control-plane'))).toBeUndefined();
  });
});
