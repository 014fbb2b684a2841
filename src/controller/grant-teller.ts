// Tells Services what became of their requests: each thing once, and not thousands at a time.
import type { V1Service } from '@kubernetes/client-node';
import type { Metadata } from '../api/types.ts';
import type { Told } from '../grants/decision.ts';
import { standingOf } from '../grants/standing.ts';
import type { EventRecorder } from './event-recorder.ts';

interface Budget {
  readonly burst: number;
  readonly perSecond: number;
}

// A start tells of every Service that has what it would not get: some at once, the others at the next full compare.
const ofAll: Budget = { burst: 100, perSecond: 10 };
// A tenant that changes its requests all the time must not leave the others without a word.
const ofNamespace: Budget = { burst: 50, perSecond: 5 };
const mostNamespaces = 1000;

class Tokens {
  readonly #budget: Budget;
  #left: number;
  #countedAt: number;

  constructor(budget: Budget, now: number) {
    [this.#budget, this.#left, this.#countedAt] = [budget, budget.burst, now];
  }

  left(now: number): number {
    const { burst, perSecond } = this.#budget;
    return Math.min(burst, this.#left + ((now - this.#countedAt) / 1000) * perSecond);
  }

  spend(now: number): void {
    [this.#left, this.#countedAt] = [this.left(now) - 1, now];
  }
}

/** Remembers what each Service was told last. */
export class GrantTeller {
  readonly #events: Pick<EventRecorder, 'record'>;
  readonly #now: () => number;
  readonly #told = new Map<string, string>();
  readonly #all: Tokens;
  readonly #namespaces = new Map<string, Tokens>();

  /** @param now milliseconds, never going back */
  constructor(events: Pick<EventRecorder, 'record'>, now: () => number) {
    this.#events = events;
    this.#now = now;
    this.#all = new Tokens(ofAll, now());
  }

  /** Says what was not said last. Over budget it is left for the next look. */
  tell(service: V1Service, told: readonly Told[]): void {
    const { key, namespace } = standingOf(service);
    const text = told.map(({ reason, note }) => `${reason} ${note}`).join('\n');
    if (told.length === 0) {
      this.#told.delete(key);
    } else if (text !== this.#told.get(key) && this.#hasToken(namespace)) {
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

  #hasToken(namespace: string): boolean {
    const now = this.#now();
    const both = [this.#all, this.#ofNamespace(namespace, now)];
    const has = both.every((tokens) => tokens.left(now) >= 1);
    if (has) {
      both.forEach((tokens) => tokens.spend(now));
    }
    return has;
  }

  #ofNamespace(namespace: string, now: number): Tokens {
    if (this.#namespaces.size > mostNamespaces) {
      this.#namespaces.clear();
    }
    const tokens = this.#namespaces.get(namespace) ?? new Tokens(ofNamespace, now);
    this.#namespaces.set(namespace, tokens);
    return tokens;
  }
}
