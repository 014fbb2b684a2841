// What the worker that grants has counted: how full the pools are, and which Services wait.
import type { Family } from '../api/addresses.ts';

/** How full a pool is, of one family. */
export interface PoolTally {
  readonly name: string;
  readonly family: Family;
  /** Addresses from the first to the last of its ranges. An IPv6 pool has more than a number of JSON holds. */
  readonly size: bigint;
  /** Addresses that Services have. */
  readonly used: number;
  /** Addresses that no Service has, and that the pool does not leave out. */
  readonly free: bigint;
}

/** A Service that has not got what it wants, and why. */
export interface WaitingService {
  /** `namespace/name`. */
  readonly service: string;
  readonly reason: string;
  readonly message: string;
}

/** What is counted of the Services of one KubeVipConfig. */
export interface GrantTally {
  readonly pools: readonly PoolTally[];
  readonly waiting: number;
  /** The first three: those that a person has to look at, and of these the oldest. */
  readonly first: readonly WaitingService[];
}
