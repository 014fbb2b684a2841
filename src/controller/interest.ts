// Which addresses are asked about on the network, and for whom: those that Services ask for, and those that they are about to get.
import type { AddressBook } from '../grants/book.ts';
import type { Decision } from '../grants/decision.ts';
import type { Sight } from '../grants/grounds.ts';
import type { Prospects } from '../grants/prospects.ts';
import type { Standing } from '../grants/standing.ts';
import type { Leftovers } from './leftovers.ts';

/** Asks on the network; undefined: nothing is asked. */
export type Asking = Pick<Leftovers, 'ask' | 'forget' | 'sightOf' | 'keep' | 'stop'> | undefined;

/** What is asked, as long as a Service wants to know. */
export class Interest {
  readonly #book: AddressBook;
  readonly #prospects: Prospects;
  readonly #asking: Asking;

  constructor(book: AddressBook, prospects: Prospects, asking: Asking) {
    [this.#book, this.#prospects, this.#asking] = [book, prospects, asking];
  }

  sightOf(address: string): Sight {
    return this.#asking?.sightOf(address) ?? 'unasked';
  }

  /** Services that wait for a word about an address. */
  of(address: string): readonly string[] {
    const askers = this.#book.askersOf(address).map(({ key }) => key);
    return [...askers, ...this.#prospects.aimersOf(address)];
  }

  /** Addresses that a Service wants. */
  by(key: string): readonly string[] {
    return [...this.#book.wantedBy(key), ...this.#prospects.aimsOf(key)];
  }

  /** Asks what a decision needs to know, and remembers what it has found. */
  follow({ key, namespace, loadBalancerClass = '' }: Standing, decision: Decision, now: number): void {
    const before = this.by(key);
    decision.unusable?.forEach((address) => this.#prospects.avoid(address, loadBalancerClass, now));
    if (decision.grant === undefined) {
      this.#prospects.aim(key, decision.aims ?? []);
    }
    decision.toBeAsked?.forEach((address) => this.#asking?.ask(address, namespace));
    this.leave(before);
  }

  /** What was heard of addresses is no proof any more. */
  forget(addresses: readonly string[]): void {
    addresses.forEach((address) => this.#asking?.forget(address));
  }

  /** A Service does not want these any more. A tenant that wants another address each second would have thousands dialled else. */
  leave(addresses: readonly string[]): void {
    this.forget(addresses.filter((address) => this.of(address).length === 0));
  }

  /** It is not asked any more for what no Service wants. */
  keep(): void {
    this.#asking?.keep((address) => this.of(address).length > 0);
  }

  stop(): void {
    this.#asking?.stop();
  }
}
