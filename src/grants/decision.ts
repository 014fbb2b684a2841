// What becomes of one Service, and the words that every decision uses.
import { requestAnnotations } from '../api/metadata.ts';
import type { Server } from './grounds.ts';
import type { Hindrance } from './readiness.ts';
import type { GrantReason } from './reasons.ts';

/** What the Service is told by an event. */
export interface Told {
  readonly type: 'Normal' | 'Warning';
  readonly reason: GrantReason;
  readonly note: string;
}

/** What becomes of one Service. */
export interface Decision {
  /** What the annotation that kube-vip reads shall be: addresses, null for none; undefined: as it is. */
  readonly grant: string | null | undefined;
  readonly told: readonly Told[];
  /** Beside the grant: pools of which the operator chose, null for none; undefined: as it is. */
  readonly assigned?: string | null;
  /** Something else than its own change may decide it otherwise. */
  readonly isWaiting: boolean;
  /** When time alone may; undefined: never. */
  readonly afterSeconds?: number;
  /** Addresses of which it has to be asked on the network whether some node still has them. */
  readonly toBeAsked?: readonly string[];
  /** Nothing is in its way but its turn: it keeps its place among those that wait for theirs. */
  readonly isInLine?: boolean;
  /** Addresses that it is about to get without having asked for them. */
  readonly aims?: readonly string[];
  /** Addresses that cannot be given away now: a stranger was heard, or nothing can be heard. */
  readonly unusable?: readonly string[];
}

/** Nothing is written, and nothing is said. */
export const nothing: Decision = { grant: undefined, told: [], isWaiting: false };
/** The annotation in which a person asks. */
export const field = requestAnnotations.addresses;

/** A warning to the Service. */
export const warning = (reason: GrantReason, note: string): Told => ({ type: 'Warning', reason, note });

/** Nothing is granted, and why. */
export const refused = (reason: GrantReason, note: string): Decision => ({
  grant: undefined,
  told: [warning(reason, note)],
  isWaiting: true,
});

/** A KubeVipConfig, as notes name it. */
export const placeOf = ({ config }: Server): string => `KubeVipConfig ${config.metadata.name}`;

/** Nothing is granted now, for a reason that is not the address. Told, so that nobody looks for the fault in the request. */
export function hindered({ reason, afterSeconds }: Hindrance, note: string): Decision {
  return {
    grant: undefined,
    told: [{ type: reason === 'GrantWaits' ? 'Normal' : 'Warning', reason, note }],
    isWaiting: true,
    ...(afterSeconds !== undefined && { afterSeconds }),
  };
}
