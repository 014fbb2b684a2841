// What is nowhere to be found, though other checks rest on it.
import { freshSnapshot, kubeVipConfig } from '../builders.ts';
import { plainSurvey } from '../plain-survey.ts';
import { node, silentNode } from '../cluster-builders.ts';
import type { Snapshot } from '../../src/observed/snapshot.ts';
import type { Survey } from '../../src/observed/neighbours/survey.ts';
import type { Cases } from './find.ts';
import { workload } from './survey-builders.ts';

const onlyControlPlane = kubeVipConfig({ spec: { services: undefined } });
const onlyServices = kubeVipConfig({ spec: { controlPlane: undefined } });
const nodes = [node()];
const withoutRange = { ...node(), spec: {} };
const onK3s = (args?: string) =>
  node({ kubelet: 'v1.36.1+k3s1', ...(args !== undefined && { annotations: { 'k3s.io/node-args': args } }) });

/** A cluster of kubeadm of which a survey says this. */
const world = (facts: Partial<Survey>, overrides: Partial<Snapshot> = {}): Snapshot =>
  freshSnapshot({ nodes, survey: { ...plainSurvey, ...facts }, ...overrides });
const [certificate] = plainSurvey.certificates;
const shown = (names: readonly string[] | undefined, port = 6443) =>
  certificate ? [{ ...certificate, names, port }] : [];

export const unknownCases: Cases = {
  'node-address-is-unknown': [
    ['passes when every node tells it', world({})],
    [
      'names those that do not, and those that tell a name',
      world({}, { nodes: [...nodes, silentNode('n2'), node({ name: 'n3', address: 'n3.example.org' })] }),
      'Node/n2, Node/n3: has no address in status.addresses. So it cannot be judged whether kube-vip is asked for the address of a node. Expected an InternalIP or ExternalIP of every node. Look at the kubelet',
    ],
  ],
  'cluster-network-is-unknown': [
    ['passes with kubeadm', world({}, { nodes: [withoutRange] })],
    ['passes with a range of each node', world({ kubeadm: undefined })],
    ['passes on k3s', world({ kubeadm: undefined, serviceRanges: [] }, { nodes: [onK3s('["server"]')] })],
    ['passes without a control plane', world({ serviceRanges: [] }, { config: onlyServices })],
    ['waits for the survey', freshSnapshot({ survey: undefined, nodes: [withoutRange] })],
    [
      'says which is noted nowhere',
      world({ kubeadm: undefined, serviceRanges: [] }, { nodes: [...nodes, withoutRange] }),
      'network of pods: is noted nowhere. So it cannot be judged whether it contains 203.0.113.100. Expected spec.podCIDRs of every node, podSubnet of ConfigMap kube-system/kubeadm-config, or the flags of k3s or RKE2. See in the configuration of the network plugin',
      'network of services: is noted nowhere. So it cannot be judged whether it contains 203.0.113.100. Expected a ServiceCIDR, serviceSubnet of',
    ],
  ],
  'kube-proxy-mode-is-unknown': [
    ['passes with the ConfigMap of kubeadm', world({})],
    [
      'passes where Cilium replaces it',
      world({ kubeProxy: undefined, cilium: { 'kube-proxy-replacement': 'true' } }),
    ],
    ['passes on k3s', world({ kubeProxy: undefined }, { nodes: [onK3s('["agent"]')] })],
    [
      'passes with arguments of a DaemonSet',
      world({
        kubeProxy: undefined,
        workloads: [
          workload({ images: ['registry.k8s.io/kube-proxy:v1.36.3'], args: ['--proxy-mode=nftables'] }),
        ],
      }),
    ],
    ['does not care without Services', world({ kubeProxy: undefined }, { config: onlyControlPlane })],
    ['waits for the survey', freshSnapshot({ survey: undefined, nodes })],
    [
      'says that it is told nowhere',
      world({ kubeProxy: undefined }),
      'kube-proxy: has its mode in no ConfigMap kube-system/kube-proxy, no DaemonSet and no k3s. So it cannot be judged whether every node answers ARP for addresses of Services.',
    ],
    [
      'does not know a mode that is new',
      world({ kubeProxy: { mode: 'ebpf', strictArp: false } }),
      'ConfigMap/kube-system/kube-proxy: has mode ebpf. So it cannot be judged',
    ],
  ],
  'certificate-is-unread': [
    ['passes when it was read', world({})],
    ['does not care without a control plane', world({ certificates: [] }, { config: onlyServices })],
    ['waits for the survey', freshSnapshot({ survey: undefined, nodes })],
    [
      'names the nodes that showed none',
      world({ certificates: shown(undefined) }),
      'Node/n1: shows no certificate of an API server at port 6443. So it cannot be judged which addresses the certificate names. Expected to read the certificates of all API servers. The operator asks 7 nodes at most. Start the API server there, or let the operator reach it.',
    ],
    [
      'names those that were not asked',
      world({ certificates: shown([], 8443) }),
      'Node/n1: was not asked for the certificate of its API server.',
    ],
  ],
  'k3s-flags-are-unknown': [
    ['passes on others', world({})],
    ['passes when a server tells', world({}, { nodes: [onK3s('["server"]'), onK3s('["agent"]')] })],
    [
      'says that no server tells',
      world({}, { nodes: [onK3s(), onK3s('["agent"]')] }),
      'Node/n1, Node/n1: runs k3s or RKE2, and nothing says how the servers were started. So it cannot be judged whether ServiceLB is on, nor which networks and kube-proxy they have.',
    ],
    [
      'names a node that cannot be read',
      world({}, { nodes: [onK3s('["server"]'), onK3s('server')] }),
      'Node/n1: runs k3s or RKE2, and nothing says',
    ],
  ],
};
