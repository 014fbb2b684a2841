// How old the words of a witness are, and which Leases are theirs.
import { beforeEach, describe, expect, it } from '@jest/globals';
import { LeaseWorld, second } from './lease-world.ts';

let world: LeaseWorld;

beforeEach(() => {
  world = new LeaseWorld();
});

describe('what a Lease says', () => {
  it('is as old as its last renewal, also while the watch is dead', () => {
    const lease = world.renewed();
    world.store.put(lease);
    world.pass(2);
    world.silence(30);
    expect([world.store.silentMs(lease) / second, world.age(lease)]).toEqual([32, 2]);
    world.store.heard();
    expect([world.store.silentMs(lease) / second, world.age(lease)]).toEqual([32, 2]);
  });

  it('is new when it was renewed', () => {
    world.store.put(world.renewed());
    world.pass(9);
    const next = world.renewed();
    world.store.put(next);
    expect(world.store.silentMs(next)).toBe(0);
  });
});

describe('the Leases of witnesses', () => {
  const name = 'kube-vip-witness.0a1b2c3d.n4';
  it('are those of that name, and go with their object', () => {
    const lease = world.renewed(0, name);
    world.store.put(lease);
    world.store.put(world.renewed());
    expect(world.store.witnesses().map(({ metadata }) => metadata.name)).toEqual([name]);
    world.store.delete({ ...lease, metadata: { name, resourceVersion: String((world.version += 1)) } });
    expect(world.store.witnesses()).toEqual([]);
  });
});
