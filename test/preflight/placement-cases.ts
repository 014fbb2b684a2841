import { daemonSet, freshSnapshot, kubeVipConfig, snapshot } from '../builders.ts';
import { node } from '../cluster-builders.ts';
import { byFormerDefault } from '../former-default.ts';
import type { Cases } from './find.ts';
import { surveyed, workload } from './survey-builders.ts';

const worker = node({ name: 'w1', labels: {}, address: '203.0.113.21' });
const n1 = node();
/** As k3s and RKE2 make them. */
const untainted = (name: string) => node({ name, taints: [] });
const n2 = node({ name: 'n2', address: '203.0.113.12' });
const addresses = ['203.0.113.100'];
const controlPlane = (rest: object) =>
  kubeVipConfig({ spec: { controlPlane: { addresses, ...rest }, services: undefined } });
const services = (rest: object) => kubeVipConfig({ spec: { controlPlane: undefined, services: rest } });
const rack = { labels: { 'node-role.kubernetes.io/control-plane': '', rack: 'a' } };
const microk8s = { 'node.kubernetes.io/microk8s-controlplane': 'microk8s-controlplane' };
const unlabelled = node({ name: 'm1', labels: microk8s });
const tainted = (key: string, effect: 'NoExecute' | 'NoSchedule' | 'PreferNoSchedule' = 'NoSchedule') =>
  node({ name: 'n2', taints: [{ key, effect }] });
const named = (hostName: string, name: string) => {
  const made = node({ name });
  const addressesOfNode = [{ type: 'Hostname', address: hostName }];
  return { ...made, status: { ...made.status, addresses: addressesOfNode } };
};
const old = kubeVipConfig({ spec: { version: 'v0.6.4', services: undefined } });

