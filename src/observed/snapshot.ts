// Everything that one reconcile may look at, read once. Plan and status are functions of it.
import type { V1DaemonSet, V1Node, V1Pod, V1Service } from '@kubernetes/client-node';
import type { ComponentKind } from '../api/metadata.ts';
import type { KubeVipConfig } from '../api/types.ts';
import type { GrantTally } from './grant-tally.ts';
import type { Survey } from './neighbours/survey.ts';
import type { Moment } from './moment.ts';
import type { RecordedRendering } from './recorded.ts';
import type { Campaign, RolloutMemory } from './rollout-memory.ts';
import type { ProbeImage } from '../render/probe-daemon-set.ts';
import type { WitnessView } from './witness/witnessed.ts';

/** A Lease as kube-vip keeps it. */
export interface LeaseView {
  readonly name: string;
  readonly resourceVersion: string;
  /** Empty while no kube-vip holds it. */
  readonly holder: string;
  /** Who held it until the operator took it away, for a deletion or removal; may be empty. */
  readonly parkedFrom: string | undefined;
  /** The operator made it before any kube-vip did: nothing has to leave. */
  readonly neverHeld: boolean;
  /** What has to leave the nodes before the operator gives it free; none while it has not taken it. */
  readonly leaving: readonly Target[];
  readonly durationSeconds: number;
  /** RFC 3339, as kube-vip wrote it; empty when it never did. */
  readonly renewTime: string;
  /** When the operator last saw it renewed, in milliseconds since the epoch by its own clock. */
  readonly renewedAt: number;
  /** RFC 3339, as kube-vip wrote it. */
  readonly acquireTime: string | undefined;
  /** Since when its holder has it, in milliseconds since the epoch by the operator's own clock; 0 when nobody ever had. */
  readonly acquiredAt: number;
}

/** Where to dial. */
export interface Target {
  readonly address: string;
  readonly port: number;
}

/**
 * `unreachable`: the network says that nobody has the address. `silent`: nothing came back, which a neighbour cache that
 * still names a former owner also does. `blind`: from here it cannot be told, for example without a route of that family.
 */
export type DialAnswer = 'answers' | 'unreachable' | 'silent' | 'blind';

/** What a dial tells. `unreferenced`: nobody answered, and nobody else did who would have, so it tells nothing. */
export type Look = DialAnswer | 'unreferenced';

/** A deletion, or a removal, asks twice: when kube-vip should have let go, and when its pods have ended. */
export type DepartureStage = 'parked' | 'ended';

/** What was heard at an address since a deletion or removal came to a stage. */
export interface DialState extends Target {
  readonly stage: DepartureStage;
  /** The last one. */
  readonly answer: Look;
  /** For how many milliseconds nobody has answered, up to the last dial; undefined while somebody does, or it is not known. */
  readonly quietMs: number | undefined;
}

/** What the operator hears at one control-plane address. */
export interface AddressState {
  readonly address: string;
  readonly port: number;
  /**
   * `dead`: somebody has the address, and no API server works there. `silent`: nobody answers. `blind`: it cannot be
   * told from here. `unknown`: not asked often enough yet.
   */
  readonly state: 'alive' | 'dead' | 'silent' | 'blind' | 'unknown';
  /** How it failed, in half a sentence. */
  readonly detail: string;
}

/** What is read of a pod that probes one node. */
export interface ProbePod {
  readonly component: string;
  readonly node: string;
  /** What it ended with, the latest first, then what it printed; none while it has said nothing. */
  readonly messages: readonly string[];
  /** When it was bound to its node, by the clock of an API server; milliseconds since the epoch. */
  readonly boundAt: number | undefined;
  /** When the kubelet took it on, by the clock of the node. */
  readonly takenOnAt: number | undefined;
  /** What keeps it from saying anything, in half a sentence; empty when it has. */
  readonly trouble: string;
}

/** What a check of the nodes found, as it is remembered. */
export interface NodeFinding {
  readonly check: string;
  readonly object: string;
  readonly expected: string;
  readonly found: string;
  readonly todo?: string;
}

/** One time that the nodes of a function were asked, as status.nodeProbe remembers it. */
export interface ProbeRun {
  readonly component: ComponentKind;
  /** Hash of what was asked. */
  readonly request: string;
  readonly started: Moment;
  /** Earlier than `started` while the same is being asked again; undefined the first time. */
  readonly finished?: Moment;
  readonly asked: number;
  readonly answered: number;
  readonly findings: readonly NodeFinding[];
  /** Default gateways that the nodes have; undefined: none is known. */
  readonly gateways?: readonly string[];
  /** Host names of nodes that are called otherwise, in lower case; undefined: none. */
  readonly hostNames?: readonly { readonly node: string; readonly hostName: string }[];
  /** CIDRs of the interfaces that were looked at, one for each subnet, for example `203.0.113.11/24`. */
  readonly subnets?: readonly string[];
  /** There are more gateways or subnets than can be remembered, and none is. */
  readonly areNetworksOmitted?: boolean;
}

