// A Service that asks for nothing: what it gets, what it is told, and what it keeps.
import { describe, expect, it } from '@jest/globals';
import { AddressBook } from '../../src/grants/book.ts';
import type { Sight } from '../../src/grants/grounds.ts';
import { mostFound, Prospects } from '../../src/grants/prospects.ts';
import { standingOf } from '../../src/grants/standing.ts';
import type { KubeVipConfig } from '../../src/api/types.ts';
import { autoConfig, decisionOn, poolConfig, serviceOf, type ServiceOptions } from './world.ts';

const first = '203.0.113.2';
const dual = { ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'PreferDualStack' };
const both = { ...dual, ipFamilyPolicy: 'RequireDualStack' };
const configs = [autoConfig()];
const only = (...addresses: readonly string[]): readonly KubeVipConfig[] => [autoConfig(addresses)];

describe('a Service that asks for nothing gets', () => {
  it.each<[string, ServiceOptions, readonly KubeVipConfig[], string | null | undefined]>([
    // .0 is the network, .1 the gateway.
    ['the lowest address that no machine can have', {}, configs, first],
    ['one of IPv6', { ipFamilies: ['IPv6'] }, configs, '2001:db8::1'],
    ['one of each family', dual, configs, `${first},2001:db8::1`],
    ['the one that there is, when it prefers both', dual, only('203.0.113.0/24'), first],
    ['nothing of one family, when it requires both', both, only('203.0.113.0/24'), undefined],
    [
      'the missing one, when it requires both',
      { ...both, has: first, isAssigned: true },
      configs,
      `${first},2001:db8::1`,
    ],
    ['no second one, when it prefers both', { ...dual, has: first, isAssigned: true }, configs, undefined],
    [
      'no address of a node, nor of a network',
      {},
      only('203.0.113.11/32', '203.0.113.64/27', '203.0.113.96/31'),
      '203.0.113.96',
    ],
    ['none of the control plane', {}, only('203.0.113.100-203.0.113.101'), '203.0.113.101'],
    ['nothing new when it has one', { has: '203.0.113.9', isAssigned: true }, configs, undefined],
    [
      'to keep it when no pool gives any more',
      { has: '203.0.113.9', isAssigned: true },
      [poolConfig()],
      undefined,
    ],
    [
      'to keep it when no pool has it any more',
      { has: '198.51.100.9', isAssigned: true },
      configs,
      undefined,
    ],
    ['to keep what kube-vip published', { published: ['203.0.113.9'] }, configs, undefined],
    ['to keep what it asked for before', { has: '203.0.113.9' }, configs, '203.0.113.9'],
    ['nothing of a pool for those that ask', {}, [poolConfig()], undefined],
    ['nothing of another class', { of: 'example.org/x' }, configs, undefined],
    ['nothing when it is no load balancer', { type: 'ClusterIP' }, configs, undefined],
  ])('%s', (_, options, given, grant) => {
    expect(decisionOn([serviceOf(options)], { configs: given }).grant).toBe(grant);
  });

  it('nothing while it is being deleted', () => {
    const made = serviceOf();
    const gone = { ...made, metadata: { ...made.metadata, deletionTimestamp: new Date(0) } };
    expect(decisionOn([gone], { configs }).grant).toBeUndefined();
  });

  it('what no other has, was promised, or publishes', () => {
    const others = [
      serviceOf({ name: 'a', has: first }),
      serviceOf({ name: 'b', published: ['203.0.113.3'] }),
      serviceOf({ name: 'c', type: 'ClusterIP', externalIPs: ['203.0.113.4'] }),
    ];
    const book = new AddressBook();
    book.put(standingOf(serviceOf({ name: 'd' })), 0);
    book.reserve(standingOf(serviceOf({ name: 'd' })), ['203.0.113.5']);
    expect(decisionOn([serviceOf(), ...others], { configs }, book).grant).toBe('203.0.113.6');
  });

  it('a mark beside it that the operator chose, and loses it with what it asks for', () => {
    expect(decisionOn([serviceOf()], { configs }).assigned).toBe('main');
    expect(decisionOn([serviceOf({ has: '203.0.113.9' })], { configs }).assigned).toBe('main');
    const asks = { asks: '203.0.113.10', has: '203.0.113.9', isAssigned: true };
    expect(decisionOn([serviceOf(asks)], { configs })).toMatchObject({
      grant: '203.0.113.10',
      assigned: null,
    });
  });
});

