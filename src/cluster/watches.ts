// What is watched: an event becomes a store entry and a key, nothing else. The one file that imports the
// framework, whose own watch starts without a list and ends the process on any error; both are replaced.
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeConfig, KubernetesObject } from '@kubernetes/client-node';
import dotI from '@dot-i/k8s-operator';
import { SilentWatchError } from './errors.ts';
import type { Answered, Http } from './http.ts';
import { keepAlive } from './keep-alive.ts';
import { lineWatch } from './line-watch.ts';
import { Reflector } from './reflector.ts';
import { resources, type Resource, type ResourceName } from './resources.ts';
import type { Store } from './store.ts';
import type { Stores } from './view.ts';
import { answering } from './watch-answers.ts';

/** What the watches are made from. */
export interface WatchOptions {
  readonly http: Http;
  readonly kubeConfig: KubeConfig;
  readonly stores: Stores;
  readonly namespace: string;
  /** Called after the stores know the object. */
  readonly onEvent: (resource: ResourceName, object: KubernetesObject) => void;
  /** Called at each failed list or watch; it is tried again by itself. */
  readonly onError: (resource: Resource, error: unknown, retryMs: number) => void;
  /** Called when a list has come in: the first one makes the view complete, later ones may bring anything. */
  readonly onListed: (resource: ResourceName) => void;
  /** Called when changes of a resource begin to reach the store, and when they no longer do. */
  readonly onSight: (resource: ResourceName, isClear: boolean) => void;
  /** Called when the API server has answered a watch, or has not. */
  readonly onAnswer: (answered: Answered) => void;
}

// The API server sends a bookmark about every minute: silence beyond this is a dead connection, or one that has nothing to say
// for a version that the API server has not reached.
const silenceMs = 90_000;
// Leases alone change all the time. The first change after a while is read at once.
const leasesGapMs = 100;

/** The operator shell: one reflector per resource. */
export class Watches extends dotI.default {
  readonly #reflectors: ReadonlyMap<ResourceName, Reflector>;

  constructor(options: WatchOptions) {
    super();
    const names = Object.keys(resources) as ResourceName[];
    const onSilence = (): void => this.#renewAllBut('leases');
    this.#reflectors = new Map(names.map((name) => [name, reflector(name, { ...options, onSilence })]));
  }

  // Must not wait for the reflectors, which run until they are stopped.
  protected override async init(): Promise<void> {
    keepAlive();
    for (const row of this.#reflectors.values()) {
      void row.run();
    }
  }

  override stop(): void {
    this.#reflectors.forEach((row) => row.stop());
  }

  /** A Lease has this version: the watch of Leases has to bring it. */
  expectLease(version: string): void {
    void this.#reflectors.get('leases')?.echo(version);
  }

  /** The API server went back in time: everything is listed anew. */
  relist(): void {
    this.#reflectors.forEach((row) => row.relist());
  }

  // They may have ended with the same machine, and have no echo that would tell.
  #renewAllBut(known: ResourceName): void {
    this.#reflectors.forEach((row, name) => name !== known && row.renew());
  }
}

function reflector(
  name: ResourceName,
  options: WatchOptions & { readonly onSilence: () => void },
): Reflector {
  const { http, kubeConfig, namespace, stores, onEvent, onError, onListed, onAnswer } = options;
  const resource: Resource = resources[name];
  const leases = name === 'leases' ? stores.leases : undefined;
  const watch = lineWatch(kubeConfig, { silenceMs, gapMs: leases === undefined ? 0 : leasesGapMs });
  return new Reflector({
    resource,
    namespace,
    http,
    watch: answering(watch, onAnswer),
    store: stores[name] as unknown as Store<KubernetesObject>,
    onEvent: (object) => onEvent(name, object),
    onListed: () => onListed(name),
    onHeard: () => leases?.heard(),
    onSight: (isClear) => {
      options.onSight(name, isClear);
      if (!isClear) {
        leases?.lost();
      }
    },
    now: () => performance.now(),
    onError: (error, retryMs) => {
      onError(resource, error, retryMs);
      if (error instanceof SilentWatchError) {
        options.onSilence();
      }
    },
    sleep: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined),
  });
}
