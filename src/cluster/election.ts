// Which of several operators works. Modelled on client-go's leaderelection: the times in the Lease are never
// compared with our own clock, only watched for change. docs/decisions has what differs and why.
import { isConflict, NotLeadingError } from './errors.ts';
import { Sighting, type ElectionLease, type LeaseRecord } from './election-lease.ts';

/** Milliseconds; the durations that client-go uses. */
export const timing = {
  /** Nobody else takes a Lease before it has not been renewed for this long. */
  lease: 15_000,
  /** A leader writes nothing when it has not renewed for this long. */
  renewDeadline: 10_000,
  retry: 2000,
  /** A release that takes longer is given up: the Lease then runs out by itself. */
  release: 800,
} as const;

/** The two clocks that an election needs. A deadline is counted by the first. */
export interface Clocks {
  /** Milliseconds that only go forward, also when the date is set; may stand still while the machine sleeps. */
  readonly monotonic: () => number;
  /** Milliseconds since the epoch. */
  readonly wall: () => number;
}

/** What an election is made from. Time and chance come from outside. */
export interface ElectionOptions {
  readonly lease: Pick<ElectionLease, 'read' | 'write'>;
  /** Unlike that of any other operator that may run at the same time. */
  readonly identity: string;
  readonly clocks: Clocks;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Must end early, and must not throw, when the signal comes. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Whether this process could work at once; while it could not, it leaves the Lease to others. */
  readonly isFit: () => boolean;
  /** Called when another leader is seen than before. */
  readonly onLeader: (holder: string) => void;
  /** Called at each attempt that failed; it is repeated. */
  readonly onError: (error: unknown) => void;
  /** Called at each attempt that was answered. */
  readonly onAnswer: () => void;
}

type Attempt = 'held' | 'taken' | 'outdated' | 'failed';

interface Instant {
  readonly monotonic: number;
  readonly wall: number;
}

const stamp = (wall: number): string => new Date(wall).toISOString().replace('Z', '000Z');

/** One life of an operator: campaign, hold, release. */
export class Election {
  readonly #options: ElectionOptions;
  readonly #stopping = new AbortController();
  #waking = new AbortController();
  readonly #sighting: Sighting;
  #underWay: Promise<unknown> = Promise.resolve();
  #leader = '';
  /** Our own last write, while we lead and nothing failed since. */
  #own: LeaseRecord | undefined;
  /** When the last renewal that succeeded was sent; undefined: not leading. */
  #renewedAt: Instant | undefined;

  constructor(options: ElectionOptions) {
    this.#options = options;
    this.#sighting = new Sighting(options.clocks.monotonic);
  }

  /** Resolves with true when this process leads, with false when it was stopped before. */
  async campaign(): Promise<boolean> {
    while (!this.#stopping.signal.aborted) {
      // Renewed, because a wake-up may come while the request is under way.
      this.#waking = new AbortController();
      if (this.#options.isFit() && (await this.#attempt()) === 'held') {
        return !this.#stopping.signal.aborted;
      }
      await this.#options.sleep(this.#untilNextTry(), this.#waking.signal);
    }
    return false;
  }

