// What every part of a survey is made with: requests of which some may be refused.
import { ApiError } from '../errors.ts';
import type { Http } from '../http.ts';
import type { Survey } from '../../observed/neighbours/survey.ts';

/** What a part of a survey reads with. */
export interface Reader {
  readonly http: Pick<Http, 'send'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds before the next try. */
  readonly pause: (ms: number) => Promise<unknown>;
  /** Notes what could not be read. */
  readonly miss: (what: string, why: string) => void;
  /** Notes what was read, and does not say enough to judge by. */
  readonly doubt: (what: string, why: string) => void;
}

/** One part of a survey: the facts that it finds. */
export type Part = (reader: Reader) => Promise<Partial<Survey>>;

/** An answer as one line of bounded length. */
export const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').slice(0, 300);

/** What a request asked for, and why nothing was read. */
export class UnreadError extends Error {
  override readonly name = 'UnreadError';
  readonly what: string;

  constructor(what: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.what = what;
  }
}

const tries = 3;
const pauseMs = 500;

const isFact = (error: unknown): error is ApiError =>
  error instanceof ApiError && error.status < 500 && ![401, 410, 429].includes(error.status);

// 410: the list took longer than the API server keeps its moment.
const isPassing = (error: unknown): boolean =>
  !(error instanceof ApiError) || error.status >= 500 || error.status === 410;

// A round is some forty requests of which each must be answered: with one dead API server of three behind the Service
// none would ever come to its end.
async function persist<T>({ pause }: Reader, ask: () => Promise<T>): Promise<T> {
  for (let left = tries - 1; left > 0; left -= 1) {
    try {
      return await ask();
    } catch (error) {
      if (!isPassing(error)) {
        throw error;
      }
      await pause(pauseMs);
    }
  }
  return ask();
}

/**
 * An answer, or undefined for what is not there or not allowed: both are facts. A refusal is noted.
 * @throws {UnreadError} for what says nothing about the cluster: three times no answer, or an API server that cannot do
 *   its work.
 */
export async function attempt<T>(
  reader: Reader,
  what: string,
  ask: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await persist(reader, ask);
  } catch (error) {
    if (!isFact(error)) {
      throw new UnreadError(what, error);
    }
    if (error.status !== 404) {
      reader.miss(what, oneLine(error.message));
    }
    return undefined;
  }
}

/** An object, or undefined. */
export function getObject<T>(reader: Reader, what: string, path: string): Promise<T | undefined> {
  return attempt(reader, what, () => reader.http.send<T>({ method: 'GET', path }));
}
