// What the witnesses say, from their Leases.
import { isDeepStrictEqual } from 'node:util';
import { annotations, witnessOfLease } from '../api/metadata.ts';
import { oncePer } from '../observed/once.ts';
import type { Coverage, FormerAddress, WitnessStatement } from '../observed/witness/witnessed.ts';
import { parseAnswers, statementOf } from '../witness/answers.ts';
import type { Answers, Questions } from '../witness/contract.ts';
import { questionsIn } from '../witness/questions.ts';
import type { LeaseObject, LeaseStore } from './lease-store.ts';

/** What a look at the witnesses came to. */
export interface Looked {
  /** Texts of the questions, by segment. */
  readonly questions: ReadonlyMap<string, string>;
  /** Since when each address is claimed by nothing, by a clock that never goes back. */
  readonly former: ReadonlyMap<string, number>;
  readonly coverage: Coverage;
}

const reasonsIn = ({ because = '', segments = [] }: Partial<Coverage> = {}): readonly unknown[] => [
  because,
  ...segments.map((row) => [row.subnets, row.because]),
];

/** What the witnesses are asked now, as the one who asks tells it. */
export class Asked {
  readonly #questions = new Map<
    string,
    { readonly text: string; readonly questions: Questions | undefined }
  >();
  #former: ReadonlyMap<string, number> = new Map();
  #coverage: Coverage | undefined;

  /** Takes down what one look came to, and returns whether there are networks without witnesses for other reasons. */
  tell({ questions: texts, former, coverage }: Looked): boolean {
    const isOtherwise = !isDeepStrictEqual(reasonsIn(coverage), reasonsIn(this.#coverage));
    this.#coverage = coverage;
    this.#former = former;
    [...this.#questions.keys()]
      .filter((key) => !texts.has(key))
      .forEach((key) => this.#questions.delete(key));
    for (const [segment, text] of texts) {
      if (this.#questions.get(segment)?.text !== text) {
        this.#questions.set(segment, { text, questions: questionsIn(text) });
      }
    }
    return isOtherwise;
  }

  /** Where witnesses are planned; undefined: that has not been looked at. */
  get coverage(): Coverage | undefined {
    return this.#coverage;
  }

  /** What a segment is asked; undefined: not known. */
  questions(segment: string): Questions | undefined {
    return this.#questions.get(segment)?.questions;
  }

  /** @param now by the clock of {@link tell} */
  former(now: number): readonly FormerAddress[] {
    return [...this.#former].map(([address, since]) => ({ address, sinceMs: now - since }));
  }
}

/** A witness in its Lease, with what it answered; undefined: the Lease is none of a witness. */
export interface Answering {
  readonly segment: string;
  readonly node: string;
  readonly text: string | undefined;
  readonly answers: Answers | undefined;
}

/** Read once for each version of a Lease: it may have 200,000 characters. */
export const answeringIn = oncePer((lease: LeaseObject): Answering | undefined => {
  const witness = witnessOfLease(lease.metadata.name);
  const text = lease.metadata.annotations?.[annotations.answers];
  return witness && { ...witness, text, answers: text === undefined ? undefined : parseAnswers(text) };
});

/** What every witness says. */
export function witnessStatements({
  leases,
  asked,
}: {
  readonly leases: LeaseStore;
  readonly asked: Asked;
}): readonly WitnessStatement[] {
  return leases.witnesses().flatMap((lease) => {
    const found = answeringIn(lease);
    const ageMs = leases.silentMs(lease);
    return found === undefined
      ? []
      : [
          statementOf(
            { ...found, answers: found.text, ageMs },
            found.answers,
            asked.questions(found.segment),
          ),
        ];
  });
}