export const placementCases: Cases = {
  'selector-matches-no-node': [
    ['passes in a cluster without nodes', freshSnapshot()],
    ['passes with a node for each', freshSnapshot({ nodes: [n1, worker] })],
    [
      'passes with control-plane nodes alone that have no taint',
      freshSnapshot({ nodes: ['n1', 'n2', 'n3'].map(untainted) }),
    ],
    [
      'finds that there is no worker, and that the control plane has its taint',
      freshSnapshot({ nodes: [n1] }),
      'KubeVipConfig/edge: finds no node for services. None of 1 nodes fits the default placement and its tolerations. Expected a node for each component. Label a node, or correct nodeSelector and tolerations.',
    ],
    [
      'finds a selector that matches nothing',
      freshSnapshot({ config: controlPlane({ nodeSelector: { rack: 'z' } }), nodes: [n1] }),
      'KubeVipConfig/edge: finds no node for control-plane. None of 1 nodes fits spec.controlPlane.nodeSelector and its tolerations. Expected a node for each component.',
    ],
    [
      'finds that a taint keeps all off',
      freshSnapshot({
        config: services({}),
        nodes: [node({ labels: {}, taints: [{ key: 'x', effect: 'NoSchedule' }] })],
      }),
      'KubeVipConfig/edge: finds no node for services',
    ],
    [
      'does not count Windows',
      freshSnapshot({ config: services({}), nodes: [node({ labels: { 'kubernetes.io/os': 'windows' } })] }),
      'KubeVipConfig/edge: finds no node for services',
    ],
  ],
  'control-plane-loses-its-nodes': [
    ['passes with a node', snapshot({ nodes: [n1, worker] })],
    [
      'passes before it runs',
      freshSnapshot({ config: controlPlane({ nodeSelector: { rack: 'z' } }), nodes: [n1] }),
    ],
    [
      'finds tolerations that leave none',
      snapshot({
        config: controlPlane({ tolerations: [] }),
        nodes: [node({ taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] })],
      }),
      'KubeVipConfig/edge: leaves control-plane no node, though it runs on 3. None of 1 nodes fits the default placement and its tolerations.',
    ],
  ],
  'services-lose-their-nodes': [
    ['passes with a node', snapshot({ nodes: [n1, worker] })],
    [
      'finds a selector that matches nothing',
      snapshot({ config: services({ nodeSelector: { rack: 'z' } }), nodes: [n1, worker] }),
      'KubeVipConfig/edge: leaves services no node, though it runs on 3. None of 2 nodes fits spec.services.nodeSelector',
    ],
  ],
  'control-plane-node-is-missed': [
    ['passes with the default', freshSnapshot({ nodes: [n1, n2, worker] })],
    [
      'finds a selector that leaves one out',
      freshSnapshot({ config: controlPlane({ nodeSelector: { rack: 'a' } }), nodes: [node(rack), n2] }),
      'Node/n2: has labels that spec.controlPlane.nodeSelector does not match. Expected every control-plane node to be able to hold the address. Correct spec.controlPlane.nodeSelector, or leave it out.',
    ],
    [
      'finds a taint that nothing tolerates',
      freshSnapshot({ nodes: [n1, tainted('maintenance')] }),
      'Node/n2: has taint maintenance:NoSchedule, which nothing tolerates. Expected every control-plane node to be able to hold the address. Take the taint off, or write spec.controlPlane.tolerations: [{operator: Exists}].',
    ],
    [
      'says of a list in the spec what it lacks',
      freshSnapshot({
        config: controlPlane({ tolerations: [{ key: 'other', operator: 'Exists' }] }),
        nodes: [untainted('n1'), tainted('maintenance')],
      }),
      'Node/n2: has taint maintenance:NoSchedule, which nothing tolerates. Expected every control-plane node to be able to hold the address. Add a toleration of maintenance:NoSchedule to spec.controlPlane.tolerations, or take the taint off.',
    ],
    [
      'passes with the taints of distributions',
      freshSnapshot({
        nodes: [n1, tainted('CriticalAddonsOnly', 'NoExecute'), tainted('node-role.kubernetes.io/etcd')],
      }),
    ],
    [
      'passes with what every DaemonSet tolerates',
      freshSnapshot({ nodes: [n1, tainted('node.kubernetes.io/unschedulable')] }),
    ],
    ['passes with a preference', freshSnapshot({ nodes: [n1, tainted('x', 'PreferNoSchedule')] })],
    [
      'passes with tolerations of the spec',
      freshSnapshot({
        config: controlPlane({ tolerations: [{ operator: 'Exists' }] }),
        nodes: [n1, tainted('maintenance')],
      }),
    ],
    [
      'compares values of tolerations',
      freshSnapshot({
        config: controlPlane({ tolerations: [{ key: 'maintenance', value: 'yes' }] }),
        nodes: [untainted('n1'), tainted('maintenance')],
      }),
      'Node/n2',
    ],
    [
      'leaves a selector that matches nothing to the other check',
      freshSnapshot({ config: controlPlane({ nodeSelector: { rack: 'z' } }), nodes: [n1] }),
    ],
  ],
  'control-plane-on-workers': [
    ['passes with the default', freshSnapshot({ nodes: [n1, worker] })],
    [
      'finds a worker',
      freshSnapshot({
        config: controlPlane({ nodeSelector: { 'kubernetes.io/hostname': 'w1' } }),
        nodes: [n1, worker],
      }),
      'Node/w1: is selected without label node-role.kubernetes.io/control-plane',
    ],
    [
      'passes where no node has the label, as with MicroK8s',
      freshSnapshot({ config: controlPlane({ nodeSelector: microk8s }), nodes: [unlabelled, worker] }),
    ],
  ],
  'services-on-control-plane-only': [
    ['passes with the default', freshSnapshot({ nodes: [n1, worker] })],
    [
      'passes where there is nothing else',
      freshSnapshot({ config: services({ nodeSelector: {} }), nodes: [n1] }),
    ],
    [
      'finds them on the API servers',
      freshSnapshot({
        config: services({ nodeSelector: { 'kubernetes.io/hostname': 'n1' } }),
        nodes: [untainted('n1'), worker],
      }),
      'KubeVipConfig/edge: has a spec.services.nodeSelector that matches only control-plane nodes',
    ],
    [
      'finds them on API servers without the label',
      freshSnapshot({
        config: kubeVipConfig({
          spec: { controlPlane: { addresses, nodeSelector: microk8s }, services: { nodeSelector: microk8s } },
        }),
        nodes: [unlabelled, worker],
      }),
      'KubeVipConfig/edge: has a spec.services.nodeSelector that matches only control-plane nodes',
    ],
  ],
  'services-on-control-plane-too': [
    ['passes with the taint of kubeadm', freshSnapshot({ nodes: [n1, worker] })],
    ['passes where there is nothing else', freshSnapshot({ nodes: ['n1', 'n2', 'n3'].map(untainted) })],
    [
      'passes where the other nodes are no place for workloads either',
      freshSnapshot({
        nodes: [
          untainted('n1'),
          node({ name: 'w1', labels: {}, taints: [{ key: 'gpu', effect: 'NoSchedule' }] }),
        ],
      }),
    ],
    [
      'passes where a selector keeps them off',
      freshSnapshot({
        config: services({ nodeSelector: { 'kubernetes.io/hostname': 'w1' } }),
        nodes: [untainted('n1'), worker],
      }),
    ],
    [
      'finds servers of k3s without a taint beside its agents',
      freshSnapshot({ nodes: [...['n1', 'n2', 'n3'].map(untainted), worker] }),
      'KubeVipConfig/edge: lets Services run on control-plane nodes too: n1, n2, n3. Expected traffic of Services on nodes that are not control plane, as this cluster has some. Let spec.services.nodeSelector match workers only, or acknowledge this. A taint that spec.services.tolerations does not tolerate keeps them off, too.',
    ],
    [
      'finds a toleration that lets them on',
      freshSnapshot({ config: services({ tolerations: [{ operator: 'Exists' }] }), nodes: [n1, worker] }),
      'KubeVipConfig/edge: lets Services run on control-plane nodes too: n1',
    ],
    [
      'finds what runs by the default of today',
      snapshot({ nodes: [untainted('n1'), worker] }),
      'KubeVipConfig/edge: lets Services run on control-plane nodes too: n1',
    ],
    [
      'passes with what an earlier operator rendered, and runs on no such node',
      snapshot({
        daemonSets: [daemonSet(), byFormerDefault(daemonSet({ component: 'services' }))],
        nodes: [untainted('n1'), worker],
      }),
    ],
  ],
  'host-names-are-equal': [
    ['passes with names of their own', freshSnapshot({ config: old, nodes: [n1, n2] })],
    [
      'finds equal ones, whatever the case',
      freshSnapshot({ config: old, nodes: [named('Node', 'n1'), named('node', 'n2')] }),
      'Node/n2: has the host name node, as node n1 has. Upper and lower case count as equal. Expected a host name of its own, because kube-vip v0.6.4 leads under it. Rename a node, or choose spec.version v0.8.0 or later, which leads under the name of the Node.',
    ],
    ['does not care from v0.8.0 on', freshSnapshot({ nodes: [named('node', 'n1'), named('node', 'n2')] })],
  ],
  'metrics-port-is-taken': [
    ['passes with other ports', surveyed({ workloads: [workload({ hostPorts: [80, 29099, 29900] })] })],
    [
      'finds one of ours',
      surveyed({ workloads: [workload({ hostPorts: [29100] })] }),
      'DaemonSet/kube-system/other: has hostPort 29100. Expected no hostPort from 29100 to 29899, which are for the metrics of kube-vip.',
    ],
    [
      'lets ours be',
      surveyed({
        workloads: [workload({ namespace: 'kube-vip-system', name: 'edge-services', hostPorts: [29101] })],
      }),
    ],
  ],
};
