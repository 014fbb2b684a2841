// Asks on the network whether some node has an address that is about to be granted. Only silence tells: what left an address on a
// node may have been before this process began to lead.
import type { Sight } from '../grants/grounds.ts';
import { arp } from '../modes/arp/arp.ts';
import type { DepartureDialer } from './departure-dialer.ts';
import type { FairDials } from './fair-dials.ts';

// kubelet's: open on every node.
const port = 10_250;

/** The addresses that Services ask for, as long as one waits for them. */
export class Leftovers {
  readonly #dialer: Pick<DepartureDialer, 'follow' | 'heard' | 'stop'>;
  readonly #turns: Pick<FairDials, 'join' | 'leave'>;
  readonly #asked = new Set<string>();

  constructor(
    dialer: Pick<DepartureDialer, 'follow' | 'heard' | 'stop'>,
    turns: Pick<FairDials, 'join' | 'leave'>,
  ) {
    this.#dialer = dialer;
    this.#turns = turns;
  }

  /** From now on it is asked for an address, which a namespace wants. */
  ask(address: string, namespace: string): void {
    this.#asked.add(address);
    this.#turns.join(address, namespace);
    this.#dialer.follow(address, { stage: 'ended', targets: [{ address, port }] });
  }

  /** What was heard so far. What cannot be asked from here is not known to be on no node. */
  sightOf(address: string): Sight {
    const [row] = this.#dialer.heard(address);
    if (row === undefined) {
      return 'unheard';
    }
    if (row.answer === 'blind') {
      return 'blind';
    }
    return row.answer === 'answers' ? 'somebody' : arp.proof.isProven(row) ? 'nobody' : 'unheard';
  }

  /** It is not asked any more, and what was heard is no proof of what comes. */
  forget(address: string): void {
    if (this.#asked.delete(address)) {
      this.#dialer.follow(address, undefined);
      this.#turns.leave(address);
    }
  }

  /** It is not asked any more for what nobody wants. */
  keep(isWanted: (address: string) => boolean): void {
    [...this.#asked].filter((address) => !isWanted(address)).forEach((address) => this.forget(address));
  }

  /** Nothing is asked any more. */
  stop(): void {
    this.keep(() => false);
  }
}
