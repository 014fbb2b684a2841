// Two Services with one address: only those that both ask for it, and only with all their addresses.
import { describe, expect, it } from '@jest/globals';
import { AddressBook } from '../../src/grants/book.ts';
import { standingOf } from '../../src/grants/standing.ts';
import { decisionOn, serviceOf, type ServiceOptions } from './world.ts';

const [one, two, six] = ['203.0.113.110', '203.0.113.112', '2001:db8::110'];
const holder = (options: ServiceOptions) => serviceOf({ name: 'other', share: 'k', port: 443, ...options });
const asker = (options: ServiceOptions) => serviceOf({ share: 'k', ...options });

describe('a Service with the same key, another port and the same namespace gets', () => {
  it.each<[string, ServiceOptions, ServiceOptions, string | undefined]>([
    ['the address of the other', { asks: one }, { has: one }, one],
    ['what is published only', { asks: one }, { published: [one] }, one],
    [
      'both addresses of the other, in any order',
      { asks: `${six},${one}` },
      { has: `${one},${six}` },
      `${six},${one}`,
    ],
    ['none of two', { asks: one }, { has: `${one},${six}` }, undefined],
    ['none beside one of its own', { asks: `${one},${six}` }, { has: one }, undefined],
    ['no second one while it shares the first', { asks: `${one},${six}`, has: one }, { has: one }, undefined],
    [
      'not one less while it shares both',
      { asks: one, has: `${one},${six}` },
      { has: `${one},${six}` },
      undefined,
    ],
    ['another instead of the shared one', { asks: two, has: one }, { has: one }, two],
    ['what is granted, whatever else is published still', { asks: one }, { has: one, published: [two] }, one],
  ])('%s', (_, asks, has, grant) => {
    const { told, ...decision } = decisionOn([asker(asks), holder(has)]);
    expect(decision.grant).toBe(grant);
    const uneven = /^.* found Service default\/other, which shares .* together; ask for .*$/;
    const said = told.map(({ reason, note }) => `${reason} ${uneven.test(note)}`);
    expect(said).toEqual([grant === undefined ? 'AddressTaken true' : 'AddressGranted false']);
  });

  it('what was promised to the other, and nothing beside', () => {
    const promised = (asks: string) => {
      const book = new AddressBook();
      const other = standingOf(holder({ asks: `${one},${six}` }));
      book.put(other, 0);
      book.reserve(other, [one, six]);
      return decisionOn([asker({ asks })], {}, book).grant;
    };
    expect([promised(`${one},${six}`), promised(one)]).toEqual([`${one},${six}`, undefined]);
  });
});

describe('a Service is told to share', () => {
  it.each<[string, ServiceOptions, boolean]>([
    ['with one that could', { has: one, share: '' }, true],
    ['with none of another namespace', { has: one, namespace: 'b' }, false],
    ['with none of another class', { has: one, of: 'kubevip.dev/other' }, false],
    ['with none of the same port', { has: one, port: 80 }, false],
    ['with none that kube-proxy captures', { type: 'ClusterIP', externalIPs: [one] }, false],
  ])('%s', (_, has, isTold) => {
    const { told } = decisionOn([serviceOf({ asks: one }), holder(has)]);
    expect(told[0]?.reason).toBe('AddressTaken');
    expect(told[0]?.note.includes('or share it')).toBe(isTold);
  });
});

it('a change of one that shares lets those look again that ask for its addresses', () => {
  const book = new AddressBook();
  book.put(standingOf(holder({ has: one, published: [two] })), 0);
  expect(book.put(standingOf(holder({ has: one, published: [one] })), 0)).toEqual([two, one]);
});

it('a change of one that shares, which is nothing to others, lets none look again', () => {
  const book = new AddressBook();
  book.put(standingOf(holder({ has: one, published: [one] })), 0);
  expect(book.put(standingOf(holder({ has: one, published: [one], version: 2 })), 0)).toEqual([]);
  expect(book.put(standingOf(holder({ has: one, published: [one], version: 3, port: 444 })), 0)).toEqual([
    one,
  ]);
});

it.each([
  [127, one],
  [128, undefined],
])('an address that %i Services have is given to one more: %s', (count, grant) => {
  const others = Array.from({ length: count }, (_, n) => holder({ name: `s${n}`, has: one, port: 1000 + n }));
  const { told, ...decision } = decisionOn([asker({ asks: one }), ...others]);
  expect(decision.grant).toBe(grant);
  expect(told[0]?.note).toContain(grant === undefined ? 'found 128 Services with it already' : one);
});
