// How old a Lease is, by what the operator saw and not by what a node's clock says.
import { beforeEach, describe, expect, it } from '@jest/globals';
import { LeaseStore, type LeaseObject } from '../../src/cluster/lease-store.ts';

const start = Date.parse('2026-11-24T12:00:00Z');
const second = 1000;
const clock = { wall: start, steady: 0 };
let store: LeaseStore;
let version = 0;

/** Nothing comes, as from a connection that is dead. */
function silence(seconds: number): void {
  clock.wall += seconds * second;
  clock.steady += seconds * second;
}

/** The operator's own renewals come, as on every watch that lives. */
function pass(seconds: number): void {
  for (let passed = 0; passed < seconds; passed += 1) {
    silence(1);
    store.heard();
  }
}

/** A Lease as a node wrote it whose clock is `ahead` seconds ahead of ours. */
function renewed(ahead = 0, name = 'edge-services'): LeaseObject {
  version += 1;
  const renewTime = new Date(clock.wall + ahead * second).toISOString();
  return { metadata: { name, resourceVersion: String(version) }, spec: { renewTime, holderIdentity: 'n1' } };
}

beforeEach(() => {
  Object.assign(clock, { wall: start, steady: 500_000 });
  store = new LeaseStore({ wall: () => clock.wall, steady: () => clock.steady });
  store.heard();
});

const age = (lease: LeaseObject): number => store.ageMs(lease) / second;

describe('the age of a Lease', () => {
  it.each([0, 3600, -3600])('counts from the renewal that was seen, on a clock %i s ahead', (ahead) => {
    store.put(renewed(ahead));
    pass(2);
    const lease = renewed(ahead);
    store.put(lease);
    expect(age(lease)).toBe(0);
    pass(20);
    expect(age(lease)).toBe(20);
  });

  it('grows from the first look when the renewal lies in the future', () => {
    const lease = renewed(3600);
    store.put(lease);
    pass(16);
    expect(age(lease)).toBe(16);
  });

  it('is what the Lease says when it was renewed before the first look', () => {
    const lease = renewed(-60);
    store.put(lease);
    expect(age(lease)).toBe(60);
  });

  it('starts anew at the first renewal of a node whose clock is behind', () => {
    store.put(renewed(-60));
    pass(2);
    const lease = renewed(-60);
    store.put(lease);
    expect(age(lease)).toBe(0);
  });

  it('does not notice that our own clock jumps', () => {
    const lease = renewed();
    store.put(lease);
    clock.wall += 3600 * second;
    pass(3);
    expect(age(lease)).toBe(3);
    clock.wall -= 7200 * second;
    expect(age(lease)).toBe(3);
  });

  it('does not start anew for a change that is no renewal', () => {
    const lease = renewed();
    store.put(lease);
    pass(9);
    store.put({ ...lease, metadata: { ...lease.metadata, resourceVersion: String(version + 1) } });
    expect(age(lease)).toBe(9);
  });

  it('does not start anew for an event that comes late', () => {
    const [late, lease] = [renewed(-9), renewed()];
    store.put(lease);
    pass(9);
    store.put(late);
    expect(age(lease)).toBe(9);
  });

  it('stands still while nothing can be seen, and goes on afterwards', () => {
    const lease = renewed();
    store.put(lease);
    pass(3);
    store.lost();
    silence(60);
    store.lost();
    silence(60);
    expect([age(lease), store.isBlind]).toEqual([3, true]);
    store.heard();
    expect([age(lease), store.isBlind]).toEqual([3, false]);
    pass(4);
    expect(age(lease)).toBe(7);
  });

  it('stands still while the connection is silent, which is blindness within 5 s', () => {
    const lease = renewed();
    store.put(lease);
    pass(3);
    silence(4);
    expect([age(lease), store.isBlind]).toEqual([3, false]);
    silence(1);
    expect([age(lease), store.isBlind]).toEqual([3, true]);
    silence(600);
    expect(age(lease)).toBe(3);
    store.heard();
    expect([age(lease), store.isBlind]).toEqual([3, false]);
    pass(12);
    expect(age(lease)).toBe(15);
  });

  it('counts a silence that is no blindness', () => {
    const lease = renewed();
    store.put(lease);
    pass(3);
    silence(4);
    store.heard();
    expect(age(lease)).toBe(7);
  });

  it('is no less than nothing when the Lease was renewed in the dark', () => {
    store.put(renewed());
    pass(3);
    store.lost();
    silence(60);
    const lease = renewed();
    store.put(lease);
    expect(age(lease)).toBe(0);
    store.heard();
    pass(5);
    expect(age(lease)).toBe(5);
  });

  it('starts anew with what a restored etcd says, though that was written long ago', () => {
    const before = renewed(-3600);
    store.put(renewed());
    pass(3);
    const restored = { ...before, metadata: { ...before.metadata, resourceVersion: '0' } };
    store.replaceAll([restored], { version: '0', seenBefore: version });
    expect([store.list(), age(restored)]).toEqual([[restored], 0]);
    pass(16);
    expect(age(restored)).toBe(16);
  });

  it('is forgotten with the Lease', () => {
    const lease = renewed();
    store.put(lease);
    pass(30);
    store.delete(lease);
    const again = renewed(3600);
    store.put(again);
    expect(age(again)).toBe(0);
    pass(5);
    store.replaceAll([], { version: String(version + 1), seenBefore: version });
    expect(age(again)).toBe(0);
  });

  it('survives a list that brings nothing new', () => {
    const lease = renewed();
    store.put(lease);
    pass(8);
    store.replaceAll([lease], { version: String(version), seenBefore: version });
    expect(age(lease)).toBe(8);
  });
});

describe('the time that a holder has had a Lease', () => {
  const held = (holderIdentity: string, ahead = 0): LeaseObject => {
    const { metadata, spec } = renewed();
    const acquireTime = new Date(clock.wall + ahead * second).toISOString();
    return { metadata, spec: { ...spec, holderIdentity, acquireTime } };
  };
  const seconds = (lease: LeaseObject): number => store.heldMs(lease) / second;

  it('counts from when it was seen to change hands, whatever our clock does', () => {
    store.put(held('n1', -60));
    const taken = held('kube-vip-operator:n1');
    store.put(taken);
    pass(3);
    clock.wall += 3600 * second;
    expect(seconds(taken)).toBe(3);
  });

  it('is not renewed with the Lease', () => {
    store.put(held('n1'));
    pass(5);
    const again = held('n1');
    store.put(again);
    expect(seconds(again)).toBe(5);
  });

  it.each([
    ['what the Lease says when it was taken before the first look', -60, 60],
    ['none when that lies in the future', 60, 0],
  ])('is %s', (_, ahead, expected) => {
    const lease = held('n1', ahead);
    store.put(lease);
    expect(seconds(lease)).toBe(expected);
  });

  it('goes on while nothing can be seen: a holder is given no more for it', () => {
    const lease = held('n1');
    store.put(lease);
    store.lost();
    silence(9);
    store.heard();
    expect(seconds(lease)).toBe(9);
  });

  it('is none of a Lease that was never seen', () => {
    expect(seconds(held('n1'))).toBe(0);
  });
});
