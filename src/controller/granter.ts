// Grants addresses to Services: the one worker that writes the annotation which kube-vip reads. It has a queue of its own,
// because a person waits for an address, and a reconcile of a KubeVipConfig may take seconds. Decisions are made one after
// the other, each on what the one before has written, so that no two Services are promised one address.
import type { KubernetesObject, V1Service } from '@kubernetes/client-node';
import type { Logger } from 'pino';
import type { ClusterView, ClusterWriter } from '../cluster/cluster.ts';
import type { ResourceName } from '../cluster/resources.ts';
import { ApiError, explain } from '../cluster/errors.ts';
import type { Metadata } from '../api/types.ts';
import { AddressBook } from '../grants/book.ts';
import { decideGrant, grantAnnotation, type Decision, type Told } from '../grants/decide.ts';
import { groundsOf, type ClusterFacts, type Grounds } from '../grants/grounds.ts';
import { byAge, standingOf, type Standing } from '../grants/standing.ts';
import type { Outcome } from '../status/outcome.ts';
import type { EventRecorder } from './event-recorder.ts';
import type { LeaderOnly } from './leader-only.ts';
import { Queue } from './queue.ts';

/** What a granter is made from. */
export interface GranterOptions {
  readonly view: Pick<ClusterView, 'configs' | 'nodes' | 'services' | 'service' | 'survey'>;
  readonly writer: Pick<ClusterWriter, 'annotateService'>;
  readonly events: Pick<EventRecorder, 'record'>;
  readonly log: Logger;
  /** Milliseconds, never going back. */
  readonly now: () => number;
}

// A start tells of every Service that has what it would not get: some at once, the others at the next full compare.
const burst = 100;
const tellsPerSecond = 10;

/** Works only between {@link start} and {@link stop}. */
export class Granter implements LeaderOnly {
  readonly #options: GranterOptions;
  readonly #book = new AddressBook();
  readonly #queue: Queue;
  /** Services that something else than their own change may decide otherwise. */
  readonly #waiting = new Set<string>();
  /** What each Service was told last. */
  readonly #told = new Map<string, string>();
  #facts: ClusterFacts | undefined;
  #grounds: Grounds | undefined;
  #tokens = burst;
  #countedAt = 0;
  #isWorking = false;

  constructor(options: GranterOptions) {
    this.#options = options;
    this.#queue = new Queue({ work: (key) => this.#work(key), now: options.now, random: Math.random });
  }

  start(): void {
    this.#isWorking = true;
    this.compareAll();
    this.#queue.start();
  }

  stop(): void {
    this.#isWorking = false;
    this.#queue.stop();
  }

  /** Resolves when the write that was under way at {@link stop} has ended. */
  ended(): Promise<void> {
    return this.#queue.ended();
  }

  /** How long the present decision has taken, in milliseconds; 0 when idle. */
  get busyMs(): number {
    return this.#queue.busyMs;
  }

  /** Something has come, changed or gone. */
  seen(resource: ResourceName, { metadata: { namespace = '', name = '' } = {} }: KubernetesObject): void {
    if (this.#isWorking && resource === 'services') {
      this.#take(`${namespace}/${name}`);
      this.#queue.add(`${namespace}/${name}`);
    } else if (resource === 'configs' || resource === 'nodes') {
      this.factsChanged();
    }
  }

  /** Everything of a resource may have changed. */
  listed(resource: ResourceName): void {
    if (resource === 'services') {
      this.compareAll();
    }
  }

  /** Something else has changed that decisions rest on. */
  factsChanged(): void {
    if (this.#isWorking) {
      this.#enqueue([...this.#waiting]);
    }
  }

  /** Every Service is looked at again. */
  compareAll(): void {
    if (this.#isWorking) {
      const keys = new Set(this.#options.view.services().map((service) => standingOf(service).key));
      [...keys, ...this.#book.keys().filter((key) => !keys.has(key))].forEach((key) => this.#take(key));
      this.#enqueue([...keys]);
    }
  }

  #service(key: string): V1Service | undefined {
    const [namespace = '', name = ''] = key.split('/');
    return this.#options.view.service(namespace, name);
  }

  /** Takes a Service into the book as it is now; who asks for what it gave up is looked at again. */
  #take(key: string): void {
    const { now } = this.#options;
    const service = this.#service(key);
    const freed = service ? this.#book.put(standingOf(service), now()) : this.#book.remove(key, now());
    if (service === undefined) {
      this.#waiting.delete(key);
      this.#told.delete(key);
    }
    this.#enqueue(freed.flatMap((address) => this.#book.askersOf(address)).map((row) => row.key));
  }

