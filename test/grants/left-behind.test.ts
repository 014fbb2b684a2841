// A Service that becomes another type leaves its address on a node, and nobody gets it before it is known to have gone.
import { describe, expect, it } from '@jest/globals';
import type { KubeVipConfigStatus } from '../../src/api/types.ts';
import { AddressBook } from '../../src/grants/book.ts';
import { standingOf } from '../../src/grants/standing.ts';
import { decisionOn, poolConfig, serviceOf, type ServiceOptions } from './world.ts';

const leader = 'n1 c1 2026-11-24T11:00:00Z';

const address = '203.0.113.110';
const of = (options: ServiceOptions) => standingOf(serviceOf({ name: 'left', namespace: 'b', ...options }));
const hour = 3_600_000;

/** What there is after the hour. */
interface Then {
  readonly gone?: readonly string[];
  readonly version?: string;
  readonly leads?: NonNullable<KubeVipConfigStatus['services']>;
}

/** What a Service of class edge gets an hour after another one was all of this, one after the other. */
function after(
  history: readonly (ServiceOptions | undefined)[],
  asks: ServiceOptions = {},
  { gone = [], version = 'v1.1.2', leads = {} }: Then = {},
) {
  const book = new AddressBook({ leaderOf: () => leader });
  for (const options of history) {
    if (options === undefined) {
      book.remove('b/left', -hour);
    } else {
      book.put(of(options), -hour);
    }
  }
  const { spec, status } = poolConfig();
  const services = { holder: 'n1', holderContainer: 'c1', holderSince: '2026-11-24T11:00:00Z', ...leads };
  const configs = [
    poolConfig({ spec: { version, services: spec.services }, status: { ...status, services } }),
  ];
  return decisionOn([serviceOf({ asks: address, ...asks })], { configs }, book, {
    sightOf: (row) => (gone.includes(row) ? 'nobody' : 'unasked'),
  });
}

const granted = { has: address };
const other = { type: 'ClusterIP' };

describe('an address is not given away after an hour', () => {
  it.each<[string, readonly (ServiceOptions | undefined)[]]>([
    ['when its Service became another type and lost the grant', [granted, other]],
    ['when it was published only', [{ published: [address] }, other]],
    ['when its Service became one of another class', [granted, { of: 'kubevip.dev/blue' }]],
    ['when the grant of what is no load balancer is taken off', [{ ...other, ...granted }, other]],
    ['when such a Service is deleted', [{ ...other, ...granted }, undefined]],
    ['when a Service that left it is deleted', [granted, other, undefined]],
  ])('%s', (_, history) => {
    const { told, grant, ...rest } = after(history);
    expect([told.map(({ reason }) => reason), grant]).toEqual([['AddressLeftBehind'], undefined]);
    expect(rest).toEqual({ isWaiting: true, afterSeconds: 10, toBeAsked: [address] });
    expect(after(history, {}, { gone: [address] }).grant).toBe(address);
  });

  it('to many others', () => {
    const book = new AddressBook();
    book.put(of(granted), 0);
    book.put(of(other), 0);
    for (let n = 0; n < 1500; n += 1) {
      book.put(of({ name: `s${n}`, has: `203.0.${n >> 8}.${n & 255}` }), 0);
      book.remove(`b/s${n}`, 0);
    }
    book.put(of({ name: 'last', has: '203.0.112.1' }), hour);
    book.remove('b/last', hour);
    expect(book.departureOf(address)?.isLeftBehind).toBe(true);
    expect(book.departureOf('203.0.1.1')).toBeUndefined();
  });
});

describe('of what nobody of ours had', () => {
  const foreign = { of: 'example.org/x', isOurs: false };
  const many = Array.from({ length: 1500 }, (_, n) => `203.0.${n >> 8}.${n & 255}`);
  const kept = (book: AddressBook) => many.filter((row) => book.departureOf(row) !== undefined).length;

  it.each<[string, ServiceOptions, ServiceOptions]>([
    ['what was only written is not remembered', foreign, other],
    ['nor when it stays of that class', foreign, foreign],
  ])('%s', (_, was, then) => {
    const book = new AddressBook({ isServed: () => false });
    for (const has of many) {
      book.put(of({ ...was, has }), 0);
      book.put(of(then), 0);
    }
    expect(kept(book)).toBe(0);
  });

  it('what was published is remembered for as long as it rests', () => {
    const book = new AddressBook({ isServed: () => false });
    for (const ip of many) {
      book.put(of({ ...foreign, published: [ip] }), 0);
      book.put(of(other), 0);
    }
    expect(kept(book)).toBe(many.length);
    book.put(of({ has: '203.0.112.1' }), hour);
    book.remove('b/left', hour);
    expect(kept(book)).toBe(1000);
  });
});

describe('an address is given away', () => {
  it.each<[string, readonly (ServiceOptions | undefined)[]]>([
    ['after its Service was deleted', [granted, undefined]],
    ['after its Service asked for another', [granted, { has: '203.0.113.112' }]],
    ['after its Service came back and was deleted', [granted, other, granted, undefined]],
    ['after one without a class was deleted', [{ published: [address], of: '' }, undefined]],
    [
      'after one of a load balancer of others became another type',
      [{ published: [address], of: 'example.org/x' }, other],
    ],
  ])('%s', (_, history) => {
    expect(after(history).grant).toBe(address);
  });

  it('to the Service itself when no node has it, and not before', () => {
    const itself = { name: 'left', namespace: 'b' };
    const { told, toBeAsked } = after([granted, other], itself);
    expect([told[0]?.reason, toBeAsked]).toEqual(['AddressLeftBehind', [address]]);
    expect(after([granted, other], itself, { gone: [address] }).grant).toBe(address);
  });
});

describe('v0.6.4 leaves the address on the node, so it is not given away after an hour', () => {
  it.each<[string, readonly (ServiceOptions | undefined)[]]>([
    ['when its Service was deleted', [granted, undefined]],
    ['when its Service asked for another', [granted, { has: '203.0.113.112' }]],
  ])('%s', (_, history) => {
    const { told, grant, toBeAsked } = after(history, {}, { version: 'v0.6.4' });
    expect([told.map(({ reason }) => reason), grant, toBeAsked]).toEqual([
      ['AddressLeftBehind'],
      undefined,
      [address],
    ]);
    expect(after(history, {}, { gone: [address], version: 'v0.6.4' }).grant).toBe(address);
    expect(after(history, { name: 'left', namespace: 'b' }, { version: 'v0.6.4' }).grant).toBeUndefined();
  });
});
