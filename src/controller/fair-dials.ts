// Which address is dialled next. A dial takes seconds, and each one makes the kernel of this node look for a neighbour, of which
// it remembers some hundreds only. So a few are under way at once, and namespaces take turns. A kernel also tells a pod of one
// unreachable address every second or two, and leaves the others silent. So where several namespaces want to know something, few
// dials are under way: most of them are told then, and none waits for what a namespace with thousands of addresses has left of it.
import type { Look, Target } from '../observed/snapshot.ts';
import { atOnce } from './departure-dialer.ts';
import type { ReferencedDial } from './referenced-dial.ts';
import { TellBudget } from './tell-budget.ts';

/**
 * Dials at once that are told, most of them, what a kernel finds. It says so by ICMP, one to a pod each second, and up to three times for one dial,
 * because the later SYNs wait for the neighbour, too. Of two at once 7 of 8 were told, of four 7 of 16, and of 32 3 of 64 (Linux 6.18,
 * network namespaces).
 */
export const shared = 2;

/** What the turns of dials are made from. */
export interface FairDialsOptions {
  /** Must not reject. */
  readonly dial: (target: Target) => Promise<Look>;
  /** Dials under way, at most. */
  readonly atOnce: number;
  /** Dials that may be begun beside each other while several lanes want an address. */
  readonly shared: number;
  /** What a kernel tells: while several lanes want an address, none begins a dial that would not be told of. */
  readonly budget: Pick<TellBudget, 'begin' | 'waitMs'>;
  /** Milliseconds that only go forward. */
  readonly now: () => number;
}

/** Addresses that wait for their dial, by the lanes that want them. */
export class FairDials {
  readonly #options: FairDialsOptions;
  /** Lanes that want an address. */
  readonly #lanesOf = new Map<string, Set<string>>();
  /** Addresses that a lane wants. */
  readonly #wantedBy = new Map<string, Set<string>>();
  /** What waits in each lane, in order; the lane that had no turn for the longest is the first. */
  readonly #lanes = new Map<string, Set<string>>();
  readonly #waiting = new Map<string, () => Promise<void>>();
  /** Dials under way, by the lane whose turn it was. */
  readonly #underWay = new Map<string, number>();
  #isTimed = false;

  constructor(options: FairDialsOptions) {
    this.#options = options;
  }

  /** From now on a lane wants an address: it is dialled when it is the turn of any lane that wants it. */
  join(address: string, lane: string): void {
    this.#lanesOf.set(address, (this.#lanesOf.get(address) ?? new Set()).add(lane));
    this.#wantedBy.set(lane, (this.#wantedBy.get(lane) ?? new Set()).add(address));
    if (this.#waiting.has(address)) {
      this.#line(address);
      this.#next();
    }
  }

  /** Nobody wants an address any more: a dial that waits is not made. */
  leave(address: string): void {
    for (const lane of this.#lanesOf.get(address) ?? []) {
      const wanted = this.#wantedBy.get(lane);
      wanted?.delete(address);
      this.#lanes.get(lane)?.delete(address);
      if (wanted?.size === 0) {
        this.#wantedBy.delete(lane);
        this.#lanes.delete(lane);
      }
    }
    this.#lanesOf.delete(address);
    void this.#take(address)?.();
    this.#next();
  }

  /** Dials when it is the turn of an address. `blind` when nobody wants it. */
  dial(target: Target): Promise<Look> {
    const { address } = target;
    const isWanted = (): boolean => this.#lanesOf.has(address);
    if (!isWanted()) {
      return Promise.resolve('blind');
    }
    return new Promise((resolve) => {
      this.#waiting.set(address, async () =>
        resolve(isWanted() ? await this.#options.dial(target) : 'blind'),
      );
      this.#line(address);
      this.#next();
    });
  }

  async #run(lane: string, start: () => Promise<void>): Promise<void> {
    this.#underWay.set(lane, this.#of(lane) + 1);
    await start();
    const left = this.#of(lane) - 1;
    if (left > 0) {
      this.#underWay.set(lane, left);
    } else {
      this.#underWay.delete(lane);
    }
    this.#next();
  }

  #of(lane: string): number {
    return this.#underWay.get(lane) ?? 0;
  }

  #line(address: string): void {
    for (const lane of this.#lanesOf.get(address) ?? []) {
      this.#lanes.set(lane, (this.#lanes.get(lane) ?? new Set()).add(address));
    }
  }

  #take(address: string): (() => Promise<void>) | undefined {
    const start = this.#waiting.get(address);
    this.#waiting.delete(address);
    this.#lanesOf.get(address)?.forEach((lane) => this.#lanes.get(lane)?.delete(address));
    return start;
  }

  /** The lane whose turn it is; undefined: none may begin a dial now. */
  #turn(): string | undefined {
    const { atOnce, shared } = this.#options;
    const [rows, lanes] = [[...this.#underWay.values()], this.#wantedBy.size];
    const most = lanes > 1 ? shared : atOnce;
    const share = lanes > 1 ? Math.max(1, Math.floor(shared / lanes)) : atOnce;
    // What a lane has begun beyond its share, while it was alone, is nothing that another one has to wait for.
    const counted = rows.reduce((sum, count) => sum + Math.min(count, share), 0);
    if (counted >= most || rows.reduce((sum, count) => sum + count, 0) >= atOnce) {
      return undefined;
    }
    const turn = [...this.#lanes].find(([lane, line]) => line.size > 0 && this.#of(lane) < share)?.[0];
    return turn !== undefined && lanes > 1 && this.#waits() ? undefined : turn;
  }

  /** What was begun before uses up what the kernel tells, so a dial now would hear nothing: the next one is begun later. */
  #waits(): boolean {
    const { budget, now } = this.#options;
    const ms = budget.waitMs(now());
    if (ms > 0 && !this.#isTimed) {
      this.#isTimed = true;
      setTimeout(() => {
        this.#isTimed = false;
        this.#next();
      }, ms).unref();
    }
    return ms > 0;
  }

  #next(): void {
    for (let lane = this.#turn(); lane !== undefined; lane = this.#turn()) {
      const line = this.#lanes.get(lane) ?? new Set();
      const [address = ''] = line;
      this.#lanes.delete(lane);
      this.#lanes.set(lane, line);
      const start = this.#take(address);
      line.delete(address);
      if (start !== undefined) {
        this.#options.budget.begin(this.#options.now());
        void this.#run(lane, start);
      }
    }
  }
}

/** Turns of dials beside machines whose answer makes silence count, as far as a kernel tells what it finds. */
export const makeFairDials = (referenced: Pick<ReferencedDial, 'dial'>, now: () => number): FairDials =>
  new FairDials({ dial: (target) => referenced.dial(target), atOnce, shared, budget: new TellBudget(), now });
