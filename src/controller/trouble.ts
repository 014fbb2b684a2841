// What is said when watches fail. They all fail at once and for one reason, which is said once per round.
import type { Logger } from 'pino';
import { explain } from '../cluster/errors.ts';
import type { Resource } from '../cluster/resources.ts';

/** What trouble is told with. */
export interface TroubleOptions {
  readonly log: Logger;
  /** Milliseconds, never going back. */
  readonly now: () => number;
  /** Reads the kubeconfig again: it may be what is wrong. May throw. */
  readonly refresh: () => void;
}

/** Logs failed watches, each cause at most once a while, with what to do. */
export class Trouble {
  readonly #options: TroubleOptions;
  readonly #quietUntil = new Map<string, number>();

  constructor(options: TroubleOptions) {
    this.#options = options;
  }

  /** A watch has failed and is started again after `retryMs`. */
  report(resource: Resource, error: unknown, retryMs: number): void {
    const { log, now } = this.#options;
    const { cause, todo } = explain(this.#refresh() ?? error);
    if (now() < (this.#quietUntil.get(todo) ?? 0)) {
      return;
    }
    // The other watches fail within moments, this one not before `retryMs` are over.
    this.#quietUntil.set(todo, now() + retryMs / 2);
    log.error({ cause, todo, resource: resource.plural, retryMs }, 'watch failed, trying again');
  }

  #refresh(): unknown {
    try {
      this.#options.refresh();
      return undefined;
    } catch (error) {
      return error;
    }
  }
}
