// Situations of the pools: what they have in common with nodes, routers, networks and other load balancers.
import type { KubeVipConfigSpec } from '../../src/api/types.ts';
import type { Survey } from '../../src/observed/neighbours/survey.ts';
import type { Snapshot } from '../../src/observed/snapshot.ts';
import { kubeVipConfig } from '../builders.ts';
import { node } from '../cluster-builders.ts';
import { run } from '../witness/world.ts';
import type { Cases } from './find.ts';
import { surveyed, workload } from './survey-builders.ts';

type Written = NonNullable<NonNullable<KubeVipConfigSpec['services']>['pools']>[number];

/** `edge` with a pool `main`, in a cluster of which a survey says this. */
function pooled(
  pool: Omit<Written, 'name'>,
  facts: Partial<Survey> = {},
  overrides: Partial<Snapshot> = {},
  gateways: readonly string[] = [],
): Snapshot {
  const config = kubeVipConfig({
    spec: { services: { pools: [{ name: 'main', ...pool }] } },
    status: { nodeProbe: [run({ function: 'services', gateways: [...gateways] })] },
  });
  return surveyed(facts, { config, configs: [config], ...overrides });
}

const addresses = ['203.0.113.8/29', '2001:db8::/64'];
const main = { addresses };
const away = { addresses: ['203.0.113.128/27'] };
const [n1, n2] = [node(), node({ name: 'n2', address: '203.0.113.12' })];
const pools = (object: string, ...ranges: readonly string[]): Partial<Survey> => ({
  pools: [{ object, ranges }],
});
const ofMetalLb = (...workloads: Survey['workloads']): Partial<Survey> => ({
  pools: [{ object: 'IPAddressPool/lb/lan', namespace: 'lb', ranges: ['203.0.113.0/24'] }],
  workloads,
});
const speaker = (namespace: string, hostNetwork = true) =>
  workload({ namespace, name: 'speaker', images: ['quay.io/metallb/speaker:v0.15.2'], hostNetwork });
const noRoom = 'Expected addresses that only Services of KubeVipConfig edge have.';

export const poolCases: Cases = {
  'pool-has-node-address': [
    ['passes without a pool', surveyed({}, { nodes: [n1] })],
    ['passes beside it', pooled(away, {}, { nodes: [n1] })],
    [
      'passes when the pool reserves it',
      pooled({ ...main, reserved: ['203.0.113.11'] }, {}, { nodes: [n1] }),
    ],
    [
      'finds it',
      pooled(main, {}, { nodes: [n1] }),
      `pool main: has 203.0.113.11 of node n1. ${noRoom} Take it out of spec.services.pools, or list it in reserved of the pool.`,
    ],
    [
      'names several once',
      pooled(main, {}, { nodes: [n1, n2] }),
      `pool main: has 203.0.113.11 of node n1 and 1 more. It has 203.0.113.11 of node n1, 203.0.113.12 of node n2.`,
    ],
  ],
  'pool-has-router-address': [
    ['passes beside it', pooled(main, {}, {}, ['203.0.113.1'])],
    [
      'passes when the pool reserves it',
      pooled({ ...main, reserved: ['203.0.113.8/30'] }, {}, {}, ['203.0.113.9']),
    ],
    [
      'finds it',
      pooled(main, {}, {}, ['203.0.113.9']),
      `pool main: has 203.0.113.9 of the default gateway of nodes. ${noRoom}`,
    ],
    ['finds one of IPv6', pooled(main, {}, {}, ['2001:db8::1']), 'pool main: has 2001:db8::1 of the default'],
  ],
  'pool-in-pod-network': [
    [
      'passes beside it',
      pooled(main, { kubeadm: { endpoint: undefined, podSubnet: '10.0.0.0/8', serviceSubnet: undefined } }),
    ],
    [
      'finds the range of a node',
      pooled({ addresses: ['198.18.0.0/15'] }, {}, { nodes: [n1] }),
      'pool main: has 198.18.1.0 of the network of pods of the nodes. Expected addresses outside the networks of the cluster for Services of KubeVipConfig edge. Choose addresses',
    ],
    [
      'finds what kubeadm noted',
      pooled(main, {
        kubeadm: { endpoint: undefined, podSubnet: '203.0.113.12/30', serviceSubnet: undefined },
      }),
      'pool main: has 203.0.113.12 of the network of pods 203.0.113.12/30.',
    ],
  ],
  'pool-in-service-network': [
    ['passes beside it', pooled(main, { serviceRanges: ['198.51.100.0/24', '2001:db8:1::/112'] })],
    [
      'passes when all of it is reserved',
      pooled(
        { ...main, reserved: ['203.0.113.8/30', '203.0.113.12/30'] },
        { serviceRanges: ['203.0.113.0/24'] },
      ),
    ],
    [
      'finds the first address that is not reserved',
      pooled({ ...main, reserved: ['203.0.113.8/30'] }, { serviceRanges: ['203.0.113.0/24'] }),
      'pool main: has 203.0.113.12 of the network of services 203.0.113.0/24.',
    ],
  ],
  'pool-is-of-other-load-balancer': [
    [
      'passes beside it',
      pooled(main, pools('CiliumLoadBalancerIPPool/lan', '203.0.113.16/28', '2001:db8:1::/64')),
    ],
    ['passes without a pool', surveyed(pools('CiliumLoadBalancerIPPool/lan', '203.0.113.0/24', '?'))],
    [
      'finds one of Cilium',
      pooled(main, pools('CiliumLoadBalancerIPPool/lan', '198.51.100.1', '203.0.113.15-203.0.113.20')),
      'CiliumLoadBalancerIPPool/lan: has 203.0.113.15 of pool main. Its range 203.0.113.15-203.0.113.20 has it. Two programs give it away. Expected each address in a pool of one program, and those of KubeVipConfig edge in no other. Take the addresses out of one of the two.',
    ],
    [
      'finds one of the cloud provider of kube-vip',
      pooled(main, pools('ConfigMap/kube-system/kubevip', '2001:db8::/48')),
      'ConfigMap/kube-system/kubevip: has 2001:db8:: of pool main.',
    ],
    [
      'finds one of MetalLB where its speaker is',
      pooled(main, ofMetalLb(speaker('lb'))),
      'IPAddressPool/lb/lan: has 203.0.113.8 of pool main. Its range 203.0.113.0/24 has it. Two programs give it away.',
    ],
    [
      'says of one of MetalLB in another namespace that any tenant can have made it',
      pooled(main, ofMetalLb(speaker('other'), speaker('lb', false))),
      'IPAddressPool/lb/lan: has 203.0.113.8 of pool main. Its range 203.0.113.0/24 has it. No speaker of MetalLB is seen in namespace lb, so any tenant can have made it.',
    ],
    [
      'cannot judge a range that it cannot read, and says so',
      pooled(main, pools('P/x', '?')),
      'P/x: has the range ?, which cannot be read. So it cannot be judged whether it has addresses of the pools of KubeVipConfig edge. Expected a CIDR, or first-last. Correct that range',
    ],
  ],
};
