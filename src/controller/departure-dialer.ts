// Asks at addresses, in the background, for deletions and removals that have to know that nobody is there any more. A reconcile says
// what it wants to know and reads what was heard so far; it never waits for an answer.
import { isDeepStrictEqual } from 'node:util';
import { arp } from '../modes/arp/arp.ts';
import type { DialState, Look, Target } from '../observed/snapshot.ts';
import type { Ask } from '../steps/step.ts';
import type { ReferencedDial } from './referenced-dial.ts';

/** Between two rounds. */
const everyMs = 1000;
/** How many addresses are asked at once. A kernel remembers some hundreds of neighbours, those that do not answer among them. */
export const atOnce = 32;

/** What the asking of leaving addresses is made from. */
export interface DepartureDialerOptions {
  /** Must not reject. */
  readonly dial: (target: Target) => Promise<Look>;
  /** Milliseconds that only go forward: a minute of silence is proof, and the clock of the machine may jump. */
  readonly now: () => number;
  /** Called when something was heard that may change a decision. */
  readonly onHeard: (key: string) => void;
}

/** What came of the dials at one target so far. */
interface Dialled extends Omit<DialState, 'stage' | 'quietMs'> {
  /** By the steady clock; undefined while somebody answers, or nobody answers who would. */
  readonly quietSince: number | undefined;
  /** When it was dialled last: what was not asked was not silent. */
  readonly heardAt: number;
}

interface Question {
  readonly ask: Ask;
  readonly heard: Map<string, Dialled>;
  timer: NodeJS.Timeout | undefined;
}

/** Nobody answers, as far as that can be told. */
const isQuiet = (answer: Look): boolean => answer !== 'answers' && answer !== 'unreferenced';

const keyOf = ({ address, port }: Target): string => `${address} ${port}`;

/** Dials addresses that must go, once a second, and keeps what each last said. */
export class DepartureDialer {
  readonly #options: DepartureDialerOptions;
  readonly #questions = new Map<string, Question>();

  constructor(options: DepartureDialerOptions) {
    this.#options = options;
  }

  /** Nothing to do: a reconcile says what is asked. */
  start(): void {}

  /** From now on asks this for a key; what was heard is kept as long as the question is the same. */
  follow(key: string, ask: Ask | undefined): void {
    const before = this.#questions.get(key);
    if (isDeepStrictEqual(before?.ask, ask)) {
      return;
    }
    clearTimeout(before?.timer);
    this.#questions.delete(key);
    if (ask !== undefined) {
      const question: Question = { ask, heard: new Map(), timer: undefined };
      this.#questions.set(key, question);
      void this.#round(key, question);
    }
  }

  heard(key: string): readonly DialState[] {
    const question = this.#questions.get(key);
    return question ? [...question.heard.values()].map((row) => this.#say(question.ask, row)) : [];
  }

  stop(): void {
    [...this.#questions.keys()].forEach((key) => this.follow(key, undefined));
  }

  #say({ stage }: Ask, { quietSince, heardAt, ...row }: Dialled): DialState {
    return { ...row, stage, quietMs: quietSince === undefined ? undefined : heardAt - quietSince };
  }

  async #round(key: string, question: Question): Promise<void> {
    const open = question.ask.targets.filter((target) => {
      const row = question.heard.get(keyOf(target));
      return row === undefined || !arp.proof.isProven(this.#say(question.ask, row));
    });
    for (let first = 0; first < open.length; first += atOnce) {
      await Promise.all(open.slice(first, first + atOnce).map((target) => this.#dial(key, question, target)));
    }
    if (this.#questions.get(key) === question && open.length > 0) {
      question.timer = setTimeout(() => void this.#round(key, question), everyMs);
    }
  }

  async #dial(key: string, question: Question, target: Target): Promise<void> {
    const { dial, now, onHeard } = this.#options;
    const answer = await dial(target);
    if (this.#questions.get(key) !== question) {
      return;
    }
    const before = question.heard.get(keyOf(target));
    const heardAt = now();
    const quietSince = isQuiet(answer) ? (before?.quietSince ?? heardAt) : undefined;
    const row: Dialled = { ...target, answer, quietSince, heardAt };
    question.heard.set(keyOf(target), row);
    if (before?.answer !== answer || arp.proof.isProven(this.#say(question.ask, row))) {
      onHeard(key);
    }
  }
}

/** Asks by dialling, beside machines whose answer makes silence count. */
export function makeDepartureDialer(
  referenced: ReferencedDial,
  onHeard: (key: string) => void,
): DepartureDialer {
  return new DepartureDialer({
    dial: (target) => referenced.dial(target),
    now: () => performance.now(),
    onHeard,
  });
}
