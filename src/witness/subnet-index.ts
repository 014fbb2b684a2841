// Which of many subnets has an address: the one with the longest prefix. A rack may have subnets of its own, and a cluster 20,000
// addresses and 5,000 nodes.
import { addressValue, cidrRange, type AddressValue } from '../api/address-range.ts';
import type { Family } from '../api/addresses.ts';

const bitsOf = { IPv4: 32, IPv6: 128 } as const satisfies Record<Family, number>;

/** Subnets, and what each stands for. */
export class SubnetIndex<T> {
  readonly #byPrefix: Readonly<Record<Family, Map<number, Map<bigint, T>>>> = {
    IPv4: new Map(),
    IPv6: new Map(),
  };
  readonly #lengths: Readonly<Record<Family, readonly number[]>>;

  /** @param rows a subnet as CIDR, and what it stands for; what is no CIDR is left out */
  constructor(rows: Iterable<readonly [subnet: string, value: T]>) {
    for (const [subnet, value] of rows) {
      this.#put(subnet, value);
    }
    const lengthsOf = (family: Family): readonly number[] =>
      [...this.#byPrefix[family].keys()].sort((a, b) => b - a);
    this.#lengths = { IPv4: lengthsOf('IPv4'), IPv6: lengthsOf('IPv6') };
  }

  /** What the longest prefix that has an address stands for; undefined: no subnet has it. */
  find({ family, value }: AddressValue): T | undefined {
    for (const length of this.#lengths[family]) {
      const found = this.#byPrefix[family].get(length)?.get(value >> BigInt(bitsOf[family] - length));
      if (found !== undefined) {
        return found;
      }
    }
    return undefined;
  }

  /** The same of an address as text; what is none is in no subnet. */
  findText(address: string): T | undefined {
    const value = addressValue(address);
    return value && this.find(value);
  }

  #put(subnet: string, value: T): void {
    const range = cidrRange(subnet);
    if (range !== undefined) {
      const length = Number(subnet.split('/')[1]);
      const ofLength = this.#byPrefix[range.family].get(length) ?? new Map<bigint, T>();
      this.#byPrefix[range.family].set(length, ofLength);
      ofLength.set(range.first >> BigInt(bitsOf[range.family] - length), value);
    }
  }
}
