// Everything that works only while this process leads: it reads beyond the watches, decides, writes and tells.
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubernetesObject } from '@kubernetes/client-node';
import { componentName, systemNamespace } from '../api/metadata.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import type { Http } from '../cluster/http.ts';
import type { ResourceName } from '../cluster/resources.ts';
import type { Stores } from '../cluster/view.ts';
import { Writer } from '../cluster/writer.ts';
import { listServices } from '../cluster/services.ts';
import type { Captured } from '../grants/captured.ts';
import type { Surroundings } from '../grants/reference-hosts.ts';
import { nameOf } from '../observed/pods.ts';
import type { ProbeImage } from '../render/probe-daemon-set.ts';
import type { ControllerOptions } from './controller-options.ts';
import { makeDepartureDialer } from './departure-dialer.ts';
import { EventRecorder, flushSeconds } from './event-recorder.ts';
import { makeFairDials } from './fair-dials.ts';
import { Granter } from './granter.ts';
import { makeKeysOf } from './keys.ts';
import { every, startAfter, together, type LeaderOnly } from './leader-only.ts';
import { makeLivezPoller } from './livez-poller.ts';
import { Leftovers } from './leftovers.ts';
import type { LogReader } from './log-reader.ts';
import { makeCampaignReader, makeLogReader, makeProbeListener } from './log-readers.ts';
import type { ProbeListener } from './probe-listener.ts';
import { Queue } from './queue.ts';
import { Reconciler } from './reconciler.ts';
import { makeReferencedDial } from './referenced-dial.ts';
import { Rest } from './rest.ts';
import { makeSurveyor } from './survey-rounds.ts';
import { whyToAsk, type Surveyor } from './surveyor.ts';
import type { MacKeeper } from './mac-keeper.ts';
import { NetworkMemory } from './network-memory.ts';
import type { WitnessKeeper } from './witness-keeper.ts';
import { makeMacKeeper, makeWitnessKeeper } from './witness-keepers.ts';

const steady = (): number => performance.now();

/** What the workers of a controller are made from. */
export interface WorkersOptions {
  readonly options: ControllerOptions;
  /** Reads. */
  readonly http: Http;
  /** Writes, only while this process leads. */
  readonly fenced: ConstructorParameters<typeof Writer>[0];
  readonly stores: Stores;
  readonly view: ClusterView;
  /** What probes run; undefined while, or where, it is not known. */
  readonly probeImage: () => ProbeImage | undefined;
}

/** Queues, pollers and recorders of one process, started and stopped together. Nothing is asked before the start. */
export class Workers implements LeaderOnly {
  readonly #made: WorkersOptions;
  readonly #keysOf: ReturnType<typeof makeKeysOf>;
  readonly #rest: Rest;
  readonly #queue: Queue;
  readonly #granter: Granter;
  readonly #witnesses: WitnessKeeper;
  readonly #macs: MacKeeper;
  readonly #logs: LogReader;
  readonly #probes: ProbeListener;
  readonly #campaigns: LeaderOnly;
  readonly #surveyor: Surveyor;
  readonly #pieces: LeaderOnly;
  /** One for grants and departures: a reference host that was just asked for one is not asked for the other. */
  readonly #referenced = makeReferencedDial(() => this.#surroundings());

