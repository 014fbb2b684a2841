// Pools as grants see them: their ranges as numbers, in the order in which addresses are chosen.
import { addressRange, type AddressRange, type AddressValue } from '../api/address-range.ts';
import { poolsOf } from '../api/defaults.ts';
import type { KubeVipConfig } from '../api/types.ts';

/** A pool of a KubeVipConfig. */
export interface Pool {
  readonly name: string;
  /** From the lowest address to the highest. */
  readonly ranges: readonly AddressRange[];
  /** Services that ask for nothing may get an address of it. */
  readonly autoAssign: boolean;
}

const byFirst = (a: AddressRange, b: AddressRange): number => (a.first < b.first ? -1 : 1);
const byName = (a: Pool, b: Pool): number => (a.name < b.name ? -1 : 1);

// A spec is the same object until it changes.
const known = new WeakMap<KubeVipConfig['spec'], readonly Pool[]>();

/** The pools of a config, in the order in which an address is looked for. */
export function offersOf(config: KubeVipConfig): readonly Pool[] {
  const pools =
    known.get(config.spec) ??
    poolsOf(config)
      .map(({ name, addresses, autoAssign }) => ({
        name,
        autoAssign,
        ranges: addresses.flatMap((text) => addressRange(text) ?? []).sort(byFirst),
      }))
      .sort(byName);
  known.set(config.spec, pools);
  return pools;
}

/** The pool that has an address, or undefined. */
export const poolWith = (pools: readonly Pool[], { family, value }: AddressValue): Pool | undefined =>
  pools.find(({ ranges }) =>
    ranges.some((range) => range.family === family && range.first <= value && value <= range.last),
  );
