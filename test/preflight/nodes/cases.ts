// What nodes may have said, and what the checks of nodes make of it: passes, finds, and the edge between.
import type { NodeReport } from '../../../src/api/node-report.ts';
import { daemonSet, lease, nodeNames } from '../../builders.ts';
import { subnetCases } from './subnet-cases.ts';
import { untoldCases } from './untold-cases.ts';
import { askedConfig, type Asked, type NodeCase, type Said } from '../../node-world.ts';

const vip = '203.0.113.100';
export const nic = (node: string, rest: Partial<NonNullable<NodeReport['interface']>> = {}) => ({
  interface: {
    name: 'eth0',
    isUp: true,
    mac: `02:00:00:00:00:0${node.slice(1)}`,
    subnets: ['203.0.113.11/24'],
    ...rest,
  },
});
const all = (report: Said): Asked['reports'] => Object.fromEntries(nodeNames.map((node) => [node, report]));
export const none = { interface: undefined, otherInterfaces: ['lan1', 'lan2'] };
const running = { daemonSets: [daemonSet({ config: askedConfig() })], leases: [lease({ holder: 'n1' })] };
const left = { address: vip, interface: 'eth0', cidr: `${vip}/32` };
const held = { n1: { bound: [vip] }, n2: { answered: [{ address: vip, mac: '02:00:00:00:00:01' }] } };
const outsider = { address: vip, mac: 'aa:bb:cc:dd:ee:ff' };
const required = askedConfig({ preflight: { nodeProbe: 'Required' } });
const services = (spec: object = {}) =>
  askedConfig({ controlPlane: undefined, services: { ...spec } } as never);

