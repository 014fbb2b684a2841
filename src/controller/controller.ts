// One process of the operator: its watches, its leadership, and what it tells of itself.
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubernetesObject } from '@kubernetes/client-node';
import { systemNamespace } from '../api/metadata.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import { electionLease } from '../cluster/election-lease.ts';
import { explain, type OutdatedError } from '../cluster/errors.ts';
import { Http, type Answered } from '../cluster/http.ts';
import type { LeaseObject } from '../cluster/lease-store.ts';
import { resources, type ResourceName } from '../cluster/resources.ts';
import { holderOf } from '../cluster/lease-view.ts';
import { makeStores, makeView } from '../cluster/view.ts';
import { Watches } from '../cluster/watches.ts';
import type { Facts } from '../metrics/samples.ts';
import { nameOf } from '../observed/pods.ts';
import type { ProbeImage } from '../render/probe-daemon-set.ts';
import type { ControllerOptions } from './controller-options.ts';
import { untilNewEnough } from './kubernetes-floor.ts';
import { Leadership, type Loss } from './leadership.ts';
import { learnImage } from './own-image.ts';
import { Trouble } from './trouble.ts';
import { Workers } from './workers.ts';

const ownPod = 'own pod';
const release = 'version of Kubernetes';
const steady = (): number => performance.now();

type Own = Pick<Facts, 'isLeading' | 'unsynced' | 'queueDepth' | 'queueBusySeconds' | 'operatorNode'>;

/**
 * Facts of a process and of what it sees.
 * @param hasLed whether it has led; a standby knows nothing of the configs that the leader does not say.
 */
function factsOf(view: ClusterView, hasLed: boolean, own: Own): Facts {
  return {
    ...own,
    // What a standby has seen waits until it leads.
    queueDepth: hasLed ? own.queueDepth : 0,
    // Also while the API server is away: an alert about a config must not end with that.
    configs: hasLed ? view.configs() : [],
    daemonSets: view.daemonSets(),
    leases: view.leases(),
    nodes: view.nodes().map(nameOf),
    seesLeases: view.seesLeases(),
    reach: (config) => view.reach(config),
    witnesses: view.witnesses().statements,
    now: Date.now(),
    parseTime: Date.parse,
  };
}

/** Keeps a view of the cluster, and works on it whenever it leads. */
export class Controller {
  readonly #options: ControllerOptions;
  readonly #stores = makeStores();
  readonly #view = makeView(this.#stores);
  readonly #unsynced = new Set<string>([...Object.keys(resources), ownPod, release]);
  readonly #leadership: Leadership;
  readonly #watches: Watches;
  readonly #http: Http;
  readonly #workers: Workers;
  #probeImage: ProbeImage | undefined;
  #tooOld: Loss | undefined;
  #hasLed = false;
  #isWorking = false;

  /** Nothing is read before {@link start}. */
  constructor(options: ControllerOptions) {
    const { kubeConfig, observer } = (this.#options = options);
    const pause = async (ms: number): Promise<unknown> => (observer.waited(ms), sleep(ms));
    const http = (this.#http = new Http(kubeConfig, steady, pause, (row) => this.#answered(row)));
    this.#leadership = new Leadership({
      ...options,
      http,
      unsynced: () => this.unsynced(),
      echo: {
        onVersion: (version) => this.#watches.expectLease(version),
        onWentBack: (error) => this.#wentBack(error),
      },
    });
    this.#workers = new Workers({
      options,
      http,
      fenced: this.#leadership.fenced,
      stores: this.#stores,
      view: this.#view,
      probeImage: () => this.#probeImage,
    });
    this.#watches = this.#watch(http);
  }

  /** Warms the view: watches, and nothing that writes. */
  async start(): Promise<void> {
    void this.#learnImage();
    void this.#awaitRelease();
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
    this.#workers.stop();
    this.#watches.stop();
    await this.#leadership.end(this.#workers.ended());
  }

  /** Why the process should be restarted, or undefined. */
  stuck(): string | undefined {
    const seconds = Math.floor(this.#workers.busyMs / 1000);
    return seconds >= this.#options.stuckSeconds ? `a reconcile has run for ${seconds} s` : undefined;
  }

  /** The resources that have not been listed yet, or have to be listed anew. */
  unsynced(): readonly string[] {
    return [...this.#unsynced];
  }

  /** Why it could not work at once if it had to, or undefined. A standby is as ready as a leader. */
  notReady(): string | undefined {
    const missing = this.unsynced().join(', ');
    return (
      this.#tooOld?.cause ?? (missing === '' ? this.#leadership.outOfContact() : `waiting for ${missing}`)
    );
  }

  /** What is true now, for the metrics. */
  facts(): Facts {
    return factsOf(this.#view, this.#hasLed, {
      isLeading: this.#leadership.leads(),
      unsynced: this.unsynced(),
      queueDepth: this.#workers.queue.depth,
      queueBusySeconds: this.#workers.queue.busyMs / 1000,
      operatorNode: this.#options.nodeName,
    });
  }

  #answered(answered: Answered): void {
    this.#options.observer.answered(answered);
    this.#options.log.trace(answered, 'request');
  }

  #wentBack(error: OutdatedError): void {
    this.#options.log.warn(explain(error), 'the API server went back in time, listing everything anew');
    // Until then nothing is written: what is remembered would bring back what is no more.
    Object.keys(resources).forEach((name) => this.#unsynced.add(name));
    this.#watches.relist();
  }

  #onEvent(resource: ResourceName, object: KubernetesObject): void {
    this.#workers.seen(resource, object);
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

  async #awaitRelease(): Promise<void> {
    const onTooOld = (loss: Loss): void => void (this.#tooOld = loss);
    await untilNewEnough({ http: this.#http, log: this.#options.log, onTooOld });
    this.#tooOld = undefined;
    this.#synced(release);
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
      this.#workers.start();
    }
  }

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
        this.#workers.listed(resource);
        if (resource === 'leases') {
          observer.leasesSeen(this.#view.leases(), true);
        }
        this.#synced(resource);
      },
    });
  }
}