  constructor(made: WorkersOptions) {
    this.#made = made;
    const { options, http, stores, view, fenced } = made;
    const { log } = options;
    const writer = new Writer(fenced, stores);
    const events = new EventRecorder({ writer, log, now: steady });
    const dialer = makeDepartureDialer(this.#referenced, (key) => this.#queue.add(key));
    this.#keysOf = makeKeysOf(view, steady);
    this.#granter = this.#makeGranter({ writer, events });
    const network = new NetworkMemory();
    const witnessing = { ...made, writer, log, network, onNews: this.#addAll, now: steady };
    this.#witnesses = makeWitnessKeeper(witnessing);
    this.#macs = makeMacKeeper(witnessing);
    const reconciler = this.#makeReconciler({ writer, events, dialer, network });
    this.#rest = new Rest({ view, now: Date.now, steady });
    this.#queue = new Queue({
      ...this.#rest.around((key) => reconciler.reconcile(key)),
      now: steady,
      random: Math.random,
      onDone: (outcome, seconds) => options.observer.reconciled(outcome, seconds),
    });
    const logs = { options, http, stores, onHeard: (key: string) => this.#queue.add(key), now: steady };
    this.#logs = makeLogReader(logs);
    this.#probes = makeProbeListener(logs);
    this.#campaigns = makeCampaignReader(logs, () => view.configs());
    this.#surveyor = makeSurveyor({
      http,
      view,
      stores,
      log,
      onNews: this.#addAll,
      onSame: this.#addRestless,
    });
    this.#pieces = together(
      ...this.#pollers(),
      dialer,
      every(flushSeconds, () => events.flush()),
    );
  }

  start(): void {
    this.#pieces.start();
  }

  stop(): void {
    this.#pieces.stop();
  }

  /** Resolves when what was under way at {@link stop} has ended. */
  ended(): Promise<unknown> {
    const working = [this.#queue, this.#granter, this.#witnesses, this.#macs];
    return Promise.all(working.map((row) => row.ended()));
  }

  /** Milliseconds for which the longest piece of work has been under way. */
  get busyMs(): number {
    return Math.max(this.#queue.busyMs, this.#granter.busyMs, this.#witnesses.busyMs);
  }

  /** Of the queue of reconciles. */
  get queue(): Pick<Queue, 'depth' | 'busyMs'> {
    return this.#queue;
  }

  /** An object has changed. */
  seen(resource: ResourceName, object: KubernetesObject): void {
    const { view } = this.#made;
    // First: a person waits for it, and a reconcile may take some milliseconds.
    this.#granter.seen(resource, object);
    const keys = this.#keysOf(resource, object);
    if (keys !== undefined) {
      this.#rest.changed();
      keys.forEach((key) => this.#queue.add(key));
    }
    this.#witnesses.seen(resource, object);
    if (resource === 'pods') {
      this.#logs.look();
      this.#probes.seen(object, this.#made.stores.pods.get(nameOf(object), systemNamespace) !== undefined);
    }
    const why = whyToAsk(resource, view);
    if (why !== undefined) {
      this.#surveyor.request(why);
    }
  }

  /** A resource was listed, at the start or anew. */
  listed(resource: ResourceName): void {
    this.#addAll();
    this.#logs.look();
    if (resource === 'pods') {
      this.#probes.listed();
    }
    this.#granter.listed(resource);
    this.#witnesses.listed();
  }

  #addAll = (): void => {
    this.#rest.changed();
    this.#made.view.configs().forEach(({ metadata }) => this.#queue.add(metadata.name));
    this.#granter.factsChanged();
  };

  // Nodes are judged, too, and are no part of a survey: what waits or is warned of is looked at, unless they are the same as well.
  #addRestless = (): void => {
    const names = this.#made.view.configs().map(({ metadata }) => metadata.name);
    names.filter((name) => this.#rest.leftMs(name) === undefined).forEach((name) => this.#queue.add(name));
    this.#granter.factsChanged();
  };

  #surroundings(): Surroundings {
    const { options, view } = this.#made;
    const capturedOf = (address: string): Captured => this.#granter.capturedOf(address);
    return { configs: view.configs(), nodes: view.nodes(), ownNode: options.nodeName, capturedOf };
  }

  #makeGranter(outlets: { readonly writer: Writer; readonly events: EventRecorder }): Granter {
    const { options, http, view } = this.#made;
    const turns = makeFairDials(this.#referenced, steady);
    const onHeard = (address: string): void => this.#granter.heard(address);
    return new Granter({
      ...outlets,
      view,
      log: options.log,
      now: steady,
      pause: sleep,
      leftovers: options.probeAddresses ? new Leftovers({ turns, now: steady, onHeard }) : undefined,
      current: () => listServices(http),
      onTally: (configs) => configs.forEach((name) => this.#queue.add(name)),
    });
  }

  #makeReconciler(outlets: {
    readonly writer: Writer;
    readonly events: EventRecorder;
    readonly dialer: ReturnType<typeof makeDepartureDialer>;
    readonly network: NetworkMemory;
  }): Reconciler {
    const { options, view, probeImage } = this.#made;
    const { dialer, ...rest } = outlets;
    return new Reconciler({
      ...rest,
      view,
      log: options.log,
      now: Date.now,
      onRepair: (daemonSet) => options.observer.repaired(daemonSet),
      onRemedy: (config, { component }) => options.observer.remedied(componentName(config, component)),
      addresses: options.probeAddresses ? dialer : undefined,
      operatorNode: options.nodeName,
      tallyOf: (config) => this.#granter.tallyOf(config),
      probeImage,
    });
  }

  #pollers(): readonly LeaderOnly[] {
    const { options, view, stores } = this.#made;
    const { probeAddresses, resyncSeconds } = options;
    // Pollers belong here: a standby must not ask. To begin without facts would say Unknown of every config.
    return [
      startAfter(this.#surveyor, together(this.#queue, this.#granter, this.#witnesses)),
      this.#macs,
      this.#logs,
      this.#campaigns,
      this.#probes,
      ...(probeAddresses ? [makeLivezPoller(view, stores, (key) => this.#queue.add(key))] : []),
      every(resyncSeconds, () => this.#addAll()),
      every(resyncSeconds, () => this.#granter.compareAll()),
      every(resyncSeconds, () => this.#witnesses.compareAll()),
    ];
  }
}
