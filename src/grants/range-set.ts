// Many ranges, asked about one address at a time: pools, and the networks of a cluster with thousands of nodes.
import { addressRange, type AddressRange, type AddressValue } from '../api/address-range.ts';

interface Entry extends AddressRange {
  /** The text that stands for it in messages. */
  readonly label: string;
}

const inOrder = (a: Entry, b: Entry): number => (a.first < b.first ? -1 : Number(a.first > b.first));

/** Overlapping ranges become one, under the name of the first. */
function merged(entries: readonly Entry[]): readonly Entry[] {
  const found: Entry[] = [];
  for (const entry of [...entries].sort(inOrder)) {
    const before = found.at(-1);
    if (before === undefined || entry.first > before.last) {
      found.push(entry);
    } else if (entry.last > before.last) {
      found[found.length - 1] = { ...before, last: entry.last };
    }
  }
  return found;
}

/** A set of addresses that is given as ranges. */
export class RangeSet {
  readonly #byFamily: Readonly<Record<AddressRange['family'], readonly Entry[]>>;

  /**
   * @param rows the text of a range, and what it is called; what is no range is left out
   */
  constructor(rows: readonly (readonly [range: string, label: string])[]) {
    const entries = rows.flatMap(([text, label]) => {
      const range = addressRange(text);
      return range ? [{ ...range, label }] : [];
    });
    const of = (family: AddressRange['family']): readonly Entry[] =>
      merged(entries.filter((entry) => entry.family === family));
    this.#byFamily = { IPv4: of('IPv4'), IPv6: of('IPv6') };
  }

  /** What the range that has an address is called, or undefined. */
  find(address: AddressValue): string | undefined {
    return this.#entryWith(address)?.label;
  }

  /** The last number of the range that has an address, or undefined. */
  endOf(address: AddressValue): bigint | undefined {
    return this.#entryWith(address)?.last;
  }

  /** The parts of a range that are in the set. */
  within({ family, first, last }: AddressRange): readonly AddressRange[] {
    return this.#byFamily[family]
      .filter((entry) => entry.first <= last && first <= entry.last)
      .map((entry) => ({
        family,
        first: entry.first < first ? first : entry.first,
        last: entry.last > last ? last : entry.last,
      }));
  }

  #entryWith({ family, value }: AddressValue): Entry | undefined {
    const entries = this.#byFamily[family];
    let [low, high] = [0, entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const isBehind = (entries[middle]?.first ?? 0n) <= value;
      [low, high] = isBehind ? [middle + 1, high] : [low, middle];
    }
    const entry = entries[low - 1];
    return entry !== undefined && value <= entry.last ? entry : undefined;
  }
}
