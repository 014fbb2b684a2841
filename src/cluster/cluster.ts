// The complete list of what the operator reads from and does to a cluster; config/rbac is held against it.
import type { V1DaemonSet, V1Node, V1Pod, V1Service } from '@kubernetes/client-node';
import type { KubeVipConfig, KubeVipConfigStatus } from '../api/types.ts';
import type { Campaign } from '../observed/rollout-memory.ts';
import type { LeaseView, ProbePod, AddressState, WriteAnswer } from '../observed/snapshot.ts';
import type { RecordedRendering } from '../observed/recorded.ts';
import type { WitnessView } from '../observed/witness/witnessed.ts';
import type { EventDraft } from '../status/events.ts';
import type { Survey } from '../observed/neighbours/survey.ts';
import type { EventSubject } from './event.ts';
import type { DeletePod, Parking, RecordStep, Return } from '../steps/step.ts';

/** What the watches have seen, in memory. */
export interface ClusterView {
  config(name: string): KubeVipConfig | undefined;
  configs(): readonly KubeVipConfig[];
  /** In the namespace of the components. */
  daemonSets(): readonly V1DaemonSet[];
  /** What this process has written last, by name of the DaemonSet. */
  answers(config: string): Readonly<Record<string, WriteAnswer>>;
  /** Renderings that were applied, of every config. */
  recorded(): readonly RecordedRendering[];
  /** Pods with our label, of one config. */
  podsOf(config: string): readonly V1Pod[];
  /** Pods that probe the nodes of one config. */
  probePodsOf(config: string): readonly ProbePod[];
  /** In the namespace of the components. */
  leases(): readonly LeaseView[];
  /** Those of one config, and every one that the operator has taken: there an address is still leaving. */
  leasesOf(config: string): readonly LeaseView[];
  /** One of those. */
  lease(name: string): LeaseView | undefined;
  /** Whether changes of Leases reach us now. */
  seesLeases(): boolean;
  /** For how many milliseconds changes have reached the operator without a break. */
  seenForMs(): number;
  /** Namespaces in which the admission policies let any kube-vip through. */
  openNamespaces(): readonly string[];
  /** Admission policies of ours that are missing or do not deny. */
  missingPolicies(): readonly string[];
  /** Trimmed, see trim.ts. */
  nodes(): readonly V1Node[];
  /** Of every namespace; trimmed, see trim.ts. */
  services(): readonly V1Service[];
  service(namespace: string, name: string): V1Service | undefined;
  /** What the watches do not tell; undefined until it has been read for this generation of the config. */
  survey(config: KubeVipConfig): Survey | undefined;
  /** Whether that was read for the present generation of the config. */
  isSurveyed(config: KubeVipConfig): boolean;
  /** What containers that ended said last, by name of their pod. */
  lastWords(): Readonly<Record<string, string>>;
  /** What logs say of pods that a rollout has just made, by name of the pod. */
  campaigns(): Readonly<Record<string, Campaign>>;
  /** What every witness says, which addresses they are asked for that nothing claims, and where none can be. */
  witnesses(): Pick<WitnessView, 'statements' | 'former' | 'coverage'>;
  /** For how many milliseconds each witness has not renewed its Lease, by name of the Lease. */
  witnessAges(): ReadonlyMap<string, number>;
  /** What is heard at the control-plane addresses of a config; undefined: they are not asked. */
  reach(config: KubeVipConfig): readonly AddressState[] | undefined;
}

/** How often an event has happened again. */
export interface Repetition {
  /** The first time included. */
  readonly count: number;
  /** Milliseconds since the last time. */
  readonly agoMs: number;
}

/** What the operator reads and writes of witnesses beside their DaemonSets. Every method throws ApiError when refused. */
export interface WitnessAccess {
  /** Texts of the questions, by segment. */
  readQuestions(): Promise<ReadonlyMap<string, string>>;
  writeQuestions(segment: string, questions: string): Promise<void>;
  /** Absent is success. */
  deleteQuestions(segment: string): Promise<void>;
  /** A Lease that is there already stays as it is: the witness has it. */
  makeWitnessLease(segment: string, node: string): Promise<void>;
}

/** Where the MAC addresses of the nodes are kept, as text. Every method throws ApiError when refused. */
export interface MacAccess {
  /** Undefined: there is no such ConfigMap. */
  readMacs(): Promise<string | undefined>;
  writeMacs(text: string): Promise<void>;
  /** Absent is success. */
  deleteMacs(): Promise<void>;
}

/** What the operator writes. Every method throws ApiError when refused. */
export interface ClusterWriter {
  /** Server-side apply with our field manager; takes back fields that others set. */
  applyDaemonSet(object: V1DaemonSet): Promise<void>;
  /** Puts the spec in place of the live one, so that nothing that others added stays. */
  replaceSpec(object: V1DaemonSet): Promise<void>;
  /** In the foreground: the object stays until its pods are gone. Absent is success. */
  deleteDaemonSet(object: V1DaemonSet): Promise<void>;
  /**
   * Takes a Lease from kube-vip: the operator writes its own name into it, and creates the Lease where there is none. The API
   * server refuses this when the Lease has changed since it was read. A Lease that came into being since then stays as it is.
   */
  parkLease(parking: Parking): Promise<void>;
  /**
   * Gives a Lease back to the kube-vip that it was taken from. The API server refuses this when the Lease has changed since it
   * was read.
   */
  returnLease(back: Return): Promise<void>;
  deleteLease(name: string): Promise<void>;
  /**
   * Ends a pod of kube-vip in order. A second owner is killed, because it is stopped or stuck and would sit out its time. One
   * of the same name and another UID stays. Absent is success.
   */
  deletePod(step: DeletePod): Promise<void>;
  /** Records a rendering that was applied. Of one that is recorded already, only its number and its mark change. */
  record(config: KubeVipConfig, step: RecordStep): Promise<void>;
  /** Absent is success. */
  forget(revision: string): Promise<void>;
  addFinalizer(config: KubeVipConfig): Promise<void>;
  removeFinalizer(config: KubeVipConfig): Promise<void>;
  /** What is stored of it; undefined: the KubeVipConfig is gone. An older CRD drops the fields that it does not have. */
  writeStatus(config: KubeVipConfig, status: KubeVipConfigStatus): Promise<KubeVipConfigStatus | undefined>;
  /**
   * Writes annotations of a Service, or removes those that are null, and nothing else. Refused when the Service has changed
   * meanwhile.
   */
  annotateService(service: V1Service, annotations: Readonly<Record<string, string | null>>): Promise<void>;
  /** Resolves with the name of the event. */
  writeEvent(about: EventSubject, draft: EventDraft): Promise<string>;
  /** Says that what an event tells has happened so often by now. */
  repeatEvent(about: EventSubject, name: string, repetition: Repetition): Promise<void>;
}
