import { setTimeout as sleep } from 'node:timers/promises';
import type { KubernetesObject } from '@kubernetes/client-node';
import { systemNamespace } from '../api/metadata.ts';
import { electionLease } from '../cluster/election-lease.ts';
import { Http, type Answered } from '../cluster/http.ts';
import { resources, type ResourceName } from '../cluster/resources.ts';
import type { LeaseObject } from '../cluster/lease-store.ts';
import { holderOf, makeStores, makeView } from '../cluster/view.ts';
import { Watches } from '../cluster/watches.ts';
import { Writer } from '../cluster/writer.ts';
import { readLastLine } from '../cluster/pod-log.ts';
import { listServices } from '../cluster/services.ts';
import type { Facts } from '../metrics/samples.ts';
import type { ProbeImage } from '../render/probe-daemon-set.ts';
import type { ControllerOptions } from './controller-options.ts';
import { EventRecorder, flushSeconds } from './event-recorder.ts';
import { makeDepartureDialer } from './departure-dialer.ts';
import { factsOf } from './facts.ts';
import { makeKeysOf } from './keys.ts';
import { every, startAfter, together, type LeaderOnly } from './leader-only.ts';
import { Granter } from './granter.ts';
import { Leadership, type Loss } from './leadership.ts';
import { LogReader } from './log-reader.ts';
import { makeLivezPoller } from './livez-poller.ts';
import { learnImage } from './own-image.ts';
import { Queue } from './queue.ts';
import { Reconciler } from './reconciler.ts';
import { makeSurveyor } from './survey-rounds.ts';
import { whyToAsk, type Surveyor } from './surveyor.ts';
import { Trouble } from './trouble.ts';

const ownPod = 'own pod';
const steady = (): number => performance.now();

/** Wires watches, queue, reconciler and pollers together, and starts and stops them with leadership. */
export class Controller {
  readonly #options: ControllerOptions;
  readonly #stores = makeStores();
  readonly #view = makeView(this.#stores);
  readonly #keysOf = makeKeysOf(this.#view);
  readonly #unsynced = new Set<string>([...Object.keys(resources), ownPod]);
  readonly #leadership: Leadership;
  readonly #queue: Queue;
  readonly #granter: Granter;
  readonly #watches: Watches;
  readonly #logs: LogReader;
  readonly #surveyor: Surveyor;
  readonly #http: Http;
  readonly #leaderOnly: readonly LeaderOnly[];
  #probeImage: ProbeImage | undefined;
  #hasLed = false;
  #isWorking = false;

  /** Nothing is read before {@link start}. */
  constructor(options: ControllerOptions) {
    const { kubeConfig, log, observer } = (this.#options = options);
    const pause = async (ms: number): Promise<unknown> => (observer.waited(ms), sleep(ms));
    const http = (this.#http = new Http(kubeConfig, steady, pause, (row) => this.#answered(row)));
    this.#leadership = new Leadership({ ...options, http, isComplete: () => this.#unsynced.size === 0 });
    const writer = new Writer(this.#leadership.fenced, this.#stores);
    const asker = makeDepartureDialer((key) => this.#queue.add(key));
    const events = new EventRecorder({ writer, log, now: steady });
    const reconciler = new Reconciler({
      view: this.#view,
      writer,
      log,
      now: Date.now,
      onRepair: (daemonSet) => observer.repaired(daemonSet),
      addresses: options.probeAddresses ? asker : undefined,
      operatorNode: options.nodeName,
      events,
      probeImage: () => this.#probeImage,
    });
    this.#granter = this.#grants(http, writer, events);
    this.#queue = new Queue({
      work: (key) => reconciler.reconcile(key),
      now: steady,
      random: Math.random,
      onDone: (outcome, seconds) => observer.reconciled(outcome, seconds),
    });
    this.#logs = new LogReader({
      pods: () => this.#stores.pods.list(),
      read: (pod, previous) => readLastLine(http, pod, previous),
      store: this.#stores.lastWords,
      onHeard: (key) => this.#queue.add(key),
      now: steady,
      log,
    });
    this.#surveyor = this.#rounds(http);
    this.#watches = this.#watch(http);
    this.#leaderOnly = [...this.#pieces(), asker, every(flushSeconds, () => events.flush())];
  }

  /** Warms the view: watches, and nothing that writes. */
  async start(): Promise<void> {
    void this.#learnImage();
    await this.#watches.start();
  }

