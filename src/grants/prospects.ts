// What Services that ask for no address are about to get, and whose turn it is to be given one. It holds nothing back: an address
// that a Service is about to get is granted to whoever asks for it first.
import { familyOf, type Family } from '../api/addresses.ts';
import { AddressIndex } from './address-index.ts';
import { familiesToChoose, type Standing } from './standing.ts';

/** Services of one lane for which an address is looked for at once: a namespace with 10,000 keeps no other from its turn. */
export const atOnce = 16;
/** For how long an address is not chosen for which a stranger answered, or that cannot be asked about, in milliseconds. */
export const avoidedMs = 3_600_000;
/** How many such addresses of a class are found within a minute, before the search pauses: a router may answer for each one. */
export const mostFound = 16;
const minuteMs = 60_000;

/** Services that look for the same thing, in one namespace and class; undefined: this one looks for nothing. */
export function laneOf(standing: Standing): string | undefined {
  const families = familiesToChoose(standing);
  const { namespace, loadBalancerClass, pool = '' } = standing;
  return families.length === 0 ? undefined : [namespace, loadBalancerClass, pool, ...families].join(' ');
}

interface Lane {
  readonly inPlay: Set<string>;
  readonly inLine: Set<string>;
}

interface Avoided {
  readonly loadBalancerClass: string;
  readonly family: Family | undefined;
  readonly at: number;
}

/** The search for addresses that nobody asked for. Time is in milliseconds, and never goes back. */
export class Prospects {
  readonly #lanes = new Map<string, Lane>();
  readonly #laneOfKey = new Map<string, string>();
  readonly #aims = new Map<string, readonly string[]>();
  readonly #aimers = new AddressIndex();
  /** In the order of time. */
  readonly #avoided = new Map<string, Avoided>();

  /** Takes a Service in as it is now; returns Services whose turn it may be. */
  see(standing: Standing): readonly string[] {
    const lane = laneOf(standing);
    return lane === this.#laneOfKey.get(standing.key) ? [] : this.leave(standing.key);
  }

  /** Whether it is the turn of a Service; if not, it is told when it may be. */
  join(standing: Standing): boolean {
    const { key } = standing;
    const name = laneOf(standing) ?? '';
    const lane = this.#lanes.get(name) ?? { inPlay: new Set<string>(), inLine: new Set<string>() };
    this.#lanes.set(name, lane);
    this.#laneOfKey.set(key, name);
    const isIn = lane.inPlay.has(key) || lane.inPlay.size < atOnce;
    lane[isIn ? 'inPlay' : 'inLine'].add(key);
    if (isIn) {
      lane.inLine.delete(key);
    }
    return isIn;
  }

  /** A Service looks for nothing any more; returns Services whose turn it may be. */
  leave(key: string): readonly string[] {
    const name = this.#laneOfKey.get(key);
    const lane = this.#lanes.get(name ?? '');
    this.aim(key, []);
    this.#laneOfKey.delete(key);
    if (name === undefined || lane === undefined) {
      return [];
    }
    const wasIn = lane.inPlay.delete(key);
    lane.inLine.delete(key);
    if (lane.inPlay.size + lane.inLine.size === 0) {
      this.#lanes.delete(name);
    }
    return wasIn ? [...lane.inLine].slice(0, 1) : [];
  }

  /** What a Service is about to get. */
  aim(key: string, addresses: readonly string[]): void {
    this.aimsOf(key).forEach((address) => this.#aimers.remove(address, key));
    addresses.forEach((address) => this.#aimers.add(address, key));
    if (addresses.length > 0) {
      this.#aims.set(key, addresses);
    } else {
      this.#aims.delete(key);
    }
  }

  aimsOf(key: string): readonly string[] {
    return this.#aims.get(key) ?? [];
  }

  /** Services that are about to get an address. */
  aimersOf(address: string): readonly string[] {
    return [...this.#aimers.of(address)];
  }

  /** Whether another Service is about to get an address. */
  isOfAnother(address: string, key: string): boolean {
    return this.#aimers.hasOther(address, key);
  }

  /** An address cannot be given away now: a stranger answers for it, or it cannot be asked about. */
  avoid(address: string, loadBalancerClass: string, now: number): void {
    this.#avoided.delete(address);
    this.#avoided.set(address, { loadBalancerClass, family: familyOf(address), at: now });
    for (const [old, { at }] of this.#avoided) {
      if (now - at < avoidedMs) {
        break;
      }
      this.#avoided.delete(old);
    }
  }

  isAvoided(address: string, now: number): boolean {
    const at = this.#avoided.get(address)?.at;
    return at !== undefined && now - at < avoidedMs;
  }

  /** In how many seconds the search of a class for a family goes on; undefined: now. */
  pauseOf(loadBalancerClass: string, family: Family, now: number): number | undefined {
    const found = [...this.#avoided.values()].filter(
      (row) =>
        row.loadBalancerClass === loadBalancerClass && row.family === family && now - row.at < minuteMs,
    );
    const [first] = found;
    return first !== undefined && found.length >= mostFound
      ? Math.ceil((minuteMs - (now - first.at)) / 1000)
      : undefined;
  }
}
