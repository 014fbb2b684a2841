// Which address a Service gets that asks for none.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addressOf, addressValue } from '../../src/api/address-range.ts';
import { numRuns } from '../api/arbitraries.ts';
import { choose, type Search, type Taken } from '../../src/grants/choose.ts';
import { offersOf, type Pool } from '../../src/grants/pools.ts';
import { valueOf } from '../../src/grants/grounds.ts';
import { kubeVipConfig } from '../builders.ts';

type Written = NonNullable<NonNullable<Parameters<typeof kubeVipConfig>[0]>['spec']>['services'];
const poolsOf = (pools: NonNullable<NonNullable<Written>['pools']>): readonly Pool[] =>
  offersOf(kubeVipConfig({ spec: { services: { pools } } }));

const four = ['203.0.113.4/30'];
const six = ['2001:db8::4/126'];

interface World {
  readonly taken?: readonly string[];
  readonly open?: readonly string[];
  readonly others?: readonly string[];
  /** Last address of a network from the first one of the pool on. */
  readonly network?: string;
}

function takenOf({ taken = [], open = [], others = [], network }: World): Taken {
  const end = network === undefined ? undefined : addressValue(network);
  return {
    firstFree: ({ first }) => first,
    endOfOthers: ({ family, value }) =>
      end?.family === family && value <= end.value ? end.value : undefined,
    look: ({ address }) => (taken.includes(address) ? 'taken' : open.includes(address) ? 'open' : 'free'),
    isOfAnother: (address) => others.includes(address),
  };
}

function chosen(
  pools: readonly Pool[],
  world: World,
  search: Partial<Search> = {},
): readonly string[] | string {
  const choice = choose(pools, takenOf(world), { families: ['IPv4'], needsAll: false, aims: [], ...search });
  return choice.kind === 'none'
    ? `none of ${choice.family}`
    : choice.picks.map(
        ({ address, pool, isOpen }) => `${address} of ${pool}${isOpen ? ', if no node has it' : ''}`,
      );
}

const one = poolsOf([{ name: 'main', addresses: [...six, ...four] }]);
const aim = (address: string) => ({ address, ...valueOf(address) });

type Row = readonly [
  what: string,
  pools: readonly Pool[],
  world: World,
  search: Partial<Search>,
  expected: readonly string[] | string,
];

describe('a Service that asks for nothing gets', () => {
  it.each<Row>([
    ['the lowest address', one, {}, {}, ['203.0.113.4 of main']],
    ['the lowest that is free', one, { taken: ['203.0.113.4', '203.0.113.5'] }, {}, ['203.0.113.6 of main']],
    [
      'one that has to be heard of',
      one,
      { taken: ['203.0.113.4'], open: ['203.0.113.5'] },
      {},
      ['203.0.113.5 of main, if no node has it'],
    ],
    [
      'one of each family',
      one,
      {},
      { families: ['IPv6', 'IPv4'] },
      ['2001:db8::4 of main', '203.0.113.4 of main'],
    ],
    [
      'one of the family that has one',
      poolsOf([{ name: 'main', addresses: four }]),
      {},
      { families: ['IPv4', 'IPv6'] },
      ['203.0.113.4 of main'],
    ],
    [
      'nothing when it needs both and there is one',
      poolsOf([{ name: 'main', addresses: four }]),
      {},
      { families: ['IPv4', 'IPv6'], needsAll: true },
      'none of IPv6',
    ],
    [
      'nothing when all are taken',
      one,
      { taken: ['4', '5', '6', '7'].map((end) => `203.0.113.${end}`) },
      {},
      'none of IPv4',
    ],
    ['nothing of another family', poolsOf([{ name: 'main', addresses: six }]), {}, {}, 'none of IPv4'],
    ['nothing without pools', [], {}, {}, 'none of IPv4'],
    [
      'one of the pool that is first by its name',
      poolsOf([
        { name: 'b', addresses: four },
        { name: 'a', addresses: ['203.0.113.8/30'] },
      ]),
      {},
      {},
      ['203.0.113.8 of a'],
    ],
    [
      'the lowest of a pool, in whatever order its entries are',
      poolsOf([{ name: 'a', addresses: ['203.0.113.8/30', ...four] }]),
      {},
      {},
      ['203.0.113.4 of a'],
    ],
    ['what lies behind a network', one, { network: '203.0.113.5' }, {}, ['203.0.113.6 of main']],
    ['what no other is about to get', one, { others: ['203.0.113.4'] }, {}, ['203.0.113.5 of main']],
    [
      'what another is about to get, when that is all there is',
      one,
      { taken: ['203.0.113.6', '203.0.113.7'], others: ['203.0.113.4', '203.0.113.5'] },
      {},
      ['203.0.113.4 of main'],
    ],
    ['what it is about to get', one, {}, { aims: [aim('203.0.113.6')] }, ['203.0.113.6 of main']],
    [
      'another one than it was about to get, when that is taken',
      one,
      { taken: ['203.0.113.6'] },
      { aims: [aim('203.0.113.6')] },
      ['203.0.113.4 of main'],
    ],
    [
      'no address that it was about to get and that has left the pools',
      one,
      {},
      { aims: [aim('203.0.113.9')] },
      ['203.0.113.4 of main'],
    ],
  ])('%s', (...[, pools, world, search, expected]: Row) => {
    expect(chosen(pools, world, search)).toEqual(expected);
  });

  it('at once of a pool of millions behind a network of millions', () => {
    const wide = poolsOf([{ name: 'wide', addresses: ['10.0.0.0/8', '2001:db8::/64'] }]);
    expect(chosen(wide, { network: '10.255.255.254' })).toEqual(['10.255.255.255 of wide']);
  });

  it('always the same, whatever the order of the entries and pools', () => {
    const entries = fc.uniqueArray(
      fc.constantFrom('203.0.113.0/29', '203.0.113.8-203.0.113.9', '203.0.113.16/31'),
      {
        minLength: 1,
      },
    );
    fc.assert(
      fc.property(entries, fc.array(fc.integer({ min: 0, max: 31 })), (addresses, ends) => {
        const taken = ends.map((end) => `203.0.113.${end}`);
        const there = chosen(poolsOf([{ name: 'a', addresses }]), { taken });
        expect(chosen(poolsOf([{ name: 'a', addresses: addresses.toReversed() }]), { taken })).toEqual(there);
      }),
      { numRuns },
    );
  });
});

it('says a number as the address that it was', () => {
  const address = fc.oneof(fc.ipV4(), fc.ipV6());
  fc.assert(
    fc.property(address, (text) => {
      const value = addressValue(text);
      expect(value && addressValue(addressOf(value))).toEqual(value);
    }),
    { numRuns },
  );
});
