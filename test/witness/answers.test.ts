// What a witness wrote becomes what it says, and what is none is not believed.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Answers, Questions } from '../../src/witness/contract.ts';
import { parseAnswers, statementOf } from '../../src/witness/answers.ts';

const at = 1_764_420_000_000;
const mac = '02:00:00:00:00:01';
const answers: Answers = {
  v: 1,
  seq: 17,
  revision: 'r1',
  pod: 'kube-vip-witness-0a1b2c3d-x',
  at,
  interface: 'eth0',
  mac: '02:00:00:00:00:04',
  missing: [],
  trouble: '',
  control: [
    { address: '203.0.113.100', asked: 9, owners: [{ mac, since: at - 5000, last: at - 300, self: true }] },
    { address: '203.0.113.101', asked: 9, owners: [], silentSince: at - 8000 },
  ],
  groups: [
    {
      name: 'kubevip.dev/edge',
      count: 2,
      roundMs: 4000,
      owners: [{ mac, count: 1 }],
      odd: [{ address: '203.0.113.70', owners: [], silentSince: at - 1000 }],
      more: 0,
    },
    { name: 'orphans', count: 1, roundMs: 4000, owners: [{ mac, count: 1 }], odd: [], more: 0 },
  ],
  heard: [],
};
const questions: Questions = {
  v: 1,
  revision: 'r1',
  subnets: ['203.0.113.0/24'],
  control: [{ address: '203.0.113.100' }],
  groups: [{ name: 'orphans', addresses: ['203.0.113.66'] }],
};
const lease = { segment: '0a1b2c3d', node: 'n4', answers: JSON.stringify(answers), ageMs: 1000 };

describe('what a witness says', () => {
  it('is in times before it was written, by its own clock', () => {
    expect(statementOf(lease, answers, questions)).toMatchObject({
      node: 'n4',
      ageMs: 1000,
      trouble: '',
      asks: ['203.0.113.100', 'orphans'],
      control: [
        {
          address: '203.0.113.100',
          owners: [{ mac, sinceMs: 5000, lastMs: 300, isSelf: true }],
          silentMs: undefined,
          roundMs: 1000,
        },
        { address: '203.0.113.101', owners: [], silentMs: 8000 },
      ],
      groups: [
        { name: 'kubevip.dev/edge', odd: [{ address: '203.0.113.70', silentMs: 1000, roundMs: 4000 }] },
      ],
      former: { addresses: ['203.0.113.66'] },
    });
  });

  it.each([
    ['nothing yet', { answers: undefined }, 'it has said nothing yet'],
    ['nothing for more than ten seconds', { ageMs: 10_001 }, 'it has been silent for more than 10 s'],
    ['what nobody can read', { answers: 'x' }, 'its answers cannot be read'],
  ])('is no fact where it said %s', (_, of, trouble) => {
    const row = { ...lease, ...of };
    const parsed = row.answers === undefined ? undefined : parseAnswers(row.answers);
    expect(statementOf(row, parsed, questions)).toMatchObject({ trouble, control: [], groups: [] });
  });

  it.each([
    [
      'that it cannot ask',
      { trouble: 'its socket is refused' },
      { trouble: 'its socket is refused', control: [] },
    ],
    ['nothing of a subnet that its node is not in', { missing: ['203.0.113.0/24'] }, { control: [] }],
    [
      'how long a round of many takes',
      { controlRoundMs: 4000 },
      { control: [{ roundMs: 4000 }, { roundMs: 4000 }] },
    ],
    [
      'nothing of former addresses while it answers other questions',
      { revision: 'r0' },
      { former: undefined },
    ],
  ])('is %s', (_, of: Partial<Answers>, expected: object) => {
    expect(statementOf(lease, { ...answers, ...of }, questions)).toMatchObject(expected);
  });

  it('leaves out what was never asked for', () => {
    const [first] = answers.control;
    const never = first && { ...answers, control: [{ ...first, asked: 0 }] };
    expect(statementOf(lease, never, questions).control).toEqual([]);
  });
});

describe('parseAnswers', () => {
  it('reads what the contract has', () => {
    expect(parseAnswers(JSON.stringify({ ...answers, newer: 1 }))).toEqual({ ...answers, newer: 1 });
  });

  it.each([
    ['another version', { v: 2 }],
    ['a MAC that is none', { groups: [{ ...answers.groups[0], owners: [{ mac: 'x', count: 1 }] }] }],
    ['an owner without a time', { control: [{ address: 'a', asked: 1, owners: [{ mac, since: 1 }] }] }],
    ['a list that is none', { missing: 'x' }],
    ['a time that is none', { at: 'now' }],
  ])('does not believe %s', (_, of) => {
    expect(parseAnswers(JSON.stringify({ ...answers, ...of }))).toBeUndefined();
  });

  it('does not believe a text that is too long', () => {
    expect(parseAnswers(JSON.stringify({ ...answers, pod: 'x'.repeat(200_000) }))).toBeUndefined();
  });

  it('never throws, and neither does what reads the result', () => {
    const broken = fc.oneof(
      fc.string(),
      fc.json(),
      fc.object().map((row) => JSON.stringify({ ...answers, ...row })),
    );
    fc.assert(
      fc.property(broken, (text) => {
        const parsed = parseAnswers(text);
        expect(statementOf({ ...lease, answers: text }, parsed, questions).node).toBe('n4');
      }),
    );
  });
});
