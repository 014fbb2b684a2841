// What keeps witnesses and what they need, on the stores of one process.
import type { ClusterView, ClusterWriter } from '../cluster/cluster.ts';
import type { Stores } from '../cluster/view.ts';
import { witnessLeases, WitnessObjects } from '../cluster/witness-access.ts';
import type { ProbeImage } from '../render/probe-daemon-set.ts';
import type { ControllerOptions } from './controller-options.ts';
import { MacKeeper } from './mac-keeper.ts';
import type { NetworkMemory } from './network-memory.ts';
import { WitnessKeeper } from './witness-keeper.ts';

/** Where keepers read, write and tell. */
export interface WitnessSources {
  /** Writes, only while this process leads. */
  readonly fenced: ConstructorParameters<typeof WitnessObjects>[0];
  readonly stores: Stores;
  readonly view: ClusterView;
  readonly writer: ClusterWriter;
  readonly log: ControllerOptions['log'];
  readonly probeImage: () => ProbeImage | undefined;
  readonly network: NetworkMemory;
  /** Something may be decided otherwise. */
  readonly onNews: () => void;
  /** Milliseconds, never going back. */
  readonly now: () => number;
}

/** Keeps the witnesses. */
export const makeWitnessKeeper = (sources: WitnessSources): WitnessKeeper => {
  const { fenced, stores, view, writer, log, probeImage, onNews, now } = sources;
  return new WitnessKeeper({
    view,
    writer,
    access: new WitnessObjects(fenced, stores),
    leases: () => witnessLeases(stores),
    answered: (daemonSet) => stores.answers.get(daemonSet)?.answered,
    image: probeImage,
    log,
    onLook: (looked) => void (stores.asked.tell(looked) && onNews()),
    wallNow: Date.now,
    now,
  });
};

/** Keeps the MAC addresses of the nodes. */
export const makeMacKeeper = ({ fenced, stores, view, log, network, onNews }: WitnessSources): MacKeeper =>
  new MacKeeper({
    view,
    access: new WitnessObjects(fenced, stores),
    memory: network,
    onRead: onNews,
    log,
  });
