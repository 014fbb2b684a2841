import type { V1Node } from '@kubernetes/client-node';
import { freshSnapshot, snapshot } from '../builders.ts';
import { node } from '../cluster-builders.ts';
import type { Case } from './find.ts';

const vip = '203.0.113.100';

const listing = (name: string, ...addresses: readonly string[]): V1Node => {
  const one = node({ name });
  const rows = addresses.map((address) => ({ type: 'InternalIP', address }));
  return { ...one, status: { ...one.status, addresses: rows } };
};

/** A cloud provider lists the virtual address as one of a node. */
export const listedCases: readonly Case[] = [
  [
    'says of what a cloud provider lists that it is left over',
    snapshot({ nodes: [listing('n2', '203.0.113.12', vip)] }),
    'Node/n2: has 203.0.113.100 as its InternalIP. The node has an address before it, so a controller that lists what its machine has took it for one. Expected no node with the virtual address of KubeVipConfig edge. Tell the cloud controller manager to leave it out (cloud-provider-vsphere: excludeInternalNetworkSubnetCidr), or a kubelet without one its --node-ip. What runs keeps running.',
  ],
  [
    'says nothing of the kind before kube-vip ever ran',
    freshSnapshot({ nodes: [listing('n2', '203.0.113.12', vip)] }),
    'Node/n2: has 203.0.113.100 as its InternalIP. Expected no node',
  ],
  [
    'says nothing of the kind where the node is known by it',
    snapshot({ nodes: [listing('n2', vip, '203.0.113.12')] }),
    'Node/n2: has 203.0.113.100 as its InternalIP. Expected no node',
  ],
];
