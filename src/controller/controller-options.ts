// What a controller is made from.
import type { KubeConfig } from '@kubernetes/client-node';
import type { Logger } from 'pino';
import type { Observer } from './observer.ts';
import type { ProbeSource } from './own-image.ts';

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
