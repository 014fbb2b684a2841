// Watches, queue and reconciler as one running thing.
import type { KubeConfig } from '@kubernetes/client-node';
import type { Logger } from 'pino';
import { operandNamespace } from '../api/metadata.ts';
import { Http } from '../cluster/http.ts';
import { resources } from '../cluster/resources.ts';
import { makeStores, makeView } from '../cluster/view.ts';
import { Watches } from '../cluster/watches.ts';
import { Writer } from '../cluster/writer.ts';
import { makeKeysOf } from './keys.ts';
import { Queue } from './queue.ts';
import { Reconciler } from './reconciler.ts';
import { Trouble } from './trouble.ts';

/** A piece of work that takes longer than this is stuck: every request of it has a time limit of 15 s. */
const stuckMs = 120_000;

export interface ControllerOptions {
  readonly kubeConfig: KubeConfig;
  /** Reads the kubeconfig again, into the same object. May throw. */
  readonly refresh: () => void;
  readonly log: Logger;
  /** Seconds between two full compares of every object. */
  readonly resyncSeconds: number;
}

export class Controller {
  readonly #options: ControllerOptions;
  readonly #stores = makeStores();
  readonly #view = makeView(this.#stores);
  readonly #keysOf = makeKeysOf(this.#view);
  readonly #unsynced = new Set<string>(Object.keys(resources));
  readonly #queue: Queue;
  readonly #watches: Watches;
  #resync: NodeJS.Timeout | undefined;

  /** Nothing is read before {@link start}. */
  constructor(options: ControllerOptions) {
    const { kubeConfig, log } = options;
    const http = new Http(kubeConfig, Date.now);
    const writer = new Writer(http, this.#stores);
    const reconciler = new Reconciler({ view: this.#view, writer, log, now: Date.now });
    this.#options = options;
    this.#queue = new Queue({
      work: (key) => reconciler.reconcile(key),
      now: Date.now,
      random: Math.random,
    });
    this.#watches = this.#watch(http);
  }

  async start(): Promise<void> {
    const enqueueAll = (): void =>
      this.#view.configs().forEach(({ metadata }) => this.#queue.add(metadata.name));
    this.#resync = setInterval(enqueueAll, this.#options.resyncSeconds * 1000);
    await this.#watches.start();
  }

  stop(): void {
    clearInterval(this.#resync);
    this.#queue.stop();
    this.#watches.stop();
  }

  /** Why the process should be restarted, or undefined. */
  stuck(): string | undefined {
    const { busyMs } = this.#queue;
    return busyMs > stuckMs ? `a reconcile has run for ${busyMs} ms` : undefined;
  }

  /** The resources that have not been listed yet. */
  unsynced(): readonly string[] {
    return [...this.#unsynced];
  }

  #watch(http: Http): Watches {
    const { kubeConfig, log, refresh } = this.#options;
    const trouble = new Trouble({ log, refresh, now: Date.now });
    return new Watches({
      http,
      kubeConfig,
      stores: this.#stores,
      namespace: operandNamespace,
      onEvent: (resource, object) => this.#keysOf(resource, object).forEach((key) => this.#queue.add(key)),
      onError: (resource, error, retryMs) => trouble.report(resource, error, retryMs),
      onSynced: (resource) => {
        this.#unsynced.delete(resource);
        if (this.#unsynced.size === 0) {
          // Decisions on half a view would apply what exists and miss what must go.
          this.#queue.start();
        }
      },
    });
  }
}
