// Keeps one store like the cluster: a list, then a watch that goes on where it was cut off. client-node's
// ListWatch does the same, but keeps a second, whole copy of every object and never asks for bookmarks.
import { isDeepStrictEqual } from 'node:util';
import type { KubernetesObject, Watch } from '@kubernetes/client-node';
import { ApiError, OutdatedError, SilentWatchError } from './errors.ts';
import type { Http } from './http.ts';
import { listAll } from './pages.ts';
import { pathOf, type Resource } from './resources.ts';
import type { Store } from './store.ts';
import { asApiError, isExpired, isSilence } from './watch-end.ts';

/** What a reflector is made from. */
export interface ReflectorOptions {
  readonly resource: Resource;
  readonly namespace: string;
  readonly http: Pick<Http, 'send'>;
  readonly watch: Pick<Watch, 'watch'>;
  readonly store: Store<KubernetesObject>;
  /** Called after the store knows the object; not for what a list brings. */
  readonly onEvent: (object: KubernetesObject) => void;
  /** Called when a list has come in. */
  readonly onListed: () => void;
  /** Called at each failure; it is tried again after `retryMs`. */
  readonly onError: (error: unknown, retryMs: number) => void;
  /** Called when changes begin to reach the store, and when they no longer do. */
  readonly onSight: (isClear: boolean) => void;
  /** Called before the store knows what a list or a line of the watch brings: at that moment the connection lives. */
  readonly onHeard: () => void;
  /** Milliseconds since any moment. */
  readonly now: () => number;
  /** Must end early, and must not throw, when the signal comes. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

const watchSeconds = 300;
// One that the API server, or something before it, ends at once without a word would be opened without a pause.
const shortestWatchMs = 1000;
const firstRetryMs = 500;
const longestRetryMs = 15_000;
const failuresBeforeList = 5;
// An API server shows a write to its watches within milliseconds.
const echoMs = 2500;

const withoutVersion = ({ metadata, ...rest }: KubernetesObject): object => {
  const { resourceVersion: _, ...others }: Readonly<Record<string, unknown>> = { ...(metadata as object) };
  return { ...rest, metadata: others };
};

/** True when two states of one object differ in more than their version. */
function differs(before: KubernetesObject | undefined, after: KubernetesObject): boolean {
  return before === undefined || !isDeepStrictEqual(withoutVersion(before), withoutVersion(after));
}

type Take = (phase: string, object: KubernetesObject) => void;

/** One watch: what it brings until it ends. What comes afterwards was under way, and must not say where to go on. */
function follow(keep: Take) {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let isOpen = true;
  const end = (error?: unknown): void => {
    isOpen = false;
    return error === undefined ? resolve() : reject(error);
  };
  const take: Take = (phase, object) => {
    try {
      return isOpen ? keep(phase, object) : undefined;
    } catch (error) {
      end(error);
    }
  };
  return { take, end, ended: promise, isOpen: () => isOpen };
}

/** List and watch of one resource. */
export class Reflector {
  readonly #options: ReflectorOptions;
  readonly #stopping = new AbortController();
  /** Where the watch goes on; undefined: after a list. */
  #version: string | undefined;
  #failures = 0;
  /** Ends the watch that is open: as the API server does, or with an error. */
  #end: ((error?: unknown) => void) | undefined;
  #waking = new AbortController();

  constructor(options: ReflectorOptions) {
    this.#options = options;
  }

