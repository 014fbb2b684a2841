// A cluster that is played line by line to one reflector: no clock, no network.
import type { KubernetesObject } from '@kubernetes/client-node';
import type { Request } from '../../src/cluster/http.ts';
import { Reflector } from '../../src/cluster/reflector.ts';
import { resources, type Resource } from '../../src/cluster/resources.ts';
import { Store } from '../../src/cluster/store.ts';

type Take = (phase: string, object: KubernetesObject) => void;

/** A watch that is open until the test ends it. */
export interface OpenWatch {
  readonly path: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly take: Take;
  readonly done: (error?: unknown) => void;
  readonly request: AbortController;
}

export const object = (name: string, version: number, rest: object = {}): KubernetesObject => ({
  metadata: { name, resourceVersion: String(version) },
  ...rest,
});

export const list = (version: number, ...items: readonly KubernetesObject[]) => ({
  metadata: { resourceVersion: String(version) },
  items,
});

export const refused = (statusCode: number) => Object.assign(new Error('no'), { statusCode });

export class Play {
  readonly requests: Request[] = [];
  readonly watches: OpenWatch[] = [];
  /** What happened, in order, for example `event a@3`, `listed`, `error 500`, `sleep 500`. */
  readonly story: string[] = [];
  readonly store = new Store<KubernetesObject>();
  readonly reflector: Reflector;
  /** How often something came. */
  heard = 0;
  now = 0;
  lists: unknown[];
  /** What the next watches are refused with; undefined opens one. */
  refusals: unknown[] = [];
  /** A pause ends when this resolves. */
  sleeping: (signal: AbortSignal) => Promise<void> = () => Promise.resolve();
  /** Called when a watch has been asked for and not been answered. */
  onOpening: () => void = () => undefined;
  #waiting: (() => void) | undefined;

  constructor(lists: unknown[], resource: Resource = resources.configs) {
    this.lists = lists;
    this.reflector = new Reflector({
      resource,
      namespace: 'ns',
      http: { send: (request) => this.#send(request) },
      watch: { watch: (...args) => this.#watch(...args) },
      store: this.store,
      onEvent: ({ metadata }) => this.#tell(`event ${metadata?.name}@${metadata?.resourceVersion}`),
      onListed: () => this.#tell('listed'),
      onHeard: () => (this.heard += 1),
      onSight: (isClear) => this.#tell(isClear ? 'sees' : 'blind'),
      onError: (error, retryMs) => this.#tell(`error ${(error as Error).message}; in ${retryMs}`),
      now: () => this.now,
      sleep: async (ms, signal) => {
        this.now += ms;
        await this.sleeping(signal);
      },
    });
  }

  /** Resolves when the n-th watch is open. */
  async watching(count: number): Promise<OpenWatch> {
    while (this.watches.length < count) {
      await new Promise<void>((resolve) => (this.#waiting = resolve));
    }
    return this.watches[count - 1] as OpenWatch;
  }

  get names(): readonly string[] {
    return this.store.list().map(({ metadata }) => `${metadata?.name}@${metadata?.resourceVersion}`);
  }

  #tell(line: string): void {
    this.story.push(line);
  }

  async #send<T>(request: Request): Promise<T> {
    this.requests.push(request);
    const answer = this.lists.length > 1 ? this.lists.shift() : this.lists[0];
    if (answer instanceof Error) {
      throw answer;
    }
    return answer as T;
  }

  async #watch(path: string, query: object, take: Take, done: (error: unknown) => void) {
    const request = new AbortController();
    request.signal.addEventListener('abort', () => done(undefined));
    const refusal = this.refusals.shift();
    if (refusal !== undefined) {
      done(refusal);
      return request;
    }
    this.onOpening();
    this.watches.push({ path, query: { ...query }, take, done, request });
    this.#waiting?.();
    return request;
  }
}
