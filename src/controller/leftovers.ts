// Asks on the network whether addresses that Services left behind are gone: no release of kube-vip takes an address off when the
// type of its Service changes, so only silence tells.
import { arp } from '../modes/arp/arp.ts';
import type { DepartureDialer } from './departure-dialer.ts';

// kubelet's: open on every node.
const port = 10_250;

/** The addresses of Services that are asked for, as long as a Service wants them. */
export class Leftovers {
  readonly #dialer: Pick<DepartureDialer, 'follow' | 'heard' | 'stop'>;
  readonly #asked = new Set<string>();

  constructor(dialer: Pick<DepartureDialer, 'follow' | 'heard' | 'stop'>) {
    this.#dialer = dialer;
  }

  /** From now on it is asked for an address. */
  ask(address: string): void {
    this.#asked.add(address);
    this.#dialer.follow(address, { stage: 'ended', targets: [{ address, port }] });
  }

  /** Whether no node has an address any more. What cannot be asked from here is not known to be gone. */
  isGone(address: string): boolean {
    const heard = this.#dialer.heard(address);
    return heard.length > 0 && heard.every((row) => row.answer !== 'blind' && arp.proof.isProven(row));
  }

  /** It is not asked any more, and what was heard is no proof of what comes. */
  forget(address: string): void {
    if (this.#asked.delete(address)) {
      this.#dialer.follow(address, undefined);
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
