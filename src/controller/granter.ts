// Grants addresses to Services: the one worker that writes the annotation which kube-vip reads. It has a queue of its own,
// because a person waits for an address, and a reconcile of a KubeVipConfig may take seconds. Decisions are made one after
// the other, each on what the one before has written, so that no two Services are promised one address.
import type { KubernetesObject, V1Service } from '@kubernetes/client-node';
import type { Logger } from 'pino';
import type { ClusterView, ClusterWriter } from '../cluster/cluster.ts';
import type { ResourceName } from '../cluster/resources.ts';
import { ApiError, explain } from '../cluster/errors.ts';
import type { Captured } from '../grants/captured.ts';
import { decideGrant, grantNotes } from '../grants/decide.ts';
import type { Decision } from '../grants/decision.ts';
import { byAge, standingOf, type Standing } from '../grants/standing.ts';
import type { GrantTally } from '../observed/grant-tally.ts';
import type { Outcome } from '../status/outcome.ts';
import { CurrentGrounds } from './current-grounds.ts';
import type { EventRecorder } from './event-recorder.ts';
import { untilEveryGrant } from './every-grant.ts';
import { GrantTeller } from './grant-teller.ts';
import type { Asking } from './interest.ts';
import type { LeaderOnly } from './leader-only.ts';
import { GrantBoard } from './grant-board.ts';
import { Ledger } from './ledger.ts';
import { Queue } from './queue.ts';

/** What a granter is made from. */
export interface GranterOptions {
  readonly view: Pick<ClusterView, 'configs' | 'nodes' | 'services' | 'service' | 'survey'>;
  readonly writer: Pick<ClusterWriter, 'annotateService'>;
  readonly events: Pick<EventRecorder, 'record'>;
  /** Asks on the network whether a node has an address; undefined: nothing is asked, and what is known to be left behind is not given away. */
  readonly leftovers?: Asking;
  readonly log: Logger;
  /** Reads every Service from the API server, and not from a cache. */
  readonly current: () => Promise<readonly V1Service[]>;
  readonly pause: (ms: number) => Promise<unknown>;
  /** Told which KubeVipConfigs have other counts than before; undefined: it need not be known. */
  readonly onTally?: (configs: readonly string[]) => void;
  /** Milliseconds, never going back. */
  readonly now: () => number;
}

// A decision takes microseconds: what the process used meanwhile was used by something else. The queue lets others have their turn.
const usedMs = (): number => 0;

/** Works only between {@link start} and {@link stop}. */
export class Granter implements LeaderOnly {
  readonly #options: GranterOptions;
  readonly #ledger: Ledger;
  readonly #queue: Queue;
  /** Services that something else than their own change may decide otherwise. */
  readonly #waiting = new Set<string>();
  readonly #teller: GrantTeller;
  readonly #board: GrantBoard;
  #isWorking = false;
  #isReady = false;
  #since = 0;

  constructor(options: GranterOptions) {
    this.#options = options;
    const { view, onTally = () => undefined } = options;
    const current = new CurrentGrounds(view);
    this.#ledger = new Ledger(current, options.leftovers);
    const counted = { configs: () => view.configs(), grounds: () => current.now(), onNews: onTally };
    this.#board = new GrantBoard({ ...options, ...counted, book: this.#ledger.book });
    this.#teller = new GrantTeller(options.events, options.now);
    const work = (key: string): Promise<Outcome> => this.#work(key);
    this.#queue = new Queue({ work, now: options.now, random: Math.random, usedMs });
  }

  start(): void {
    this.#isWorking = true;
    void this.#begin();
  }

