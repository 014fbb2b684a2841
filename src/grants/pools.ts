// Pools as grants see them: their ranges as numbers, in the order in which addresses are chosen, and who may have one.
import { addressRange, type AddressRange, type AddressValue } from '../api/address-range.ts';
import { poolsOf, type EffectivePool } from '../api/defaults.ts';
import type { KubeVipConfig } from '../api/types.ts';
import { RangeSet } from './range-set.ts';
import type { Standing } from './standing.ts';

/** A pool of a KubeVipConfig. */
export interface Pool extends Pick<
  EffectivePool,
  'name' | 'autoAssign' | 'namespaces' | 'serviceSelector' | 'priority' | 'avoidBuggyIPs'
> {
  /** From the lowest address to the highest. */
  readonly ranges: readonly AddressRange[];
  /** What is left out. */
  readonly reserved: RangeSet;
}

const byFirst = (a: AddressRange, b: AddressRange): number => (a.first < b.first ? -1 : 1);
const byPrecedence = (a: Pool, b: Pool): number => b.priority - a.priority || (a.name < b.name ? -1 : 1);

const poolOf = ({ addresses, reserved, ...pool }: EffectivePool): Pool => ({
  ...pool,
  ranges: addresses.flatMap((text) => addressRange(text) ?? []).sort(byFirst),
  reserved: new RangeSet(reserved.map((text) => [text, text] as const)),
});

// A spec is the same object until it changes.
const known = new WeakMap<KubeVipConfig['spec'], readonly Pool[]>();

/** The pools of a config, in the order in which an address is looked for. */
export function offersOf(config: KubeVipConfig): readonly Pool[] {
  const pools = known.get(config.spec) ?? poolsOf(config).map(poolOf).sort(byPrecedence);
  known.set(config.spec, pools);
  return pools;
}

/** Whether a pool has an address, be it left out or not. */
export const hasAddress = ({ ranges }: Pool, { family, value }: AddressValue): boolean =>
  ranges.some((range) => range.family === family && range.first <= value && value <= range.last);

/** The pool that has an address, or undefined. */
export const poolWith = (pools: readonly Pool[], address: AddressValue): Pool | undefined =>
  pools.find((pool) => hasAddress(pool, address));

const isBuggy = ({ family, value }: AddressValue): boolean =>
  family === 'IPv4' && [0n, 255n].includes(value & 255n);

/** Why a pool leaves an address out, in half a sentence; undefined: it does not. */
export function leftOut(pool: Pool, address: AddressValue): string | undefined {
  const entry = pool.reserved.find(address);
  if (entry !== undefined) {
    return `an address of ${entry}, which pool ${pool.name} reserves`;
  }
  return pool.avoidBuggyIPs && isBuggy(address)
    ? `an address that ends with .0 or .255, which pool ${pool.name} avoids`
    : undefined;
}

/** Why a Service gets nothing of a pool, in half a sentence; undefined: it may. */
export function closedTo({ name, namespaces, serviceSelector }: Pool, asker: Standing): string | undefined {
  if (namespaces.length > 0 && !namespaces.includes(asker.namespace)) {
    return `pool ${name}, which is not for namespace ${asker.namespace}`;
  }
  const [key, value] =
    Object.entries(serviceSelector).find(([label, wanted]) => asker.labels[label] !== wanted) ?? [];
  return key === undefined ? undefined : `pool ${name}, which is for Services with the label ${key}=${value}`;
}

/** Pools of which the operator may choose for a Service. */
export const poolsToChoose = (pools: readonly Pool[], asker: Standing): readonly Pool[] =>
  pools.filter(
    (pool) =>
      (asker.pool === undefined ? pool.autoAssign : pool.name === asker.pool) &&
      closedTo(pool, asker) === undefined,
  );
