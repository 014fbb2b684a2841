import { emptySurvey } from '../../src/observed/neighbours/survey.ts';
import { daemonSet, freshSnapshot, kubeVipConfig, lease, pod, snapshot } from '../builders.ts';
import { node, service } from '../cluster-builders.ts';
import type { Cases } from './find.ts';
import { listedCases } from './listed-cases.ts';

const vip = '203.0.113.100';
const dual = kubeVipConfig({ spec: { controlPlane: { addresses: [vip, '2001:db8::100'] } } });
const neverRan = kubeVipConfig({ metadata: { finalizers: [] } });
const onlyControlPlane = kubeVipConfig({ spec: { services: undefined } });
const made = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  namespace: 'kube-vip-system',
  name: 'edge-control-plane',
};
const at = (address: string) => kubeVipConfig({ spec: { controlPlane: { addresses: [address] } } });
const server = (program: string, args: readonly string[] = [], address = '203.0.113.11') =>
  node({ address, annotations: { [`${program}.io/node-args`]: JSON.stringify(['server', ...args]) } });
const n1 = node();

export const addressCases: Cases = {
  'vip-is-node-address': [
    ['passes with other addresses', freshSnapshot({ nodes: [n1] })],
    ['passes without nodes', freshSnapshot()],
    [
      'names both sides',
      freshSnapshot({ nodes: [n1, node({ name: 'n2', address: vip })] }),
      'Node/n2: has 203.0.113.100 as its InternalIP. Expected no node with the virtual address of KubeVipConfig edge. Give the node another address, or choose a free one for the KubeVipConfig (docs/deletion.md).',
    ],
    [
      'finds the second address of a dual-stack config',
      freshSnapshot({ config: dual, nodes: [node({ address: '2001:db8::100' })] }),
      'Node/n1: has 2001:db8::100 as its InternalIP',
    ],
    [
      'takes a node that joins later for what it is',
      snapshot({ nodes: [node({ name: 'n9', address: vip })] }),
      'Node/n9: has 203.0.113.100 as its InternalIP',
    ],
    [
      'finds an address with all its zeros and in capitals',
      freshSnapshot({ config: dual, nodes: [node({ address: '2001:0DB8:0:0:0:0:0:0100' })] }),
      'Node/n1: has 2001:db8::100 as its InternalIP',
    ],
    [
      'finds IPv4 in IPv6',
      freshSnapshot({ nodes: [node({ address: '::ffff:203.0.113.100' })] }),
      'Node/n1: has 203.0.113.100 as its InternalIP',
    ],
    ['leaves the holder to the other check', snapshot({ nodes: [node({ address: vip })] })],
    ...listedCases,
  ],
  'kubelet-took-vip': [
    ['passes with other addresses', snapshot({ nodes: [n1] })],
    ['passes for a node that does not hold it', snapshot({ nodes: [node({ name: 'n2', address: vip })] })],
    [
      'finds the holder',
      snapshot({ nodes: [node({ address: vip })] }),
      "Node/n1: has 203.0.113.100 as its InternalIP. Expected no node with the virtual address of KubeVipConfig edge. Restart the kubelet of that node with --node-ip and the node's own address.",
    ],
  ],
  'vip-in-pod-network': [
    ['passes beside the networks', freshSnapshot({ nodes: [n1] })],
    [
      'finds the range of a node',
      freshSnapshot({ nodes: [node({ podRange: '203.0.113.96/28' })] }),
      'network of pods 203.0.113.96/28: contains 203.0.113.100',
    ],
    [
      'finds the range that kubeadm has',
      freshSnapshot({
        survey: {
          ...emptySurvey,
          kubeadm: { endpoint: undefined, podSubnet: '203.0.0.0/16', serviceSubnet: undefined },
        },
      }),
      'network of pods 203.0.0.0/16',
    ],
    [
      'finds the default of k3s',
      freshSnapshot({ config: at('10.42.200.1'), nodes: [server('k3s')] }),
      'network of pods 10.42.0.0/16',
    ],
    [
      'finds the default of RKE2 for nodes with IPv6 first',
      freshSnapshot({ config: at('fd00:42:0:1::1'), nodes: [server('rke2', [], '2001:db8::11')] }),
      'network of pods fd00:42::/56',
    ],
    [
      'finds what k3s was started with, and nothing of the default then',
      freshSnapshot({ nodes: [server('k3s', ['--cluster-cidr', '10.0.0.0/16,203.0.113.0/24'])] }),
      'network of pods 203.0.113.0/24',
    ],
    [
      'passes in the default of k3s when it was started with another',
      freshSnapshot({ config: at('10.42.200.1'), nodes: [server('k3s', ['--cluster-cidr', '10.0.0.0/16'])] }),
    ],
    ['passes in the default of k3s on kubeadm', freshSnapshot({ config: at('10.42.200.1'), nodes: [n1] })],
    ['knows families apart', freshSnapshot({ nodes: [node({ podRange: '::/0' })] })],
    ['takes no nonsense for a range', freshSnapshot({ nodes: [node({ podRange: 'none' })] })],
  ],
  'vip-in-service-network': [
    ['passes beside it', freshSnapshot({ survey: { ...emptySurvey, serviceRanges: ['198.51.100.0/24'] } })],
    [
      'finds it',
      freshSnapshot({ survey: { ...emptySurvey, serviceRanges: ['203.0.113.0/24'] } }),
      'network of services 203.0.113.0/24: contains 203.0.113.100. Expected the virtual address of KubeVipConfig edge outside the networks of the cluster.',
    ],
    [
      'finds the default of k3s, where the API does not tell it',
      freshSnapshot({ config: at('10.43.200.1'), nodes: [server('k3s')] }),
      'network of services 10.43.0.0/16',
    ],
    [
      'finds what RKE2 was started with',
      freshSnapshot({ nodes: [server('rke2', ['--service-cidr', '203.0.113.0/24'])] }),
      'network of services 203.0.113.0/24',
    ],
    ['passes in the default of k3s on kubeadm', freshSnapshot({ config: at('10.43.200.1'), nodes: [n1] })],
  ],
  'vip-is-service-address': [
    ['passes with others', freshSnapshot({ services: [service({ published: ['203.0.113.101'] })] })],
    [
      'finds what is published',
      freshSnapshot({ services: [service({ published: [vip] })] }),
      'Service/default/web: has 203.0.113.100 in status.loadBalancer.ingress. Expected no Service with the virtual address of KubeVipConfig edge.',
    ],
    [
      'finds what is asked for',
      freshSnapshot({
        services: [service({ annotations: { 'kube-vip.io/loadbalancerIPs': `203.0.113.9, ${vip}` } })],
      }),
      'Service/default/web: has 203.0.113.100 in annotation kube-vip.io/loadbalancerIPs. Expected no Service with the virtual address of KubeVipConfig edge.',
    ],
    [
      'finds an external address of any Service',
      freshSnapshot({ services: [service({ type: 'ClusterIP', externalIPs: [vip] })] }),
      'Service/default/web',
    ],
    ...['203.0.113.0100', '::ffff:203.0.113.100', '::ffff:cb00:7164'].map((text): Cases[string][number] => [
      `finds it written as ${text}`,
      freshSnapshot({ services: [service({ type: 'ClusterIP', externalIPs: [text] })] }),
      'Service/default/web: has 203.0.113.100 in spec.externalIPs. Expected no Service with the virtual address of KubeVipConfig edge.',
    ]),
    [
      'finds what is published with IPv4 at its end',
      freshSnapshot({ config: dual, services: [service({ published: ['2001:db8::0.0.1.0'] })] }),
      'Service/default/web: has 2001:db8::100 in status.loadBalancer.ingress',
    ],
    [
      'finds what is published in another spelling',
      freshSnapshot({ services: [service({ published: ['203.000.113.100'] })] }),
      'Service/default/web: has 203.0.113.100 in status.loadBalancer.ingress. Expected no Service with the virtual address of KubeVipConfig edge.',
    ],
    [
      'finds spec.loadBalancerIP',
      freshSnapshot({ services: [service({ loadBalancerIP: vip })] }),
      'Service/default/web',
    ],
    [
      'finds an address inside the cluster',
      freshSnapshot({ services: [service({ type: 'ClusterIP', clusterIPs: [vip] })] }),
      'Service/default/web: has 203.0.113.100 in spec.clusterIPs. Expected no Service with the virtual address of KubeVipConfig edge.',
    ],
    [
      'says a Service once that has both addresses',
      freshSnapshot({
        config: dual,
        services: [service({ type: 'ClusterIP', externalIPs: [vip, '2001:db8::100'] })],
      }),
      'Service/default/web: has 203.0.113.100 in spec.externalIPs',
    ],
    [
      'passes where no load balancer reads the annotation',
      freshSnapshot({
        services: [service({ type: 'NodePort', annotations: { 'kube-vip.io/loadbalancerIPs': vip } })],
      }),
    ],
  ],
  'claimed-by-other-config': [
    ['passes alone', freshSnapshot()],
    [
      'finds the elder',
      freshSnapshot({
        configs: [
          kubeVipConfig(),
          kubeVipConfig({
            name: 'old',
            metadata: { creationTimestamp: '2026-11-24T09:00:00Z' },
            spec: { services: undefined },
          }),
        ],
      }),
      'KubeVipConfig/old: has the address 203.0.113.100, and was first. Expected it to belong to KubeVipConfig edge alone.',
    ],
    [
      'lets the elder be',
      freshSnapshot({
        configs: [
          kubeVipConfig(),
          kubeVipConfig({ name: 'young', metadata: { creationTimestamp: '2026-11-24T11:00:00Z' } }),
        ],
      }),
    ],
  ],
  'lease-held-by-stranger': [
    ['passes without Leases', freshSnapshot({ config: neverRan })],
    ['passes when it runs', snapshot()],
    [
      'finds a holder before ours was started',
      freshSnapshot({ config: neverRan, leases: [lease({ holder: 'n7' })] }),
      'Lease/kube-vip-system/edge-control-plane: is held by n7. It was renewed within its 15 s. Expected no holder before the kube-vip of KubeVipConfig edge is started.',
    ],
    ['lets a stale Lease be', freshSnapshot({ config: neverRan, leases: [lease({ ageSeconds: 16 })] })],
    ['lets one be that was given back', freshSnapshot({ config: neverRan, leases: [lease({ holder: '' })] })],
    [
      'finds a holder of what the spec asks for only now',
      snapshot({ daemonSets: [daemonSet()], pods: [], leases: [lease(), lease({ name: 'edge-services' })] }),
      'Lease/kube-vip-system/edge-services: is held by n1. It was renewed within its 15 s. Expected no holder before the kube-vip of KubeVipConfig edge is started.',
    ],
    [
      'does not care about what the spec does not ask for',
      freshSnapshot({ config: onlyControlPlane, leases: [lease({ name: 'edge-services' })] }),
    ],
    [
      'lets ours be whose DaemonSet is gone',
      freshSnapshot({ config: kubeVipConfig({ status: { inventory: [made] } }), leases: [lease()] }),
    ],
    [
      'lets ours be whose DaemonSet is gone and whose pods are about to go',
      freshSnapshot({ pods: [pod({ component: 'control-plane' })], leases: [lease()] }),
    ],
    [
      'lets the Lease of another config be',
      freshSnapshot({ config: neverRan, leases: [lease({ name: 'other-services' })] }),
    ],
    [
      'lets one be whose DaemonSet is there',
      freshSnapshot({ config: neverRan, daemonSets: [daemonSet()], leases: [lease()] }),
    ],
  ],
};