  stop(): void {
    [this.#isWorking, this.#isReady] = [false, false];
    this.#queue.stop();
    this.#board.stop();
    this.#ledger.interest.stop();
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
    if (this.#isReady && resource === 'services') {
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
    if (this.#isReady) {
      this.#board.changed();
      this.#enqueue([...this.#waiting]);
    }
  }

  /** Every Service is looked at again. */
  compareAll(): void {
    if (this.#isReady) {
      const keys = new Set(this.#options.view.services().map((service) => standingOf(service).key));
      [...keys, ...this.#ledger.book.keys().filter((key) => !keys.has(key))].forEach((key) =>
        this.#take(key),
      );
      this.#enqueue([...keys]);
      this.#ledger.interest.keep();
    }
  }

  /** What of an address Services have, so that something else than its machine may answer there. */
  capturedOf(address: string): Captured {
    return this.#ledger.capturedOf(address);
  }

  /** How full the pools of a KubeVipConfig are, and who waits; undefined: it was not counted yet. */
  tallyOf(config: string): GrantTally | undefined {
    return this.#board.of(config);
  }

  /** It was heard whether some node still has an address that was left behind. */
  heard(address: string): void {
    if (this.#isReady) {
      this.#enqueue(this.#ledger.interest.of(address));
    }
  }

  /** Nothing is granted before the view has every grant that the cluster has. */
  async #begin(): Promise<void> {
    const seen = (key: string): V1Service | undefined => this.#service(key);
    await untilEveryGrant({ ...this.#options, seen, isWanted: () => this.#isWorking });
    if (this.#isWorking) {
      [this.#isReady, this.#since] = [true, this.#options.now()];
      this.compareAll();
      this.#queue.start();
      this.#board.start();
    }
  }

  #service(key: string): V1Service | undefined {
    const [namespace = '', name = ''] = key.split('/');
    return this.#options.view.service(namespace, name);
  }

  /** Takes a Service into the book as it is now; who asks for what it gave up is looked at again. */
  #take(key: string): void {
    const service = this.#service(key);
    if (service === undefined) {
      this.#waiting.delete(key);
      this.#teller.forget(key);
      this.#board.forget(key);
    }
    const { again, turns } = this.#ledger.take(key, service, this.#options.now());
    this.#enqueue(again);
    // In the order in which they wait.
    turns.forEach((waiter) => this.#queue.add(waiter));
  }

  /** From the oldest Service to the youngest. */
  #enqueue(keys: readonly string[]): void {
    const rows = [...new Set(keys)]
      .map((key) => this.#ledger.book.get(key))
      .filter((row) => row !== undefined);
    rows.sort(byAge).forEach(({ key }) => this.#queue.add(key));
  }

  async #work(key: string): Promise<Outcome> {
    this.#take(key);
    const [service, asker] = [this.#service(key), this.#ledger.book.get(key)];
    if (service === undefined || asker === undefined) {
      return { kind: 'done' };
    }
    const decision = decideGrant(asker, this.#ledger.facts(this.#options.now(), this.#since));
    this.#board.note(asker, decision);
    this.#ledger.interest.follow(asker, decision, this.#options.now());
    if (decision.isInLine !== true) {
      this.#ledger.pace.leave(key);
    }
    this.#waiting[decision.isWaiting ? 'add' : 'delete'](key);
    return decision.grant === undefined
      ? this.#leave(service, decision)
      : await this.#write(service, asker, { ...decision, grant: decision.grant });
  }

  #leave(service: V1Service, { told, afterSeconds }: Decision): Outcome {
    this.#teller.tell(service, told);
    return afterSeconds === undefined ? { kind: 'done' } : { kind: 'waiting', afterSeconds };
  }

  async #write(
    service: V1Service,
    asker: Standing,
    decision: Decision & { readonly grant: string | null },
  ): Promise<Outcome> {
    const { grant, told } = decision;
    const { writer, log } = this.#options;
    const { key } = asker;
    const addresses = grant?.split(',') ?? [];
    this.#ledger.book.reserve(asker, addresses);
    if (addresses.length > 0) {
      this.#ledger.pace.begin(asker, this.#options.now());
    }
    try {
      await writer.annotateService(service, grantNotes(decision));
    } catch (error) {
      const { cause, todo } = explain(error);
      log.warn({ service: key, cause, todo }, 'grant not written');
      // Whether it was done is not known otherwise: what was promised stays so until the Service is seen to change.
      if (error instanceof ApiError && error.status < 500) {
        this.#ledger.book.refused(key);
      } else {
        this.#ledger.book.doubt(key);
        this.#ledger.interest.forget(addresses);
      }
      return { kind: 'failed', error: error instanceof Error ? error : new Error(cause) };
    }
    this.#ledger.interest.forget(addresses);
    this.#take(key);
    log.info({ service: key, addresses: grant ?? 'none' }, 'grant written');
    this.#teller.tell(service, told);
    // What the answer of the write has shown is no news to the watch: whether kube-vip publishes it is looked at from now on.
    this.#queue.add(key);
    return { kind: 'done' };
  }
}
