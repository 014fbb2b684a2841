// Spec to effective spec: every optional decided, once. The rest of the program trusts the result.
import { defaultTiming, type ElectionTiming } from './election-timing.ts';
import { componentKinds, statusFields, type ComponentKind } from './metadata.ts';
import { defaultRollout } from './rollout-schema.ts';
import type { KubeVipConfig, KubeVipConfigSpec, Resources, Toleration } from './types.ts';

/** Where the pods of a component run. Without a nodeSelector: the control plane on nodes with its label, Services on any Linux node. */
export interface Placement {
  readonly interface: string | undefined;
  readonly nodeSelector: Readonly<Record<string, string>> | undefined;
  readonly tolerations: readonly Toleration[];
  readonly resources: Resources | undefined;
}

/** What `spec.controlPlane` asks for, with every default filled in. */
export interface EffectiveControlPlane extends Placement {
  readonly addresses: readonly string[];
  readonly port: number;
  readonly apiAccess: 'Local' | 'Service';
}

/** Addresses that may be granted to Services. */
export interface EffectivePool {
  readonly name: string;
  /** CIDRs, and ranges `first-last`. */
  readonly addresses: readonly string[];
  readonly autoAssign: boolean;
  /** Empty: all. */
  readonly namespaces: readonly string[];
  /** Labels of a Service. Empty: any. */
  readonly serviceSelector: Readonly<Record<string, string>>;
  /** The highest is the first. */
  readonly priority: number;
  readonly avoidBuggyIPs: boolean;
  /** Addresses and CIDRs. */
  readonly reserved: readonly string[];
}

/** What `spec.services` asks for, with every default filled in. Namespace undefined: all namespaces. */
export interface EffectiveServices extends Placement {
  readonly loadBalancerClass: string;
  readonly pools: readonly EffectivePool[];
  readonly namespace: string | undefined;
}

/** A spec in which no default is left to fill in. A component that was not asked for is undefined. */
export interface EffectiveSpec {
  readonly name: string;
  readonly version: string;
  readonly mode: 'ARP';
  readonly image: NonNullable<KubeVipConfigSpec['image']>;
  readonly controlPlane: EffectiveControlPlane | undefined;
  readonly services: EffectiveServices | undefined;
  readonly election: ElectionTiming;
  readonly announceIntervalSeconds: number;
  readonly nodeProbe: 'BestEffort' | 'Required' | 'Off';
  readonly rollout: Required<NonNullable<KubeVipConfigSpec['rollout']>>;
  /** Whether the network is asked about the addresses. */
  readonly witness: 'On' | 'Off';
  /** What is done about a second owner that is a kube-vip of ours. */
  readonly remedy: 'RestartPod' | 'Report';
}

/**
 * Taints that control-plane nodes carry: kubeadm and Talos (control-plane, formerly master), RKE2 (etcd),
 * k3s (CriticalAddonsOnly). No effect named: the virtual address of the API must survive NoExecute too.
 */
export const controlPlaneTolerations: readonly Toleration[] = [
  { key: 'node-role.kubernetes.io/control-plane', operator: 'Exists' },
  { key: 'node-role.kubernetes.io/master', operator: 'Exists' },
  { key: 'node-role.kubernetes.io/etcd', operator: 'Exists' },
  { key: 'CriticalAddonsOnly', operator: 'Exists' },
];

/** The load balancer class that a config serves, or undefined without services. */
export function effectiveClass(config: KubeVipConfig): string | undefined {
  const { services } = config.spec;
  return services && (services.loadBalancerClass ?? `kubevip.dev/${config.metadata.name}`);
}

/** The pools of a config, none without services. */
export function poolsOf({ spec }: KubeVipConfig): readonly EffectivePool[] {
  return (spec.services?.pools ?? []).map((pool) => ({
    autoAssign: true,
    namespaces: [],
    serviceSelector: {},
    priority: 0,
    avoidBuggyIPs: false,
    reserved: [],
    ...pool,
  }));
}

/** The timings of a spec, each that it does not name by default, as the API server does it. */
export function electionTiming({ leaderElection }: KubeVipConfigSpec): ElectionTiming {
  return { ...defaultTiming, ...leaderElection };
}

function nodeProbe({ preflight }: KubeVipConfigSpec): EffectiveSpec['nodeProbe'] {
  return preflight?.nodeProbe ?? 'BestEffort';
}

/** One address of a control plane with the port of the API servers. */
export interface ApiTarget {
  readonly address: string;
  readonly port: number;
}

type PodFields = Partial<Pick<Placement, 'interface' | 'nodeSelector' | 'tolerations' | 'resources'>>;

function placement(part: PodFields, tolerations: readonly Toleration[]): Placement {
  return {
    interface: part.interface,
    nodeSelector: part.nodeSelector,
    tolerations: part.tolerations ?? tolerations,
    resources: part.resources,
  };
}

/** Port of the API servers on the nodes, and so of the virtual address. */
export const apiPort = ({
  controlPlane,
}: {
  readonly controlPlane?: { readonly port?: number } | undefined;
}): number => controlPlane?.port ?? 6443;

/** Where the control-plane addresses of a config answer; none without a control plane. */
export const apiTargets = ({ spec }: KubeVipConfig): readonly ApiTarget[] =>
  (spec.controlPlane?.addresses ?? []).map((address) => ({ address, port: apiPort(spec) }));

/** The spec with every optional decided. Once per reconcile: observed/observed.ts hands it on. */
export function effectiveSpec(config: KubeVipConfig): EffectiveSpec {
  const { spec, metadata } = config;
  const { controlPlane, services } = spec;
  return {
    name: metadata.name,
    version: spec.version,
    mode: spec.mode,
    image: spec.image ?? {},
    controlPlane: controlPlane && {
      ...placement(controlPlane, controlPlaneTolerations),
      addresses: controlPlane.addresses,
      port: apiPort(spec),
      apiAccess: controlPlane.apiAccess ?? 'Local',
    },
    services: services && {
      ...placement(services, []),
      loadBalancerClass: effectiveClass(config) ?? '',
      pools: poolsOf(config),
      namespace: services.namespace,
    },
    election: electionTiming(spec),
    announceIntervalSeconds: spec.arp?.announceIntervalSeconds ?? 3,
    nodeProbe: nodeProbe(spec),
    rollout: { ...defaultRollout, ...spec.rollout },
    witness: spec.witness ?? 'On',
    remedy: spec.remedy ?? 'RestartPod',
  };
}

/** The components that a spec, as written or effective, asks for, in rendering order. */
export const componentKindsOf = (
  spec: Partial<Record<(typeof statusFields)[ComponentKind], unknown>>,
): readonly ComponentKind[] => componentKinds.filter((kind) => spec[statusFields[kind]] !== undefined);
