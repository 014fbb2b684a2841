// What a check looks at: an address, who wants it, and who would give it.
import type { Holding } from './book.ts';
import type { Departure } from './departures.ts';
import type { GrantFacts, Server } from './grounds.ts';
import type { GrantReason } from './reasons.ts';
import type { Wanted } from './request.ts';
import type { Standing } from './standing.ts';

/** An address, who wants it, and who would give it. */
export interface Candidate {
  readonly wanted: Wanted;
  /** Every address that the asker would have, this one among them. */
  readonly all: ReadonlySet<string>;
  readonly asker: Standing;
  readonly server: Server;
}

/** Why an address is not granted: found instead of what was expected, and what a person can do. */
export interface Refusal {
  readonly reason: GrantReason;
  /** `GrantWaits`: what is waited for; else what was found. */
  readonly found: string;
  readonly todo: string;
  /** When time alone may change it; undefined: something has to happen. */
  readonly afterSeconds?: number;
  /** It has to be asked on the network whether some node still has the address. */
  readonly isToBeAsked?: boolean;
  /** No node had it when that was asked, which is too long ago. Until the turn of the Service is near nothing has to be done. */
  readonly isStale?: boolean;
}

/** Why a candidate is not granted, or undefined. */
export type Check = (candidate: Candidate, facts: GrantFacts) => Refusal | undefined;

/** What a person can do where the address is the trouble, in half a sentence. */
export const choose = ({ offer }: Server): string => `choose another address of ${offer}`;

/** Whether what a Service has, or had, may be on a node: what a person wrote in a class that no KubeVipConfig serves is on none. */
export const isReal = (
  { isOnlyWritten }: Holding | Departure,
  loadBalancerClass: string | undefined,
  { grounds }: GrantFacts,
): boolean =>
  !isOnlyWritten || (loadBalancerClass !== undefined && grounds.serverOf(loadBalancerClass) !== undefined);
