// What the worker that grants remembers of Services, kept as they come, change and go.
import type { V1Service } from '@kubernetes/client-node';
import { AddressBook } from '../grants/book.ts';
import { capturedBy, type Captured } from '../grants/captured.ts';
import type { GrantFacts } from '../grants/grounds.ts';
import { Pace } from '../grants/pace.ts';
import { Prospects } from '../grants/prospects.ts';
import { standingOf, type Standing } from '../grants/standing.ts';
import type { CurrentGrounds } from './current-grounds.ts';
import { Interest, type Asking } from './interest.ts';

interface Change {
  /** Addresses that it gave up. */
  readonly freed: readonly string[];
  /** Services whose turn it is, or is soon, in the order in which they wait. */
  readonly turns: readonly string[];
}

/** What a change of one Service means for others. */
interface Consequences extends Pick<Change, 'turns'> {
  /** Services that wait for what it gave up. */
  readonly again: readonly string[];
}

/** Who has which address, who is about to get one, and whose turn it is. */
export class Ledger {
  readonly #grounds: CurrentGrounds;
  readonly book: AddressBook;
  readonly pace = new Pace();
  readonly prospects = new Prospects();
  readonly interest: Interest;

  constructor(grounds: CurrentGrounds, asking: Asking) {
    this.#grounds = grounds;
    this.book = new AddressBook({
      leaderOf: (name) => grounds.now().leaderOf(name),
      isServed: (name) => grounds.now().serverOf(name) !== undefined,
    });
    this.interest = new Interest(this.book, this.prospects, asking);
  }

  /** Takes a Service in as it is now; undefined: it is gone. Returns the Services that are to be looked at again. */
  take(key: string, service: V1Service | undefined, now: number): Consequences {
    const wanted = this.interest.by(key);
    const { freed, turns } = service ? this.#put(standingOf(service), now) : this.#remove(key, now);
    // What was only written was on no node: who writes it again and again begins no look anew.
    this.interest.forget(freed.filter((address) => this.book.departureOf(address)?.at === now));
    this.interest.leave(wanted);
    return { turns, again: freed.flatMap((address) => this.interest.of(address)) };
  }

  /**
   * What decisions rest on.
   * @param since when this process began to lead
   */
  facts(now: number, since: number): GrantFacts {
    const { pace, book, prospects, interest } = this;
    return {
      grounds: this.#grounds.now(),
      book,
      now,
      prospects,
      since,
      sightOf: (address) => interest.sightOf(address),
      workedOffUntil: (name) => pace.workedOffUntil(name),
      underWayMs: (key) => now - (pace.underWaySince(key) ?? now),
      turnOf: (asker) => pace.turnOf(asker, now, this.#isLed(asker)),
    };
  }

  /** What of an address Services have. */
  capturedOf(address: string): Captured {
    const isServed = (name: string): boolean => this.#grounds.now().serverOf(name) !== undefined;
    return capturedBy(this.book.holdersOf(address), isServed);
  }

  #put(standing: Standing, now: number): Change {
    const turns = [...this.pace.see(standing, now), ...this.prospects.see(standing)];
    return { turns, freed: this.book.put(standing, now) };
  }

  #remove(key: string, now: number): Change {
    const isLed = this.#isLed(this.book.get(key));
    const turns = [...this.pace.gone(key, now, isLed), ...this.prospects.leave(key)];
    return { turns, freed: this.book.remove(key, now) };
  }

  #isLed({ loadBalancerClass = '' }: Partial<Standing> = {}): boolean {
    return this.#grounds.now().leaderOf(loadBalancerClass) !== '';
  }
}
