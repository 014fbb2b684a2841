// A plan as data: it can be printed, tested and carried out.
import type { V1DaemonSet } from '@kubernetes/client-node';
import type { RejectionReason } from '../api/conditions.ts';

export type Step =
  | { readonly kind: 'add-finalizer' }
  | { readonly kind: 'apply'; readonly object: V1DaemonSet; readonly why: 'missing' | 'changed' }
  | { readonly kind: 'apply'; readonly object: V1DaemonSet; readonly why: 'drifted'; readonly path: string }
  /** Puts our spec in place of one that somebody added to: an apply leaves what others own. */
  | {
      readonly kind: 'replace-spec';
      readonly object: V1DaemonSet;
      readonly why: 'drifted';
      readonly path: string;
    }
  | { readonly kind: 'delete'; readonly object: V1DaemonSet }
  | { readonly kind: 'delete-lease'; readonly name: string }
  | { readonly kind: 'remove-finalizer' };

export interface Rejection {
  readonly reason: RejectionReason;
  readonly message: string;
}

export interface Plan {
  readonly steps: readonly Step[];
  /** What should exist; empty when the config is rejected, suspended or being deleted. */
  readonly desired: readonly V1DaemonSet[];
  /** Why nothing is rendered: a person must act. */
  readonly rejection?: Rejection;
  readonly suspended?: boolean;
  /** What a deletion waits for. */
  readonly waitingFor?: string;
}
