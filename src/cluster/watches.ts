// What is watched: an event becomes a store entry and a key, nothing else. The one file that imports the
// framework, whose own watch starts without a list and ends the process on any error; both are replaced.
import { ListWatch, Watch, type KubernetesListObject, type KubernetesObject } from '@kubernetes/client-node';
import dotI from '@dot-i/k8s-operator';
import { ApiError } from './errors.ts';
import type { Http } from './http.ts';
import { pathOf, resources, type Resource } from './resources.ts';
import type { Store } from './store.ts';
import type { Stores } from './view.ts';

export interface WatchOptions {
  readonly http: Http;
  readonly kubeConfig: ConstructorParameters<typeof Watch>[0];
  readonly stores: Stores;
  readonly namespace: string;
  /** Called after the stores know the object. */
  readonly onEvent: (resource: keyof typeof resources, object: KubernetesObject) => void;
  /** Called at each failed list or watch; the watch is started again by itself. */
  readonly onError: (resource: Resource, error: unknown, retryMs: number) => void;
  /** Called when a list has come in: the first one makes the view complete. */
  readonly onSynced: (resource: keyof typeof resources) => void;
}

const firstRetryMs = 500;
const longestRetryMs = 15_000;

type Name = keyof typeof resources;
type AnyStore = Store<KubernetesObject>;

/** client-node says the status of a refused watch, and not what was refused. */
function asApiError(name: Name, error: unknown): unknown {
  const { statusCode, message } = error as { statusCode?: number; message?: string };
  return statusCode === undefined
    ? error
    : new ApiError(statusCode, `WATCH ${resources[name].plural}`, message ?? '');
}

/** The operator shell: one informer per resource. */
export class Watches extends dotI.default {
  readonly #options: WatchOptions;
  readonly #informers: ListWatch<KubernetesObject>[] = [];
  readonly #failures = new Map<Name, { readonly at: number; readonly retryMs: number }>();
  readonly #timers = new Map<Name, NodeJS.Timeout>();
  #isStopped = false;

  constructor(options: WatchOptions) {
    super();
    this.#options = options;
  }

  protected override async init(): Promise<void> {
    await Promise.all((Object.keys(resources) as Name[]).map((name) => this.#inform(name)));
  }

  override stop(): void {
    this.#isStopped = true;
    for (const timer of this.#timers.values()) {
      clearTimeout(timer);
    }
    for (const informer of this.#informers) {
      void informer.stop();
    }
  }

  async #inform(name: Name): Promise<void> {
    const { kubeConfig, namespace, onEvent } = this.#options;
    const resource: Resource = resources[name];
    const store = this.#options.stores[name] as unknown as AnyStore;
    const informer = new ListWatch<KubernetesObject>(
      pathOf(resource, namespace),
      new Watch(kubeConfig),
      () => this.#list(name, store),
      false,
      resource.labelSelector,
    );
    const changed = (object: KubernetesObject): void => {
      store.put(object);
      onEvent(name, object);
    };
    informer.on('add', changed);
    informer.on('update', changed);
    informer.on('delete', (object) => {
      store.delete(object);
      onEvent(name, object);
    });
    informer.on('error', (error) => this.#restartLater(name, informer, error));
    this.#informers.push(informer);
    await informer.start();
  }

  async #list(name: Name, store: AnyStore): Promise<KubernetesListObject<KubernetesObject>> {
    const resource: Resource = resources[name];
    const query = resource.labelSelector
      ? `?labelSelector=${encodeURIComponent(resource.labelSelector)}`
      : '';
    const list = await this.#options.http.send<KubernetesListObject<KubernetesObject>>({
      method: 'GET',
      path: pathOf(resource, this.#options.namespace) + query,
    });
    store.replaceAll(list.items, list.metadata?.resourceVersion ?? '0');
    this.#options.onSynced(name);
    return list;
  }

  #restartLater(name: Name, informer: ListWatch<KubernetesObject>, error: unknown): void {
    if (this.#isStopped) {
      return;
    }
    const retryMs = this.#backOff(name);
    this.#options.onError(resources[name], asApiError(name, error), retryMs);
    this.#timers.set(
      name,
      setTimeout(() => void informer.start(), retryMs),
    );
  }

  #backOff(name: Name): number {
    const last = this.#failures.get(name);
    const now = Date.now();
    const isInARow = last !== undefined && now - last.at < 2 * longestRetryMs;
    const retryMs = isInARow ? Math.min(longestRetryMs, last.retryMs * 2) : firstRetryMs;
    this.#failures.set(name, { at: now, retryMs });
    return retryMs;
  }
}
