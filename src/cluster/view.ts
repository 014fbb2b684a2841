// The stores behind the watches, and what the controller sees of them.
import type {
  V1ControllerRevision,
  V1DaemonSet,
  V1Namespace,
  V1Node,
  V1Pod,
  V1Service,
  V1ValidatingAdmissionPolicy,
  V1ValidatingAdmissionPolicyBinding,
} from '@kubernetes/client-node';
import { componentKinds, componentName, labels, systemNamespace } from '../api/metadata.ts';
import type { KubeVipConfig } from '../api/types.ts';
import { oncePer } from '../observed/once.ts';
import type { RecordedRendering } from '../observed/recorded.ts';
import type { Campaign } from '../observed/rollout-memory.ts';
import type { AddressState, LeaseView, WriteAnswer } from '../observed/snapshot.ts';
import { missingPolicies } from '../observed/policies.ts';
import { placeOf, unasked, type CountedState } from '../observed/address-state.ts';
import { apiTargets } from '../api/defaults.ts';
import type { ClusterView } from './cluster.ts';
import { LeaseStore, type Clocks, type LeaseObject } from './lease-store.ts';
import { leaseView } from './lease-view.ts';
import { probePod } from './probe-pods.ts';
import { recordOf } from './records.ts';
import { Store } from './store.ts';
import { SurveyStore } from './survey-store.ts';
import { Asked, witnessStatements } from './witness-view.ts';

/** What one container said last. */
export interface LastWord {
  /** Which container: a name is used again. */
  readonly id: string;
  readonly line: string;
}

/** All that is known of the cluster, in memory. */
export interface Stores {
  readonly configs: Store<KubeVipConfig>;
  readonly daemonSets: Store<V1DaemonSet>;
  /** What came of the last write of each, by name. */
  readonly answers: Map<string, WriteAnswer>;
  readonly controllerRevisions: Store<V1ControllerRevision>;
  readonly pods: Store<V1Pod>;
  readonly leases: LeaseStore;
  readonly openNamespaces: Store<V1Namespace>;
  readonly policies: Store<V1ValidatingAdmissionPolicy>;
  readonly policyBindings: Store<V1ValidatingAdmissionPolicyBinding>;
  readonly nodes: Store<V1Node>;
  readonly services: Store<V1Service>;
  /** By name of the pod. */
  readonly lastWords: Map<string, LastWord>;
  /** By name of the pod. */
  readonly campaigns: Map<string, Campaign>;
  /** What probes printed and may not have ended with yet, by UID of the pod. */
  readonly printed: Map<string, string>;
  readonly survey: SurveyStore;
  /** What the witnesses are asked. */
  readonly asked: Asked;
  /** What is heard at addresses, by config, address and port; undefined: none is asked. */
  addressStates?: ReadonlyMap<string, CountedState>;
}

const ownClocks: Clocks = { wall: Date.now, steady: () => performance.now() };

/** Empty stores. */
export function makeStores(clocks: Clocks = ownClocks): Stores {
  return {
    configs: new Store(),
    daemonSets: new Store(),
    answers: new Map(),
    controllerRevisions: new Store(),
    pods: new Store(),
    leases: new LeaseStore(clocks),
    openNamespaces: new Store(),
    policies: new Store(),
    policyBindings: new Store(),
    nodes: new Store(),
    services: new Store(),
    lastWords: new Map(),
    campaigns: new Map(),
    printed: new Map(),
    survey: new SurveyStore(() => performance.now()),
    asked: new Asked(),
  };
}

/** What is heard at the addresses of a config; one that was not asked yet is unknown. */
function reachOf(
  config: KubeVipConfig,
  addressStates: ReadonlyMap<string, CountedState>,
): readonly AddressState[] {
  return apiTargets(config).map(({ address, port }) => {
    const { state, detail } = addressStates.get(placeOf(config.metadata.name, address, port)) ?? unasked;
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

// Each config asks for its own pods: a list is sorted once, not once for each of hundreds.
const podsBy = (label: string) =>
  oncePer((pods: readonly V1Pod[]) => Map.groupBy(pods, ({ metadata }) => metadata?.labels?.[label]));
const podsByConfig = podsBy(labels.config);
const podsByProbe = podsBy(labels.probe);

const namesFor = (config: string): readonly string[] =>
  componentKinds.map((kind) => componentName(config, kind));

function answerOf({ answers }: Stores, name: string): readonly (readonly [string, WriteAnswer])[] {
  const found = answers.get(name);
  return found ? [[name, found]] : [];
}

const witnessesIn = (stores: Stores): ReturnType<ClusterView['witnesses']> => ({
  statements: witnessStatements(stores),
  former: stores.asked.former(performance.now()),
  coverage: stores.asked.coverage,
});

const viewerOf =
  ({ leases }: Stores, now: () => number) =>
  (row: LeaseObject): LeaseView =>
    leaseView(row, { renewedAt: now() - leases.ageMs(row), acquiredAt: now() - leases.heldMs(row) });

/** What the core may ask of the stores. `now` is milliseconds since the epoch. */
export function makeView(stores: Stores, now: () => number = Date.now): ClusterView {
  const { leases } = stores;
  const recorded = parsedOnce();
  const viewOf = viewerOf(stores, now);
  return {
    config: (name) => stores.configs.get(name),
    configs: () => stores.configs.list(),
    daemonSets: () => stores.daemonSets.list(),
    answers: (config) => Object.fromEntries(namesFor(config).flatMap((name) => answerOf(stores, name))),
    recorded: () => recorded(stores.controllerRevisions.list()),
    podsOf: (config) => podsByConfig(stores.pods.list()).get(config) ?? [],
    leases: () => leases.list().map(viewOf),
    leasesOf: (config) => {
      const own = namesFor(config).flatMap((name) => leases.get(name, systemNamespace) ?? []);
      return [...new Set([...own, ...leases.parked()])].map(viewOf);
    },
    lease: (name) => {
      const found = leases.get(name, systemNamespace);
      return found && viewOf(found);
    },
    seesLeases: () => !leases.isBlind,
    seenForMs: () => leases.seenForMs,
    probePodsOf: (config) =>
      (podsByProbe(stores.pods.list()).get(config) ?? []).map((pod) =>
        probePod(pod, stores.printed.get(pod.metadata?.uid ?? '')),
      ),
    nodes: () => stores.nodes.list(),
    services: () => stores.services.list(),
    service: (namespace, name) => stores.services.get(name, namespace),
    survey: (config) => stores.survey.of(config),
    isSurveyed: (config) => stores.survey.covers(config),
    reach: (config) => stores.addressStates && reachOf(config, stores.addressStates),
    lastWords: () => Object.fromEntries([...stores.lastWords].map(([pod, { line }]) => [pod, line])),
    campaigns: () => Object.fromEntries(stores.campaigns),
    witnesses: () => witnessesIn(stores),
    witnessAges: () => new Map(leases.witnesses().map((row) => [row.metadata.name, leases.silentMs(row)])),
    missingPolicies: () => missingPolicies(stores.policies.list(), stores.policyBindings.list()),
    openNamespaces: () => stores.openNamespaces.list().map(({ metadata }) => metadata?.name ?? ''),
  };
}