describe('what another Service gave up', () => {
  function after(ms: number, key = 'old', sight: Sight = 'nobody') {
    const book = new AddressBook();
    const old = serviceOf({ name: key, has: '203.0.113.2', published: ['203.0.113.2'] });
    book.put(standingOf(old), 0);
    book.remove(standingOf(old).key, 0);
    const narrow = only('203.0.113.2/31');
    return decisionOn([serviceOf()], { configs: narrow }, book, { now: ms, sightOf: () => sight });
  }

  it.each([
    ['is passed over', 59_000, 'old', '203.0.113.3'],
    ['is given again after a minute', 60_000, 'old', '203.0.113.2'],
    ['is given back to the same one at once', 1000, 'web', '203.0.113.2'],
  ])('%s', (_, ms, key, grant) => {
    expect(after(ms, key).grant).toBe(grant);
  });

  it('is waited for when there is no other', () => {
    const book = new AddressBook();
    const old = serviceOf({ name: 'old', has: '203.0.113.2', published: ['203.0.113.2'] });
    book.put(standingOf(old), 0);
    book.remove('default/old', 0);
    const decision = decisionOn([serviceOf()], { configs: only('203.0.113.2/32') }, book, { now: 20_000 });
    expect(decision).toMatchObject({ grant: undefined, afterSeconds: 40 });
    expect(decision.told[0]?.note).toContain(
      'an IPv4 address of KubeVipConfig edge waits for an address that was given up',
    );
  });

  it('may have been given up just before this process began to lead, where the network is not asked', () => {
    const ask = (sight: Sight) =>
      decisionOn([serviceOf()], { configs }, undefined, { now: 59_000, since: 0, sightOf: () => sight })
        .grant;
    expect([ask('unasked'), ask('nobody')]).toEqual([undefined, first]);
  });
});

describe('of what was chosen', () => {
  const sights = (rows: Readonly<Record<string, Sight>>) => (address: string) => rows[address] ?? 'unheard';

  it('is asked on the network first, and it is said', () => {
    const decision = decisionOn([serviceOf(dual)], { configs }, undefined, {
      sightOf: sights({ [first]: 'nobody' }),
    });
    expect(decision).toMatchObject({
      grant: undefined,
      aims: [first, '2001:db8::1'],
      toBeAsked: ['2001:db8::1'],
      told: [{ type: 'Normal', reason: 'GrantWaits' }],
    });
  });

  it.each<[Sight, RegExp]>([
    ['stale', /^203\.0\.113\.2 of KubeVipConfig edge waits for a look at the network/],
    ['unreferenced', /^203\.0\.113\.2 of .* waits for another node of the network of the address to answer/],
  ])('the same is asked about again when what is heard is %s', (sight, note) => {
    const decision = decisionOn([serviceOf()], { configs }, undefined, { sightOf: () => sight });
    expect(decision).toMatchObject({ grant: undefined, aims: [first], toBeAsked: [first], isInLine: true });
    expect(decision.told[0]?.note).toMatch(note);
  });

  it.each([
    [true, [first]],
    [false, undefined],
  ])('nothing is asked before the turn of the Service is near: %s', (isSoon, asked) => {
    const turn = { reason: 'GrantWaits', found: 'its turn', todo: '', afterSeconds: 60, isSoon } as const;
    const more = { sightOf: sights({}), turnOf: () => turn };
    const decision = decisionOn([serviceOf()], { configs }, undefined, more);
    expect([decision.aims, decision.toBeAsked, decision.isInLine]).toEqual([[first], asked, true]);
  });

  it.each<Sight>(['somebody', 'blind'])('the next one is tried when the network says %s', (sight) => {
    const prospects = new Prospects();
    const more = { prospects, sightOf: sights({ [first]: sight }) };
    const decision = decisionOn([serviceOf()], { configs }, undefined, more);
    expect(decision).toMatchObject({ unusable: [first], aims: ['203.0.113.3'], toBeAsked: ['203.0.113.3'] });
    prospects.avoid(first, 'kubevip.dev/edge', 0);
    const later = (now: number) =>
      decisionOn([serviceOf()], { configs }, undefined, { prospects, now }).grant;
    expect([later(3_599_999), later(3_600_000)]).toEqual(['203.0.113.3', first]);
  });

  it.each([
    ['it had itself a moment ago, which its kube-vip may have on a node still', 59_000, undefined],
    ['it had itself before, which somebody else has by now', 60_000, [first]],
  ])('the next one is tried, and the one is passed over for an hour or not: that %s', (_, now, unusable) => {
    const book = new AddressBook();
    book.put(standingOf(serviceOf({ has: first, published: [first], isAssigned: true })), 0);
    book.remove('default/web', 0);
    const more = { now, sightOf: sights({ [first]: 'somebody' }) };
    const decision = decisionOn([serviceOf()], { configs }, book, more);
    expect([decision.unusable, decision.aims]).toEqual([unusable, ['203.0.113.3']]);
  });

  it('no more are tried for a minute when machines answer for many', () => {
    const prospects = new Prospects();
    for (let end = 0; end < mostFound; end += 1) {
      prospects.avoid(`203.0.113.${end + 2}`, 'kubevip.dev/edge', end * 1000);
    }
    const at = (now: number, options: ServiceOptions = {}) =>
      decisionOn([serviceOf(options)], { configs }, undefined, { prospects, now });
    expect(at(20_000)).toMatchObject({
      grant: undefined,
      afterSeconds: 40,
      told: [{ reason: 'GrantWaits' }],
    });
    expect(at(20_000, dual).grant).toBe('2001:db8::1');
    expect(at(20_000, both).grant).toBeUndefined();
    expect(at(60_000).grant).toBe('203.0.113.18');
  });

  it('a written grant whose answer was lost is written again, and no other', () => {
    const [book, prospects, asker] = [new AddressBook(), new Prospects(), standingOf(serviceOf())];
    book.put(asker, 0);
    book.reserve(asker, [first]);
    prospects.aim(asker.key, [first]);
    expect(decisionOn([serviceOf()], { configs }, book, { prospects }).grant).toBe(first);
  });
});
