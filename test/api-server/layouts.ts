// The nodes of the clusters that people have: labels and taints as each distribution gives them, and which nodes kube-vip
// runs on there.
import { nodeObject, type ClusterObject } from './cluster-objects.ts';
import type { AnySpec } from './builders.ts';
import { servers } from './distributions.ts';

type Labels = Readonly<Record<string, string>>;
interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

/** How a distribution makes its nodes. */
interface Distribution {
  readonly server: Labels;
  readonly worker: Labels;
  readonly kubelet: string;
}

const role = (name: string): string => `node-role.kubernetes.io/${name}`;

// cmd/kubeadm/app/phases/markcontrolplane of kubernetes/kubernetes. kind is kubeadm.
const kubeadm: Distribution = {
  server: { [role('control-plane')]: '', 'node.kubernetes.io/exclude-from-external-load-balancers': '' },
  worker: {},
  kubelet: 'v1.36.3',
};
// setNodeLabelsAndAnnotations in pkg/server/server.go of k3s-io/k3s. docs.k3s.io/datastore/ha-embedded shows the three roles.
const k3s: Distribution = {
  server: {
    [role('control-plane')]: 'true',
    [role('etcd')]: 'true',
    [role('master')]: 'true',
    'node.kubernetes.io/instance-type': 'k3s',
  },
  worker: { 'node.kubernetes.io/instance-type': 'k3s' },
  kubelet: 'v1.36.1+k3s1',
};
// RKE2 is made of k3s, and has the same roles: docs.rke2.io/install/server_roles.
const rke2: Distribution = {
  server: { [role('control-plane')]: 'true', [role('etcd')]: 'true', [role('master')]: 'true' },
  worker: {},
  kubelet: 'v1.36.2+rke2r1',
};
// microk8s-resources/default-args/kubelet, and scripts/wrappers/join.py for workers, of canonical/microk8s@d099c90. No taints.
const microk8s: Distribution = {
  server: {
    'microk8s.io/cluster': 'true',
    'node.kubernetes.io/microk8s-controlplane': 'microk8s-controlplane',
  },
  worker: { 'microk8s.io/cluster': 'true', 'node.kubernetes.io/microk8s-worker': 'microk8s-worker' },
  kubelet: 'v1.36.1',
};
// docs/worker-node-config.md of k0sproject/k0s@dff90ce.
const k0s: Distribution = {
  server: { [role('control-plane')]: 'true', 'node.k0sproject.io/role': 'control-plane' },
  worker: {},
  kubelet: 'v1.36.1+k0s',
};

// As kubeadm gives it, and k0s to controllers with --enable-worker (cmd/controller/controller.go), unless --no-taints.
const ofKubeadm: Taint = { key: role('control-plane'), effect: 'NoSchedule' };
// What docs.rke2.io/install/ha advises for servers that carry no workloads (node-taint). Without it they do. k3s has the same.
const ofRancher: Taint = { key: 'CriticalAddonsOnly', value: 'true', effect: 'NoExecute' };

/** A cluster of so many servers and workers. */
function nodes(
  { server, worker, kubelet }: Distribution,
  counts: { readonly servers: number; readonly workers?: number; readonly taint?: Taint },
): readonly ClusterObject[] {
  const { workers = 0, taint } = counts;
  return [
    ...servers.slice(0, counts.servers).map((address, index) =>
      nodeObject(`n${index + 1}`, {
        address,
        labels: server,
        podRange: `10.42.${index}.0/24`,
        kubelet,
        ...(taint && { taints: [taint] }),
      }),
    ),
    ...Array.from({ length: workers }, (_, index) =>
      nodeObject(`w${index + 1}`, {
        address: `127.1.0.${index + 9}`,
        labels: worker,
        podRange: `10.42.${index + 9}.0/24`,
        kubelet,
      }),
    ),
  ];
}

/** A cluster, and on which of its nodes which component runs. */
export interface Layout {
  readonly name: string;
  readonly nodes: readonly ClusterObject[];
  /** More of `spec.controlPlane`, as getting-started says for the distribution. */
  readonly controlPlane?: AnySpec;
  readonly runsOn: { readonly controlPlane: string; readonly services: string };
  /** Ids of the checks of the placement that warn. */
  readonly warns?: readonly string[];
}

