// What each check judges by, each fact taken away: for missing-facts.test.ts.
import type { Snapshot } from '../../src/observed/snapshot.ts';
import type { Survey, Workload } from '../../src/observed/neighbours/survey.ts';
import { freshSnapshot } from '../builders.ts';
import { plainSurvey } from '../plain-survey.ts';
import { node, silentNode } from '../cluster-builders.ts';
import { askedConfig, askedSnapshot } from '../node-world.ts';
import { workload } from './survey-builders.ts';

/** A fact taken away, the world without it, and the check that says so. */
export type Missing = readonly [fact: string, world: Snapshot, saidBy: string];

export const nodes = [node(), node({ name: 'n9', address: '203.0.113.19', labels: {} })];
/** A cluster of kubeadm of which a survey says this. */
export const world = (facts: Partial<Survey>, overrides: Partial<Snapshot> = {}): Snapshot =>
  freshSnapshot({ nodes, survey: { ...plainSurvey, ...facts }, ...overrides });
const unread = (what: string): Missing => [
  `${what}, which could not be read`,
  world({ unread: [{ what, why: '403 forbidden' }] }),
  'fact-is-unread',
];
const unclear = (what: string): Missing => [
  `${what}, which could not be parsed`,
  world({ unclear: [{ what, why: 'no YAML' }] }),
  'fact-is-unclear',
];
const hidden: Workload = workload({
  images: ['ghcr.io/kube-vip/kube-vip:v1.1.2'],
  env: { cp_enable: 'true', svc_enable: 'true' },
  unclear: ['address', 'lb_class_name'],
  hostNetwork: true,
});
const k3s = node({ kubelet: 'v1.36.1+k3s1' });
const silent = { reports: { n1: {}, n2: null }, age: 90 };
const required = askedConfig({ preflight: { nodeProbe: 'Required' } });

const nodeAddress: Missing = [
  'the address of a node',
  world({}, { nodes: [...nodes, silentNode('n2')] }),
  'node-address-is-unknown',
];
const podNetwork: Missing = [
  'the network of pods',
  world({ kubeadm: undefined }, { nodes: [{ ...node(), spec: {} }] }),
  'cluster-network-is-unknown',
];
const serviceNetwork: Missing = [
  'the network of Services',
  world({ kubeadm: undefined, serviceRanges: [] }),
  'cluster-network-is-unknown',
];
const certificates: readonly Missing[] = [
  ['certificates that no API server showed', world({ certificates: [] }), 'certificate-is-unread'],
  [
    'the certificate of one API server',
    world({ certificates: plainSurvey.certificates.map((row) => ({ ...row, names: undefined })) }),
    'certificate-is-unread',
  ],
];
const foreign: readonly Missing[] = [
  ['address and class of another kube-vip', world({ workloads: [hidden] }), 'foreign-kube-vip-is-unclear'],
  unread('DaemonSets'),
  unclear('pods on n8'),
];
const k3sFlags: Missing = ['how k3s was started', world({}, { nodes: [k3s] }), 'k3s-flags-are-unknown'];
const kubeProxy: Missing = [
  'the mode of kube-proxy',
  world({ kubeProxy: undefined }),
  'kube-proxy-mode-is-unknown',
];
const nodeAnswer: Missing = ['the answer of a node', askedSnapshot(silent), 'every-node-answered'];
const anyAnswer: Missing = [
  'a controller for the probe',
  askedSnapshot({ reports: {}, desired: undefined, age: 5 }),
  'some-node-was-asked',
];
const requiredAnswer: Missing = [
  'the answer of a node that is Required',
  askedSnapshot({ ...silent, config: required }),
  'required-nodes-answered',
];
const answers = [nodeAnswer, anyAnswer, requiredAnswer];

const watched =
  'What it judges is watched. Until each list is there nothing is reconciled, and a watch that is lost is said elsewhere';
const own = 'It judges annotations or a table of the operator, which are always there';
const unasked =
  'It judges the labels and taints of nodes, which are watched. Without a node there is nothing to place';
const says = 'It is itself what says that a fact is missing';

