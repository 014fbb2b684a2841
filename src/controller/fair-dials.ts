// Which address is dialled next. A dial takes seconds, and each one makes the kernel of this node look for a neighbour, of which
// it remembers some hundreds only. So a few are under way at once, and namespaces take turns: one that wants thousands of
// addresses holds up no other.
import type { DialAnswer, Target } from '../observed/snapshot.ts';

/** What the turns of dials are made from. */
export interface FairDialsOptions {
  /** Must not reject. */
  readonly dial: (target: Target) => Promise<DialAnswer>;
  /** Dials under way, at most. */
  readonly atOnce: number;
}

/** Addresses that wait for their dial, by the lanes that want them. */
export class FairDials {
  readonly #options: FairDialsOptions;
  /** Lanes that want an address. */
  readonly #lanesOf = new Map<string, Set<string>>();
  /** What waits in each lane, in order; the lane that had no turn for the longest is the first. */
  readonly #lanes = new Map<string, Set<string>>();
  readonly #waiting = new Map<string, () => void>();
  #underWay = 0;

  constructor(options: FairDialsOptions) {
    this.#options = options;
  }

  /** From now on a lane wants an address: it is dialled when it is the turn of any lane that wants it. */
  join(address: string, lane: string): void {
    this.#lanesOf.set(address, (this.#lanesOf.get(address) ?? new Set()).add(lane));
    if (this.#waiting.has(address)) {
      this.#line(address);
    }
  }

  /** Nobody wants an address any more: a dial that waits is not made. */
  leave(address: string): void {
    this.#lanesOf.delete(address);
    this.#take(address)?.();
  }

  /** Dials when it is the turn of an address. `blind` when nobody wants it. */
  dial(target: Target): Promise<DialAnswer> {
    const { address } = target;
    const isWanted = (): boolean => this.#lanesOf.has(address);
    if (!isWanted()) {
      return Promise.resolve('blind');
    }
    return new Promise((resolve) => {
      this.#waiting.set(address, () => {
        if (isWanted()) {
          void this.#run(target).then(resolve);
        } else {
          resolve('blind');
        }
      });
      this.#line(address);
      this.#next();
    });
  }

  async #run(target: Target): Promise<DialAnswer> {
    this.#underWay += 1;
    const answer = await this.#options.dial(target);
    this.#underWay -= 1;
    this.#next();
    return answer;
  }

  #line(address: string): void {
    for (const lane of this.#lanesOf.get(address) ?? []) {
      this.#lanes.set(lane, (this.#lanes.get(lane) ?? new Set()).add(address));
    }
  }

  #take(address: string): (() => void) | undefined {
    const start = this.#waiting.get(address);
    this.#waiting.delete(address);
    return start;
  }

  #next(): void {
    while (this.#underWay < this.#options.atOnce && this.#waiting.size > 0) {
      const [lane = '', line = new Set<string>()] = this.#lanes.entries().next().value ?? [];
      const [address] = line;
      this.#lanes.delete(lane);
      if (address !== undefined) {
        line.delete(address);
        this.#lanes.set(lane, line);
        // Another lane may have had its turn for it.
        this.#take(address)?.();
      }
    }
  }
}