  /**
   * Works whenever this process is the leader.
   * @returns why leadership was lost; undefined after {@link stop}.
   */
  lead(): Promise<Loss | undefined> {
    return this.#leadership.lead(() => {
      this.#hasLed = true;
      this.#work();
    });
  }

  /** Ends what is under way, then hands leadership on. Takes two seconds at most. */
  async stop(): Promise<void> {
    this.#leaderOnly.forEach((row) => row.stop());
    this.#watches.stop();
    await this.#leadership.end(Promise.all([this.#queue.ended(), this.#granter.ended()]));
  }

  /** Why the process should be restarted, or undefined. */
  stuck(): string | undefined {
    const seconds = Math.floor(Math.max(this.#queue.busyMs, this.#granter.busyMs) / 1000);
    return seconds >= this.#options.stuckSeconds ? `a reconcile has run for ${seconds} s` : undefined;
  }

  /** The resources that have not been listed yet. */
  unsynced(): readonly string[] {
    return [...this.#unsynced];
  }

  /** Why it could not work at once if it had to, or undefined. A standby is as ready as a leader. */
  notReady(): string | undefined {
    return this.#unsynced.size > 0
      ? `waiting for ${this.unsynced().join(', ')}`
      : this.#leadership.outOfContact();
  }

  /** What is true now, for the metrics. */
  facts(): Facts {
    return factsOf(this.#view, this.#hasLed, {
      isLeading: this.#leadership.leads(),
      unsynced: this.unsynced(),
      queueDepth: this.#queue.depth,
      queueBusySeconds: this.#queue.busyMs / 1000,
      operatorNode: this.#options.nodeName,
    });
  }

  #answered(answered: Answered): void {
    this.#options.observer.answered(answered);
    this.#options.log.trace(answered, 'request');
  }

  #onEvent(resource: ResourceName, object: KubernetesObject): void {
    // First: a person waits for it, and a reconcile may take some milliseconds.
    this.#granter.seen(resource, object);
    this.#keysOf(resource, object).forEach((key) => this.#queue.add(key));
    this.#logs.look();
    this.#askForFacts(resource);
    if (resource === 'leases' && object.metadata?.name === electionLease) {
      this.#leadership.observe(this.#stores.leases.get(electionLease, systemNamespace));
    } else if (resource === 'leases') {
      const lease = object as unknown as LeaseObject;
      this.#options.observer.leasesSeen([{ name: lease.metadata.name, ...holderOf(lease) }], false);
    }
  }

  async #learnImage(): Promise<void> {
    const { probe, log } = this.#options;
    this.#probeImage = await learnImage(probe, this.#http, log);
    this.#synced(ownPod);
  }

  #synced(what: string): void {
    this.#unsynced.delete(what);
    this.#leadership.wake();
    this.#work();
  }

  #work(): void {
    // Decisions on half a view would apply what exists and miss what must go.
    if (this.#hasLed && this.#unsynced.size === 0 && !this.#isWorking) {
      this.#isWorking = true;
      this.#leaderOnly.forEach((row) => row.start());
    }
  }

  #askForFacts(resource: ResourceName): void {
    const why = whyToAsk(resource, this.#view);
    if (why !== undefined) {
      this.#surveyor.request(why);
    }
  }

  #rounds(http: Http): Surveyor {
    const { log } = this.#options;
    return makeSurveyor({ http, view: this.#view, stores: this.#stores, log, onNews: this.#enqueueAll });
  }

  #grants(http: Http, writer: Writer, events: EventRecorder): Granter {
    const { log } = this.#options;
    const current = (): ReturnType<typeof listServices> => listServices(http);
    return new Granter({ view: this.#view, writer, events, log, now: steady, pause: sleep, current });
  }

  #pieces(): readonly LeaderOnly[] {
    const { probeAddresses, resyncSeconds } = this.#options;
    // Pollers belong here: a standby must not ask. To begin without facts would say Unknown of every config.
    return [
      startAfter(this.#surveyor, together(this.#queue, this.#granter)),
      this.#logs,
      ...(probeAddresses ? [makeLivezPoller(this.#view, this.#stores, (key) => this.#queue.add(key))] : []),
      every(resyncSeconds, () => this.#enqueueAll()),
      every(resyncSeconds, () => this.#granter.compareAll()),
    ];
  }

  #enqueueAll = (): void => {
    this.#view.configs().forEach(({ metadata }) => this.#queue.add(metadata.name));
    this.#granter.factsChanged();
  };

  #watch(http: Http): Watches {
    const { kubeConfig, log, refresh, observer } = this.#options;
    const trouble = new Trouble({ log, refresh, now: steady });
    return new Watches({
      http,
      kubeConfig,
      stores: this.#stores,
      namespace: systemNamespace,
      onEvent: (resource, object) => this.#onEvent(resource, object),
      onError: (resource, error, retryMs) => {
        observer.watchFailed(resource, retryMs);
        trouble.report(resource, error, retryMs);
      },
      onAnswer: (answered) => this.#answered(answered),
      onSight: (resource, isClear) => this.#leadership.sees(resource, isClear),
      onListed: (resource) => {
        this.#enqueueAll();
        this.#logs.look();
        this.#granter.listed(resource);
        if (resource === 'leases') {
          observer.leasesSeen(this.#view.leases(), true);
        }
        this.#synced(resource);
      },
    });
  }
}