/** By id of the check: the facts that it judges by, each taken away; or why it needs to say nothing. */
export const rows: Readonly<Record<string, readonly Missing[] | string>> = {
  'vip-is-node-address': [nodeAddress],
  'kubelet-took-vip': [nodeAddress],
  'vip-in-pod-network': [
    podNetwork,
    unread('ConfigMap kube-system/kubeadm-config'),
    unclear('ConfigMap kube-system/kubeadm-config'),
  ],
  'vip-in-service-network': [serviceNetwork, unread('/apis/networking.k8s.io/v1/servicecidrs')],
  'vip-is-service-address': watched,
  'claimed-by-other-config': watched,
  'lease-held-by-stranger': watched,
  'service-status-has-node-address': [nodeAddress],
  'service-asks-for-node-address': [nodeAddress],
  'service-asks-for-more': watched,
  'service-asks-without-grant': watched,
  'pools-are-own': watched,
  'pool-address-is-elsewhere': watched,
  'kubelet-port-is-captured': [nodeAddress],
  'pool-has-node-address': [nodeAddress],
  'pool-has-router-address':
    'nodes that were not asked hold back the start, and Off is said by an administrator',
  'pool-in-pod-network': [podNetwork, unread('ConfigMap kube-system/kubeadm-config')],
  'pool-in-service-network': [serviceNetwork, unread('/apis/networking.k8s.io/v1/servicecidrs')],
  'pool-is-of-other-load-balancer': [unread('pools in ConfigMap kube-system/kubevip')],
  'foreign-kube-vip-has-vip': foreign,
  'foreign-kube-vip-has-class': foreign,
  'foreign-kube-vip-is-unclear': [unread('DaemonSets')],
  'foreign-kube-vip-is-unsafe': foreign,
  'foreign-kube-vip-is-unseen': [
    unread('Lease kube-system/plndr-cp-lock'),
    unclear('Lease kube-system/plndr-cp-lock'),
  ],
  'servicelb-is-active': [unread('DaemonSets')],
  'servicelb-is-enabled': [k3sFlags],
  'class-is-of-other-controller': own,
  'metallb-has-class': [
    unread('Deployments'),
    [
      'the class in arguments of MetalLB',
      world({
        workloads: [workload({ images: ['quay.io/metallb/speaker:v0.15'], args: ['--lb-class=$(X)'] })],
      }),
      'metallb-has-class',
    ],
  ],
  'metrics-port-is-taken': [unread('StatefulSets')],
  'pool-has-vip': [
    unread('/apis/metallb.io/v1beta1/ipaddresspools'),
    ['a range of a pool', world({ pools: [{ object: 'IPAddressPool/x/y', ranges: ['?'] }] }), 'pool-has-vip'],
  ],
  'ipvs-without-strict-arp': [
    kubeProxy,
    k3sFlags,
    unclear('ConfigMap kube-system/kube-proxy, key config.conf'),
  ],
  'cilium-announces-all': [unread('/apis/cilium.io/v2alpha1/ciliuml2announcementpolicies')],
  'cilium-replaces-kube-proxy': [
    [
      'the ConfigMap of Cilium',
      world({ workloads: [workload({ images: ['quay.io/cilium/cilium:v1.18.0'] })] }),
      'cilium-replaces-kube-proxy',
    ],
  ],
  'selector-matches-no-node': unasked,
  'control-plane-loses-its-nodes': unasked,
  'services-lose-their-nodes': unasked,
  'control-plane-node-is-missed': unasked,
  'control-plane-on-workers':
    'Where no node has the label, nodes without it may have an API server, and api-answers-nodes asks them',
  'services-on-control-plane-only': unasked,
  'services-on-control-plane-too': unasked,
  'host-names-are-equal':
    'A Node without address Hostname counts by its name, and nodes-call-themselves-alike asks the node itself',
  'kubelets-use-vip': [
    ['which server kubeadm gives', world({ kubeadm: undefined }), 'kubelets-use-vip'],
    [
      'the address behind a name',
      world({ kubeadm: { endpoint: 'api.example.org', podSubnet: undefined, serviceSubnet: undefined } }),
      'kubelets-use-vip',
    ],
  ],
  'certificate-lacks-vip': certificates,
  'certificate-lacks-node-address': certificates,
  'kubernetes-is-untested': [['the version', world({ serverVersion: '' }), 'kubernetes-is-untested']],
  'pod-security-rejects': [
    unread('/api/v1/namespaces'),
    ['the level of the namespace', world({ namespaceLabels: {} }), 'pod-security-rejects'],
  ],
  'quota-rejects': [
    unread('/api/v1/namespaces/kube-vip-system/resourcequotas'),
    [
      'whether pods are in the scope of a quota',
      world({ quotas: [{ name: 'q', hard: { pods: '0' }, used: {}, isScoped: true }] }),
      'quota-rejects',
    ],
  ],
  'account-lacks-permission': [unread('what the accounts of kube-vip may do')],
  'crd-is-older': own,
  'fact-is-unread': says,
  'fact-is-unclear': says,
  'node-address-is-unknown': says,
  'cluster-network-is-unknown': says,
  'kube-proxy-mode-is-unknown': says,
  'certificate-is-unread': says,
  'k3s-flags-are-unknown': says,
  'address-is-unused': answers,
  'interface-somewhere': answers,
  'interface-everywhere': answers,
  'subnet-has-address': answers,
  'address-is-subnet-end': [
    ...answers,
    [
      'the subnets of an interface',
      askedSnapshot({ reports: { n1: { interface: { name: 'eth0', isUp: true, mac: '', subnets: [] } } } }),
      'subnet-has-address',
    ],
    ['an interface', askedSnapshot({ reports: { n1: { interface: undefined } } }), 'interface-somewhere'],
  ],
  'ports-are-free': answers,
  'api-answers-nodes': answers,
  'api-is-fast': [
    ...answers,
    [
      'the time that the API server took',
      askedSnapshot({ reports: { n1: { apiSlowestMs: undefined } } }),
      'node-tells-all',
    ],
    [
      'an API server that answers',
      askedSnapshot({ reports: { n1: { apiError: 'refused' } } }),
      'api-answers-nodes',
    ],
  ],
  'clocks-agree': [
    ...answers,
    ['the clock of a node', askedSnapshot({ pods: { n1: { takenOnAt: undefined } } }), 'node-tells-all'],
  ],
  'nodes-call-themselves-alike': [
    ...answers,
    [
      'the host name of a node',
      askedSnapshot({ config: askedConfig({ version: 'v0.6.4' }) }),
      'node-tells-all',
    ],
  ],
  'node-tells-all': says,
  'some-node-was-asked': says,
  'every-node-answered': says,
  'required-nodes-answered': says,
  'acknowledgement-is-known': own,
  'override-is-known': own,
};
