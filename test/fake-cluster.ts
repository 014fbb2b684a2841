// An in-memory cluster: Maps that remember what was written, and no behaviour of its own.
import type { V1DaemonSet, V1Node, V1Pod, V1Service } from '@kubernetes/client-node';
import { configOfComponent, labels, witnessLeaseName } from '../src/api/metadata.ts';
import type { KubeVipConfig, KubeVipConfigStatus } from '../src/api/types.ts';
import type { ClusterView, ClusterWriter, Repetition } from '../src/cluster/cluster.ts';
import type { EventSubject } from '../src/cluster/event.ts';
import type { Campaign } from '../src/observed/rollout-memory.ts';
import type { LeaseView, ProbePod, AddressState, Snapshot, WriteAnswer } from '../src/observed/snapshot.ts';
import type { RecordedRendering } from '../src/observed/recorded.ts';
import type { EventDraft } from '../src/status/events.ts';
import { emptySurvey, type Survey } from '../src/observed/neighbours/survey.ts';
import type { WitnessView } from '../src/observed/witness/witnessed.ts';
import type { DeletePod, Parking, RecordStep, Return } from '../src/steps/step.ts';
import { lease } from './builders.ts';

type Contents = Partial<Pick<Snapshot, 'configs' | 'daemonSets' | 'pods' | 'leases' | 'nodes' | 'services'>>;

export class FakeCluster implements ClusterView, ClusterWriter {
  /** Every write that was asked for, in order, for example `applyDaemonSet edge-services`. */
  readonly calls: string[] = [];
  readonly configMap: Map<string, KubeVipConfig>;
  /** Fields of the status that an older CRD does not have. */
  readonly dropped = new Set<string>();
  readonly daemonSetMap: Map<string, V1DaemonSet>;
  podList: readonly V1Pod[];
  leaseList: readonly LeaseView[];
  recordList: readonly RecordedRendering[] = [];
  answerMap: Readonly<Record<string, WriteAnswer>> = {};
  openList: readonly string[] = [];
  nodeList: readonly V1Node[];
  serviceList: readonly V1Service[];
  words: Readonly<Record<string, string>> = {};
  heardAt: readonly AddressState[] | undefined;
  probePodList: readonly ProbePod[] = [];
  heardOnNetwork: Pick<WitnessView, 'statements' | 'former' | 'coverage'> = { statements: [], former: [] };
  surveyed: Survey | undefined = emptySurvey;
  readonly #refusals: Readonly<Record<string, Error>>;

  /** @param refusals errors to throw, by call as it is written into {@link calls} */
  constructor(contents: Contents = {}, refusals: Readonly<Record<string, Error>> = {}) {
    const { configs = [], daemonSets = [], pods = [], leases = [], nodes = [], services = [] } = contents;
    this.configMap = new Map(configs.map((row) => [row.metadata.name, row]));
    this.daemonSetMap = new Map(daemonSets.map((row) => [nameOf(row), row]));
    this.podList = pods;
    this.leaseList = leases;
    this.nodeList = nodes;
    this.serviceList = services;
    this.#refusals = refusals;
  }

  config(name: string): KubeVipConfig | undefined {
    return this.configMap.get(name);
  }

  configs(): readonly KubeVipConfig[] {
    return [...this.configMap.values()];
  }

  daemonSets(): readonly V1DaemonSet[] {
    return [...this.daemonSetMap.values()];
  }

  podsOf(config: string): readonly V1Pod[] {
    return this.podList.filter(({ metadata }) => metadata?.labels?.[labels.config] === config);
  }

  probePodsOf(): readonly ProbePod[] {
    return this.probePodList;
  }

  recorded(): readonly RecordedRendering[] {
    return this.recordList;
  }

  witnesses(): Pick<WitnessView, 'statements' | 'former' | 'coverage'> {
    return this.heardOnNetwork;
  }

  witnessAges(): ReadonlyMap<string, number> {
    return new Map(
      this.heardOnNetwork.statements.map(({ segment, node, ageMs }) => [
        witnessLeaseName(segment, node),
        ageMs,
      ]),
    );
  }

  lease(name: string): LeaseView | undefined {
    return this.leases().find((row) => row.name === name);
  }

  answers(): Readonly<Record<string, WriteAnswer>> {
    return this.answerMap;
  }

  leases(): readonly LeaseView[] {
    return this.leaseList;
  }

  leasesOf(config: string): readonly LeaseView[] {
    return this.leaseList.filter(
      ({ name, parkedFrom }) => configOfComponent(name) === config || parkedFrom !== undefined,
    );
  }

  readonly campaigns = (): Readonly<Record<string, Campaign>> => ({});

  readonly missingPolicies = (): readonly string[] => [];

  readonly openNamespaces = (): readonly string[] => this.openList;

  nodes(): readonly V1Node[] {
    return this.nodeList;
  }

  services(): readonly V1Service[] {
    return this.serviceList;
  }

  service(namespace: string, name: string): V1Service | undefined {
    return this.serviceList.find(
      ({ metadata }) => metadata?.namespace === namespace && metadata?.name === name,
    );
  }

