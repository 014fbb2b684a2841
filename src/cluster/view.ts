// The stores behind the watches, and what the controller sees of them.
import type {
  V1ControllerRevision,
  V1DaemonSet,
  V1Namespace,
  V1Node,
  V1Pod,
  V1Service,
} from '@kubernetes/client-node';
import { annotations, labels, parkedPrefix } from '../api/metadata.ts';
import type { KubeVipConfig } from '../api/types.ts';
import type { RecordedRendering } from '../observed/recorded.ts';
import type { LeaseView, AddressState } from '../observed/snapshot.ts';
import { placeOf, unasked, type CountedState } from '../observed/address-state.ts';
import { effectiveSpec } from '../api/defaults.ts';
import type { ClusterView } from './cluster.ts';
import { LeaseStore, type Clocks, type LeaseObject } from './lease-store.ts';
import { nothingLeaves, parseTargets } from './leaving.ts';
import { probePod } from './probe-pods.ts';
import { recordOf } from './records.ts';
import { Store } from './store.ts';
import { SurveyStore } from './survey-store.ts';

/** What one container said last. */
export interface LastWord {
  /** Which container: a name is used again. */
  readonly id: string;
  readonly line: string;
}

export interface Stores {
  readonly configs: Store<KubeVipConfig>;
  readonly daemonSets: Store<V1DaemonSet>;
  readonly controllerRevisions: Store<V1ControllerRevision>;
  readonly pods: Store<V1Pod>;
  readonly leases: LeaseStore;
  readonly openNamespaces: Store<V1Namespace>;
  readonly nodes: Store<V1Node>;
  readonly services: Store<V1Service>;
  /** By name of the pod. */
  readonly lastWords: Map<string, LastWord>;
  readonly survey: SurveyStore;
  /** What is heard at addresses, by config, address and port; undefined: none is asked. */
  addressStates?: ReadonlyMap<string, CountedState>;
}

const ownClocks: Clocks = { wall: Date.now, steady: () => performance.now() };

export function makeStores(clocks: Clocks = ownClocks): Stores {
  return {
    configs: new Store(),
    daemonSets: new Store(),
    controllerRevisions: new Store(),
    pods: new Store(),
    leases: new LeaseStore(clocks),
    openNamespaces: new Store(),
    nodes: new Store(),
    services: new Store(),
    lastWords: new Map(),
    survey: new SurveyStore(() => performance.now()),
  };
}

/** Who holds a Lease: a kube-vip, or the operator, which says from whom it took it and what has to leave. */
export function holderOf({
  metadata,
  spec,
}: LeaseObject): Pick<LeaseView, 'holder' | 'parkedFrom' | 'neverHeld' | 'leaving'> {
  const { holderIdentity: identity = '' } = spec ?? {};
  const note = metadata.annotations?.[annotations.leaving] ?? '';
  return identity.startsWith(parkedPrefix)
    ? {
        holder: '',
        parkedFrom: identity.slice(parkedPrefix.length),
        neverHeld: note === nothingLeaves,
        leaving: parseTargets(note),
      }
    : { holder: identity, parkedFrom: undefined, neverHeld: false, leaving: [] };
}

/**
 * A Lease in the form that the decisions use.
 * @param seen when it was last seen to be renewed and to change hands, in milliseconds since the epoch.
 */
export function leaseView(object: LeaseObject, seen: Pick<LeaseView, 'renewedAt' | 'acquiredAt'>): LeaseView {
  const { metadata, spec } = object;
  const { renewTime = '', acquireTime } = spec ?? {};
  return {
    name: metadata.name,
    resourceVersion: metadata.resourceVersion ?? '',
    ...holderOf(object),
    durationSeconds: spec?.leaseDurationSeconds ?? 15,
    renewTime,
    renewedAt: renewTime === '' ? 0 : seen.renewedAt,
    acquireTime,
    acquiredAt: acquireTime === undefined ? 0 : seen.acquiredAt,
  };
}

/** What is heard at the addresses of a config; one that was not asked yet is unknown. */
function reachOf(
  config: KubeVipConfig,
  addressStates: ReadonlyMap<string, CountedState>,
): readonly AddressState[] {
  const { name, controlPlane } = effectiveSpec(config);
  const { addresses = [], port = 0 } = controlPlane ?? {};
  return addresses.map((address) => {
    const { state, detail } = addressStates.get(placeOf(name, address, port)) ?? unasked;
    return { address, port, state, detail };
  });
}

/** What a list of ControllerRevisions keeps; the same until something of it changes. */
function parsedOnce(): (list: readonly V1ControllerRevision[]) => readonly RecordedRendering[] {
  let before: readonly V1ControllerRevision[] | undefined;
  let parsed: readonly RecordedRendering[] = [];
  return (list) => {
    parsed = list === before ? parsed : list.flatMap((row) => recordOf(row) ?? []);
    before = list;
    return parsed;
  };
}

/** @param now milliseconds since the epoch */
export function makeView(stores: Stores, now: () => number = Date.now): ClusterView {
  const { leases } = stores;
  const recorded = parsedOnce();
  return {
    config: (name) => stores.configs.get(name),
    configs: () => stores.configs.list(),
    daemonSets: () => stores.daemonSets.list(),
    recorded: () => recorded(stores.controllerRevisions.list()),
    podsOf: (config) =>
      stores.pods.list().filter(({ metadata }) => metadata?.labels?.[labels.config] === config),
    leases: () =>
      leases.list().map((row) =>
        leaseView(row, {
          renewedAt: now() - leases.ageMs(row),
          acquiredAt: now() - leases.heldMs(row),
        }),
      ),
    seesLeases: () => !leases.isBlind,
    probePodsOf: (config) =>
      stores.pods
        .list()
        .filter(({ metadata }) => metadata?.labels?.[labels.probe] === config)
        .map(probePod),
    nodes: () => stores.nodes.list(),
    services: () => stores.services.list(),
    survey: (config) => stores.survey.of(config),
    isSurveyed: (config) => stores.survey.covers(config),
    reach: (config) => stores.addressStates && reachOf(config, stores.addressStates),
    lastWords: () => Object.fromEntries([...stores.lastWords].map(([pod, { line }]) => [pod, line])),
    openNamespaces: () => stores.openNamespaces.list().map(({ metadata }) => metadata?.name ?? ''),
  };
}
