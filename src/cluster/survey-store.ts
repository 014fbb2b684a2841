// The last survey, and for which configs it speaks: those that it was read for, and for a while also for those that
// were edited since. Without that while, a config that is edited all the time would have the whole survey read for
// each edit. A new config always waits for its own: what is beside it when it comes decides whether it may run.
import { isDeepStrictEqual } from 'node:util';
import type { KubeVipConfig } from '../api/types.ts';
import type { Survey } from '../observed/neighbours/survey.ts';

const identityOf = ({ metadata }: Pick<KubeVipConfig, 'metadata'>): string =>
  `${metadata.name}/${metadata.uid ?? ''}`;
const keyOf = ({ metadata }: KubeVipConfig): string =>
  `${identityOf({ metadata })}/${metadata.generation ?? 0}`;

/** How long facts are good for a config that changed after they were read, in milliseconds. */
export const freshMs = 30_000;

/** Keeps the last survey, and knows for which configs its facts are new enough. */
export class SurveyStore {
  readonly #now: () => number;
  #survey: Survey | undefined;
  #readAt = -Infinity;
  #covered: ReadonlySet<string> = new Set();
  #known: ReadonlySet<string> = new Set();

  /** @param now milliseconds of a clock that never jumps */
  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * @param configs as they were when the reading began
   * @returns whether anybody would decide otherwise
   */
  put(survey: Survey, configs: readonly KubeVipConfig[]): boolean {
    const covered = new Set(configs.map(keyOf));
    const isSame = isDeepStrictEqual(survey, this.#survey) && isDeepStrictEqual(covered, this.#covered);
    // The same object as long as it says the same, so that what was computed from it is still good.
    this.#survey = isDeepStrictEqual(survey, this.#survey) ? this.#survey : survey;
    this.#covered = covered;
    this.#known = new Set(configs.map(identityOf));
    this.#readAt = this.#now();
    return !isSame;
  }

  /** The facts for a config, or undefined until they were read for it, and lately or for this generation of it. */
  of(config: KubeVipConfig): Survey | undefined {
    const isEdited = this.#known.has(identityOf(config)) && this.#now() - this.#readAt < freshMs;
    return this.covers(config) || isEdited ? this.#survey : undefined;
  }

  /** Whether the facts were read for this generation of a config. */
  covers(config: KubeVipConfig): boolean {
    return this.#covered.has(keyOf(config));
  }
}