const all = 'n1 n2 n3';
const workers = 'w1 w2';
const [noNode, carriesToo] = ['selector-matches-no-node', 'services-on-control-plane-too'];
const ofMicrok8s = {
  controlPlane: { nodeSelector: { 'node.kubernetes.io/microk8s-controlplane': 'microk8s-controlplane' } },
};
const both = (where: string): Layout['runsOn'] => ({ controlPlane: where, services: where });
const apart = (controlPlane: string): Layout['runsOn'] => ({ controlPlane, services: workers });
const beside: Pick<Layout, 'runsOn' | 'warns'> = {
  runsOn: { controlPlane: all, services: `${all} ${workers}` },
  warns: [carriesToo],
};

/** `services: {}` and the control plane by default, on each of them. */
export const layouts: readonly Layout[] = [
  // It takes the taint off where there is one node: pkg/cluster/internal/create/actions/kubeadminit of kubernetes-sigs/kind.
  { name: 'kind, one node', nodes: nodes(kubeadm, { servers: 1 }), runsOn: both('n1') },
  {
    name: 'kind, one control-plane node and two workers',
    nodes: nodes(kubeadm, { servers: 1, workers: 2, taint: ofKubeadm }),
    runsOn: apart('n1'),
  },
  { name: 'k3s, one server', nodes: nodes(k3s, { servers: 1 }), runsOn: both('n1') },
  { name: 'k3s, three servers', nodes: nodes(k3s, { servers: 3 }), runsOn: both(all) },
  { name: 'k3s, three servers and two agents', nodes: nodes(k3s, { servers: 3, workers: 2 }), ...beside },
  {
    name: 'k3s, three servers with a taint and two agents',
    nodes: nodes(k3s, { servers: 3, workers: 2, taint: ofRancher }),
    runsOn: apart(all),
  },
  {
    name: 'kubeadm, one node with its taint',
    nodes: nodes(kubeadm, { servers: 1, taint: ofKubeadm }),
    runsOn: { controlPlane: 'n1', services: '' },
    warns: [noNode],
  },
  {
    name: 'kubeadm, one node whose taint was taken off',
    nodes: nodes(kubeadm, { servers: 1 }),
    runsOn: both('n1'),
  },
  {
    name: 'kubeadm, three control-plane nodes and two workers',
    nodes: nodes(kubeadm, { servers: 3, workers: 2, taint: ofKubeadm }),
    runsOn: apart(all),
  },
  { name: 'RKE2, three servers', nodes: nodes(rke2, { servers: 3 }), runsOn: both(all) },
  { name: 'RKE2, three servers and two agents', nodes: nodes(rke2, { servers: 3, workers: 2 }), ...beside },
  {
    name: 'RKE2, three servers with a taint and two agents',
    nodes: nodes(rke2, { servers: 3, workers: 2, taint: ofRancher }),
    runsOn: apart(all),
  },
  {
    name: 'MicroK8s without the label in the spec',
    nodes: nodes(microk8s, { servers: 3 }),
    runsOn: { controlPlane: '', services: all },
    warns: [noNode],
  },
  { name: 'MicroK8s, one node', nodes: nodes(microk8s, { servers: 1 }), ...ofMicrok8s, runsOn: both('n1') },
  { name: 'MicroK8s, three nodes', nodes: nodes(microk8s, { servers: 3 }), ...ofMicrok8s, runsOn: both(all) },
  {
    name: 'MicroK8s, three nodes and two workers',
    nodes: nodes(microk8s, { servers: 3, workers: 2 }),
    ...ofMicrok8s,
    ...beside,
  },
  // --single gives no taint (inttest/noderole-single), and the label all the same.
  { name: 'k0s, one node (--single)', nodes: nodes(k0s, { servers: 1 }), runsOn: both('n1') },
  {
    name: 'k0s, three controllers with workloads (--enable-worker --no-taints)',
    nodes: nodes(k0s, { servers: 3 }),
    runsOn: both(all),
  },
  {
    name: 'k0s, three controllers (--enable-worker) and two workers',
    nodes: nodes(k0s, { servers: 3, workers: 2, taint: ofKubeadm }),
    runsOn: apart(all),
  },
  {
    name: 'k0s, controllers that are no nodes, and two workers',
    nodes: nodes(k0s, { servers: 0, workers: 2 }),
    runsOn: apart(''),
    warns: [noNode],
  },
];
