// Asks on the network whether some node has an address that is about to be granted. Only silence tells: what left an address on a
// node may have been before this process began to lead.
import type { Sight } from '../grants/grounds.ts';
import { arp } from '../modes/arp/arp.ts';
import type { DialAnswer, Look } from '../observed/snapshot.ts';
import type { FairDials } from './fair-dials.ts';

// kubelet's: open on every node.
const port = 10_250;

/** Between two dials of one address. */
const everyMs = 1000;

/**
 * For how long it is believed that no node has an address, in milliseconds: two dials long, so that the next of a namespace can be
 * asked about while the one before it is written. Who waits longer, for a turn, an API server or a process that was stopped, is asked
 * about again.
 */
export const freshMs = 10_000;

/** What looks at addresses are made from. */
export interface LeftoversOptions {
  readonly turns: Pick<FairDials, 'join' | 'leave' | 'dial'>;
  /** Milliseconds that only go forward: a minute of silence is proof, and the clock of the machine may jump. */
  readonly now: () => number;
  /** Called when something was heard that may change a decision. */
  readonly onHeard: (address: string) => void;
}

/** What came of the dials so far. */
interface Heard {
  readonly look: Look;
  /** Since when nobody has answered; undefined: the last dial told nothing of the kind. */
  readonly quietSince: number | undefined;
  readonly at: number;
}

interface Question {
  heard: Heard | undefined;
  /** Until it is known that no node has the address, and again when that is too long ago. */
  isOpen: boolean;
  timer: NodeJS.Timeout | undefined;
}

const isNegative = (look: Look): look is DialAnswer => look === 'silent' || look === 'unreachable';

/** Nobody has the address, as far as its last dial tells. */
function isProven({ look, quietSince, at }: Heard): boolean {
  const quietMs = quietSince === undefined ? undefined : at - quietSince;
  return isNegative(look) && arp.proof.isProven({ address: '', port, stage: 'ended', answer: look, quietMs });
}

/** The addresses that Services ask for, as long as one waits for them. */
export class Leftovers {
  readonly #options: LeftoversOptions;
  readonly #questions = new Map<string, Question>();

  constructor(options: LeftoversOptions) {
    this.#options = options;
  }

  /** From now on it is asked for an address, which a namespace wants. */
  ask(address: string, namespace: string): void {
    const question = this.#questions.get(address) ?? { heard: undefined, isOpen: false, timer: undefined };
    this.#questions.set(address, question);
    if (question.isOpen || this.sightOf(address) !== 'nobody') {
      this.#options.turns.join(address, namespace);
    }
    if (!question.isOpen && this.sightOf(address) !== 'nobody') {
      question.isOpen = true;
      void this.#dial(address, question);
    }
  }

  /** What was heard so far. What cannot be asked from here is not known to be on no node. */
  sightOf(address: string): Sight {
    const heard = this.#questions.get(address)?.heard;
    if (heard === undefined) {
      return 'unheard';
    }
    if (isProven(heard)) {
      return this.#options.now() - heard.at <= freshMs ? 'nobody' : 'stale';
    }
    return heard.look === 'answers' ? 'somebody' : isNegative(heard.look) ? 'unheard' : heard.look;
  }

  /** It is not asked any more, and what was heard is no proof of what comes. */
  forget(address: string): void {
    const question = this.#questions.get(address);
    if (question !== undefined) {
      this.#questions.delete(address);
      clearTimeout(question.timer);
      this.#options.turns.leave(address);
    }
  }

  /** It is not asked any more for what nobody wants. */
  keep(isWanted: (address: string) => boolean): void {
    [...this.#questions.keys()]
      .filter((address) => !isWanted(address))
      .forEach((address) => this.forget(address));
  }

  /** Nothing is asked any more. */
  stop(): void {
    this.keep(() => false);
  }

  async #dial(address: string, question: Question): Promise<void> {
    const { turns, now, onHeard } = this.#options;
    const look = await turns.dial({ address, port });
    if (this.#questions.get(address) !== question) {
      return;
    }
    const [before, at] = [question.heard, now()];
    const quietSince = isNegative(look) ? (before?.quietSince ?? at) : undefined;
    const heard = { look, quietSince, at };
    question.heard = heard;
    question.isOpen = !isProven(heard);
    if (question.isOpen) {
      question.timer = setTimeout(() => void this.#dial(address, question), everyMs);
    } else {
      // Who wants to know nothing now takes no place from others.
      turns.leave(address);
    }
    if (!question.isOpen || before?.look !== look) {
      onHeard(address);
    }
  }
}
