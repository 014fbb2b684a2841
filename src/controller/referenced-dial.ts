// Dials an address, and machines of its network beside it: that nobody answers there says something only while one of these does.
import { setTimeout as sleep } from 'node:timers/promises';
import { dial } from '../cluster/dial.ts';
import { referenceHostsOf, type ReferenceHosts, type Surroundings } from '../grants/reference-hosts.ts';
import type { DialAnswer, Look, Target } from '../observed/snapshot.ts';

/** What referenced dials are made from. Neither dial may reject. */
export interface ReferencedDialOptions {
  readonly dial: (target: Target) => Promise<DialAnswer>;
  /** Gives up soon: a machine of the network answers at once, or refuses. */
  readonly dialReferenceHost: (target: Target) => Promise<DialAnswer>;
  readonly referenceHostsOf: (address: string) => ReferenceHosts;
  /** Milliseconds that only go forward. */
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<unknown>;
}

/** A kernel asks for a neighbour at once, after 1 s and after 2 s. A reference host is asked in between, and again when that has ended. */
const betweenMs = 500;
/** Reference hosts that are asked at once, each time others: one may be down, or an entry of a full table of neighbours. */
const atOnce = 3;
/** For how long the answer of a reference host counts for other dials, too. kubelet logs each connection that says nothing. */
const sharedMs = 1000;

/** A kernel gives up to find the owner of an address after 3 s, and says so. */
const answerMs = 4000;
/** How long a reference host is given. */
const hostMs = 1000;
/** What took longer than a dial may says nothing: this process stood still meanwhile, and an answer may have come too late to be heard. */
const longestMs = 5000;

interface Asked {
  readonly at: number;
  readonly answer: Promise<DialAnswer>;
}

/** Far away a router may be silent about an address that has no route. */
const isFit = (answer: DialAnswer, { kind }: ReferenceHosts): boolean =>
  answer === 'unreachable' || kind !== 'far';

/** Dials that are believed only when a reference host answered meanwhile and at the end. */
export class ReferencedDial {
  readonly #options: ReferencedDialOptions;
  readonly #asked = new Map<string, Asked>();
  #turn = 0;

  constructor(options: ReferencedDialOptions) {
    this.#options = options;
  }

  /** Never rejects. */
  async dial(target: Target): Promise<Look> {
    const { dial, now, referenceHostsOf } = this.#options;
    const [hosts, since] = [referenceHostsOf(target.address), now()];
    const answered = dial(target);
    const meanwhile = this.#whileAsked(answered, hosts);
    const answer = await answered;
    if (answer === 'answers' || answer === 'blind') {
      return answer;
    }
    const isBelieved =
      now() - since <= longestMs &&
      isFit(answer, hosts) &&
      (await meanwhile) &&
      (await this.#isReferenced(hosts));
    return isBelieved ? answer : 'unreferenced';
  }

  /** Nobody is asked beside an address that answers at once. */
  async #whileAsked(answered: Promise<unknown>, hosts: ReferenceHosts): Promise<boolean> {
    const early = this.#options.pause(betweenMs).then(() => true);
    const isAsked = await Promise.race([answered.then(() => false), early]);
    return isAsked && (await this.#isReferenced(hosts));
  }

  async #isReferenced(hosts: ReferenceHosts): Promise<boolean> {
    if (hosts.kind === 'alone') {
      return true;
    }
    const all = hosts.hosts;
    const first = this.#turn % Math.max(1, all.length);
    this.#turn += 1;
    const chosen = [...all.slice(first), ...all.slice(0, first)].slice(0, atOnce);
    const answers = await Promise.all(chosen.map((host) => this.#askHost(host)));
    return answers.includes('answers');
  }

  #askHost(target: Target): Promise<DialAnswer> {
    const now = this.#options.now();
    for (const [key, { at }] of this.#asked) {
      if (now - at >= sharedMs) {
        this.#asked.delete(key);
      }
    }
    const key = `${target.address} ${target.port}`;
    const known = this.#asked.get(key) ?? {
      at: now,
      answer: this.#options.dialReferenceHost(target),
    };
    this.#asked.set(key, known);
    return known.answer;
  }
}

/** Dials on the network of this machine. The surroundings are read at each dial. */
export const makeReferencedDial = (surroundings: () => Surroundings): ReferencedDial =>
  new ReferencedDial({
    dial: (target) => dial(target, answerMs),
    dialReferenceHost: (target) => dial(target, hostMs),
    referenceHostsOf: (address) => referenceHostsOf(address, surroundings()),
    now: () => performance.now(),
    pause: sleep,
  });
