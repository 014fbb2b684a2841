// Which words of a witness are news.
import { describe, expect, it } from '@jest/globals';
import { annotations } from '../../src/api/metadata.ts';
import { makeWitnessNews } from '../../src/controller/witness-news.ts';
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
const lease = (text: string | undefined, name = 'kube-vip-witness.0a1b2c3d.n4') => ({
  metadata: { name, annotations: text === undefined ? {} : { [annotations.answers]: text } },
});
const news = (...words: readonly Answers[]) => {
  const newsOf = makeWitnessNews();
  return words.map((row) => newsOf(lease(JSON.stringify(row)))).at(-1);
};
const group = (name: string, odd: number) => ({
  groups: [{ name, count: 2, roundMs: 1, owners: [{ mac: n1, count: 2 }], odd: [], more: odd }],
});

describe('what a witness says is news', () => {
  const none = { about: [], isAboutAll: false };
  const vip = { about: ['203.0.113.100'], isAboutAll: false };
  it.each([
    ['not, where it is the same', [answers(1, [n1]), answers(2, [n1])], none],
    ['of another owner', [answers(1, [n1]), answers(2, [n2])], vip],
    ['of two owners, each time', [answers(1, [n1, n2]), answers(2, [n1, n2])], vip],
    ['of no owner, each time', [answers(1, []), answers(2, [])], vip],
    [
      'of a class with an odd address, each time',
      [answers(1, [n1], group('c', 1)), answers(2, [n1], group('c', 1))],
      { about: ['c'], isAboutAll: false },
    ],
    ['not of a class without', [answers(1, [n1], group('c', 0)), answers(2, [n1], group('c', 0))], none],
    [
      'for all, of what nothing claims',
      [answers(1, [n1]), answers(2, [n1], group('orphans', 0))],
      { about: [], isAboutAll: true },
    ],
    [
      'for all, when it cannot ask any more',
      [answers(1, [n1]), answers(2, [n1], { trouble: 'x' })],
      { about: [], isAboutAll: true },
    ],
  ])('%s', (_, words, expected) => {
    expect(news(...words)).toEqual(expected);
  });

  it('not, where it is no Lease of a witness', () => {
    expect(makeWitnessNews()(lease(undefined, 'edge-control-plane'))).toBeUndefined();
  });
});
