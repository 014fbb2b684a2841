// Which address a Service gets that asks for none: of each family the lowest one that is free, in the first pool that has one.
import { addressOf, type AddressRange, type AddressValue } from '../api/address-range.ts';
import type { Family } from '../api/addresses.ts';
import { hasAddress, type Pool } from './pools.ts';
import type { Wanted } from './request.ts';

/** What is known of the addresses of pools. */
export interface Taken {
  /** The first number of a range that no Service has; beyond its last: none. */
  readonly firstFree: (range: AddressRange) => bigint;
  /** The last number of a range that no Service may have an address of; undefined: the address is in none. */
  readonly endOfOthers: (value: AddressValue) => bigint | undefined;
  /** `open`: free, if no node has it, and that has to be heard. */
  readonly look: (wanted: Wanted) => 'free' | 'open' | 'taken';
  /** Another Service is about to get it. */
  readonly isOfAnother: (address: string) => boolean;
}

/** What is looked for. */
export interface Search {
  readonly families: readonly Family[];
  /** All of them, or nothing. */
  readonly needsAll: boolean;
  /** What it is about to get, if that is still to be had: what was begun is ended. */
  readonly aims: readonly Wanted[];
}

/** An address that was found. */
export interface Pick extends Wanted {
  readonly pool: string;
  readonly isOpen: boolean;
}

/** Addresses, one per family that has one; none: of which family there is nothing. */
export type Choice =
  | { readonly kind: 'chosen'; readonly picks: readonly Pick[] }
  | { readonly kind: 'none'; readonly family: Family };

function* numbersOf({ reserved }: Pool, range: AddressRange, taken: Taken): Iterable<bigint> {
  const { family, last } = range;
  for (let value = taken.firstFree(range); value <= last; value += 1n) {
    const end = taken.endOfOthers({ family, value }) ?? reserved.endOf({ family, value });
    if (end === undefined) {
      yield value;
    } else {
      value = end;
    }
  }
}

function* addressesOf(
  pools: readonly Pool[],
  family: Family,
  taken: Taken,
): Iterable<Wanted & { pool: string }> {
  for (const pool of pools) {
    for (const range of pool.ranges.filter((row) => row.family === family)) {
      for (const value of numbersOf(pool, range, taken)) {
        yield { family, value, address: addressOf({ family, value }), pool: pool.name };
      }
    }
  }
}

function pickAgain(
  pools: readonly Pool[],
  family: Family,
  taken: Taken,
  aims: readonly Wanted[],
): Pick | undefined {
  const aim = aims.find((row) => row.family === family);
  const pool = aim && pools.find((row) => hasAddress(row, aim));
  const look = aim && pool && taken.look(aim);
  return aim && pool && look !== 'taken' ? { ...aim, pool: pool.name, isOpen: look === 'open' } : undefined;
}

/** Where others are about to get all that is free, they have no better right to it. */
function pick(pools: readonly Pool[], family: Family, taken: Taken): Pick | undefined {
  let second: Pick | undefined;
  for (const row of addressesOf(pools, family, taken)) {
    const look = taken.look(row);
    const found = look === 'taken' ? undefined : { ...row, isOpen: look === 'open' };
    if (found !== undefined && !taken.isOfAnother(row.address)) {
      return found;
    }
    second ??= found;
  }
  return second;
}

/**
 * Chooses an address of each family for a Service.
 * @param pools those that it may have addresses of, in order.
 */
export function choose(pools: readonly Pool[], taken: Taken, { families, needsAll, aims }: Search): Choice {
  const found = families.map((family) => pickAgain(pools, family, taken, aims) ?? pick(pools, family, taken));
  const picks = found.filter((row) => row !== undefined);
  const missing = families.find((_, at) => found[at] === undefined);
  const [first = 'IPv4'] = families;
  return missing !== undefined && (needsAll || picks.length === 0)
    ? { kind: 'none', family: picks.length === 0 ? first : missing }
    : { kind: 'chosen', picks };
}
