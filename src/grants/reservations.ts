// What Services were promised by writes that are not seen yet.

interface Reservation {
  readonly resourceVersion: string;
  readonly addresses: readonly string[];
  /** A write of it may have been done: its answer was lost. */
  readonly isUnsure: boolean;
}

/** Addresses of Services, from before a write until it is seen. */
export class Reservations {
  readonly #rows = new Map<string, Reservation>();

  /** Addresses that a Service was promised. */
  of(key: string): readonly string[] {
    return this.#rows.get(key)?.addresses ?? [];
  }

  /** What a write may have given a Service, though nobody has seen it. */
  unsureOf(key: string): readonly string[] {
    return this.isUnsure(key) ? this.of(key) : [];
  }

  isUnsure(key: string): boolean {
    return this.#rows.get(key)?.isUnsure ?? false;
  }

  /** Whether a promise was made to a Service in another version: its write has been done by now, or never will be. */
  isSettled(key: string, resourceVersion: string): boolean {
    return this.#rows.get(key)?.resourceVersion !== resourceVersion;
  }

  /** Promises addresses, and those again that an earlier write may have given. */
  make(key: string, resourceVersion: string, addresses: readonly string[]): void {
    const all = [...new Set([...this.unsureOf(key), ...addresses])];
    this.#rows.set(key, { resourceVersion, addresses: all, isUnsure: this.isUnsure(key) });
  }

  doubt(key: string): void {
    const row = this.#rows.get(key);
    if (row !== undefined) {
      this.#rows.set(key, { ...row, isUnsure: true });
    }
  }

  end(key: string): void {
    this.#rows.delete(key);
  }
}
