// Counts grants for status. A thousand Services may come within seconds, and status is one object in etcd: so it is counted when
// something has changed, and at most every few seconds.
import { isDeepStrictEqual } from 'node:util';
import type { KubeVipConfig } from '../api/types.ts';
import type { AddressBook } from '../grants/book.ts';
import type { Decision } from '../grants/decision.ts';
import type { Grounds } from '../grants/grounds.ts';
import type { Standing } from '../grants/standing.ts';
import { heldValues, talliesOf, waitOf, type Waiting } from '../grants/tally.ts';
import type { GrantTally } from '../observed/grant-tally.ts';
import type { LeaderOnly } from './leader-only.ts';

/** After a change, and between two counts, in milliseconds. */
export const countAfterMs = 500;
/** Between two counts, in milliseconds. */
export const countEveryMs = 5000;

/** What is counted. */
export interface GrantBoardOptions {
  readonly book: Pick<AddressBook, 'standings'>;
  readonly configs: () => readonly KubeVipConfig[];
  readonly grounds: () => Pick<Grounds, 'serverOf'>;
  /** Told the names of the KubeVipConfigs of which something else was counted than before. */
  readonly onNews: (configs: readonly string[]) => void;
  /** Milliseconds, never going back. */
  readonly now: () => number;
}

/** The last counts, and what waits now. */
export class GrantBoard implements LeaderOnly {
  readonly #options: GrantBoardOptions;
  readonly #waiting = new Map<string, Waiting>();
  #tallies: ReadonlyMap<string, GrantTally> = new Map();
  #timer: NodeJS.Timeout | undefined;
  #countedAt = -Infinity;
  #isWorking = false;

  constructor(options: GrantBoardOptions) {
    this.#options = options;
  }

  start(): void {
    this.#isWorking = true;
    this.changed();
  }

  stop(): void {
    this.#isWorking = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** What was counted last; undefined: nothing yet. */
  of(config: string): GrantTally | undefined {
    return this.#tallies.get(config);
  }

  /** A Service was decided upon. */
  note(asker: Standing, decision: Decision): void {
    const told = waitOf(decision);
    if (told !== undefined) {
      this.#waiting.set(asker.key, { asker, told });
      this.changed();
    } else {
      this.forget(asker.key);
    }
  }

  /** A Service waits for nothing, or is gone. */
  forget(key: string): void {
    this.#waiting.delete(key);
    this.changed();
  }

  /** Something that is counted may have changed. */
  changed(): void {
    if (this.#isWorking && this.#timer === undefined) {
      const nextMs = this.#countedAt + countEveryMs - this.#options.now();
      this.#timer = setTimeout(() => this.#count(), Math.max(countAfterMs, nextMs));
    }
  }

  #count(): void {
    const { book, configs, grounds, onNews, now } = this.#options;
    [this.#timer, this.#countedAt] = [undefined, now()];
    const before = this.#tallies;
    const held = heldValues(book.standings());
    this.#tallies = talliesOf(configs(), grounds(), held, this.#waiting.values());
    const news = [...this.#tallies].filter(([name, tally]) => !isDeepStrictEqual(tally, before.get(name)));
    if (news.length > 0) {
      onNews(news.map(([name]) => name));
    }
  }
}