  /**
   * Renews until another has taken the Lease.
   * @returns who has it, empty for nobody; undefined when this process was stopped.
   */
  async hold(): Promise<string | undefined> {
    for (;;) {
      await this.#options.sleep(timing.retry, this.#stopping.signal);
      if (this.#stopping.signal.aborted) {
        return undefined;
      }
      // An unreachable API server ends nothing: nobody else can take the Lease there either, and until it is
      // renewed nothing is written.
      if ((await this.#attempt()) === 'taken' && !this.#stopping.signal.aborted) {
        this.#renewedAt = undefined;
        return this.#leader;
      }
    }
  }

  /**
   * Milliseconds for which this process may still write.
   * @throws NotLeadingError when there are none.
   */
  leftMs(): number {
    const elapsed = this.#sinceRenewalMs();
    if (elapsed >= timing.renewDeadline) {
      throw new NotLeadingError(
        Number.isFinite(elapsed)
          ? `the Lease of this operator has not been renewed for ${Math.round(elapsed / 1000)} s`
          : 'this operator does not lead',
      );
    }
    return timing.renewDeadline - elapsed;
  }

  /** Whether this process leads for certain: nobody else can have the Lease yet. */
  leads(): boolean {
    return this.#sinceRenewalMs() < timing.renewDeadline;
  }

  /** What a watch has seen: undefined for a Lease that is gone. Saves waiting for the next look. */
  observe(record: LeaseRecord | undefined): void {
    if (this.#renewedAt !== undefined) {
      return;
    }
    if (record === undefined || record.holder === '') {
      this.wake();
    } else {
      this.#sighting.see(record);
    }
  }

  /** Tries now instead of at the next turn. */
  wake(): void {
    this.#waking.abort();
  }

  /** Ends the loops; from here on nothing may be written. */
  stop(): void {
    this.#renewedAt = undefined;
    this.#stopping.abort();
    this.wake();
  }

  /** After {@link stop} and the last write: hands the Lease on, so that nobody waits for its end. Never throws. */
  async release(): Promise<void> {
    const { sleep, clocks, lease } = this.#options;
    // A renewal under way would change the version that is released.
    await Promise.race([this.#underWay, sleep(timing.release, AbortSignal.timeout(timing.release))]);
    const own = this.#own;
    if (own !== undefined) {
      const released = { ...own, holder: '', durationSeconds: 1, renewTime: stamp(clocks.wall()) };
      await lease.write(released, timing.release).catch(() => undefined);
    }
  }

  /** Takes or renews the Lease where that is allowed. */
  async #attempt(): Promise<Attempt> {
    const first = this.#own === undefined ? undefined : await this.#keep(this.#try());
    // Our own record was not the newest: somebody wrote since, and who that was is known after a read.
    return first === undefined || first === 'outdated' ? this.#keep(this.#try()) : first;
  }

  async #keep(attempt: Promise<Attempt>): Promise<Attempt> {
    this.#underWay = attempt;
    return attempt;
  }

  async #try(): Promise<Attempt> {
    const { lease, clocks, onError, onAnswer } = this.#options;
    // From before the request: what others see of it, they see later.
    const sentAt = { monotonic: clocks.monotonic(), wall: clocks.wall() };
    try {
      const found = this.#own ?? (await lease.read());
      if (found !== undefined && !this.#mayTake(found)) {
        onAnswer();
        this.#name(found.holder);
        return 'taken';
      }
      this.#own = await lease.write(this.#next(found, stamp(sentAt.wall)));
    } catch (error) {
      // Whether the write was carried out is open, and how long others were silent cannot be known.
      this.#own = undefined;
      this.#sighting.forget();
      if (isConflict(error)) {
        return 'outdated';
      }
      onError(error);
      return 'failed';
    }
    onAnswer();
    this.#renewedAt = this.#stopping.signal.aborted ? undefined : sentAt;
    this.#name(this.#options.identity);
    return 'held';
  }

  #mayTake(found: LeaseRecord): boolean {
    if (found.holder === this.#options.identity) {
      return true;
    }
    if (this.#renewedAt !== undefined) {
      return false;
    }
    this.#sighting.see(found);
    return found.holder === '' || (this.#sighting.leftMs() ?? 0) <= 0;
  }

  #next(found: LeaseRecord | undefined, now: string): LeaseRecord {
    const isOurs = found?.holder === this.#options.identity;
    return {
      holder: this.#options.identity,
      renewTime: now,
      acquireTime: isOurs ? found.acquireTime : now,
      transitions: (found?.transitions ?? -1) + (isOurs ? 0 : 1),
      durationSeconds: timing.lease / 1000,
      version: found?.version ?? '',
    };
  }

  #sinceRenewalMs(): number {
    const { clocks } = this.#options;
    // The longer of the two: one clock can be set, the other stands still while a machine sleeps.
    return this.#renewedAt === undefined
      ? Infinity
      : Math.max(clocks.monotonic() - this.#renewedAt.monotonic, clocks.wall() - this.#renewedAt.wall);
  }

  /** The usual turn, with jitter so that several do not ask at once; earlier when the Lease runs out before. */
  #untilNextTry(): number {
    const { random } = this.#options;
    const turn = timing.retry * (1 + random() / 2);
    const expiry = (this.#sighting.leftMs() ?? turn) + 100 * random();
    return Math.max(50, Math.min(turn, expiry));
  }

  #name(holder: string): void {
    if (holder !== this.#leader) {
      this.#leader = holder;
      this.#options.onLeader(holder);
    }
  }
}
