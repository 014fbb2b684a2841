// How old a Lease is, by what the operator saw and not by what a node's clock says.
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { LeaseObject } from '../../src/cluster/lease-store.ts';
import { LeaseWorld, second } from './lease-world.ts';

let world: LeaseWorld;

beforeEach(() => {
  world = new LeaseWorld();
});

describe('the age of a Lease', () => {
  it.each([0, 3600, -3600])('counts from the renewal that was seen, on a clock %i s ahead', (ahead) => {
    world.store.put(world.renewed(ahead));
    world.pass(2);
    const lease = world.renewed(ahead);
    world.store.put(lease);
    expect(world.age(lease)).toBe(0);
    world.pass(20);
    expect(world.age(lease)).toBe(20);
  });

  it('grows from the first look when the renewal lies in the future', () => {
    const lease = world.renewed(3600);
    world.store.put(lease);
    world.pass(16);
    expect(world.age(lease)).toBe(16);
  });

  it('is what the Lease says when it was renewed before the first look', () => {
    const lease = world.renewed(-60);
    world.store.put(lease);
    expect(world.age(lease)).toBe(60);
  });

  it('starts anew at the first renewal of a node whose clock is behind', () => {
    world.store.put(world.renewed(-60));
    world.pass(2);
    const lease = world.renewed(-60);
    world.store.put(lease);
    expect(world.age(lease)).toBe(0);
  });

  it('does not notice that our own clock jumps', () => {
    const lease = world.renewed();
    world.store.put(lease);
    world.clock.wall += 3600 * second;
    world.pass(3);
    expect(world.age(lease)).toBe(3);
    world.clock.wall -= 7200 * second;
    expect(world.age(lease)).toBe(3);
  });

  it('does not start anew for a change that is no renewal', () => {
    const lease = world.renewed();
    world.store.put(lease);
    world.pass(9);
    world.store.put({
      ...lease,
      metadata: { ...lease.metadata, resourceVersion: String(world.version + 1) },
    });
    expect(world.age(lease)).toBe(9);
  });

  it('does not start anew for an event that comes late', () => {
    const [late, lease] = [world.renewed(-9), world.renewed()];
    world.store.put(lease);
    world.pass(9);
    world.store.put(late);
    expect(world.age(lease)).toBe(9);
  });

  it('stands still while nothing can be seen, and goes on afterwards', () => {
    const lease = world.renewed();
    world.store.put(lease);
    world.pass(3);
    world.store.lost();
    world.silence(60);
    world.store.lost();
    world.silence(60);
    expect([world.age(lease), world.store.isBlind]).toEqual([3, true]);
    world.store.heard();
    expect([world.age(lease), world.store.isBlind]).toEqual([3, false]);
    world.pass(4);
    expect(world.age(lease)).toBe(7);
  });

  it('stands still while the connection is silent, which is blindness within 5 s', () => {
    const lease = world.renewed();
    world.store.put(lease);
    world.pass(3);
    world.silence(4);
    expect([world.age(lease), world.store.isBlind]).toEqual([3, false]);
    world.silence(1);
    expect([world.age(lease), world.store.isBlind]).toEqual([3, true]);
    world.silence(600);
    expect(world.age(lease)).toBe(3);
    world.store.heard();
    expect([world.age(lease), world.store.isBlind]).toEqual([3, false]);
    world.pass(12);
    expect(world.age(lease)).toBe(15);
  });

  it('tells for how long it was looked without a break', () => {
    world.pass(30);
    expect(world.store.seenForMs).toBe(30 * second);
    world.silence(90);
    expect(world.store.seenForMs).toBe(0);
    world.store.heard();
    world.pass(3);
    expect(world.store.seenForMs).toBe(3 * second);
    world.silence(4);
    world.store.heard();
    expect(world.store.seenForMs).toBe(7 * second);
  });

  it('counts a silence that is no blindness', () => {
    const lease = world.renewed();
    world.store.put(lease);
    world.pass(3);
    world.silence(4);
    world.store.heard();
    expect(world.age(lease)).toBe(7);
  });

  it('is no less than nothing when the Lease was renewed in the dark', () => {
    world.store.put(world.renewed());
    world.pass(3);
    world.store.lost();
    world.silence(60);
    const lease = world.renewed();
    world.store.put(lease);
    expect(world.age(lease)).toBe(0);
    world.store.heard();
    world.pass(5);
    expect(world.age(lease)).toBe(5);
  });

  it('starts anew with what a restored etcd says, though that was written long ago', () => {
    const before = world.renewed(-3600);
    world.store.put(world.renewed());
    world.pass(3);
    const restored = { ...before, metadata: { ...before.metadata, resourceVersion: '0' } };
    world.store.replaceAll([restored], { version: '0', seenBefore: world.version });
    expect([world.store.list(), world.age(restored)]).toEqual([[restored], 0]);
    world.pass(16);
    expect(world.age(restored)).toBe(16);
  });

  it('is forgotten with the Lease', () => {
    const lease = world.renewed();
    world.store.put(lease);
    world.pass(30);
    world.store.delete(lease);
    const again = world.renewed(3600);
    world.store.put(again);
    expect(world.age(again)).toBe(0);
    world.pass(5);
    world.store.replaceAll([], { version: String(world.version + 1), seenBefore: world.version });
    expect(world.age(again)).toBe(0);
  });

  it('survives a list that brings nothing new', () => {
    const lease = world.renewed();
    world.store.put(lease);
    world.pass(8);
    world.store.replaceAll([lease], { version: String(world.version), seenBefore: world.version });
    expect(world.age(lease)).toBe(8);
  });
});

describe('the time that a holder has had a Lease', () => {
  const held = (holderIdentity: string, ahead = 0): LeaseObject => {
    const { metadata, spec } = world.renewed();
    const acquireTime = new Date(world.clock.wall + ahead * second).toISOString();
    return { metadata, spec: { ...spec, holderIdentity, acquireTime } };
  };
  const seconds = (lease: LeaseObject): number => world.store.heldMs(lease) / second;

  it('counts from when it was seen to change hands, whatever our clock does', () => {
    world.store.put(held('n1', -60));
    const taken = held('kube-vip-operator:n1');
    world.store.put(taken);
    world.pass(3);
    world.clock.wall += 3600 * second;
    expect(seconds(taken)).toBe(3);
  });

  it('is not renewed with the Lease', () => {
    world.store.put(held('n1'));
    world.pass(5);
    const again = held('n1');
    world.store.put(again);
    expect(seconds(again)).toBe(5);
  });

  it.each([
    ['what the Lease says when it was taken before the first look', -60, 60],
    ['none when that lies in the future', 60, 0],
  ])('is %s', (_, ahead, expected) => {
    const lease = held('n1', ahead);
    world.store.put(lease);
    expect(seconds(lease)).toBe(expected);
  });

  it('goes on while nothing can be seen: a holder is given no more for it', () => {
    const lease = held('n1');
    world.store.put(lease);
    world.store.lost();
    world.silence(9);
    world.store.heard();
    expect(seconds(lease)).toBe(9);
  });

  it('is none of a Lease that was never seen', () => {
    expect(seconds(held('n1'))).toBe(0);
  });
});
