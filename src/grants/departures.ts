// What Services had on a node and gave up.
import type { Claim } from './standing.ts';

/** Who had an address on a node last, and when it was seen to give it up, in milliseconds. */
export interface Departure extends Pick<Claim, 'isOnlyWritten'> {
  /** Undefined of what was left behind: not known any more. */
  readonly loadBalancerClass: string | undefined;
  readonly key: string;
  readonly at: number;
  /** It became something else than a load balancer of a class of ours: no release of kube-vip takes the address off then. */
  readonly isLeftBehind: boolean;
  /** Its kube-vip had done what the grant asks for. Before that it may have it yet to do. */
  readonly wasPublished: boolean;
  /** Which kube-vip led for its class; empty: none was known. */
  readonly leader: string;
}

/** How long an address rests before another class may have it, in milliseconds: two kube-vip do not wait for each other. */
export const restMs = 60_000;
const mostDepartures = 1000;

/** The last departure from each address. */
export class Departures {
  readonly #departures = new Map<string, Departure>();

  of(address: string): Departure | undefined {
    return this.#departures.get(address);
  }

  note(address: string, departure: Departure): void {
    // The last ones to have left are the last of the Map.
    this.#departures.delete(address);
    this.#departures.set(address, departure);
  }

  /** @param now milliseconds, never going back */
  forgetRested(now: number): void {
    for (const [address, { at, isLeftBehind: isStuck }] of this.#departures) {
      if (this.#departures.size <= mostDepartures || now - at < restMs) {
        return;
      }
      if (!isStuck) {
        this.#departures.delete(address);
      }
    }
  }
}
