// How many addresses a pool has, and how many of them it leaves out. Counted from the ends of ranges: an IPv6 pool has more
// addresses than can be looked at.
import type { AddressRange } from '../api/address-range.ts';
import type { Family } from '../api/addresses.ts';
import type { Pool } from './pools.ts';

const sizeOf = ({ first, last }: AddressRange): bigint => last - first + 1n;
const sum = (numbers: readonly bigint[]): bigint => numbers.reduce((total, number) => total + number, 0n);

/** Numbers from 0 to one before this that end with the byte 0 or 255. */
const buggyBelow = (end: bigint): bigint => {
  const rest = end % 256n;
  return (end / 256n) * 2n + (rest > 0n ? 1n : 0n);
};

const buggyIn = ({ family, first, last }: AddressRange): bigint =>
  family === 'IPv4' ? buggyBelow(last + 1n) - buggyBelow(first) : 0n;

/** Addresses of a range that a pool leaves out. */
function leftOutOf(range: AddressRange, { reserved, avoidBuggyIPs }: Pool): bigint {
  const parts = reserved.within(range);
  const buggy = avoidBuggyIPs ? buggyIn(range) - sum(parts.map(buggyIn)) : 0n;
  return sum(parts.map(sizeOf)) + buggy;
}

/** What a pool has of a family. */
export interface PoolSize {
  readonly size: bigint;
  /** Those that are not left out. */
  readonly open: bigint;
}

/** How many addresses a pool has of a family. */
export function sizeOfPool(pool: Pool, family: Family): PoolSize {
  const ranges = pool.ranges.filter((row) => row.family === family);
  const size = sum(ranges.map(sizeOf));
  return { size, open: size - sum(ranges.map((range) => leftOutOf(range, pool))) };
}