/** When the container of a pod was started again. */
export interface Restart {
  /** Milliseconds since the epoch, by the clock of the node. */
  readonly at: number;
  /** How long the container before it ran, in milliseconds. */
  readonly ranMs: number;
}

/** A node that lost a Lease and was not seen to let go, as status remembers it. */
export interface FormerHolder {
  readonly component: ComponentKind;
  readonly node: string;
  /** In which it held the Lease. */
  readonly container: string;
  /** Release that it ran; undefined: not known. */
  readonly version?: string | undefined;
  /** When it was seen to have lost it. */
  readonly since: Moment;
}

/** A moment at which others answered for an address than before. */
export interface OwnerChange {
  readonly address: string;
  readonly at: Moment;
  /** Nodes, and MACs of no node; none while nobody answers. */
  readonly owners: readonly string[];
}

/** A pod of kube-vip that the operator deleted because of an address that it should not have. */
export interface Remedied {
  readonly component: ComponentKind;
  readonly address: string;
  readonly node: string;
  readonly at: Moment;
}

/** What came of the last write of a DaemonSet, each as a fingerprint. */
export interface WriteAnswer {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** How it was written: what an apply leaves, a replacement may take away. */
  readonly by: 'apply' | 'replace-spec';
  readonly asked: string;
  /** What the API server made of it. */
  readonly answered: string;
}

/** All that one reconcile of a KubeVipConfig knows: read once, and the same for every decision. */
export interface Snapshot {
  readonly config: KubeVipConfig;
  /** Every KubeVipConfig of the cluster, this one included. */
  readonly configs: readonly KubeVipConfig[];
  /** Every DaemonSet in the namespace of the components. */
  readonly daemonSets: readonly V1DaemonSet[];
  /** What this process has written last, by name of the DaemonSet. */
  readonly answers: Readonly<Record<string, WriteAnswer>>;
  /** Renderings that were applied, of every config. */
  readonly recorded: readonly RecordedRendering[];
  /** The pods of this config. */
  readonly pods: readonly V1Pod[];
  /** The pods that probe the nodes of this config. */
  readonly probePods: readonly ProbePod[];
  /** From the status of this config: the last run for each function. */
  readonly probeRuns: readonly ProbeRun[];
  /** What probes run; undefined when the operator does not know what it was started from. */
  readonly probeImage: ProbeImage | undefined;
  /** The Leases of this config, and every one that the operator has taken. */
  readonly leases: readonly LeaseView[];
  /** Namespaces in which the admission policies let any kube-vip through. */
  readonly openNamespaces: readonly string[];
  /** Admission policies of ours that are missing or do not deny. */
  readonly missingPolicies: readonly string[];
  /** Name, labels, taints, pod ranges, addresses, readiness and what the node runs. */
  readonly nodes: readonly V1Node[];
  /** Of every namespace: type, class, addresses asked for and published, annotations of kube-vip. */
  readonly services: readonly V1Service[];
  /** What the watches do not tell; undefined until it has been read for this generation of the config. */
  readonly survey: Survey | undefined;
  /** By name of the pod; none of a container that was never started again. */
  readonly restarts: Readonly<Record<string, Restart>>;
  /** From the status of this config. */
  readonly formerHolders: readonly FormerHolder[];
  /** Fields of the status that the API server does not store, because the CRD is older, for example `status.nodeProbe`. */
  readonly unstored: readonly string[];
  /** From the status of this config; undefined: none is under way, and none was rolled back. */
  readonly rollout?: RolloutMemory | undefined;
  /** From the status of this config: when what is under way got further last. */
  readonly lastProgress: Moment | undefined;
  /** What containers that ended said last, by name of their pod. */
  readonly lastWords: Readonly<Record<string, string>>;
  /** Of pods that a rollout has just made, by name of the pod; undefined: no log is read. */
  readonly campaigns?: Readonly<Record<string, Campaign>> | undefined;
  /** What is heard at the control-plane addresses of this config; undefined: they are not asked. */
  readonly reach: readonly AddressState[] | undefined;
  /** For how many milliseconds changes have reached the operator without a break; undefined: always. */
  readonly seenForMs?: number | undefined;
  /** What is heard of its addresses on the network; undefined: no witness runs for this config. */
  readonly witness: WitnessView | undefined;
  /** Who answered for its addresses, the last change first. */
  readonly ownerHistory: readonly OwnerChange[];
  /** What was done about second owners, the last first. */
  readonly remedies: readonly Remedied[];
  /** What was counted of grants; undefined: nothing yet. */
  readonly grants?: GrantTally | undefined;
  /** Node that the operator runs on; undefined: not told. */
  readonly operatorNode: string | undefined;
  readonly namespace: string;
  /** What a deletion or removal has heard at addresses; undefined when nobody asks. */
  readonly heard?: readonly DialState[] | undefined;
  /** When the deletion was asked for, in milliseconds since the epoch. */
  readonly deletedAt?: number | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}
