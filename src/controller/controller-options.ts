// What a controller is made from, and what it tells of itself.
import type { KubeConfig } from '@kubernetes/client-node';
import type { Logger } from 'pino';
import type { ProbeSource } from './own-image.ts';
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
  /** A pod of a DaemonSet was ended because of an address that it should not have. */
  remedied(daemonSet: string): void;
  /** A list or watch has failed and is tried again after `retryMs`. */
  watchFailed(resource: Resource, retryMs: number): void;
  /** Every Lease as it is now, or the one that has changed. */
  leasesSeen(leases: readonly Pick<LeaseView, 'name' | 'holder'>[], isAll: boolean): void;
}

/** What a controller is made from. */
export interface ControllerOptions {
  readonly kubeConfig: KubeConfig;
  /** Reads the kubeconfig again, into the same object. May throw. */
  readonly refresh: () => void;
  readonly log: Logger;
  /** Seconds between two full compares of every object. */
  readonly resyncSeconds: number;
  readonly observer: Observer;
  readonly probe: ProbeSource;
  /** Whether addresses are asked. */
  readonly probeAddresses: boolean;
  /** Node that this process runs on; undefined: not told. */
  readonly nodeName: string | undefined;
  /** Seconds after which a reconcile is stuck; a request of it has a time limit of 15 s. */
  readonly stuckSeconds: number;
  /** Seconds after which a watch that fails is lost. */
  readonly lostSeconds: number;
  /** Who this process is in an election. */
  readonly identity: string;
}
