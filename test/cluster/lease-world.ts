// Leases, seen by an operator whose clocks a test sets.
import { LeaseStore, type LeaseObject } from '../../src/cluster/lease-store.ts';

const start = Date.parse('2026-11-24T12:00:00Z');
/** Milliseconds. */
export const second = 1000;

/** A store of Leases, and what passes before it. */
export class LeaseWorld {
  readonly clock = { wall: start, steady: 500_000 };
  readonly store = new LeaseStore({ wall: () => this.clock.wall, steady: () => this.clock.steady });
  /** Of the last Lease that was written. */
  version = 0;

  constructor() {
    this.store.heard();
  }

  /** Nothing comes, as from a connection that is dead. */
  silence(seconds: number): void {
    this.clock.wall += seconds * second;
    this.clock.steady += seconds * second;
  }

  /** The operator's own renewals come, as on every watch that lives. */
  pass(seconds: number): void {
    for (let passed = 0; passed < seconds; passed += 1) {
      this.silence(1);
      this.store.heard();
    }
  }

  /** A Lease as a node wrote it whose clock is `ahead` seconds ahead of ours. */
  renewed(ahead = 0, name = 'edge-services'): LeaseObject {
    this.version += 1;
    const renewTime = new Date(this.clock.wall + ahead * second).toISOString();
    const metadata = { name, resourceVersion: String(this.version) };
    return { metadata, spec: { renewTime, holderIdentity: 'n1' } };
  }

  /** Seconds. */
  age(lease: LeaseObject): number {
    return this.store.ageMs(lease) / second;
  }
}