  /** From the oldest Service to the youngest. */
  #enqueue(keys: readonly string[]): void {
    const rows = [...new Set(keys)].map((key) => this.#book.get(key)).filter((row) => row !== undefined);
    rows.sort(byAge).forEach(({ key }) => this.#queue.add(key));
  }

  /** The same grounds as long as the lists are the same. */
  #groundsNow(): Grounds {
    const { view } = this.#options;
    const configs = view.configs();
    const survey = configs.map((config) => view.survey(config)).find((row) => row !== undefined);
    const facts = { configs, nodes: view.nodes(), survey };
    const old = this.#facts;
    if (
      this.#grounds === undefined ||
      old?.configs !== facts.configs ||
      old.nodes !== facts.nodes ||
      old.survey !== facts.survey
    ) {
      [this.#facts, this.#grounds] = [facts, groundsOf(facts)];
    }
    return this.#grounds;
  }

  async #work(key: string): Promise<Outcome> {
    this.#take(key);
    const [service, asker] = [this.#service(key), this.#book.get(key)];
    if (service === undefined || asker === undefined) {
      return { kind: 'done' };
    }
    const decision = decideGrant(asker, {
      grounds: this.#groundsNow(),
      book: this.#book,
      now: this.#options.now(),
    });
    this.#waiting[decision.isWaiting ? 'add' : 'delete'](key);
    return decision.grant === undefined
      ? this.#leave(service, decision)
      : await this.#write(service, asker, { ...decision, grant: decision.grant });
  }

  #leave(service: V1Service, { told, afterSeconds }: Decision): Outcome {
    this.#tell(service, told);
    return afterSeconds === undefined ? { kind: 'done' } : { kind: 'waiting', afterSeconds };
  }

  async #write(
    service: V1Service,
    asker: Standing,
    { grant, told }: Decision & { readonly grant: string | null },
  ): Promise<Outcome> {
    const { writer, log } = this.#options;
    const { key } = asker;
    this.#book.reserve(asker, grant?.split(',') ?? []);
    try {
      await writer.annotateService(service, { [grantAnnotation]: grant });
    } catch (error) {
      const { cause, todo } = explain(error);
      log.warn({ service: key, cause, todo }, 'grant not written');
      // Whether it was done is not known otherwise: what was promised stays so until the Service is seen to change.
      if (error instanceof ApiError && error.status < 500) {
        this.#book.release(key);
      }
      return { kind: 'failed', error: error instanceof Error ? error : new Error(cause) };
    }
    this.#take(key);
    log.info({ service: key, addresses: grant ?? 'none' }, 'grant written');
    this.#tell(service, told);
    return { kind: 'done' };
  }

  /** Says what was not said last. Over budget it is left for the next look. */
  #tell(service: V1Service, told: readonly Told[]): void {
    const { key } = standingOf(service);
    const text = told.map(({ reason, note }) => `${reason} ${note}`).join('\n');
    if (text === (this.#told.get(key) ?? '') || (told.length > 0 && !this.#hasToken())) {
      return;
    }
    this.#told.set(key, text);
    if (told.length === 0) {
      this.#told.delete(key);
      return;
    }
    const { metadata } = service;
    // client-node's type has Date where the wire has text.
    const about = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: metadata as unknown as Metadata,
    };
    this.#options.events.record(about, told);
  }

  #hasToken(): boolean {
    const now = this.#options.now();
    const filled = Math.min(burst, this.#tokens + ((now - this.#countedAt) / 1000) * tellsPerSecond);
    const has = filled >= 1;
    [this.#tokens, this.#countedAt] = [filled - (has ? 1 : 0), now];
    return has;
  }
}
