// What the running parts tell of themselves; the meter listens.
import type { Answered } from '../cluster/http.ts';
import type { Resource } from '../cluster/resources.ts';
import type { LeaseView } from '../observed/snapshot.ts';
import type { Outcome } from '../status/outcome.ts';

/** What the running parts tell to whoever counts. Every method returns at once and must not throw. */
export interface Observer {
  /** The API server has answered, or has not. */
  answered(answered: Answered): void;
  /** A request is held back, because the API server asked for patience. */
  waited(ms: number): void;
  reconciled(outcome: Outcome['kind'], seconds: number): void;
  /** A DaemonSet was put back as it should be. */
  repaired(daemonSet: string): void;
  /** A list or watch has failed and is tried again after `retryMs`. */
  watchFailed(resource: Resource, retryMs: number): void;
  /** Every Lease as it is now, or the one that has changed. */
  leasesSeen(leases: readonly Pick<LeaseView, 'name' | 'holder'>[], isAll: boolean): void;
}