  /** Resolves when {@link stop} was called. */
  async run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        this.#version ??= await this.#list();
        await this.#watch(this.#version);
      } catch (error) {
        await this.#comeBack(error);
      }
    }
  }

  stop(): void {
    this.#stopping.abort();
  }

  /**
   * An answer of the API server had this version: a watch that lives soon brings it. One that does not is given up.
   * @param version of an object of this resource
   */
  async echo(version: string): Promise<void> {
    const { sleep, resource } = this.#options;
    const end = this.#end;
    // In two steps: a process that stood still reads between them what has waited for it.
    await sleep(echoMs / 2, this.#stopping.signal);
    await sleep(echoMs / 2, this.#stopping.signal);
    if (end !== undefined && end === this.#end && Number(this.#version) < Number(version)) {
      end(new SilentWatchError(resource.plural, version, echoMs));
    }
  }

  /** Goes on with a new connection. What the watch has brought stays good. */
  renew(): void {
    this.#end?.();
  }

  /** Lists anew, and at once: what was seen is of a time that never was. */
  relist(): void {
    this.#version = undefined;
    this.#waking.abort();
    this.#end?.();
  }

  async #comeBack(error: unknown): Promise<void> {
    const { signal } = this.#stopping;
    if (signal.aborted) {
      return;
    }
    this.#failures += 1;
    this.#options.onSight(false);
    if (isExpired(error) || isSilence(error) || this.#failures % failuresBeforeList === 0) {
      this.#version = undefined;
    }
    // To be told that the version is too old is no failure, unless it happens again: the list follows at once.
    if (isExpired(error) && this.#failures === 1) {
      return;
    }
    const retryMs = Math.min(longestRetryMs, firstRetryMs * 2 ** (this.#failures - 1));
    this.#options.onError(error, retryMs);
    this.#waking = new AbortController();
    await this.#options.sleep(retryMs, AbortSignal.any([signal, this.#waking.signal]));
  }

  async #list(): Promise<string> {
    const { http, resource, namespace, store, onListed, onSight, onHeard } = this.#options;
    const { labelSelector, trim } = resource;
    const path = pathOf(resource, namespace);
    const seenBefore = store.seen;
    const { items, version } = await listAll(http, { path, labelSelector, trim });
    onSight(true);
    onHeard();
    store.replaceAll(items, { version, seenBefore });
    onListed();
    return version;
  }

  /** Resolves when the API server ends the watch, which it does every few minutes. */
  async #watch(resourceVersion: string): Promise<void> {
    const { resource, namespace, now } = this.#options;
    const { labelSelector } = resource;
    const query = {
      resourceVersion,
      allowWatchBookmarks: true,
      timeoutSeconds: watchSeconds,
      ...(labelSelector && { labelSelector }),
    };
    const since = now();
    await this.#follow(pathOf(resource, namespace), query);
    const isShort = now() - since < shortestWatchMs && this.#version === resourceVersion;
    if (isShort && !this.#stopping.signal.aborted) {
      throw new Error(`WATCH ${resource.plural}: connection closed at once, without an event`);
    }
  }

  async #follow(path: string, query: Readonly<Record<string, string | number | boolean>>): Promise<void> {
    const { resource, watch, onSight } = this.#options;
    const { take, end, ended, isOpen } = follow((phase, object) => this.#take(phase, object));
    const done = (error: unknown): void => end(error ? asApiError(resource, error) : undefined);
    const request = await watch.watch(path, query, take, done);
    if (isOpen()) {
      this.#end = end;
      onSight(true);
    }
    if (this.#version === undefined) {
      end();
    }
    const abort = (): void => request.abort();
    const { signal } = this.#stopping;
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) {
      abort();
    }
    try {
      await ended;
    } finally {
      this.#end = undefined;
      signal.removeEventListener('abort', abort);
      abort();
    }
  }

  #take(phase: string, object: KubernetesObject): void {
    if (phase === 'ERROR') {
      const { code = 500, message = '' } = object as { code?: number; message?: string };
      throw new ApiError(code, `WATCH ${this.#options.resource.plural}`, message);
    }
    const { plural } = this.#options.resource;
    const { resourceVersion = this.#version } = object.metadata ?? {};
    if (Number(resourceVersion) < Number(this.#version)) {
      throw new OutdatedError(plural, { expected: this.#version, found: resourceVersion });
    }
    this.#failures = 0;
    this.#version = resourceVersion;
    this.#options.store.reach(resourceVersion);
    this.#options.onHeard();
    if (phase !== 'BOOKMARK') {
      this.#keep(phase === 'DELETED', object);
    }
  }

  #keep(isGone: boolean, object: KubernetesObject): void {
    const { resource, store, onEvent } = this.#options;
    const kept = resource.trim?.(object) ?? object;
    const before = store.get(kept.metadata?.name ?? '', kept.metadata?.namespace);
    if (isGone) {
      store.delete(kept);
    } else {
      store.put(kept);
    }
    if (isGone || resource.trim === undefined || differs(before, kept)) {
      onEvent(kept);
    }
  }
}
