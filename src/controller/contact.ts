// Since when each watch is without an answer of the API server. A connection that breaks is noticed at once,
// one that only falls silent after 90 s (watches.ts).

/** Tells how long each watch has been without an answer. */
export class Contact {
  readonly #now: () => number;
  readonly #lostSince = new Map<string, number>();

  /** @param now milliseconds that only go forward */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** A request of this kind has failed. Counts from the first failure in a row. */
  failed(what: string): void {
    if (!this.#lostSince.has(what)) {
      this.#lostSince.set(what, this.#now());
    }
  }

  answered(what: string): void {
    this.#lostSince.delete(what);
  }

  /** What has been without an answer for longer than this. */
  lostFor(ms: number): readonly string[] {
    return [...this.#lostSince].filter(([, since]) => this.#now() - since > ms).map(([what]) => what);
  }
}
