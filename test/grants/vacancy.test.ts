// An address is granted when no node has it: what the network says counts, whatever this process remembers.
import { describe, expect, it } from '@jest/globals';
import type { KubeVipConfigStatus } from '../../src/api/types.ts';
import { AddressBook } from '../../src/grants/book.ts';
import type { GrantFacts, Sight } from '../../src/grants/grounds.ts';
import { standingOf } from '../../src/grants/standing.ts';
import { decisionOn, facts, poolConfig, serviceOf, type ServiceOptions } from './world.ts';

const address = '203.0.113.110';
const minute = 60_000;

describe('of an address of which nothing is remembered, as after a start of the operator', () => {
  const sight = (is: Sight, ...services: readonly ServiceOptions[]) =>
    decisionOn([{ asks: address }, ...services].map(serviceOf), {}, new AddressBook(), {
      sightOf: () => is,
    });

  it.each<[Sight, string, string]>([
    [
      'unheard',
      'Normal GrantWaits',
      'kubevip.dev/addresses: 203.0.113.110 waits for a look at the network, whether some node still has the address; nothing has to be done',
    ],
    [
      'blind',
      'Normal GrantWaits',
      'kubevip.dev/addresses: 203.0.113.110 waits for the operator to reach the network of the address, which it cannot from its node; ask an administrator to look at the routes there, or to start the operator with --probe-addresses off',
    ],
    [
      'unreferenced',
      'Normal GrantWaits',
      'kubevip.dev/addresses: 203.0.113.110 waits for another node of the network of the address to answer the operator, without which its silence tells nothing; ask an administrator to look at that network, and at docs/services.md',
    ],
    [
      'somebody',
      'Warning AddressLeftBehind',
      'kubevip.dev/addresses: expected 203.0.113.110 free in a pool of KubeVipConfig edge, found a machine that answers for it; choose another address of main (203.0.113.0/24), six (2001:db8::/64), or ask an administrator to take it off the node that has it (docs/services.md)',
    ],
  ])('nothing is granted while it is %s', (is, reason, note) => {
    const { told, ...rest } = sight(is);
    expect(told.map((row) => [`${row.type} ${row.reason}`, row.note])).toEqual([[reason, note]]);
    expect(rest).toEqual({ grant: undefined, isWaiting: true, afterSeconds: 10, toBeAsked: [address] });
  });

  it.each<Sight>(['nobody', 'unasked'])('a Service gets it when it is %s', (is) => {
    expect(sight(is).grant).toBe(address);
  });

  it('nothing is granted when nobody had it and that is too long ago, and it is asked again', () => {
    const { told, ...rest } = sight('stale');
    expect(told.map((row) => row.note)).toEqual(sight('unheard').told.map((row) => row.note));
    expect(rest).toEqual({
      grant: undefined,
      isWaiting: true,
      afterSeconds: 10,
      toBeAsked: [address],
      isInLine: true,
    });
  });

  it.each<[string, boolean, readonly string[] | undefined]>([
    ['is asked again when the turn of the Service is near', true, [address]],
    ['is not asked again while that is far', false, undefined],
  ])('what nobody had too long ago %s', (_, isSoon, toBeAsked) => {
    const turn = { reason: 'GrantWaits', found: 'its turn', todo: 'wait', afterSeconds: 60, isSoon } as const;
    const decision = decisionOn([serviceOf({ asks: address })], {}, new AddressBook(), {
      sightOf: () => 'stale',
      turnOf: () => turn,
    });
    expect(decision).toMatchObject({ grant: undefined, isInLine: true, told: [{ reason: 'GrantWaits' }] });
    expect(decision.told[0]?.note).toContain('waits for its turn');
    expect(decision.toBeAsked).toEqual(toBeAsked);
  });

  it('what nobody had too long ago is not asked again while something else is in the way', () => {
    const asks = `${address},2001:db8::110`;
    const services = [{ asks }, { name: 'b', namespace: 'b', has: '2001:db8::110' }].map(serviceOf);
    const decision = decisionOn(services, {}, new AddressBook(), { sightOf: () => 'stale' });
    expect([decision.told.map(({ reason }) => reason), decision.toBeAsked]).toEqual([
      ['GrantWaits', 'AddressTaken'],
      undefined,
    ]);
  });

  it.each<[string, ServiceOptions]>([
    ['that is made anew', {}],
    ['that shares it with nobody', { share: 'k' }],
  ])(
    'what comes back to the Service %s, from the kube-vip that had it, is asked about like any other',
    (_, more) => {
      const book = new AddressBook({ leaderOf: () => 'n1 c1 ' });
      const web = serviceOf({ has: address, published: [address], ...more });
      book.put(standingOf(web), 0);
      book.remove(standingOf(web).key, 0);
      const services: KubeVipConfigStatus['services'] = { holder: 'n1', holderContainer: 'c1' };
      const configs = [poolConfig({ status: { ...poolConfig().status, services } })];
      const decision = decisionOn([serviceOf({ asks: address, ...more })], { configs }, book, {
        sightOf: () => 'somebody',
      });
      expect([decision.grant, decision.told[0]?.reason]).toEqual([undefined, 'AddressLeftBehind']);
    },
  );

  it('both of two are asked for', () => {
    const asks = `${address},2001:db8::110`;
    const { toBeAsked } = decisionOn([serviceOf({ asks })], {}, new AddressBook(), {
      sightOf: () => 'unheard',
    });
    expect(toBeAsked).toEqual([address, '2001:db8::110']);
  });

  it.each<[string, ServiceOptions, readonly ServiceOptions[], string | undefined]>([
    ['what is granted stays', { has: address }, [], undefined],
    ['what is published for it is granted, though it answers', { published: [address] }, [], address],
    [
      'what is shared is granted, though it answers',
      { share: 'k' },
      [{ name: 'b', port: 443, share: 'k', has: address }],
      address,
    ],
    ['what has to be refused is refused first', {}, [{ name: 'b', namespace: 'b', has: address }], undefined],
  ])('%s', (_, options, others, grant) => {
    const services = [{ asks: address, ...options }, ...others].map(serviceOf);
    const decision = decisionOn(services, {}, new AddressBook(), { sightOf: () => 'somebody' });
    expect([decision.grant, decision.toBeAsked]).toEqual([grant, undefined]);
  });
});

