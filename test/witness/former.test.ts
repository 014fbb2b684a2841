import { describe, expect, it } from '@jest/globals';
import { orphansGroup, type Answers, type GroupAnswer } from '../../src/witness/contract.ts';
import {
  claimedOf,
  formerNow,
  longestFormerMs,
  quietFor,
  quietMs,
  type FormerFacts,
} from '../../src/witness/former.ts';
import { kubeVipConfig } from '../builders.ts';
import { service } from '../cluster-builders.ts';
import { fiveNodes, served } from './world.ts';

const now = 10_000_000;
const a = '203.0.113.64';
const asking = (overrides: Partial<FormerFacts> = {}) => [
  ...formerNow({
    before: new Map(),
    askedBefore: [a],
    asked: new Set(),
    claimedOf: () => new Set(),
    quietFor: () => undefined,
    now,
    ...overrides,
  }),
];

describe('formerNow', () => {
  it.each<[string, Partial<FormerFacts>, readonly (readonly [string, number])[]]>([
    ['is what was asked for and nothing has now', {}, [[a, now]]],
    ['is not what is asked for still', { asked: new Set([a]) }, []],
    ['is not what something else claims', { claimedOf: () => new Set([a]) }, []],
    ['keeps since when it is that', { before: new Map([[a, now - 5]]), askedBefore: [] }, [[a, now - 5]]],
    ['ends after an hour', { before: new Map([[a, now - longestFormerMs]]), askedBefore: [] }, []],
    [
      'ends when nobody has answered for a minute',
      { before: new Map([[a, now - 70_000]]), askedBefore: [], quietFor: () => quietMs },
      [],
    ],
    [
      'goes on while somebody has answered since',
      { before: new Map([[a, now - 70_000]]), askedBefore: [], quietFor: () => quietMs - 1 },
      [[a, now - 70_000]],
    ],
    ['begins whatever was quiet while it had an owner', { quietFor: () => quietMs }, [[a, now]]],
  ])('%s', (_, facts, expected) => {
    expect(asking(facts)).toEqual(expected);
  });
});

describe('claimedOf', () => {
  const facts = { configs: [kubeVipConfig()], services: [], daemonSets: [], nodes: fiveNodes };
  const leftBehind = {
    ...service({ type: 'ClusterIP', annotations: { 'kube-vip.io/loadbalancerIPs': a } }),
  };

  it.each([
    ['a control plane', '203.0.113.100', facts, true],
    [
      'a control plane without a witness',
      '203.0.113.100',
      { ...facts, configs: [kubeVipConfig({ spec: { witness: 'Off' } })] },
      true,
    ],
    ['a node', '203.0.113.14', facts, true],
    ['a Service of whatever class', a, { ...facts, services: [served('web', a, 'example.org/x')] }, true],
    ['externalIPs', a, { ...facts, services: [service({ type: 'ClusterIP', externalIPs: [a] })] }, true],
    [
      'a Service that is no load balancer any more, not',
      a,
      {
        ...facts,
        services: [
          {
            ...leftBehind,
            metadata: { ...leftBehind.metadata, managedFields: [{ manager: 'kube-vip-operator' }] },
          },
        ],
      },
      false,
    ],
    ['nothing', a, facts, false],
  ])('finds the claim of %s', (_, address, of, isClaimed) => {
    expect(claimedOf(new Set([address]), of).has(address)).toBe(isClaimed);
  });
});

const group = (overrides: Partial<GroupAnswer> = {}): GroupAnswer => ({
  name: orphansGroup,
  count: 1,
  roundMs: 1000,
  owners: [],
  odd: [],
  more: 0,
  ...overrides,
});
const answers = (...groups: readonly GroupAnswer[]): Answers => ({
  v: 1,
  seq: 1,
  revision: 'x',
  pod: 'w',
  at: 100_000,
  interface: 'eth0',
  mac: '02:00:00:00:00:01',
  missing: [],
  trouble: '',
  control: [],
  groups,
  heard: [],
});
const silent = (since: number) => answers(group({ odd: [{ address: a, owners: [], silentSince: since }] }));
const owners = [{ mac: '02:00:00:00:00:09', since: 1, last: 2 }];

describe('quietFor', () => {
  it.each<[string, readonly Answers[], number | undefined]>([
    ['is what the witness says', [silent(40_000)], 60_000],
    ['is the shorter of two', [silent(40_000), silent(70_000)], 30_000],
    ['is nothing while it has an owner', [answers(group({ odd: [{ address: a, owners }] }))], 0],
    ['is nothing where it is not odd', [answers(group())], 0],
    ['is not known without a witness', [], undefined],
    ['is not known before it was asked for', [answers()], undefined],
    ['is not known where not all that is odd is listed', [answers(group({ more: 1 }))], undefined],
    ['is not known where one witness does not know', [silent(40_000), answers()], undefined],
  ])('%s', (_, said, expected) => {
    expect(quietFor(said, a)).toBe(expected);
  });
});
