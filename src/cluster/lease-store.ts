// When each Lease was last seen to change, and to change hands, by the operator's own steady clock, as client-go judges it: a node's
// clock may run ahead or behind, and our own may jump.
import { parkedPrefix, witnessOfLease } from '../api/metadata.ts';
import type { Metadata } from '../api/types.ts';
import { Store, type ListMark } from './store.ts';

/** A Lease as JSON: client-node's own type has Date where the wire has text. */
export interface LeaseObject {
  readonly metadata: Metadata;
  readonly spec?: {
    readonly holderIdentity?: string;
    readonly leaseDurationSeconds?: number;
    readonly leaseTransitions?: number;
    readonly acquireTime?: string;
    readonly renewTime?: string;
  };
}

/** Two clocks in milliseconds. */
export interface Clocks {
  /** Since the epoch; may jump. */
  readonly wall: () => number;
  /** Since any moment; never jumps. */
  readonly steady: () => number;
}

/** A value, and since when it is the same. */
interface Sighting {
  readonly value: string;
  readonly at: number;
}

interface Sightings {
  readonly renewal: Sighting;
  /** The same, of which nothing is forgiven. */
  readonly words: Sighting;
  readonly holder: Sighting;
}

// The operator that leads renews its own Lease every 2 s, and that Lease is watched, too. So a watch that lives is never silent
// for as long as this.
const silentMs = 4500;

const keyOf = ({ metadata }: LeaseObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;

/** Leases as last seen, with how long ago on our own clock each was renewed. */
export class LeaseStore extends Store<LeaseObject> {
  readonly #clocks: Clocks;
  readonly #sightings = new Map<string, Sightings>();
  readonly #parked = new Map<string, LeaseObject>();
  readonly #witnesses = new Map<string, LeaseObject>();
  /** When the watch last proved that it lives; undefined: never. */
  #heardAt: number | undefined;
  /** Since when it has lived without a break. */
  #seeingAt: number | undefined;
  #isLost = false;

  constructor(clocks: Clocks) {
    super();
    this.#clocks = clocks;
  }

  override put(object: LeaseObject): void {
    super.put(object);
    const kept = this.get(object.metadata.name, object.metadata.namespace) ?? object;
    const { metadata, spec } = kept;
    const { renewTime = '', holderIdentity = '', acquireTime = '' } = spec ?? {};
    const before = this.#sightings.get(keyOf({ metadata }));
    this.#sightings.set(keyOf({ metadata }), {
      renewal: this.#see(before?.renewal, renewTime, renewTime),
      words: this.#see(before?.words, renewTime, renewTime),
      holder: this.#see(before?.holder, holderIdentity, acquireTime),
    });
    this.#sort(kept);
  }

  override replaceAll(objects: readonly LeaseObject[], mark: ListMark): void {
    super.replaceAll(objects, mark);
    const keys = new Set(this.list().map(keyOf));
    [...this.#sightings.keys()].filter((key) => !keys.has(key)).forEach((key) => this.#forget(key));
  }

  override delete(object: LeaseObject): void {
    super.delete(object);
    if (this.get(object.metadata.name, object.metadata.namespace) === undefined) {
      this.#forget(keyOf(object));
    }
  }

  /** Leases in which witnesses answer: two for each network, among those of hundreds of configs. */
  witnesses(): readonly LeaseObject[] {
    return [...this.#witnesses.values()];
  }

  /** Leases that the operator has taken. There are few, and each config has to know them. */
  parked(): readonly LeaseObject[] {
    return [...this.#parked.values()];
  }

  /** Something came from the API server: what it did not tell until now did not happen. */
  heard(): void {
    const now = this.#clocks.steady();
    const gap = now - (this.#heardAt ?? now);
    const wasBlind = this.isBlind;
    if (wasBlind || this.#seeingAt === undefined) {
      this.#seeingAt = now;
    }
    this.#heardAt = now;
    this.#isLost = false;
    if (wasBlind) {
      this.#forgive(gap);
    }
  }

  /** The watch has failed: until something comes, nothing is known. */
  lost(): void {
    this.#isLost = true;
  }

  /** Whether it is not known that changes reach us: an age is then what it was, and says nothing of the present. */
  get isBlind(): boolean {
    const now = this.#clocks.steady();
    return this.#isLost || now - (this.#heardAt ?? now) > silentMs;
  }

  /** For how many milliseconds changes have reached us without a break; 0 while they do not. */
  get seenForMs(): number {
    return this.isBlind || this.#seeingAt === undefined ? 0 : this.#clocks.steady() - this.#seeingAt;
  }

  /**
   * For how many milliseconds this Lease was not renewed before the watch was last known to live. A dead connection looks like a
   * holder that does not renew, so the time since then does not count.
   */
  ageMs(object: LeaseObject): number {
    const until = this.#heardAt ?? this.#clocks.steady();
    return Math.max(0, until - (this.#sightings.get(keyOf(object))?.renewal.at ?? until));
  }

  /** Milliseconds since this Lease was last seen to be renewed, whatever the watch was at: what it says is so old at least. */
  silentMs(object: LeaseObject): number {
    const now = this.#clocks.steady();
    return now - (this.#sightings.get(keyOf(object))?.words.at ?? now);
  }

  /** Milliseconds since this Lease was last seen to change hands. Not looking does not give a holder more time. */
  heldMs(object: LeaseObject): number {
    const now = this.#clocks.steady();
    return now - (this.#sightings.get(keyOf(object))?.holder.at ?? now);
  }

  #sort(object: LeaseObject): void {
    if (witnessOfLease(object.metadata.name) !== undefined) {
      this.#witnesses.set(keyOf(object), object);
    }
    if (object.spec?.holderIdentity?.startsWith(parkedPrefix)) {
      this.#parked.set(keyOf(object), object);
    } else {
      this.#parked.delete(keyOf(object));
    }
  }

  #forget(key: string): void {
    this.#sightings.delete(key);
    this.#parked.delete(key);
    this.#witnesses.delete(key);
  }

  #forgive(gapMs: number): void {
    const now = this.#clocks.steady();
    for (const [key, { renewal, ...rest }] of this.#sightings) {
      const at = Math.min(now, renewal.at + gapMs);
      this.#sightings.set(key, { ...rest, renewal: { ...renewal, at } });
    }
  }

  // What was written before we looked is as old as it says, but never from the future: an operator that starts
  // must not take a dead holder for a live one.
  #see(before: Sighting | undefined, value: string, time: string): Sighting {
    if (before?.value === value) {
      return before;
    }
    const { wall, steady } = this.#clocks;
    const age = before === undefined ? wall() - Date.parse(time) : 0;
    return { value, at: steady() - (age > 0 ? age : 0) };
  }
}
