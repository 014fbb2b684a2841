// Addresses and the keys that belong to them: who has an address, who asks for it, who is about to get it.
import { addressOf, addressValue, type AddressRange } from '../api/address-range.ts';

const nameOf = ({ family, first, last }: AddressRange): string => `${family} ${first} ${last}`;

// Pools are edited, and ranges that are in none any more are no matter.
const mostLooked = 1000;

/** Keys by address. */
export class AddressIndex {
  readonly #keys = new Map<string, Set<string>>();
  /** Ranges that were looked through, and the first number that no key had then: nothing before it is free. */
  readonly #looked = new Map<string, { readonly range: AddressRange; next: bigint }>();

  add(address: string, key: string): void {
    const keys = this.#keys.get(address) ?? new Set();
    this.#keys.set(address, keys.add(key));
  }

  remove(address: string, key: string): void {
    const keys = this.#keys.get(address);
    keys?.delete(key);
    if (keys?.size === 0) {
      this.#keys.delete(address);
      this.#free(address);
    }
  }

  of(address: string): Iterable<string> {
    return this.#keys.get(address) ?? [];
  }

  /** Whether an address belongs to another key than this one. */
  hasOther(address: string, key: string): boolean {
    const keys = this.#keys.get(address);
    return keys !== undefined && keys.size > (keys.has(key) ? 1 : 0);
  }

  /** The first number of a range that no key has; beyond its last: none. A range of thousands is looked through once. */
  firstWithout(range: AddressRange): bigint {
    const { family, first, last } = range;
    const looked = this.#looked.get(nameOf(range)) ?? { range, next: first };
    while (looked.next <= last && this.#keys.has(addressOf({ family, value: looked.next }))) {
      looked.next += 1n;
    }
    if (this.#looked.size >= mostLooked) {
      this.#looked.clear();
    }
    this.#looked.set(nameOf(range), looked);
    return looked.next;
  }

  #free(address: string): void {
    const found = this.#looked.size > 0 ? addressValue(address) : undefined;
    for (const looked of found ? this.#looked.values() : []) {
      const { family, first } = looked.range;
      if (found?.family === family && first <= found.value && found.value < looked.next) {
        looked.next = found.value;
      }
    }
  }
}
