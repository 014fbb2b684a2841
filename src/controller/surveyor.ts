// Reads the survey again: at start, soon after a config changed, now and then while the cluster changes, and
// every ten minutes; oftener while somebody is held back or warned. Never more than one round at a time that counts, and
// never within a reconcile.
import type { ClusterView } from '../cluster/cluster.ts';
import type { ResourceName } from '../cluster/resources.ts';

/** What preflight says of the config for which it is worst. */
export type Urgency = 'blocked' | 'warned' | 'quiet';

/** What the surveyor is made from. */
export interface SurveyorOptions {
  /** One round of reading; what it resolves to keeps what was found, and is not called for a round that was given up. */
  readonly round: () => Promise<() => void>;
  /** How much hangs on the next round. */
  readonly urgency: () => Urgency;
  readonly onError: (error: unknown, retryMs: number) => void;
}

/** Milliseconds until the next round. */
export const pauses = {
  /** Several changes of a config within this are one. */
  config: 100,
  /** An edit is judged by facts of before, until its own are there. */
  edit: 2000,
  /** The cluster changes all the time. */
  cluster: 30_000,
  /** Somebody waits for a fact to change: another kube-vip to go, for example. */
  blocked: 15_000,
  /** Somebody may be mending what is warned of, and looks whether it worked. */
  warned: 60_000,
  failure: 5000,
  quiet: 600_000,
} as const;

// Every request has a limit of its own; this is for what has none. Nothing new is applied until a round ends.
/** Milliseconds after which a round counts as failed. */
export const longestRoundMs = 60_000;

type View = Pick<ClusterView, 'configs' | 'survey' | 'isSurveyed'>;

/** What is acknowledged is nobody's concern any more. */
export function urgencyOf(view: Pick<View, 'configs'>): Urgency {
  const verdicts = view
    .configs()
    .flatMap(({ status }) => status?.conditions ?? [])
    .filter(({ type }) => type === 'PreflightPassed');
  if (verdicts.some(({ status }) => status === 'False')) {
    return 'blocked';
  }
  return verdicts.some(({ reason }) => reason === 'PreflightWarned') ? 'warned' : 'quiet';
}

/** What asks for another round. */
export type Why = 'config' | 'edit' | 'cluster' | Exclude<Urgency, 'quiet'>;

/** Why an event asks for another round, or undefined. */
export function whyToAsk(resource: ResourceName, view: View): Why | undefined {
  if (resource !== 'configs') {
    return resource === 'nodes' || resource === 'services' ? 'cluster' : undefined;
  }
  if (view.configs().some((config) => view.survey(config) === undefined)) {
    return 'config';
  }
  if (!view.configs().every((row) => view.isSurveyed(row))) {
    return 'edit';
  }
  const urgency = urgencyOf(view);
  return urgency === 'quiet' ? undefined : urgency;
}

async function inTime<T>(round: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const seconds = longestRoundMs / 1000;
  const limit = setTimeout(
    () => reject(new Error(`facts for preflight: expected all of them within ${seconds} s, found one open`)),
    longestRoundMs,
  );
  try {
    return await Promise.race([round, promise]);
  } finally {
    clearTimeout(limit);
  }
}

/** Reads surveys in rounds, sooner where more hangs on them. */
export class Surveyor {
  readonly #options: SurveyorOptions;
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Infinity;
  #isReading = false;
  #isStopped = true;

  constructor(options: SurveyorOptions) {
    this.#options = options;
  }

  /** Resolves after the first round, also one that failed. */
  async start(): Promise<void> {
    this.#isStopped = false;
    await this.#read();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#dueAt = Infinity;
  }

  /** Something changed: a round begins within so many milliseconds, or when the present one is over. */
  request(why: Why): void {
    this.#schedule(pauses[why]);
  }

  #schedule(ms: number): void {
    const dueAt = performance.now() + ms;
    if (this.#isStopped || dueAt >= this.#dueAt) {
      return;
    }
    this.#dueAt = dueAt;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#read(), ms);
  }

  async #read(): Promise<void> {
    if (this.#isReading) {
      // Asked for while a round runs: that round may have read too early.
      this.#dueAt = Infinity;
      this.#schedule(pauses.config);
      return;
    }
    this.#isReading = true;
    this.#dueAt = Infinity;
    try {
      const keep = await inTime(this.#options.round());
      keep();
      this.#schedule(pauses[this.#options.urgency()]);
    } catch (error) {
      this.#options.onError(error, pauses.failure);
      this.#schedule(pauses.failure);
    } finally {
      this.#isReading = false;
    }
  }
}
