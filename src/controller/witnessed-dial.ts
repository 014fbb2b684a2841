// Dials an address, and machines of its network beside it: that nobody answers there says something only while one of these does.
import { dial } from '../cluster/dial.ts';
import type { Witnesses } from '../grants/witnesses.ts';
import type { DialAnswer, Target } from '../observed/snapshot.ts';

/** What a dial tells. `unwitnessed`: nobody answered, and nobody else did who would have, so it tells nothing. */
export type Look = DialAnswer | 'unwitnessed';

/** What witnessed dials are made from. Neither dial may reject. */
export interface WitnessedDialOptions {
  readonly dial: (target: Target) => Promise<DialAnswer>;
  /** Gives up soon: a machine of the network answers at once, or refuses. */
  readonly dialWitness: (target: Target) => Promise<DialAnswer>;
  readonly witnessesOf: (address: string) => Witnesses;
  /** Milliseconds that only go forward. */
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<unknown>;
}

/** A kernel asks for a neighbour at once, after 1 s and after 2 s. A witness is asked in between, and again when that has ended. */
const betweenMs = 500;
/** Witnesses that are asked at once, each time others: one may be down, or an entry of a full table of neighbours. */
const atOnce = 3;
/** For how long the answer of a witness counts for other dials, too. kubelet logs each connection that says nothing. */
const sharedMs = 1000;

/** How long a witness is given. */
const witnessMs = 1000;
/** What took longer than a dial may says nothing: this process stood still meanwhile, and an answer may have come too late to be heard. */
const longestMs = 5000;

/** Dials a witness once. */
export const dialWitness = (target: Target): Promise<DialAnswer> => dial(target, witnessMs);

interface Asked {
  readonly at: number;
  readonly answer: Promise<DialAnswer>;
}

/** Far away a router may be silent about an address that has no route. */
const isFit = (answer: DialAnswer, { kind }: Witnesses): boolean =>
  answer === 'unreachable' || kind !== 'far';

/** Dials that are believed only when a witness answered meanwhile and at the end. */
export class WitnessedDial {
  readonly #options: WitnessedDialOptions;
  readonly #asked = new Map<string, Asked>();
  #turn = 0;

  constructor(options: WitnessedDialOptions) {
    this.#options = options;
  }

  /** Never rejects. */
  async dial(target: Target): Promise<Look> {
    const { dial, now, witnessesOf } = this.#options;
    const [witnesses, since] = [witnessesOf(target.address), now()];
    const answered = dial(target);
    const meanwhile = this.#whileAsked(target, answered, witnesses);
    const answer = await answered;
    if (answer === 'answers' || answer === 'blind') {
      return answer;
    }
    const isBelieved =
      now() - since <= longestMs &&
      isFit(answer, witnesses) &&
      (await meanwhile) &&
      (await this.#isWitnessed(target, witnesses));
    return isBelieved ? answer : 'unwitnessed';
  }

  /** Nobody is asked beside an address that answers at once. */
  async #whileAsked(target: Target, answered: Promise<unknown>, witnesses: Witnesses): Promise<boolean> {
    const early = this.#options.pause(betweenMs).then(() => true);
    const isAsked = await Promise.race([answered.then(() => false), early]);
    return isAsked && (await this.#isWitnessed(target, witnesses));
  }

  async #isWitnessed({ port }: Target, witnesses: Witnesses): Promise<boolean> {
    if (witnesses.kind === 'alone') {
      return true;
    }
    const { addresses } = witnesses;
    const first = this.#turn % Math.max(1, addresses.length);
    this.#turn += 1;
    const chosen = [...addresses.slice(first), ...addresses.slice(0, first)].slice(0, atOnce);
    const answers = await Promise.all(chosen.map((address) => this.#askWitness({ address, port })));
    return answers.includes('answers');
  }

  #askWitness(target: Target): Promise<DialAnswer> {
    const now = this.#options.now();
    for (const [address, { at }] of this.#asked) {
      if (now - at >= sharedMs) {
        this.#asked.delete(address);
      }
    }
    const known = this.#asked.get(target.address) ?? { at: now, answer: this.#options.dialWitness(target) };
    this.#asked.set(target.address, known);
    return known.answer;
  }
}
