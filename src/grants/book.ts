// Which Service has which address: kept from event to event, so that one Service costs as much among 20,000 as alone.
import { parseRequest } from './request.ts';
import { isOurByName, type Claim, type Standing } from './standing.ts';

/** An address that a Service has. */
export interface Holding extends Claim {
  readonly holder: Standing;
  /** Every address that its kube-vip binds for the holder, this one among them. */
  readonly together: ReadonlySet<string>;
}

/** Who had an address on a node last, and when it was seen to give it up, in milliseconds. */
export interface Departure extends Pick<Claim, 'isOnlyWritten'> {
  /** Undefined of what was left behind: not known any more. */
  readonly loadBalancerClass: string | undefined;
  readonly key: string;
  readonly at: number;
  /** It became something else than a load balancer of a class of ours: no release of kube-vip takes the address off then. */
  readonly isLeftBehind: boolean;
  /** Its kube-vip had done what the grant asks for. Before that it may have it yet to do. */
  readonly wasPublished: boolean;
  /** Which kube-vip led for its class; empty: none was known. */
  readonly leader: string;
}

interface Reservation {
  readonly resourceVersion: string;
  readonly addresses: readonly string[];
}

/** How long an address rests before another class may have it, in milliseconds: two kube-vip do not wait for each other. */
export const restMs = 60_000;
const mostDepartures = 1000;

/** What the book asks about a class. */
export interface ClassFacts {
  /** Which kube-vip leads for it now; empty: none is known. */
  readonly leaderOf: (loadBalancerClass: string) => string;
  /** Whether a KubeVipConfig serves it. */
  readonly isServed: (loadBalancerClass: string) => boolean;
}

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

  of(address: string): Iterable<string> {
    return this.#keys.get(address) ?? [];
  }
}

const askedBy = ({ request }: Standing): readonly string[] => {
  const parsed = request === undefined ? undefined : parseRequest(request);
  return parsed?.kind === 'wanted' ? parsed.wanted.map(({ address }) => address) : [];
};

/** What became of an address that a Service no more has on a node; undefined: it matters to nobody. */
function departureFrom(
  { key, loadBalancerClass, published }: Standing,
  claim: Claim,
  { after, isOurs }: { readonly after: Standing | undefined; readonly isOurs: boolean },
): Omit<Departure, 'at' | 'leader'> | undefined {
  const { isBound, isOnlyWritten } = claim;
  // Who publishes for a Service without a class is no kube-vip of ours. What was only written in a class that nobody serves no
  // kube-vip has read, and whoever writes it may do so a thousand times a second.
  const isOfNobody = loadBalancerClass === undefined ? !claim.isLeftBehind : isOnlyWritten && !isOurs;
  if (!isBound || isOfNobody) {
    return undefined;
  }
  const hasChanged = isOurs && after !== undefined && after.loadBalancerClass !== loadBalancerClass;
  return {
    key,
    loadBalancerClass,
    isOnlyWritten,
    isLeftBehind: claim.isLeftBehind || hasChanged,
    wasPublished: published.has(claim.address),
  };
}

const underWay: Omit<Claim, 'address'> = {
  field: 'a grant under way',
  isBound: true,
  isOnlyWritten: false,
  isLeftBehind: false,
};

/** Services by the addresses that they have, were promised, and ask for. */
export class AddressBook {
  readonly #standings = new Map<string, Standing>();
  readonly #holders = new Index();
  readonly #askers = new Index();
  readonly #reservations = new Map<string, Reservation>();
  readonly #departures = new Map<string, Departure>();
  readonly #classes: ClassFacts;

  constructor({ leaderOf = () => '', isServed = () => true }: Partial<ClassFacts> = {}) {
    this.#classes = { leaderOf, isServed };
  }

  /**
   * Takes a Service in as it is now.
   * @param now milliseconds, never going back
   * @returns addresses that others may have now: those that it gave up, and all of one that shares
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
    const left = this.#leave(before, standing, now);
    return standing.share === '' ? left : [...left, ...standing.claims.map(({ address }) => address)];
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

  /** Every Service that has an address, or was promised it by a write whose end is not known; one after the other. */
  *holdersOf(address: string): Iterable<Holding> {
    for (const key of this.#holders.of(address)) {
      const holder = this.#standings.get(key);
      if (holder !== undefined) {
        const claim = holder.claims.find((row) => row.address === address);
        yield { ...(claim ?? { ...underWay, address }), holder, together: this.#togetherOf(holder) };
      }
    }
  }

  /** Addresses that a Service asks for. */
  wantedBy(key: string): readonly string[] {
    const standing = this.#standings.get(key);
    return standing === undefined ? [] : askedBy(standing);
  }

  /** Every Service that asks for an address. */
  askersOf(address: string): readonly Standing[] {
    return [...this.#askers.of(address)].flatMap((key) => this.#standings.get(key) ?? []);
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

  #togetherOf({ key, granted, held }: Standing): ReadonlySet<string> {
    const promised = this.#reservations.get(key)?.addresses ?? [];
    return promised.length > 0 ? new Set(promised) : granted.size > 0 ? granted : held;
  }

  #leave(before: Standing | undefined, after: Standing | undefined, at: number): readonly string[] {
    if (before === undefined) {
      return [];
    }
    const kept = new Map(after?.claims.map((claim) => [claim.address, claim]));
    const { loadBalancerClass = '' } = before;
    const isOurs = isOurByName(loadBalancerClass) || this.#classes.isServed(loadBalancerClass);
    this.#forgetRested(at);
    for (const claim of before.claims) {
      const stays = kept.get(claim.address)?.isBound === true;
      const departure = stays ? undefined : departureFrom(before, claim, { after, isOurs });
      if (departure !== undefined) {
        // The last ones to have left are the last of the Map.
        this.#departures.delete(claim.address);
        const leader = this.#classes.leaderOf(departure.loadBalancerClass ?? '');
        this.#departures.set(claim.address, { ...departure, at, leader });
      }
    }
    return before.claims.map(({ address }) => address).filter((address) => !kept.has(address));
  }

  #forgetRested(now: number): void {
    for (const [address, { at, isLeftBehind: isStuck }] of this.#departures) {
      if (this.#departures.size <= mostDepartures || now - at < restMs) {
        return;
      }
      if (!isStuck) {
        this.#departures.delete(address);
      }
    }
  }
}
