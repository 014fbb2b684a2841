// What preflight looks at beyond the watches: read by a poller, trimmed, and as old as its last round. An answer
// that is not there (no permission, no such object) is a value too: `undefined`, or a line in `unread`.

/** So many control-plane nodes are asked one by one, at most: a control plane has rarely more. */
export const mostAskedNodes = 7;

/** A workload that may concern us: another kube-vip, another load balancer, or one with a port of ours. */
export interface Workload {
  readonly kind: 'DaemonSet' | 'Deployment' | 'StatefulSet' | 'Pod';
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly images: readonly string[];
  readonly args: readonly string[];
  /** Literal values of the containers' variables. */
  readonly env: Readonly<Record<string, string>>;
  /** Of a kube-vip: variables with a value that its template does not say, for example by `valueFrom`. */
  readonly unclear?: readonly string[];
  /** Paths of the host that it mounts. */
  readonly hostPaths: readonly string[];
  readonly hostPorts: readonly number[];
  /** Runs in the network of its node. Pod Security keeps that from tenants. */
  readonly hostNetwork: boolean;
  /** Node of a pod. */
  readonly node?: string;
  /** Of a pod, what made it and is not listed itself, for example `Job/kube-vip`. */
  readonly owner?: string;
  /** A mirror of a manifest on its node, which only a person on that node can remove. */
  readonly isStatic?: boolean;
}

/** A Lease outside our namespace under a name that kube-vip takes by default. */
export interface ForeignLease {
  readonly namespace: string;
  readonly name: string;
  readonly holder: string;
  /** Renewed within its duration when it was read. */
  readonly isFresh: boolean;
}

/** What an API server's certificate names, as read from one address. */
export interface Certificate {
  readonly node: string;
  readonly address: string;
  readonly port: number;
  /** Addresses and DNS names; undefined: nobody answered. */
  readonly names: readonly string[] | undefined;
}

/** What the ConfigMap kubeadm-config says. A field is undefined where it is not set there. */
export interface Kubeadm {
  /** Host of controlPlaneEndpoint, without port. */
  readonly endpoint: string | undefined;
  readonly podSubnet: string | undefined;
  readonly serviceSubnet: string | undefined;
}

/** What the ConfigMap kube-proxy says of its mode. */
export interface KubeProxy {
  readonly mode: string;
  readonly strictArp: boolean;
}

/** Ranges of addresses that another load balancer gives to Services. */
export interface Pool {
  /** For example `IPAddressPool/metallb-system/default`. */
  readonly object: string;
  /** CIDRs, and `from-to` ranges. */
  readonly ranges: readonly string[];
  /** Of MetalLB: it reads the pools of its own namespace alone. */
  readonly namespace?: string;
  /** Of Cilium: which Services get an address of it. */
  readonly selector?: ServiceSelector;
}

/** A label selector for Services, which for Cilium also have their name and namespace as labels. */
export interface ServiceSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

/** A CiliumL2AnnouncementPolicy, which says the Services that Cilium announces over ARP. */
export interface L2Policy {
  readonly name: string;
  /** Whether it announces load balancer addresses of Services. */
  readonly announces: boolean;
  /** Undefined: every Service. */
  readonly selector?: ServiceSelector;
}

/** A ResourceQuota of the namespace of the components. */
export interface Quota {
  readonly name: string;
  readonly hard: Readonly<Record<string, string>>;
  readonly used: Readonly<Record<string, string>>;
  /** Counts only some pods. */
  readonly isScoped: boolean;
}

/** What could not be read in this round, and why. */
export interface Unread {
  readonly what: string;
  readonly why: string;
  /** When the facts of before were read that stand in for it, RFC 3339; undefined: there are none. */
  readonly knownSince?: string | undefined;
}

/** Everything that one round of reading found. */
export interface Survey {
  readonly workloads: readonly Workload[];
  readonly foreignLeases: readonly ForeignLease[];
  /** CIDRs of ServiceCIDR objects. */
  readonly serviceRanges: readonly string[];
  readonly kubeadm: Kubeadm | undefined;
  /** Host of the API server that the ConfigMap cluster-info gives to nodes that join. */
  readonly clusterInfoHost: string | undefined;
  readonly kubeProxy: KubeProxy | undefined;
  /** Values of Cilium's own ConfigMap that are read. */
  readonly cilium: Readonly<Record<string, string>> | undefined;
  readonly pools: readonly Pool[];
  readonly l2Policies: readonly L2Policy[];
  /** For example `1.36.3`; empty when it is not known. */
  readonly serverVersion: string;
  /** Labels of the namespace of the components; undefined: not read. */
  readonly namespaceLabels: Readonly<Record<string, string>> | undefined;
  readonly quotas: readonly Quota[];
  /** A LimitRange of the namespace gives containers defaults for these resources. */
  readonly limitDefaults: readonly string[];
  /** Permissions that an account of kube-vip lacks, for example `kube-vip-services: watch services`. */
  readonly lackedPermissions: readonly string[];
  readonly certificates: readonly Certificate[];
  readonly unread: readonly Unread[];
  /** What was read, and does not say enough to judge by. */
  readonly unclear: readonly Omit<Unread, 'knownSince'>[];
}

/** A cluster in which nothing of interest was found. */
export const emptySurvey: Survey = {
  workloads: [],
  foreignLeases: [],
  serviceRanges: [],
  kubeadm: undefined,
  clusterInfoHost: undefined,
  kubeProxy: undefined,
  cilium: undefined,
  pools: [],
  l2Policies: [],
  serverVersion: '',
  namespaceLabels: undefined,
  quotas: [],
  limitDefaults: [],
  lackedPermissions: [],
  certificates: [],
  unread: [],
  unclear: [],
};
