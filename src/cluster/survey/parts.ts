// What every part of a survey is made with: requests of which some may be refused.
import { ApiError } from '../errors.ts';
import type { Http } from '../http.ts';
import type { Survey } from '../../plan/survey.ts';

export interface Reader {
  readonly http: Pick<Http, 'send'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Notes what could not be read. */
  readonly miss: (what: string, why: string) => void;
}

/** One part of a survey: the facts that it finds. */
export type Part = (reader: Reader) => Promise<Partial<Survey>>;

/**
 * An answer, or undefined for what is not there or not allowed: both are facts. A refusal is noted.
 * @throws what says nothing about the cluster: no answer, or an API server that cannot do its work.
 */
export async function attempt<T>(
  { miss }: Reader,
  what: string,
  ask: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof ApiError) || error.status >= 500 || [401, 429].includes(error.status)) {
      throw error;
    }
    if (error.status !== 404) {
      miss(what, error.message.replaceAll(/\s+/g, ' ').slice(0, 300));
    }
    return undefined;
  }
}

/** An object, or undefined. */
export function getObject<T>(reader: Reader, what: string, path: string): Promise<T | undefined> {
  return attempt(reader, what, () => reader.http.send<T>({ method: 'GET', path }));
}