  survey(): Survey | undefined {
    return this.surveyed;
  }

  isSurveyed(): boolean {
    return this.surveyed !== undefined;
  }

  reach(): readonly AddressState[] | undefined {
    return this.heardAt;
  }

  readonly seenForMs = (): number => 3_600_000;

  readonly seesLeases = (): boolean => true;

  lastWords(): Readonly<Record<string, string>> {
    return this.words;
  }

  async applyDaemonSet(object: V1DaemonSet): Promise<void> {
    await this.#call(`applyDaemonSet ${nameOf(object)}`);
    this.daemonSetMap.set(nameOf(object), object);
  }

  async replaceSpec(object: V1DaemonSet): Promise<void> {
    await this.#call(`replaceSpec ${nameOf(object)}`);
    this.daemonSetMap.set(nameOf(object), object);
  }

  async deleteDaemonSet(object: V1DaemonSet): Promise<void> {
    await this.#call(`deleteDaemonSet ${nameOf(object)}`);
    this.daemonSetMap.delete(nameOf(object));
  }

  async deletePod({ pod }: DeletePod): Promise<void> {
    await this.#call(`deletePod ${pod}`);
    this.podList = this.podList.filter(({ metadata }) => metadata?.name !== pod);
  }

  async parkLease({ from, resourceVersion, ...parking }: Parking): Promise<void> {
    const { name } = parking;
    await this.#call(`parkLease ${name}`);
    const others = this.leaseList.filter((row) => row.name !== name);
    const before = this.leaseList.find((row) => row.name === name);
    // As with the API server, what is there already is not made.
    if (before === undefined || resourceVersion !== undefined) {
      this.leaseList = [...others, lease({ ...before, ...parking, holder: '', parkedFrom: from })];
    }
  }

  async returnLease({ name, to, renewedAt }: Return): Promise<void> {
    await this.#call(`returnLease ${name}`);
    this.leaseList = this.leaseList.map((row) =>
      row.name === name
        ? { ...row, holder: to, parkedFrom: undefined, leaving: [], acquiredAt: renewedAt, renewedAt }
        : row,
    );
  }

  async deleteLease(name: string): Promise<void> {
    await this.#call(`deleteLease ${name}`);
    this.leaseList = this.leaseList.filter((row) => row.name !== name);
  }

  async record(_: KubeVipConfig, { record }: RecordStep): Promise<void> {
    await this.#call(`record ${record.name}`);
    this.recordList = [...this.recordList.filter(({ name }) => name !== record.name), record];
  }

  async forget(revision: string): Promise<void> {
    await this.#call(`forget ${revision}`);
    this.recordList = this.recordList.filter(({ name }) => name !== revision);
  }

  async addFinalizer({ metadata }: KubeVipConfig): Promise<void> {
    await this.#call(`addFinalizer ${metadata.name}`);
  }

  async removeFinalizer({ metadata }: KubeVipConfig): Promise<void> {
    await this.#call(`removeFinalizer ${metadata.name}`);
  }

  async writeStatus(config: KubeVipConfig, status: KubeVipConfigStatus): Promise<KubeVipConfigStatus> {
    await this.#call(`writeStatus ${config.metadata.name}`);
    const stored = Object.fromEntries(Object.entries(status).filter(([field]) => !this.dropped.has(field)));
    this.configMap.set(config.metadata.name, { ...config, status: stored });
    return stored;
  }

  async annotateService(service: V1Service, notes: Readonly<Record<string, string | null>>): Promise<void> {
    const { namespace, name } = service.metadata ?? {};
    const [value] = Object.values(notes);
    await this.#call(`annotateService ${namespace}/${name} ${value}`);
    const others = Object.entries(service.metadata?.annotations ?? {}).filter(([key]) => !(key in notes));
    const set = Object.entries(notes).flatMap(([key, text]) => (text === null ? [] : [[key, text] as const]));
    const annotations = Object.fromEntries([...others, ...set]);
    const version = String(Number(service.metadata?.resourceVersion ?? 0) + 1);
    const managedFields = [{ manager: 'kube-vip-operator' }];
    const metadata = { ...service.metadata, annotations, resourceVersion: version, managedFields };
    this.serviceList = this.serviceList.map((row) =>
      row.metadata?.name === name && row.metadata?.namespace === namespace ? { ...row, metadata } : row,
    );
  }

  async writeEvent({ metadata }: EventSubject, { reason }: EventDraft): Promise<string> {
    await this.#call(`writeEvent ${metadata.name} ${reason}`);
    return `${metadata.name}-${reason}`;
  }

  async repeatEvent(_: EventSubject, name: string, { count }: Repetition): Promise<void> {
    await this.#call(`repeatEvent ${name} ${count}`);
  }

  #call(call: string): Promise<void> {
    this.calls.push(call);
    const refusal = this.#refusals[call];
    return refusal ? Promise.reject(refusal) : Promise.resolve();
  }
}

function nameOf({ metadata }: V1DaemonSet): string {
  return metadata?.name ?? '';
}
