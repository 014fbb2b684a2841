// Writes events beside the reconcile: one that is refused, slow or over budget is no reason to fail, or to wait.
import type { Logger } from 'pino';
import type { ClusterWriter } from '../cluster/cluster.ts';
import { explain } from '../cluster/errors.ts';
import type { EventSubject } from '../cluster/event.ts';
import {
  due,
  forget,
  fullBudget,
  keyOf,
  spend,
  type EventBudget,
  type Series,
} from '../status/event-budget.ts';
import type { EventDraft } from '../status/events.ts';

/** What the recorder writes with. */
export interface EventRecorderOptions {
  readonly writer: Pick<ClusterWriter, 'writeEvent' | 'repeatEvent'>;
  readonly log: Logger;
  /** Milliseconds, never going back. */
  readonly now: () => number;
}

/** What one object was said to go through. */
interface Account {
  readonly about: EventSubject;
  budget: EventBudget;
  /** Names of the events that were written, by what they say. */
  readonly names: Map<string, string>;
}

/** Between two calls of {@link EventRecorder.flush}. */
export const flushSeconds = 15;

// Accounts of objects that are gone are dropped when there are many.
const mostAccounts = 1000;

/** Writes events about configs, counts repetitions, and keeps to the budget of each object. */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #accounts = new Map<string, Account>();

  constructor(options: EventRecorderOptions) {
    this.#options = options;
  }

  /** Returns at once. */
  record(about: EventSubject, drafts: readonly EventDraft[]): void {
    for (const draft of drafts) {
      const account = this.#accountOf(about, draft);
      const { isNew, left } = spend(account.budget, draft, this.#options.now());
      account.budget = left;
      if (isNew) {
        void this.#write(account, draft);
      } else {
        this.#tell(account);
      }
    }
  }

  /** Tells how often something happened again since it was told last. Returns at once. */
  flush(): void {
    this.#accounts.forEach((account) => this.#tell(account));
  }

  #accountOf(about: EventSubject, draft: EventDraft): Account {
    const { metadata } = about;
    // The news of a start must not use up what a warning needs.
    const key = `${metadata.uid ?? metadata.name} ${draft.type}`;
    if (this.#accounts.size > mostAccounts) {
      this.#accounts.clear();
    }
    const budget = fullBudget(this.#options.now());
    const account = this.#accounts.get(key) ?? { about, budget, names: new Map() };
    this.#accounts.set(key, account);
    return account;
  }

  #tell(account: Account): void {
    const { names, budget } = account;
    const { rows, left } = due(budget, this.#options.now(), (key) => names.has(key));
    account.budget = left;
    rows.forEach(([key, series]) => void this.#repeat(account, key, series));
    [...names.keys()].filter((key) => !(key in left.series)).forEach((key) => names.delete(key));
  }

  async #write(account: Account, draft: EventDraft): Promise<void> {
    try {
      account.names.set(keyOf(draft), await this.#options.writer.writeEvent(account.about, draft));
      this.#tell(account);
    } catch (error) {
      this.#fail(account, keyOf(draft), error);
    }
  }

  async #repeat(account: Account, key: string, { count, seenAt }: Series): Promise<void> {
    const { writer, now } = this.#options;
    try {
      await writer.repeatEvent(account.about, account.names.get(key) ?? '', { count, agoMs: now() - seenAt });
    } catch (error) {
      this.#fail(account, key, error);
    }
  }

  #fail(account: Account, key: string, error: unknown): void {
    account.budget = forget(account.budget, key);
    account.names.delete(key);
    const [reason] = key.split(' ');
    const { kind, metadata } = account.about;
    const field = kind === 'Service' ? 'service' : 'kubeVipConfig';
    const name = [metadata.namespace, metadata.name].filter(Boolean).join('/');
    this.#options.log.warn({ [field]: name, reason, ...explain(error) }, 'event not written');
  }
}
