// Tells Services what became of their requests: each thing once, and not thousands at a time.
import type { V1Service } from '@kubernetes/client-node';
import type { Metadata } from '../api/types.ts';
import type { Told } from '../grants/decide.ts';
import { standingOf } from '../grants/standing.ts';
import type { EventRecorder } from './event-recorder.ts';

// A start tells of every Service that has what it would not get: some at once, the others at the next full compare.
const burst = 100;
const tellsPerSecond = 10;

/** Remembers what each Service was told last. */
export class GrantTeller {
  readonly #events: Pick<EventRecorder, 'record'>;
  readonly #now: () => number;
  readonly #told = new Map<string, string>();
  #tokens = burst;
  #countedAt = 0;

  /** @param now milliseconds, never going back */
  constructor(events: Pick<EventRecorder, 'record'>, now: () => number) {
    this.#events = events;
    this.#now = now;
  }

  /** Says what was not said last. Over budget it is left for the next look. */
  tell(service: V1Service, told: readonly Told[]): void {
    const { key } = standingOf(service);
    const text = told.map(({ reason, note }) => `${reason} ${note}`).join('\n');
    if (told.length === 0) {
      this.#told.delete(key);
    } else if (text !== this.#told.get(key) && this.#hasToken()) {
      this.#told.set(key, text);
      // client-node's type has Date where the wire has text.
      const metadata = service.metadata as unknown as Metadata;
      this.#events.record({ apiVersion: 'v1', kind: 'Service', metadata }, told);
    }
  }

  /** The Service is gone. */
  forget(key: string): void {
    this.#told.delete(key);
  }

  #hasToken(): boolean {
    const now = this.#now();
    const filled = Math.min(burst, this.#tokens + ((now - this.#countedAt) / 1000) * tellsPerSecond);
    const has = filled >= 1;
    [this.#tokens, this.#countedAt] = [filled - (has ? 1 : 0), now];
    return has;
  }
}
