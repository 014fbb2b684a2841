// Pools say who may have their addresses, in which order they are looked through, and what they leave out.
import { describe, expect, it } from '@jest/globals';
import type { KubeVipConfigSpec } from '../../src/api/types.ts';
import { decisionOn, poolConfig, serviceOf, type ServiceOptions } from './world.ts';

type Written = NonNullable<NonNullable<KubeVipConfigSpec['services']>['pools']>[number];

const main = { name: 'main', addresses: ['203.0.113.104-203.0.113.111'] };
const shop = { name: 'shop', addresses: ['203.0.113.112/29'], namespaces: ['shop'] };
const front = { name: 'front', addresses: ['203.0.113.120/29'], serviceSelector: { tier: 'front' } };
const closed = { name: 'closed', addresses: ['203.0.113.128/29'], autoAssign: false };
const pools: readonly Written[] = [main, shop, front, closed];
const inShop = { namespace: 'shop' };
const labelled = { labels: { tier: 'front', app: 'x' } };

const decision = (options: ServiceOptions, ...given: readonly Written[]) => {
  const config = poolConfig({ spec: { services: { pools: given.length > 0 ? [...given] : [...pools] } } });
  return decisionOn([serviceOf(options)], { configs: [config] });
};
const reserving = { ...main, reserved: ['203.0.113.104/30', '203.0.113.109'] };
const buggy = { name: 'buggy', addresses: ['198.51.99.255-198.51.100.1'], avoidBuggyIPs: true };

describe('a Service gets', () => {
  it.each<[string, ServiceOptions, readonly Written[], string | undefined]>([
    ['an address of the pool that is open to all', {}, [], '203.0.113.104'],
    [
      'one of the pool with the highest priority',
      {},
      [main, { ...closed, autoAssign: true, priority: 1 }],
      '203.0.113.128',
    ],
    [
      'none of a pool of another namespace, whatever its priority',
      {},
      [main, { ...shop, priority: 9 }],
      '203.0.113.104',
    ],
    ['one of the pool of its namespace', inShop, [main, { ...shop, priority: 9 }], '203.0.113.112'],
    ['one of the pool for its labels', labelled, [main, { ...front, priority: 9 }], '203.0.113.120'],
    ['one of the pool that it names', { ...inShop, pool: 'shop' }, [], '203.0.113.112'],
    ['one of a pool without autoAssign that it names', { pool: 'closed' }, [], '203.0.113.128'],
    ['nothing of a pool of another namespace that it names', { pool: 'shop' }, [], undefined],
    ['nothing of a pool that there is not', { pool: 'none' }, [], undefined],
    ['nothing when no pool is for it', {}, [shop, front], undefined],
    ['none that is reserved', {}, [reserving], '203.0.113.108'],
    ['none that ends with .0 or .255, where that is avoided', {}, [buggy], '198.51.100.1'],
    ['one that ends with .255 else', {}, [{ ...buggy, avoidBuggyIPs: false }], '198.51.99.255'],
    ['what it asks for', { asks: '203.0.113.105' }, [], '203.0.113.105'],
    ['what it asks for in its namespace', { ...inShop, asks: '203.0.113.113' }, [], '203.0.113.113'],
    ['what it asks for by its labels', { ...labelled, asks: '203.0.113.121' }, [], '203.0.113.121'],
    ['what it asks for without autoAssign', { asks: '203.0.113.129' }, [], '203.0.113.129'],
    ['nothing of another namespace that it asks for', { asks: '203.0.113.113' }, [], undefined],
    ['nothing for other labels that it asks for', { asks: '203.0.113.121' }, [], undefined],
    ['nothing that is reserved and that it asks for', { asks: '203.0.113.109' }, [reserving], undefined],
    [
      'what it asks for in the pool that it names',
      { asks: '203.0.113.105', pool: 'main' },
      [],
      '203.0.113.105',
    ],
    [
      'nothing that it asks for in another pool than it names',
      { asks: '203.0.113.105', pool: 'closed' },
      [],
      undefined,
    ],
  ])('%s', (...[, options, given, grant]) => {
    expect(decision(options, ...given).grant).toBe(grant);
  });

  it('at once what lies behind millions that are reserved', () => {
    const wide = { name: 'wide', addresses: ['10.0.0.0/8'], reserved: ['10.0.0.0/9', '10.128.0.0/10'] };
    expect(decision({}, wide).grant).toBe('10.192.0.0');
  });

  it.each<[string, ServiceOptions, readonly Written[]]>([
    ['when the pool becomes that of another namespace', {}, [{ ...main, namespaces: ['shop'] }]],
    ['when the address is reserved', {}, [{ ...main, reserved: ['203.0.113.105'] }]],
    ['when it names another pool', { pool: 'closed' }, []],
  ])('to keep what it was given %s', (_, options, given) => {
    const has = { has: '203.0.113.105', isAssigned: true };
    expect(decision({ ...has, ...options }, ...given).grant).toBeUndefined();
  });
});

describe('a Service is told', () => {
  it.each<[string, ServiceOptions, readonly Written[], RegExp]>([
    [
      'PoolNotForService',
      { asks: '203.0.113.113' },
      [],
      /found an address of pool shop, which is not for namespace default; choose an address of pool closed, main$/,
    ],
    [
      'PoolNotForService',
      { asks: '203.0.113.121' },
      [front],
      /which is for Services with the label tier=front; ask an administrator for a pool$/,
    ],
    [
      'AddressReserved',
      { asks: '203.0.113.105' },
      [reserving],
      /found an address of 203\.0\.113\.104\/30, which pool main reserves; choose/,
    ],
    ['AddressReserved', { asks: '198.51.100.0' }, [buggy], /ends with \.0 or \.255, which pool buggy avoids/],
    [
      'AddressNotInPool',
      { asks: '203.0.113.105', pool: 'closed' },
      [],
      /found an address of pool main, and kubevip\.dev\/pool: closed; take/,
    ],
    [
      'NoPool',
      { pool: 'none' },
      [],
      /^kubevip\.dev\/pool: expected a pool of KubeVipConfig edge, found none; choose one of main \(/,
    ],
    [
      'NoPool',
      {},
      [shop, closed],
      /found pool closed without autoAssign, and pool shop, which is not for namespace default; ask/,
    ],
    ['NoPool', { pool: 'shop' }, [], /found pool shop, which is not for namespace default; ask/],
    [
      'AddressKept',
      { has: '203.0.113.113', published: ['203.0.113.113'], isAssigned: true },
      [],
      /^203\.0\.113\.113 stays: .* which is not for namespace default/,
    ],
  ])('%s of %j', (...[reason, options, given, note]) => {
    const { told } = decision(options, ...given);
    expect(told.map((row) => row.reason)).toEqual([reason]);
    expect(told[0]?.note).toMatch(note);
  });
});
