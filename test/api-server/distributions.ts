// What kubeadm, k3s and RKE2 leave in a cluster: the objects that preflight looks at, in their shapes. Nodes
// have loopback addresses, at which preflight-stage.ts plays their API servers.
import {
  configMapObject,
  nodeObject,
  serviceObject,
  staticPodObject,
  workloadObject,
  type ClusterObject,
} from './cluster-objects.ts';

const controlPlane = (value: string) => ({ 'node-role.kubernetes.io/control-plane': value });
const [one, two, three, worker] = ['127.1.0.1', '127.1.0.2', '127.1.0.3', '127.1.0.9'];
/** Where the control-plane nodes are. */
export const servers = [one, two, three] as const;

const clusterConfiguration = (endpoint: string): string => `apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
controlPlaneEndpoint: ${endpoint}
networking:
  dnsDomain: cluster.local
  podSubnet: 10.244.0.0/16
  serviceSubnet: 198.51.100.0/24
`;

const kubeconfig = (server: string): string => `apiVersion: v1
kind: Config
clusters:
- name: ""
  cluster:
    certificate-authority-data: YQ==
    server: ${server}
`;

const kubeProxy = (mode: string, strictArp: boolean): ClusterObject =>
  configMapObject('kube-system', 'kube-proxy', {
    'config.conf': `apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nmode: "${mode}"\nipvs:\n  strictARP: ${strictArp}\n`,
  });

/** kubeadm with three control-plane nodes, Calico, and the address of another balancer as endpoint unless another is given. */
export function kubeadm({
  endpoint = '203.0.113.9:6443',
  mode = 'iptables',
  strictArp = false,
} = {}): readonly ClusterObject[] {
  const taints = [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }];
  return [
    ...servers.map((address, index) =>
      nodeObject(`n${index + 1}`, {
        address,
        labels: controlPlane(''),
        taints,
        podRange: `10.244.${index}.0/24`,
        kubelet: 'v1.36.3',
      }),
    ),
    nodeObject('w1', { address: worker, podRange: '10.244.9.0/24', kubelet: 'v1.36.3' }),
    configMapObject('kube-system', 'kubeadm-config', {
      ClusterConfiguration: clusterConfiguration(endpoint),
    }),
    configMapObject('kube-public', 'cluster-info', { kubeconfig: kubeconfig(`https://${endpoint}`) }),
    kubeProxy(mode, strictArp),
    ...['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'].map((name) =>
      staticPodObject(name, 'n1', {
        image: `registry.k8s.io/${name}:v1.36.3`,
        hostPaths: ['/etc/kubernetes/pki'],
      }),
    ),
    workloadObject('daemonsets', 'kube-proxy', { image: 'registry.k8s.io/kube-proxy:v1.36.3' }),
    workloadObject('daemonsets', 'calico-node', {
      image: 'docker.io/calico/node:v3.31.0',
      hostPorts: [9091],
    }),
    workloadObject('deployments', 'coredns', { image: 'registry.k8s.io/coredns/coredns:v1.13.1' }),
  ];
}

/** What kubeadm notes, without its nodes. */
export const kubeadmNotes = (): readonly ClusterObject[] =>
  kubeadm().filter(({ path }) => path !== '/api/v1/nodes');

// As docs.rke2.io/install/ha advises for servers that carry no workloads, with k3s as well. layouts.ts has the others.
const taints = [{ key: 'CriticalAddonsOnly', value: 'true', effect: 'NoExecute' }];

/** k3s with embedded etcd; `args` is how its servers were started. */
export function k3s(args: readonly string[]): readonly ClusterObject[] {
  const labels = {
    ...controlPlane('true'),
    'node-role.kubernetes.io/etcd': 'true',
    'node.kubernetes.io/instance-type': 'k3s',
  };
  const kubelet = 'v1.36.1+k3s1';
  return [
    ...servers.map((address, index) =>
      nodeObject(`n${index + 1}`, {
        address,
        labels,
        taints,
        annotations: { 'k3s.io/node-args': JSON.stringify(args), 'k3s.io/node-env': '{}' },
        podRange: `10.42.${index}.0/24`,
        kubelet,
      }),
    ),
    nodeObject('w1', {
      address: worker,
      annotations: { 'k3s.io/node-args': JSON.stringify(['agent']) },
      podRange: '10.42.9.0/24',
      kubelet,
    }),
    ...['coredns', 'local-path-provisioner', 'metrics-server', 'traefik'].map((name) =>
      workloadObject('deployments', name, { image: `docker.io/rancher/mirrored-${name}:v1` }),
    ),
  ];
}

/** What ServiceLB makes of the Traefik of k3s. */
export const serviceLb: readonly ClusterObject[] = [
  workloadObject('daemonsets', 'svclb-traefik-3d2a', {
    image: 'docker.io/rancher/klipper-lb:v0.4.4',
    hostPorts: [80],
    labels: {
      'objectset.rio.cattle.io/owner-name': 'traefik',
      'svccontroller.k3s.cattle.io/nodeselector': 'false',
      'svccontroller.k3s.cattle.io/svcname': 'traefik',
      'svccontroller.k3s.cattle.io/svcnamespace': 'kube-system',
    },
  }),
  serviceObject('traefik', { published: [...servers, worker] }),
];

/** RKE2 with Canal and its ingress on host ports. */
export function rke2(): readonly ClusterObject[] {
  const labels = {
    ...controlPlane('true'),
    'node-role.kubernetes.io/etcd': 'true',
    'node-role.kubernetes.io/master': 'true',
  };
  const kubelet = 'v1.36.2+rke2r1';
  return [
    ...servers.map((address, index) =>
      nodeObject(`n${index + 1}`, {
        address,
        labels,
        taints,
        annotations: { 'rke2.io/node-args': JSON.stringify(['server', '--profile', 'cis']) },
        podRange: `10.42.${index}.0/24`,
        kubelet,
      }),
    ),
    nodeObject('w1', { address: worker, podRange: '10.42.9.0/24', kubelet }),
    ...[
      'etcd',
      'kube-apiserver',
      'kube-controller-manager',
      'kube-scheduler',
      'cloud-controller-manager',
      'kube-proxy',
    ].map((name) =>
      staticPodObject(name, 'n1', { image: 'docker.io/rancher/hardened-kubernetes:v1.36.2-rke2r1' }),
    ),
    workloadObject('daemonsets', 'rke2-canal', { image: 'docker.io/rancher/hardened-calico:v3.31.0' }),
    workloadObject('daemonsets', 'rke2-ingress-nginx-controller', {
      image: 'docker.io/rancher/nginx-ingress-controller:v1.14.0',
      hostPorts: [80, 443],
    }),
  ];
}
