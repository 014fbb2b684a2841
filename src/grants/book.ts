// Which Service has which address: kept from event to event, so that one Service costs as much among 20,000 as alone.
import type { AddressRange } from '../api/address-range.ts';
import { AddressIndex } from './address-index.ts';
import { Departures, type Departure } from './departures.ts';
import { Reservations } from './reservations.ts';
import { parseRequest } from './request.ts';
import { isOurByName, type Claim, type Standing } from './standing.ts';

/** An address that a Service has. */
export interface Holding extends Claim {
  readonly holder: Standing;
  /** Every address that its kube-vip binds for the holder, this one among them. */
  readonly together: ReadonlySet<string>;
}

/** What the book asks about a class. */
export interface ClassFacts {
  /** Which kube-vip leads for it now; empty: none is known. */
  readonly leaderOf: (loadBalancerClass: string) => string;
  /** Whether a KubeVipConfig serves it. */
  readonly isServed: (loadBalancerClass: string) => boolean;
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

/** What others read of a Service with which they may share an address. */
const sharedOf = (row: Standing | undefined): string =>
  row === undefined
    ? ''
    : [row.share, row.loadBalancerClass, ...row.ports, ...row.granted, 'published', ...row.published].join(
        ' ',
      );

const underWay: Omit<Claim, 'address'> = {
  field: 'a grant under way',
  isBound: true,
  isOnlyWritten: false,
  isLeftBehind: false,
};

/** Services by the addresses that they have, were promised, and ask for. */
export class AddressBook {
  readonly #standings = new Map<string, Standing>();
  readonly #holders = new AddressIndex();
  readonly #askers = new AddressIndex();
  readonly #reservations = new Reservations();
  readonly #departures = new Departures();
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
    const isSettled = this.#reservations.isSettled(key, standing.resourceVersion);
    const left = this.#leave(isSettled ? this.#withUnseen(before) : before, standing, now);
    if (isSettled) {
      this.release(key);
    }
    // Thousands of a namespace may ask to share one address, and are not all looked at again whenever one of them changes.
    const isNews = standing.share !== '' && sharedOf(before) !== sharedOf(standing);
    return isNews ? [...left, ...standing.claims.map(({ address }) => address)] : left;
  }

  /** @returns addresses that it had */
  remove(key: string, now: number): readonly string[] {
    const before = this.#standings.get(key);
    this.#forget(before);
    this.#standings.delete(key);
    const left = this.#leave(this.#withUnseen(before), undefined, now);
    this.release(key);
    return left;
  }

  get(key: string): Standing | undefined {
    return this.#standings.get(key);
  }

  /** All Services. */
  standings(): Iterable<Standing> {
    return this.#standings.values();
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

  /** Whether another Service has an address, or was promised it. */
  isHeldByAnother(address: string, key: string): boolean {
    return this.#holders.hasOther(address, key);
  }

  /** The first number of a range that no Service has; beyond its last: each one has its Service. */
  firstFree(range: AddressRange): bigint {
    return this.#holders.firstWithout(range);
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
    return this.#departures.of(address);
  }

  /** Keeps addresses for a Service before they are written: the answer of the API server may get lost. */
  reserve({ key, resourceVersion }: Standing, addresses: readonly string[]): void {
    this.#unhold(key, this.#reservations.unsureOf(key));
    this.#reservations.make(key, resourceVersion, addresses);
    this.#reservations.of(key).forEach((address) => this.#holders.add(address, key));
  }

  /** The answer of a write was lost: it may have been done. */
  doubt(key: string): void {
    this.#reservations.doubt(key);
  }

  /** A write was refused. It may be for what an earlier one has done, whose answer was lost: then only the Service itself tells. */
  refused(key: string): void {
    if (!this.#reservations.isUnsure(key)) {
      this.release(key);
    }
  }

  /** Ends a reservation: what was written is seen, or never will be. */
  release(key: string): void {
    this.#unhold(key, []);
    this.#reservations.end(key);
  }

  /** What a Service was promised and does not have is free, with exceptions. */
  #unhold(key: string, but: readonly string[]): void {
    const claimed = new Set(this.#standings.get(key)?.claims.map(({ address }) => address));
    this.#reservations
      .of(key)
      .filter((address) => !claimed.has(address) && !but.includes(address))
      .forEach((address) => this.#holders.remove(address, key));
  }

  #forget(standing: Standing | undefined): void {
    if (standing !== undefined) {
      const reserved = new Set(this.#reservations.of(standing.key));
      standing.claims
        .filter(({ address }) => !reserved.has(address))
        .forEach(({ address }) => this.#holders.remove(address, standing.key));
      askedBy(standing).forEach((address) => this.#askers.remove(address, standing.key));
    }
  }

  /** With what a write may have given it whose answer was lost: it may have ended, and come anew, before that was seen. */
  #withUnseen(before: Standing | undefined): Standing | undefined {
    const unsure = before === undefined ? [] : this.#reservations.unsureOf(before.key);
    const unseen = unsure.map((address) => ({ ...underWay, address }));
    return before && unseen.length > 0 ? { ...before, claims: [...before.claims, ...unseen] } : before;
  }

  #togetherOf({ key, granted, held }: Standing): ReadonlySet<string> {
    const promised = this.#reservations.of(key);
    return promised.length > 0 ? new Set(promised) : granted.size > 0 ? granted : held;
  }

  #leave(before: Standing | undefined, after: Standing | undefined, at: number): readonly string[] {
    if (before === undefined) {
      return [];
    }
    const kept = new Map(after?.claims.map((claim) => [claim.address, claim]));
    const { loadBalancerClass = '' } = before;
    const isOurs = isOurByName(loadBalancerClass) || this.#classes.isServed(loadBalancerClass);
    this.#departures.forgetRested(at);
    for (const claim of before.claims) {
      const stays = kept.get(claim.address)?.isBound === true;
      const departure = stays ? undefined : departureFrom(before, claim, { after, isOurs });
      if (departure !== undefined) {
        this.#departures.note(claim.address, {
          ...departure,
          at,
          leader: this.#leaderBefore(claim, departure),
        });
      }
    }
    return before.claims.map(({ address }) => address).filter((address) => !kept.has(address));
  }

  /** What was not seen to be granted no kube-vip is known to have had. */
  #leaderBefore({ field }: Claim, { loadBalancerClass = '' }: Pick<Departure, 'loadBalancerClass'>): string {
    return field === underWay.field ? '' : this.#classes.leaderOf(loadBalancerClass);
  }
}
