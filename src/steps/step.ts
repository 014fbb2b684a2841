// What one pass does, as data: it can be printed, tested and carried out.
import type { V1DaemonSet } from '@kubernetes/client-node';
import type { HoldReason, RejectionReason } from '../api/conditions.ts';
import type { ComponentKind } from '../api/metadata.ts';
import type { Message } from '../api/words.ts';
import type { RecordedRendering } from '../observed/recorded.ts';
import type { DepartureStage, Target } from '../observed/snapshot.ts';

/** A Lease that the operator takes, or has taken, away from kube-vip. */
export interface Parking {
  readonly name: string;
  /** The version that was decided about: a holder that renews meanwhile is looked at again. Undefined: there is none, it is made. */
  readonly resourceVersion: string | undefined;
  /** Who held it. */
  readonly from: string;
  /** The operator made it: no kube-vip ever led, and none will. */
  readonly neverHeld: boolean;
  /** What has to leave: the Lease remembers it, also for an operator that starts anew. */
  readonly leaving: readonly Target[];
  /** When it was taken, and written last, in milliseconds since the epoch. */
  readonly acquiredAt: number;
  readonly renewedAt: number;
  /** How long it is valid. */
  readonly durationSeconds: number;
}

/** A Lease that goes back to the kube-vip that it was taken from. */
export interface Return {
  readonly name: string;
  readonly resourceVersion: string;
  readonly to: string;
  readonly durationSeconds: number;
  /** When it is written, in milliseconds since the epoch. */
  readonly renewedAt: number;
}

/** What is done to a DaemonSet of kube-vip, or of a probe. */
export type StepOnDaemonSet =
  | { readonly kind: 'apply'; readonly object: V1DaemonSet; readonly why: 'missing' }
  /** `admission`: what was applied before is changed on admission, and it is tried again. */
  | {
      readonly kind: 'apply';
      readonly object: V1DaemonSet;
      readonly why: 'changed' | 'drifted' | 'admission';
      readonly path: string;
    }
  /** Puts our spec in place of one that somebody added to: an apply leaves what others own. */
  | {
      readonly kind: 'replace-spec';
      readonly object: V1DaemonSet;
      readonly why: 'drifted';
      readonly path: string;
    }
  | { readonly kind: 'delete'; readonly object: V1DaemonSet };

/** Keeps a rendering that was applied. */
export interface RecordStep {
  readonly kind: 'record';
  readonly record: RecordedRendering;
  /** False: it is kept already, and was applied again or is still what the spec asks for. */
  readonly isNew: boolean;
}

/** What is done about the renderings that are kept, after everything else. */
export type HistoryStep = RecordStep | { readonly kind: 'forget'; readonly revision: string };

interface DeletedPod {
  readonly kind: 'delete-pod';
  readonly pod: string;
  /** A pod that came after it under the same name stays. */
  readonly uid: string;
  readonly component: ComponentKind;
  readonly node: string;
}

/** Ends a pod in order, so that the DaemonSet controller makes the next one from what stands in the DaemonSet. */
export interface ReplacedPod extends DeletedPod {
  /** `rollback`: its node goes back to what worked last. */
  readonly why: 'rollout' | 'rollback';
}

/** Ends a pod of kube-vip that answers for an address that another node should have. Its next start takes the address off. */
export interface RemedyStep extends DeletedPod {
  readonly why: 'second-owner';
  /** All that it answers for. */
  readonly addresses: readonly string[];
  /** Node that holds the Lease. */
  readonly holder: string;
}

/** Ends a pod of kube-vip. */
export type DeletePod = ReplacedPod | RemedyStep;

/** One write. */
export type Step =
  | { readonly kind: 'add-finalizer' }
  | StepOnDaemonSet
  | HistoryStep
  | DeletePod
  | ({ readonly kind: 'park-lease' } & Parking)
  | ({ readonly kind: 'return-lease' } & Return)
  | { readonly kind: 'delete-lease'; readonly name: string }
  /** @property unseen addresses that could not be asked about from here. */
  | { readonly kind: 'remove-finalizer'; readonly unseen: readonly string[] };

/** Addresses to dial, again and again, until another plan says something else. */
export interface Ask {
  readonly stage: DepartureStage;
  readonly targets: readonly Target[];
}

/** Why nothing may be rendered for a spec: a person must act. */
export interface Rejection extends Message {
  readonly reason: RejectionReason;
}

/** Why a change waits, though the spec is accepted. */
export interface Hold {
  readonly reason: HoldReason;
}

/** What is done about the probes of the nodes: no plan fails when they cannot be made. */
export interface Probing {
  readonly steps: readonly Step[];
  /** Whether nodes are being asked. */
  readonly isAsking: boolean;
}

/** What is waited for. */
export interface Waiting {
  /** All of it, in words. */
  readonly waitingFor: string;
  /** What comes first, in few words. */
  readonly waitingFirst: string;
  /** What a person can do about it. */
  readonly todo?: string;
  /** True when it has taken longer than it should. */
  readonly overdue?: boolean;
}

/** How a component that a KubeVipConfig has leaves the nodes: what is done now, and what that waits for. */
export interface Withdrawal {
  /** Goes on after `because`. */
  readonly why: string;
  readonly steps: readonly Step[];
  /** kube-vip has lost what it leads by: there is no way but on or back, whatever preflight says. */
  readonly isUnderWay: boolean;
  /** Undefined: nothing is waited for. */
  readonly waiting?: Waiting;
  readonly ask?: Ask;
}