export const nodeCases: readonly NodeCase[] = [
  ['say nothing of healthy nodes', {}, []],
  ['say nothing of healthy nodes that have to answer', { config: required }, []],
  ['say nothing of healthy nodes without a control plane', { config: services(), component: 'services' }, []],
  [
    'name the nodes that have the address',
    { reports: { n1: { bound: [vip] }, n2: { bound: [vip] }, n3: {} } },
    [
      `address-is-unused: Node/n1, Node/n2: ${vip} is on an interface. Expected ${vip} on no host but the one on which kube-vip puts it.`,
    ],
  ],
  [
    'name the interface, and the command that takes what an old kube-vip left off it',
    {
      reports: {
        n1: { bound: [vip], places: [left] },
        n2: { bound: [vip], places: [left] },
        n3: { bound: [vip], places: [{ ...left, interface: 'lo' }] },
      },
    },
    [
      `address-is-unused: Node/n1, Node/n2: ${vip}/32 is on eth0. Expected ${vip} on no host but the one on which kube-vip puts it. take it off on n1, n2: ip address delete ${vip}/32 dev eth0. A kube-vip that is gone left it there, as releases before v0.8.10 do, or another program put it there. Then wait a minute. Or choose another address.`,
      `address-is-unused: Node/n3: ${vip}/32 is on lo. Expected ${vip} on no host but the one on which kube-vip puts it. take it off on n3: ip address delete ${vip}/32 dev lo. A kube-vip that is gone left it there, as releases before v0.8.10 do, or another program put it there. Then wait a minute. Or choose another address.`,
    ],
  ],
  [
    'tell the address of a node itself from what was left',
    { reports: { n1: { bound: [vip], places: [{ ...left, cidr: `${vip}/24` }] } } },
    [
      `address-is-unused: Node/n1: ${vip}/24 is on eth0. Expected ${vip} on no host but the one on which kube-vip puts it. choose another address for kube-vip, because this one belongs to the node itself. Or give the node another one and then run on n1: ip address delete ${vip}/24 dev eth0.`,
    ],
  ],
  [
    'do not say again that such a node answers',
    { reports: { ...held, n3: { answered: [{ address: vip }] } } },
    [
      `address-is-unused: Node/n1: ${vip} is on an interface. Expected ${vip} on no host but the one on which kube-vip puts it.`,
    ],
  ],
  [
    'name an outsider by its MAC address and who saw it',
    { reports: { n1: { answered: [outsider] }, n2: {}, n3: { answered: [outsider] } } },
    [
      `address-is-unused: host aa:bb:cc:dd:ee:ff: answers for ${vip}, asked from n1, n3. Expected ${vip} on no host but the one on which kube-vip puts it.`,
    ],
  ],
  [
    'name an outsider of which nothing else is known',
    { reports: all({ answered: [{ address: vip }] }) },
    [
      `address-is-unused: host without a known MAC address: answers for ${vip}, asked from n1, n2, n3. Expected ${vip} on no host but the one on which kube-vip puts it.`,
    ],
  ],
  ['let a node of ours hold what kube-vip of ours runs for', { reports: held, snapshot: running }, []],
  [
    'let it move while nodes are asked',
    {
      reports: {
        n1: { answered: [{ address: vip, mac: '02:00:00:00:00:02' }] },
        n2: { answered: [{ address: vip, mac: '02:00:00:00:00:01' }] },
      },
      snapshot: running,
    },
    [],
  ],
  [
    'let a node answer with its other interface in the segment, as Linux does by default',
    {
      reports: {
        n1: { bound: [vip], macs: ['02:00:00:00:00:01', '02:00:00:00:01:01'] },
        n2: { answered: [{ address: vip, mac: '02:00:00:00:01:01' }] },
      },
      snapshot: running,
    },
    [],
  ],
  [
    'read an older report, which has the MAC address of one interface only',
    {
      reports: { n1: { bound: [vip] }, n2: { answered: [{ address: vip, mac: '02:00:00:00:01:01' }] } },
      snapshot: running,
    },
    [
      `address-is-unused: host 02:00:00:00:01:01: answers for ${vip}, asked from n2. Expected ${vip} on no host but the one on which kube-vip puts it.`,
    ],
  ],
  [
    'name an outsider beside the holder',
    { reports: { n1: { bound: [vip] }, n2: { answered: [outsider] } }, snapshot: running },
    [
      `address-is-unused: host aa:bb:cc:dd:ee:ff: answers for ${vip}, asked from n2. Expected ${vip} on no host but the one on which kube-vip puts it.`,
    ],
  ],
  [
    'accuse nobody while the holder has said nothing',
    { reports: { n2: { answered: [outsider] } }, snapshot: running },
    [],
  ],
  [
    'tell a missing interface, and which there are, from one that is down',
    { reports: { n1: {}, n2: none, n3: nic('n3', { isUp: false }) } },
    [
      'interface-everywhere: Node/n2: the interface of the default route is missing (there are lan1, lan2). Expected the interface of the default route, up, for spec.controlPlane.',
      'interface-everywhere: Node/n3: eth0 is down. Expected the interface of the default route, up, for spec.controlPlane.',
    ],
  ],
  [
    'block an interface that no node has',
    {
      config: askedConfig({ controlPlane: { addresses: [vip], interface: 'eth9' } }),
      reports: all({ interface: undefined, otherInterfaces: [] }),
    },
    [
      'interface-somewhere: Node/n1, Node/n2, Node/n3: eth9 is missing (there are no others). Expected eth9, up, for spec.controlPlane.',
    ],
  ],
  [
    'name the nodes where the address is in no subnet of the interface',
    { reports: { n1: {}, n2: nic('n2', { subnets: ['10.0.0.2/24', 'fe80::2/64'] }), n3: {} } },
    [
      `subnet-has-address: Node/n2: ${vip} is in no subnet of eth0 (10.0.0.2/24, fe80::2/64). Expected a subnet with the address on the interface of spec.controlPlane.`,
    ],
  ],
  [
    'do not take the address itself for its subnet',
    { reports: { n1: nic('n1', { subnets: [`${vip}/32`] }) } },
    [
      `subnet-has-address: Node/n1: ${vip} is in no subnet of eth0 (it has none). Expected a subnet with the address on the interface of spec.controlPlane.`,
    ],
  ],
  [
    'name the nodes whose port is taken',
    { reports: { n1: {}, n2: { takenPorts: [29100] } } },
    [
      "ports-are-free: Node/n2: another program has port 29100. Expected the port of kube-vip's metrics to be free.",
    ],
  ],
  [
    'name the nodes whose API server does not answer',
    { reports: { n1: {}, n2: { apiError: '203.0.113.12:6443: ECONNREFUSED' } } },
    [
      'api-answers-nodes: Node/n2: no answer of API server 203.0.113.12:6443: ECONNREFUSED. Expected an answer of the API server that kube-vip will use.',
    ],
  ],
  ['let an API server take as long as the retry period', { reports: { n1: { apiSlowestMs: 2000 } } }, []],
  [
    'name the nodes whose API server takes longer',
    { reports: { n1: { apiSlowestMs: 2001 } } },
    [
      'api-is-fast: Node/n1: the API server took 2001 ms to answer. Expected every answer of the API server within spec.leaderElection.retryPeriodSeconds (2000 ms).',
    ],
  ],
  ['let a clock be off by the renew deadline', { pods: { n3: { takenOnAt: 10_000, boundAt: 0 } } }, []],
  [
    'name the nodes whose clock is off by more',
    { pods: { n1: { takenOnAt: 0, boundAt: 60_000 }, n3: { takenOnAt: 11_000, boundAt: 0 } } },
    [
      'clocks-agree: Node/n1: the clock is 60 s behind most others. Expected the clocks of all nodes within spec.leaderElection.renewDeadlineSeconds (10 s).',
      'clocks-agree: Node/n3: the clock is 11 s ahead of most others. Expected the clocks of all nodes within spec.leaderElection.renewDeadlineSeconds (10 s).',
    ],
  ],
  [
    'name the nodes that a release before v0.8.0 takes for one, by what they call themselves',
    {
      config: askedConfig({ version: 'v0.6.4' }),
      reports: { n1: { hostName: 'Node' }, n2: { hostName: 'node' }, n3: { hostName: 'other' } },
    },
    [
      'nodes-call-themselves-alike: Node/n1, Node/n2: all have the host name node. Expected a host name of its own on each, because kube-vip v0.6.4 leads under it.',
    ],
  ],
  [
    'do not care for host names from v0.8.0 on',
    { reports: { n1: { hostName: 'node' }, n2: { hostName: 'node' } } },
    [],
  ],
  ['wait for nodes that may still answer', { reports: { n1: {}, n2: null } }, []],
  [
    'name nodes that said nothing, and why',
    { reports: { n1: {}, n2: null }, age: 90 },
    [
      'every-node-answered: Node/n2: no answer, and pod edge-probe on n2 is in trouble (ErrImagePull). Expected 2 answers to DaemonSet/edge-control-plane-probe, of which 1 came.',
    ],
  ],
  [
    'count nodes without a pod',
    { reports: { n1: {} }, desired: 3, age: 90 },
    [
      'every-node-answered: DaemonSet/edge-control-plane-probe: no pod for 2 nodes. Expected 3 answers to DaemonSet/edge-control-plane-probe, of which 1 came.',
    ],
  ],
  [
    'block when nodes that are Required said nothing',
    { config: required, reports: { n1: {}, n2: null }, age: 90 },
    [
      'required-nodes-answered: Node/n2: no answer, and pod edge-probe on n2 is in trouble (ErrImagePull). Expected 2 answers to DaemonSet/edge-control-plane-probe, of which 1 came.',
    ],
  ],
  ['say nothing when no node is selected', { reports: {}, desired: 0 }, []],
  [
    'say that no node could be asked',
    { reports: {}, desired: undefined, age: 5 },
    [
      'some-node-was-asked: DaemonSet/edge-control-plane-probe: could not be made, or no controller acted upon it. Expected it to ask every selected node.',
    ],
  ],
  ...subnetCases,
  ...untoldCases,
];
