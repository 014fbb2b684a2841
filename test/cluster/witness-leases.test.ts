// How old the words of a witness are, and which Leases are theirs.
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

describe('what a Lease says', () => {
  it('is as old as its last renewal, also while the watch is dead', () => {
    const lease = renewed();
    store.put(lease);
    pass(2);
    silence(30);
    expect([store.silentMs(lease) / second, age(lease)]).toEqual([32, 2]);
    store.heard();
    expect([store.silentMs(lease) / second, age(lease)]).toEqual([32, 2]);
  });

  it('is new when it was renewed', () => {
    store.put(renewed());
    pass(9);
    const next = renewed();
    store.put(next);
    expect(store.silentMs(next)).toBe(0);
  });
});

describe('the Leases of witnesses', () => {
  const name = 'kube-vip-witness.0a1b2c3d.n4';
  it('are those of that name, and go with their object', () => {
    const lease = renewed(0, name);
    store.put(lease);
    store.put(renewed());
    expect(store.witnesses().map(({ metadata }) => metadata.name)).toEqual([name]);
    store.delete({ ...lease, metadata: { name, resourceVersion: String((version += 1)) } });
    expect(store.witnesses()).toEqual([]);
  });
});
