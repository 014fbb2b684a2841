// Spec to effective spec: every optional decided, once. The rest of the program trusts the result.
import { defaultTiming, type ElectionTiming } from './election-timing.ts';
import type { ComponentKind } from './metadata.ts';
import type { KubeVipConfig, KubeVipConfigSpec, Resources, Toleration } from './types.ts';

/** Where the pods of one function run. `selector` undefined: decided by the control-plane label. */
export interface Placement {
  readonly interface: string | undefined;
  readonly nodeSelector: Readonly<Record<string, string>> | undefined;
  readonly tolerations: readonly Toleration[];
  readonly resources: Resources | undefined;
}

export interface EffectiveControlPlane extends Placement {
  readonly addresses: readonly string[];
  readonly port: number;
  readonly apiAccess: 'Local' | 'Service';
}

export interface EffectiveServices extends Placement {
  readonly loadBalancerClass: string;
  readonly namespace: string | undefined;
}

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

/** The timings of a spec, each that it does not name by default, as the API server does it. */
export function electionTiming({ leaderElection }: KubeVipConfigSpec): ElectionTiming {
  return { ...defaultTiming, ...leaderElection };
}

function nodeProbe({ preflight }: KubeVipConfigSpec): EffectiveSpec['nodeProbe'] {
  return preflight?.nodeProbe ?? 'BestEffort';
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

/** The spec with every optional decided. */
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
      port: controlPlane.port ?? 6443,
      apiAccess: controlPlane.apiAccess ?? 'Local',
    },
    services: services && {
      ...placement(services, []),
      loadBalancerClass: effectiveClass(config) ?? '',
      namespace: services.namespace,
    },
    election: electionTiming(spec),
    announceIntervalSeconds: spec.arp?.announceIntervalSeconds ?? 3,
    nodeProbe: nodeProbe(spec),
  };
}

/** The functions that a spec asks for, in rendering order. */
export function componentKindsOf(spec: EffectiveSpec): readonly ComponentKind[] {
  return [
    ...(spec.controlPlane ? ['control-plane' as const] : []),
    ...(spec.services ? ['services' as const] : []),
  ];
}
