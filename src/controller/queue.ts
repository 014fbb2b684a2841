// Keyed work queue: one entry per key, one piece of work at a time, back-off for what fails. A single
// worker, because two configs that claim one address or one port must not be decided at once.
import { requeueAfterMs, type Outcome } from '../status/outcome.ts';

export interface QueueOptions {
  /** Must not throw: a failure is an outcome. */
  readonly work: (key: string) => Promise<Outcome>;
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Told after each piece of work. */
  readonly onDone?: (outcome: Outcome['kind'], seconds: number) => void;
}

export class Queue {
  readonly #options: QueueOptions;
  readonly #pending = new Set<string>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  /** Since when each key fails. */
  readonly #failingSince = new Map<string, number>();
  #isRunning = false;
  #workingSince: number | undefined;
  #draining: Promise<void> = Promise.resolve();

  constructor(options: QueueOptions) {
    this.#options = options;
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
    if (this.#workingSince === undefined) {
      this.#draining = this.#drain();
    }
  }

  async #drain(): Promise<void> {
    while (this.#isRunning && this.#workingSince === undefined) {
      const [key] = this.#pending;
      if (key === undefined) {
        return;
      }
      this.#pending.delete(key);
      this.#workingSince = this.#options.now();
      const outcome = await this.#options.work(key);
      this.#options.onDone?.(outcome.kind, this.busyMs / 1000);
      this.#workingSince = undefined;
      this.#comeBack(key, outcome);
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
      this.#timers.set(
        key,
        setTimeout(() => this.add(key), afterMs),
      );
    }
  }
}
