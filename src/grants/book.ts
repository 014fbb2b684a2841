// Which Service has which address: kept from event to event, so that one Service costs as much among 20,000 as alone.
import { parseRequest } from './request.ts';
import type { Claim, Standing } from './standing.ts';

/** An address that a Service has. */
export interface Holding extends Claim {
  readonly holder: Standing;
}

/** Who had an address last, and when it was seen to give it up, in milliseconds. */
export interface Departure {
  readonly loadBalancerClass: string | undefined;
  readonly key: string;
  readonly at: number;
}

interface Reservation {
  readonly resourceVersion: string;
  readonly addresses: readonly string[];
}

/** How long an address rests before another class may have it, in milliseconds: two kube-vip do not wait for each other. */
export const restMs = 60_000;
const mostDepartures = 1000;

class Index {
  readonly #keys = new Map<string, Set<string>>();

  add(address: string, key: string): void {
    const keys = this.#keys.get(address) ?? new Set();
    this.#keys.set(address, keys.add(key));
  }

  remove(address: string, key: string): void {
    const keys = this.#keys.get(address);
    keys?.delete(key);
    if (keys?.size === 0) {
      this.#keys.delete(address);
    }
  }

  of(address: string): readonly string[] {
    return [...(this.#keys.get(address) ?? [])];
  }
}

const askedBy = ({ request }: Standing): readonly string[] => {
  const parsed = request === undefined ? undefined : parseRequest(request);
  return parsed?.kind === 'wanted' ? parsed.wanted.map(({ address }) => address) : [];
};

/** Services by the addresses that they have, were promised, and ask for. */
export class AddressBook {
  readonly #standings = new Map<string, Standing>();
  readonly #holders = new Index();
  readonly #askers = new Index();
  readonly #reservations = new Map<string, Reservation>();
  readonly #departures = new Map<string, Departure>();

  /**
   * Takes a Service in as it is now.
   * @param now milliseconds, never going back
   * @returns addresses that it had and has no more
   */
  put(standing: Standing, now: number): readonly string[] {
    const { key } = standing;
    const before = this.#standings.get(key);
    if (before === standing) {
      return [];
    }
    this.#forget(before);
    this.#standings.set(key, standing);
    standing.claims.forEach(({ address }) => this.#holders.add(address, key));
    askedBy(standing).forEach((address) => this.#askers.add(address, key));
    // A write that was guarded by another version has been done by now, or never will be.
    if (this.#reservations.get(key)?.resourceVersion !== standing.resourceVersion) {
      this.release(key);
    }
    return this.#leave(before, standing, now);
  }

  /** @returns addresses that it had */
  remove(key: string, now: number): readonly string[] {
    const before = this.#standings.get(key);
    this.#forget(before);
    this.#standings.delete(key);
    this.release(key);
    return this.#leave(before, undefined, now);
  }

  get(key: string): Standing | undefined {
    return this.#standings.get(key);
  }

  /** Keys of all Services. */
  keys(): readonly string[] {
    return [...this.#standings.keys()];
  }

  /** Every Service that has an address, or was promised it by a write whose end is not known. */
  holdersOf(address: string): readonly Holding[] {
    return this.#holders.of(address).flatMap((key) => {
      const holder = this.#standings.get(key);
      const claim = holder?.claims.find((row) => row.address === address);
      return holder ? [{ holder, address, field: claim?.field ?? 'a grant under way' }] : [];
    });
  }

  /** Every Service that asks for an address. */
  askersOf(address: string): readonly Standing[] {
    return this.#askers.of(address).flatMap((key) => this.#standings.get(key) ?? []);
  }

  /** Who gave an address up last; undefined: nobody, as far as this process has seen. */
  departureOf(address: string): Departure | undefined {
    return this.#departures.get(address);
  }

  /** Keeps addresses for a Service before they are written: the answer of the API server may get lost. */
  reserve({ key, resourceVersion }: Standing, addresses: readonly string[]): void {
    this.release(key);
    this.#reservations.set(key, { resourceVersion, addresses });
    addresses.forEach((address) => this.#holders.add(address, key));
  }

  /** Ends a reservation: the write was refused, or is seen. */
  release(key: string): void {
    const { addresses = [] } = this.#reservations.get(key) ?? {};
    this.#reservations.delete(key);
    const claimed = new Set(this.#standings.get(key)?.claims.map(({ address }) => address));
    addresses
      .filter((address) => !claimed.has(address))
      .forEach((address) => this.#holders.remove(address, key));
  }

  #forget(standing: Standing | undefined): void {
    if (standing !== undefined) {
      const reserved = new Set(this.#reservations.get(standing.key)?.addresses);
      standing.claims
        .filter(({ address }) => !reserved.has(address))
        .forEach(({ address }) => this.#holders.remove(address, standing.key));
      askedBy(standing).forEach((address) => this.#askers.remove(address, standing.key));
    }
  }

  #leave(before: Standing | undefined, after: Standing | undefined, now: number): readonly string[] {
    const kept = new Set(after?.claims.map(({ address }) => address));
    const left = (before?.claims ?? []).map(({ address }) => address).filter((address) => !kept.has(address));
    if (this.#departures.size > mostDepartures) {
      [...this.#departures]
        .filter(([, { at }]) => now - at >= restMs)
        .forEach(([address]) => this.#departures.delete(address));
    }
    for (const address of before ? left : []) {
      const { loadBalancerClass, key } = before ?? {};
      this.#departures.set(address, { loadBalancerClass, key: key ?? '', at: now });
    }
    return left;
  }
}
