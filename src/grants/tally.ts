// Counts what became of the Services of KubeVipConfigs: how full each pool is, and who waits for what.
import type { AddressRange } from '../api/address-range.ts';
import { longestWait } from '../api/grants-status-schema.ts';
import { effectiveClass } from '../api/defaults.ts';
import type { Family } from '../api/addresses.ts';
import type { KubeVipConfig } from '../api/types.ts';
import { clip } from '../api/words.ts';
import type { GrantTally, PoolTally } from '../observed/grant-tally.ts';
import type { Decision, Told } from './decision.ts';
import { valueOf, type Grounds } from './grounds.ts';
import { leftOut, offersOf, type Pool } from './pools.ts';
import { sizeOfPool } from './pool-size.ts';
import type { GrantReason } from './reasons.ts';
import { byAge, type Standing } from './standing.ts';

const families: readonly Family[] = ['IPv4', 'IPv6'];
const shown = 3;

/** With these a Service has what it wants, or wants nothing. */
const content: readonly GrantReason[] = [
  'AddressGranted',
  'AddressAssigned',
  'AddressWithdrawn',
  'AddressKept',
];

/** What a Service waits for, as it was told; undefined: it waits for nothing. */
export const waitOf = ({ told }: Decision): Told | undefined =>
  told.find(({ reason }) => !content.includes(reason));

/** A Service that waits, and what it was told. */
export interface Waiting {
  readonly asker: Standing;
  readonly told: Told;
}

/** Every address that Services have, each once, as numbers in order. */
export type HeldValues = Readonly<Record<Family, readonly bigint[]>>;

/** The addresses that Services have: what they were granted, and what was published for them. */
export function heldValues(standings: Iterable<Standing>): HeldValues {
  const found: Record<Family, bigint[]> = { IPv4: [], IPv6: [] };
  const addresses = new Set<string>();
  for (const { held } of standings) {
    held.forEach((address) => addresses.add(address));
  }
  for (const address of addresses) {
    const { family, value } = valueOf(address);
    found[family].push(value);
  }
  // Numbers of 32 bits are put in order ten times as fast as large ones.
  const ofV4 = Uint32Array.from(found.IPv4, Number).sort();
  return {
    IPv4: Array.from(ofV4, BigInt),
    IPv6: found.IPv6.sort((a, b) => (a < b ? -1 : 1)),
  };
}

function* valuesIn({ family, first, last }: AddressRange, held: HeldValues): Iterable<bigint> {
  const values = held[family];
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    [low, high] = (values[middle] ?? 0n) < first ? [middle + 1, high] : [low, middle];
  }
  for (let at = low; at < values.length; at += 1) {
    const value = values[at] ?? 0n;
    if (value > last) {
      return;
    }
    yield value;
  }
}

function poolTally(pool: Pool, family: Family, held: HeldValues): readonly PoolTally[] {
  const ranges = pool.ranges.filter((row) => row.family === family);
  if (ranges.length === 0) {
    return [];
  }
  const { size, open } = sizeOfPool(pool, family);
  let [used, usedOfOpen] = [0, 0n];
  for (const range of ranges) {
    for (const value of valuesIn(range, held)) {
      used += 1;
      usedOfOpen += leftOut(pool, { family, value }) === undefined ? 1n : 0n;
    }
  }
  return [{ name: pool.name, family, size, used, free: open - usedOfOpen }];
}

const isForPerson = ({ told }: Waiting): number => (told.type === 'Warning' ? 0 : 1);

/** The first few, without putting thousands in order. */
function firstOf(waiting: readonly Waiting[]): readonly Waiting[] {
  const before = (a: Waiting, b: Waiting): number =>
    isForPerson(a) - isForPerson(b) || byAge(a.asker, b.asker);
  return waiting.reduce<readonly Waiting[]>((first, row) => {
    const last = first[shown - 1];
    return last !== undefined && before(last, row) < 0 ? first : [...first, row].sort(before).slice(0, shown);
  }, []);
}

/** What is counted now, by name of the KubeVipConfig; those that serve no Services are left out. */
export function talliesOf(
  configs: readonly KubeVipConfig[],
  grounds: Pick<Grounds, 'serverOf'>,
  held: HeldValues,
  waiting: Iterable<Waiting>,
): ReadonlyMap<string, GrantTally> {
  const byConfig = Map.groupBy(
    waiting,
    ({ asker: { loadBalancerClass = '' } }) => grounds.serverOf(loadBalancerClass)?.config.metadata.name,
  );
  const rows = configs.filter((config) => effectiveClass(config) !== undefined);
  return new Map(
    rows.map((config) => {
      const { name } = config.metadata;
      const mine = byConfig.get(name) ?? [];
      const first = firstOf(mine).map(({ asker, told: { reason, note } }) => ({
        service: asker.key,
        reason,
        message: clip(note, longestWait),
      }));
      const pools = offersOf(config).flatMap((pool) =>
        families.flatMap((family) => poolTally(pool, family, held)),
      );
      return [name, { pools, waiting: mine.length, first }];
    }),
  );
}
