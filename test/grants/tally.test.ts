// How full pools are, and who waits.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addressOf, addressRange } from '../../src/api/address-range.ts';
import type { KubeVipConfigSpec } from '../../src/api/types.ts';
import { groundsOf } from '../../src/grants/grounds.ts';
import { leftOut, offersOf } from '../../src/grants/pools.ts';
import { sizeOfPool } from '../../src/grants/pool-size.ts';
import { standingOf } from '../../src/grants/standing.ts';
import { heldValues, talliesOf, waitOf, type Waiting } from '../../src/grants/tally.ts';
import { kubeVipConfig } from '../builders.ts';
import { decisionOn, facts, poolConfig, serviceOf, type ServiceOptions } from './world.ts';

type Written = NonNullable<NonNullable<KubeVipConfigSpec['services']>['pools']>[number];

const configOf = (...pools: readonly Written[]) => poolConfig({ spec: { services: { pools: [...pools] } } });

function poolsOf(services: readonly ServiceOptions[], ...pools: readonly Written[]) {
  const config = configOf(...pools);
  const held = heldValues(services.map((row, at) => standingOf(serviceOf({ name: `s${at}`, ...row }))));
  const tally = talliesOf([config], groundsOf({ ...facts, configs: [config] }), held, []).get('edge');
  return tally?.pools.map(({ name, family, size, used, free }) => [name, family, size, used, free]);
}

describe('a pool is counted', () => {
  it.each<[string, readonly ServiceOptions[], readonly Written[], unknown]>([
    ['empty', [], [{ name: 'a', addresses: ['203.0.113.64/27'] }], [['a', 'IPv4', 32n, 0, 32n]]],
    [
      'once for an address that two Services share, and not for one outside',
      [{ has: '203.0.113.64' }, { has: '203.0.113.64' }, { has: '203.0.113.1' }],
      [{ name: 'a', addresses: ['203.0.113.64-203.0.113.66'] }],
      [['a', 'IPv4', 3n, 1, 2n]],
    ],
    [
      'with what is published only, of whatever class',
      [{ published: ['203.0.113.65'], of: 'example.org/x' }],
      [{ name: 'a', addresses: ['203.0.113.64-203.0.113.66'] }],
      [['a', 'IPv4', 3n, 1, 2n]],
    ],
    [
      'without what it reserves as free, also where a Service has some of that',
      [{ has: '203.0.113.64' }, { has: '203.0.113.70' }],
      [{ name: 'a', addresses: ['203.0.113.64/29'], reserved: ['203.0.113.64/30', '198.51.100.1'] }],
      [['a', 'IPv4', 8n, 2, 3n]],
    ],
    [
      'without buggy addresses as free, and none twice',
      [],
      [
        {
          name: 'a',
          addresses: ['198.51.100.254-198.51.101.1'],
          avoidBuggyIPs: true,
          reserved: ['198.51.101.0'],
        },
      ],
      [['a', 'IPv4', 4n, 0, 2n]],
    ],
    [
      'by family, however large',
      [{ has: '203.0.113.64,2001:db8::5' }],
      [
        { name: 'a', addresses: ['203.0.113.64/31', '2001:db8::/64'] },
        { name: 'b', addresses: ['203.0.113.0/31'] },
      ],
      [
        ['a', 'IPv4', 2n, 1, 1n],
        ['a', 'IPv6', 2n ** 64n, 1, 2n ** 64n - 1n],
        ['b', 'IPv4', 2n, 0, 2n],
      ],
    ],
  ])('%s', (_, services, pools, wanted) => {
    expect(poolsOf(services, ...pools)).toEqual(wanted);
  });

  it('as looking at each address would', () => {
    const number = fc.integer({ min: 0, max: 1023 });
    fc.assert(
      fc.property(number, number, number, fc.boolean(), (a, b, c, avoidBuggyIPs) => {
        const text = (value: number): string =>
          addressOf({ family: 'IPv4', value: BigInt(0xcb007000 + value) });
        const addresses = [`${text(Math.min(a, b))}-${text(Math.max(a, b))}`];
        const reserved = [text(c), `${text(c - (c % 8))}/29`];
        const [pool] = offersOf(configOf({ name: 'a', addresses, avoidBuggyIPs, reserved }));
        const { first = 0n, last = 0n } = addressRange(addresses[0] ?? '') ?? {};
        const all = Array.from({ length: Number(last - first) + 1 }, (_, at) => first + BigInt(at));
        const open = all.filter((value) => pool && leftOut(pool, { family: 'IPv4', value }) === undefined);
        expect(pool && sizeOfPool(pool, 'IPv4')).toEqual({
          size: BigInt(all.length),
          open: BigInt(open.length),
        });
      }),
    );
  });
});

function waitingOf(options: ServiceOptions): readonly Waiting[] {
  const service = serviceOf(options);
  const told = waitOf(decisionOn([service]));
  return told === undefined ? [] : [{ asker: standingOf(service), told }];
}

const tallyOf = (...services: readonly ServiceOptions[]) =>
  talliesOf(facts.configs, groundsOf(facts), heldValues([]), services.flatMap(waitingOf)).get('edge');

describe('of Services that wait', () => {
  const outside = { asks: '198.51.100.7' };

  it('each that gets nothing counts, and none that has what it wants or is of another class', () => {
    expect(
      tallyOf(
        { name: 'a', ...outside },
        { name: 'b', asks: '203.0.113.11' },
        { name: 'c', asks: '203.0.113.120' },
        { name: 'd', asks: '203.0.113.120', has: '203.0.113.120', published: ['203.0.113.120'] },
        { name: 'e', ...outside, of: 'kubevip.dev/none' },
        { name: 'f', ...outside, of: 'example.org/x' },
        { name: 'g', asks: 'x' },
      ),
    ).toMatchObject({
      waiting: 3,
      first: [
        { service: 'default/a', reason: 'AddressNotInPool' },
        { service: 'default/b', reason: 'AddressOfNode' },
        { service: 'default/g', reason: 'AddressInvalid' },
      ],
    });
  });

  it('the first three are named: before those that only have to wait those that a person has to look at, the oldest first', () => {
    const told = (type: 'Normal' | 'Warning') => ({ type, reason: 'GrantWaits', note: 'x' }) as const;
    const rows = (['d', 'c', 'b', 'a', 'e'] as const).map((name) => ({
      asker: standingOf(serviceOf({ name })),
      told: told(name === 'a' ? 'Normal' : 'Warning'),
    }));
    const tally = talliesOf(facts.configs, groundsOf(facts), heldValues([]), rows).get('edge');
    expect([tally?.waiting, tally?.first.map(({ service }) => service)]).toEqual([
      5,
      ['default/b', 'default/c', 'default/d'],
    ]);
  });

  it('a message is no longer than status takes', () => {
    const asker = standingOf(serviceOf({}));
    const told = { type: 'Warning', reason: 'NoPool', note: 'word '.repeat(200) } as const;
    const tally = talliesOf(facts.configs, groundsOf(facts), heldValues([]), [{ asker, told }]).get('edge');
    expect(tally?.first[0]?.message.length).toBeLessThanOrEqual(300);
  });

  it('a KubeVipConfig that serves none has no counts', () => {
    const config = kubeVipConfig({ spec: { services: undefined } });
    expect(talliesOf([config], groundsOf({ ...facts, configs: [config] }), heldValues([]), [])).toEqual(
      new Map(),
    );
  });
});
