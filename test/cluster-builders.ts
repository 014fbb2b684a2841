// Nodes and Services for tests, as they are kept: trimmed.
import type { V1Node, V1Service } from '@kubernetes/client-node';

export interface NodeOverrides {
  readonly name?: string;
  /** Default: a control-plane node. One with labels of its own has no taint of its own accord. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly address?: string;
  readonly taints?: NonNullable<V1Node['spec']>['taints'];
  readonly annotations?: Readonly<Record<string, string>>;
  readonly podRange?: string;
  readonly kubelet?: string;
  readonly osImage?: string;
}

const kubeadm = {
  labels: { 'node-role.kubernetes.io/control-plane': '' },
  taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' as const }],
};

/** A control-plane node `n1` at 203.0.113.11, with the taint that kubeadm gives it. */
export function node(overrides: NodeOverrides = {}): V1Node {
  const { name = 'n1', address = '203.0.113.11', podRange = '198.18.1.0/24' } = overrides;
  const { labels: own, taints }: NodeOverrides = { ...(overrides.labels ? {} : kubeadm), ...overrides };
  const labels = {
    'kubernetes.io/os': 'linux',
    'kubernetes.io/hostname': name,
    ...own,
  };
  const { annotations, kubelet = 'v1.36.3', osImage = 'Debian GNU/Linux 13' } = overrides;
  return {
    metadata: { name, labels, ...(annotations && { annotations: { ...annotations } }) },
    spec: { podCIDRs: [podRange], ...(taints && { taints }) },
    status: {
      addresses: [
        { type: 'InternalIP', address },
        { type: 'Hostname', address: name },
      ],
      conditions: [{ type: 'Ready', status: 'True' }],
      nodeInfo: { kubeletVersion: kubelet, osImage, operatingSystem: 'linux' },
    } as unknown as NonNullable<V1Node['status']>,
  };
}

/** One whose kubelet does not report. */
export const silentNode = (name: string): V1Node => ({
  ...node({ name }),
  status: { conditions: [{ type: 'Ready', status: 'Unknown' }] },
});

/** A Service `default/web` of type LoadBalancer without class, as it is kept: trimmed. */
export function service({
  name = 'web',
  namespace = 'default',
  annotations,
  labels,
  resourceVersion,
  published = [],
  ...spec
}: {
  readonly name?: string;
  readonly namespace?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly resourceVersion?: string;
  /** Addresses in its status. */
  readonly published?: readonly string[];
} & NonNullable<V1Service['spec']> = {}): V1Service {
  return {
    metadata: {
      name,
      namespace,
      ...(labels && { labels: { ...labels } }),
      ...(resourceVersion && { resourceVersion }),
      ...(annotations && { annotations: { ...annotations } }),
    },
    spec: { type: 'LoadBalancer', clusterIPs: ['198.51.100.7'], ...spec },
    status: { loadBalancer: { ingress: published.map((ip) => ({ ip })) } },
  };
}
