// What a kernel will tell. By ICMP it tells a pod of an unreachable address once a second, and of up to six at once after a while. It
// wants to tell each SYN that waited for the neighbour: three when it gives up to find it, after 3 s, and one that came later, after 6 s
// (Linux 6.18, network namespaces; a SYN goes out each second there). So many dials at once use up what it tells, and what it does not tell
// is silence, which proves something after a minute only.
const refillMs = 1000;
const most = 6;
/** When SYNs of a dial are told about, in milliseconds after it began: each uses up one. */
const askedAfterMs: readonly number[] = [3000, 3000, 3000, 6000];
const givenUpMs = 3000;
/** So much has to be left when a dial is given up. The kernel counts by another clock, and is a little late. */
const enough = 2;
const stepMs = 250;
const longestMs = 10_000;

/** What is left of what a kernel tells, by the dials that were begun. Time is in milliseconds, and never goes back. */
export class TellBudget {
  /** When something will be told, in order. */
  readonly #due: number[] = [];
  #left = most;
  #at = -Infinity;

  /** A dial begins. */
  begin(now: number): void {
    this.#settle(now);
    this.#due.push(...askedAfterMs.map((ms) => now + ms));
    this.#due.sort((a, b) => a - b);
  }

  /** In how many milliseconds a dial may begin that is told of. */
  waitMs(now: number): number {
    this.#settle(now);
    let ms = 0;
    while (ms < longestMs && this.#leftAt(now + ms + givenUpMs) < enough) {
      ms += stepMs;
    }
    return ms;
  }

  #settle(now: number): void {
    const past = this.#due.findIndex((at) => at > now);
    const over = this.#due.splice(0, past < 0 ? this.#due.length : past);
    over.forEach((at) => this.#use(at));
  }

  #use(at: number): void {
    const left = refilled(this.#left, at - this.#at);
    this.#left = left >= 1 ? left - 1 : left;
    this.#at = at;
  }

  #leftAt(time: number): number {
    let [left, at] = [this.#left, this.#at];
    for (const due of this.#due.filter((row) => row <= time)) {
      [left, at] = [refilled(left, due - at), due];
      left -= left >= 1 ? 1 : 0;
    }
    return refilled(left, time - at);
  }
}

const refilled = (left: number, ms: number): number => Math.min(most, left + ms / refillMs);
