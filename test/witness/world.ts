// A cluster with networks, for tests of witnesses: what the probe said of the nodes, and where they are.
import type { V1Node } from '@kubernetes/client-node';
import type { KubeVipConfig } from '../../src/api/types.ts';
import type { WitnessFacts } from '../../src/witness/plan.ts';
import { kubeVipConfig, lease, now, type ConfigOverrides } from '../builders.ts';
import { node, service } from '../cluster-builders.ts';
import { image } from '../node-world.ts';

type Run = NonNullable<NonNullable<KubeVipConfig['status']>['nodeProbe']>[number];

/** One time that nodes were asked, ended unless said otherwise. */
export const run = (overrides: Partial<Run> = {}): Run => ({
  function: 'control-plane',
  request: 'x',
  startedAt: '2026-11-24T11:00:00Z',
  finishedAt: '2026-11-24T11:00:01Z',
  asked: 3,
  answered: 3,
  findings: [],
  ...overrides,
});

/** `edge`, whose nodes said these subnets. */
export const probed = (subnets: readonly string[], overrides: ConfigOverrides = {}): KubeVipConfig =>
  kubeVipConfig({
    ...overrides,
    status: { observedGeneration: 1, nodeProbe: [run({ subnets })], ...overrides.status },
  });

/** A worker, or a node of the control plane, with InternalIPs; Ready unless said otherwise. */
export function at(
  name: string,
  addresses: readonly string[],
  overrides: { readonly isReady?: boolean; readonly isCordoned?: boolean; readonly isMaster?: boolean } = {},
): V1Node {
  const { isReady = true, isCordoned = false, isMaster = false } = overrides;
  // One of the control plane is as kubeadm makes it, with its taint.
  const made = node(isMaster ? { name } : { name, labels: {} });
  return {
    ...made,
    spec: { ...made.spec, ...(isCordoned && { unschedulable: true }) },
    status: {
      ...made.status,
      addresses: addresses.map((address) => ({ type: 'InternalIP', address })),
      conditions: [{ type: 'Ready', status: isReady ? 'True' : 'Unknown' }],
    },
  };
}

/** Three nodes of the control plane, and two workers, in 203.0.113.0/24. */
export const fiveNodes: readonly V1Node[] = [
  at('n1', ['203.0.113.11'], { isMaster: true }),
  at('n2', ['203.0.113.12'], { isMaster: true }),
  at('n3', ['203.0.113.13'], { isMaster: true }),
  at('n4', ['203.0.113.14']),
  at('n5', ['203.0.113.15']),
];

/** A Service of `edge` that has an address. */
export const served = (name: string, address: string, loadBalancerClass = 'kubevip.dev/edge') =>
  service({
    name,
    loadBalancerClass,
    annotations: { 'kube-vip.io/loadbalancerIPs': address },
    published: [address],
  });

/** Facts in which `edge` has its control-plane address in the network of the nodes, and n1 holds it. */
export const witnessFacts = (overrides: Partial<WitnessFacts> = {}): WitnessFacts => ({
  configs: [probed(['203.0.113.11/24'])],
  services: [],
  daemonSets: [],
  nodes: fiveNodes,
  leases: [lease()],
  image,
  namespace: 'kube-vip-system',
  chosen: () => [],
  quietFor: () => undefined,
  wallNow: now,
  now: 1_000_000,
  ...overrides,
});
