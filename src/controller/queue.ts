// Keyed work queue: one entry per key, one piece of work at a time, back-off for what fails. A single
// worker, because two configs that claim one address or one port must not be decided at once. After work that takes long
// it rests as long: 5,000 pods that change one after the other would otherwise be 5,000 reconciles in a row, and nothing
// else would get its turn, not even the renewal of the operator's own Lease.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { requeueAfterMs, type Outcome } from '../status/outcome.ts';

/** What a queue is made from. */
export interface QueueOptions {
  /** Must not throw: a failure is an outcome. */
  readonly work: (key: string) => Promise<Outcome>;
  /** Asked when a key is to be looked at again: in how many milliseconds that is early enough. Undefined: now, as by default. */
  readonly restMs?: (key: string) => number | undefined;
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Milliseconds of the processor that this process has used; default: as the system counts them. */
  readonly usedMs?: () => number;
  /** Lets timers and answers of the network have their turn; default: the next round of the event loop. */
  readonly nextTurn?: () => Promise<unknown>;
  /** Told after each piece of work. */
  readonly onDone?: (outcome: Outcome['kind'], seconds: number) => void;
}

const restsFromMs = 20;
// Work that waits for nothing never lets a timer or an answer of the network have its turn.
const yieldsAfterMs = 20;
const longestRestMs = 1000;

function usedMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * Keys that wait for work, each once. One is worked on at a time, and a failed one comes back later and
 * later.
 */
export class Queue {
  readonly #options: Required<Pick<QueueOptions, 'usedMs' | 'nextTurn'>> & QueueOptions;
  readonly #pending = new Set<string>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  /** Since when each key fails. */
  readonly #failingSince = new Map<string, number>();
  #isRunning = false;
  #isDraining = false;
  #workingSince: number | undefined;
  #resting: NodeJS.Timeout | undefined;
  #draining: Promise<void> = Promise.resolve();

  constructor(options: QueueOptions) {
    this.#options = { usedMs, nextTurn, ...options };
  }

  /** Does nothing for a key that already waits; one that is being worked on is worked on again. */
  add(key: string): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    this.#pending.add(key);
    this.#go();
  }

  start(): void {
    this.#isRunning = true;
    this.#go();
  }

  stop(): void {
    this.#isRunning = false;
    for (const timer of this.#timers.values()) {
      clearTimeout(timer);
    }
    this.#timers.clear();
    clearTimeout(this.#resting);
    this.#resting = undefined;
  }

  /** Resolves when the piece of work that was under way at {@link stop} has ended. */
  async ended(): Promise<void> {
    await this.#draining;
  }

  /** How long the present piece of work has taken, in milliseconds; 0 when idle. */
  get busyMs(): number {
    return this.#workingSince === undefined ? 0 : this.#options.now() - this.#workingSince;
  }

  /** Keys that wait for work, those that wait for a later time left out. */
  get depth(): number {
    return this.#pending.size;
  }

  #go(): void {
    if (!this.#isDraining && this.#resting === undefined) {
      this.#draining = this.#drain();
    }
  }

  async #drain(): Promise<void> {
    this.#isDraining = true;
    let since = this.#options.now();
    for (let key = this.#next(); key !== undefined; key = this.#next()) {
      await this.#do(key);
      if (this.#options.now() - since >= yieldsAfterMs) {
        await this.#options.nextTurn();
        since = this.#options.now();
      }
    }
    this.#isDraining = false;
  }

  /** Takes the next key; undefined: none waits, or this is no time to work. */
  #next(): string | undefined {
    const [key] = this.#isRunning && this.#resting === undefined ? this.#pending : [];
    if (key !== undefined) {
      this.#pending.delete(key);
    }
    return key;
  }

  async #do(key: string): Promise<void> {
    this.#workingSince = this.#options.now();
    const usedBefore = this.#options.usedMs();
    const outcome = await this.#options.work(key);
    this.#options.onDone?.(outcome.kind, this.busyMs / 1000);
    this.#workingSince = undefined;
    this.#comeBack(key, outcome);
    this.#rest(this.#options.usedMs() - usedBefore);
  }

  #rest(ms: number): void {
    if (ms >= restsFromMs && this.#isRunning) {
      const wake = (): void => {
        this.#resting = undefined;
        this.#go();
      };
      this.#resting = setTimeout(wake, Math.min(longestRestMs, ms));
    }
  }

  #comeBack(key: string, outcome: Outcome): void {
    const now = this.#options.now();
    const since = outcome.kind === 'failed' ? (this.#failingSince.get(key) ?? now) : undefined;
    if (since === undefined) {
      this.#failingSince.delete(key);
    } else {
      this.#failingSince.set(key, since);
    }
    const afterMs = requeueAfterMs(outcome, now - (since ?? now), this.#options.random());
    if (afterMs !== undefined && this.#isRunning && !this.#pending.has(key)) {
      this.#wait(key, afterMs);
    }
  }

  #wait(key: string, ms: number): void {
    this.#timers.set(
      key,
      setTimeout(() => this.#look(key), ms),
    );
  }

  #look(key: string): void {
    const ms = this.#options.restMs?.(key);
    if (ms === undefined) {
      this.add(key);
    } else {
      this.#wait(key, ms);
    }
  }
}