describe('of an address that another class had', () => {
  type Services = NonNullable<KubeVipConfigStatus['services']>;
  const blue = 'kubevip.dev/blue';
  const led: Services = { holder: 'n1', holderContainer: 'c1' };

  /** What a Service of class edge gets of what one of class blue gave up at 0. */
  function after(
    before: ServiceOptions,
    then: Services | undefined,
    more: Partial<GrantFacts> = {},
    at: Services = led,
  ) {
    const named = ({ holder = '', holderContainer = '' }: Services): string =>
      holder === '' ? '' : `${holder} ${holderContainer} `;
    const book = new AddressBook({ leaderOf: () => named(at) });
    book.put(standingOf(serviceOf({ name: 'x', namespace: 'b', of: blue, ...before })), 0);
    book.remove('b/x', 0);
    const other = poolConfig({
      name: 'blue',
      spec: { services: { loadBalancerClass: blue } },
      ...(then && { status: { observedGeneration: 1, services: then } }),
    });
    return decisionOn([serviceOf({ asks: address })], { configs: [...facts.configs, other] }, book, {
      sightOf: () => 'nobody',
      now: minute,
      ...more,
    });
  }

  const unpublished = { has: address };
  const published = { has: address, published: [address] };

  it('nothing is granted within a minute', () => {
    expect(after(published, led, { now: minute - 1 }).told[0]?.reason).toBe('AddressResting');
    expect(after(published, led).grant).toBe(address);
  });

  it('the network is asked after that', () => {
    expect(after(published, led, { sightOf: () => 'somebody' }).told[0]?.reason).toBe('AddressLeftBehind');
  });

  it('one that was never published is not granted before its kube-vip has come so far', () => {
    const { told, grant, afterSeconds } = after(unpublished, led, { now: 1000 * minute });
    expect([grant, afterSeconds]).toEqual([undefined, 10]);
    expect(told).toEqual([
      {
        type: 'Warning',
        reason: 'AddressResting',
        note: 'kubevip.dev/addresses: expected 203.0.113.110 free in a pool of KubeVipConfig edge, found Service b/x of class kubevip.dev/blue, which was granted it and ended before kube-vip had published it; wait until that kube-vip publishes what was granted later, or ask an administrator to delete its pod that leads',
      },
    ]);
  });

  it.each<[string, Services | undefined, Services, number, boolean]>([
    ['it published what was granted later', led, led, 1, true],
    ['it published what was granted before only', led, led, -1, false],
    ['another node leads', { ...led, holder: 'n2' }, led, -1, true],
    ['it has started again', { ...led, holderContainer: 'c2' }, led, -1, true],
    ['none leads any more', { holder: '' }, led, -1, true],
    ['none has led for a minute', { holder: '' }, { holder: '' }, -1, true],
    ['the first one leads, since when is not known', led, { holder: '' }, -1, false],
    [
      'another leads, and the former one has not let go',
      { holder: 'n2', formerHolders: [{ node: 'n1', container: 'c1', since: '2026-11-24T12:00:00Z' }] },
      led,
      -1,
      false,
    ],
    ['its KubeVipConfig serves no Services', undefined, led, -1, true],
  ])('what becomes of it when %s', (...[, then, at, until, isGranted]) => {
    const { grant } = after(unpublished, then, { workedOffUntil: () => until }, at);
    expect(grant).toBe(isGranted ? address : undefined);
  });
});

describe('within a class no Service waits for that', () => {
  it('because its kube-vip takes one event after the other', () => {
    const book = new AddressBook({ leaderOf: () => 'n1' });
    book.put(standingOf(serviceOf({ name: 'x', namespace: 'b', has: address })), 0);
    book.remove('b/x', 0);
    const { grant } = decisionOn([serviceOf({ asks: address })], {}, book, { sightOf: () => 'nobody' });
    expect(grant).toBe(address);
  });
});
