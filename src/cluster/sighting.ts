// Since when the Lease of another has not changed, on our own clock: what its holder wrote as time is not compared.
import type { LeaseRecord } from './election-lease.ts';

/** Tells when a Lease that is not renewed has run out. */
export class Sighting {
  readonly #now: () => number;
  #text = '';
  #expiry: number | undefined;

  /** @param now milliseconds that only go forward */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** A record that is not the one of before starts the count anew. */
  see({ holder, renewTime, transitions, durationSeconds }: LeaseRecord): void {
    const text = JSON.stringify([holder, renewTime, transitions]);
    if (text !== this.#text) {
      this.#text = text;
      this.#expiry = this.#now() + durationSeconds * 1000;
    }
  }

  /** After a look that failed: it may have been renewed unseen, so the count starts anew. */
  forget(): void {
    this.#text = '';
    this.#expiry = undefined;
  }

  /** Milliseconds until it may be taken; undefined when none was seen. */
  leftMs(): number | undefined {
    return this.#expiry === undefined ? undefined : this.#expiry - this.#now();
  }
}
