// Checks of who else has an address: nodes, Services, networks, other KubeVipConfigs, Leases.
import type { V1Service } from '@kubernetes/client-node';
import { list } from '../../api/words.ts';
import { wasApplied, type Component } from '../../observed/component.ts';
import { configName, vipsOf, type Check, type Facts, type Finding } from './check.ts';
import { oncePer } from '../../observed/once.ts';
import { rangeWith, type Network } from '../../observed/neighbours/networks.ts';
import { claimsOfService, classlessServices, publishedBy, serviceName } from '../../observed/services.ts';
import type { Snapshot } from '../../observed/snapshot.ts';

// A kubelet that was started without --node-ip may take the address that kube-vip put on its interface.
function isHolder({ components }: Facts, node: string): boolean {
  const { daemonSet, lease } = components['control-plane'];
  return daemonSet !== undefined && lease?.holder === node;
}

// kube-vip had it there, and a cloud provider lists every address of a machine (kubernetes/cloud-provider-vsphere#1826).
const leftover: Pick<Finding, 'detail' | 'todo' | 'onlyWarns'> = {
  detail:
    'The node has an address before it, so a controller that lists what its machine has took it for one',
  todo: 'tell the cloud controller manager to leave it out (cloud-provider-vsphere: excludeInternalNetworkSubnetCidr), or a kubelet without one its --node-ip. What runs keeps running',
  onlyWarns: true,
};

function nodesWithVip(facts: Facts, ofHolder: boolean): readonly Finding[] {
  return vipsOf(facts).flatMap((vip) => {
    const owner = facts.nodeAddresses.get(vip);
    return owner === undefined || isHolder(facts, owner.node) !== ofHolder
      ? []
      : [
          {
            object: `Node/${owner.node}`,
            found: `has ${vip} as its ${owner.type}`,
            expected: `no node with the virtual address of ${configName(facts)}`,
            ...(owner.isFurther && wasApplied(facts.components['control-plane']) && leftover),
          },
        ];
  });
}

function inNetwork(facts: Facts, of: Network): readonly Finding[] {
  return vipsOf(facts).flatMap((vip) => {
    const range = rangeWith(facts, of, vip);
    return range === undefined
      ? []
      : [
          {
            object: `network of ${of} ${range}`,
            found: `contains ${vip}`,
            expected: `the virtual address of ${configName(facts)} outside the networks of the cluster`,
          },
        ];
  });
}

const remedyForStatus =
  'turn off the controller that writes node addresses into Services (k3s: start every server with --disable servicelb). Then wait until the status is empty';

/** Services that publish addresses of nodes, and which; of the same lists found once. */
const publishingIn = oncePer((nodeAddresses: Facts['nodeAddresses']) =>
  oncePer((services: readonly V1Service[]) =>
    services
      .map((service) => ({ service, taken: publishedBy(service).filter((ip) => nodeAddresses.has(ip)) }))
      .filter(({ taken }) => taken.length > 0),
  ),
);

/**
 * Also of load balancers without a class. They are not ours, but addresses of nodes in their status say that ServiceLB of
 * k3s, or its like, is at work, and nothing is started next to that.
 */
function statusWithNodes({ services, servedServices, spec, nodeAddresses }: Facts): readonly Finding[] {
  const found = publishingIn(nodeAddresses);
  return [...found(servedServices), ...found(classlessServices(services, spec.services))].map(
    ({ service, taken }) => ({
      object: serviceName(service),
      found: `publishes ${list(
        taken.map((ip) => `${ip} of node ${nodeAddresses.get(ip)?.node}`),
        1,
      )}`,
      expected: 'no address of a node in status.loadBalancer, because kube-vip may take it from its node',
    }),
  );
}

// What kube-vip would put on a node. The status is judged by the check before, and external addresses are kube-proxy's.
function askedNodes({ servedServices, nodeAddresses }: Facts): readonly Finding[] {
  return servedServices.flatMap((service) =>
    claimsOfService(service)
      .filter(({ isBound, field }) => isBound && !field.startsWith('status.'))
      .filter(({ address }) => nodeAddresses.has(address))
      .slice(0, 1)
      .map(({ address, field }) => ({
        object: serviceName(service),
        found: `asks for ${address} of node ${nodeAddresses.get(address)?.node}`,
        expected: `no address of a node in ${field}`,
      })),
  );
}

interface Having {
  readonly address: string;
  readonly field: string;
  readonly service: string;
}

/** Services with a virtual address, each once: what a load balancer or kube-proxy gives them, and their own. */
function servicesHaving(facts: Facts): readonly Having[] {
  const own = vipsOf(facts).flatMap((address) => {
    const service = facts.services.byClusterIp.get(address);
    return service === undefined ? [] : [{ address, field: 'spec.clusterIPs', service }];
  });
  const all: readonly Having[] = [...own, ...facts.servicesWithVip];
  return [...new Map(all.toReversed().map((row) => [row.service, row])).values()].toReversed();
}

const servicesWithVip = (facts: Facts): readonly Finding[] =>
  servicesHaving(facts).map(({ address, field, service }) => ({
    object: `Service/${service}`,
    found: `has ${address} in ${field}`,
    expected: `no Service with the virtual address of ${configName(facts)}`,
  }));

function claimedByOthers({ snapshot, conflicts }: Facts): readonly Finding[] {
  return conflicts.map(({ kind, value, owner }) => ({
    object: `KubeVipConfig/${owner}`,
    found: `has the ${kind} ${value}, and was first`,
    expected: `it to belong to KubeVipConfig ${snapshot.config.metadata.name} alone`,
  }));
}

/** Whether a component was started before: it, a pod of it, or the status that was written last says so. */
function hasRun({ config }: Snapshot, { daemonSet, pods, name }: Component): boolean {
  const inventory = config.status?.inventory ?? [];
  return daemonSet !== undefined || pods.length > 0 || inventory.some((row) => row.name === name);
}

// Only of what never ran: a Lease whose DaemonSet a person deleted is fresh for a while, and ours.
function strangersWithLease({ snapshot, spec, asked }: Facts): readonly Finding[] {
  return asked
    .filter((component) => !hasRun(snapshot, component))
    .flatMap(({ lease }) => lease ?? [])
    .filter(({ holder }) => holder !== '')
    .filter((lease) => snapshot.now - lease.renewedAt <= lease.durationSeconds * 1000)
    .map((lease) => ({
      object: `Lease/${snapshot.namespace}/${lease.name}`,
      found: `is held by ${lease.holder}`,
      // No time: it would be another status with each renewal.
      detail: `It was renewed within its ${lease.durationSeconds} s`,
      expected: `no holder before the kube-vip of KubeVipConfig ${spec.name} is started`,
    }));
}

/** Whether another object of the cluster has an address or a Lease of the spec. */
export const addressChecks: readonly Check[] = [
  {
    id: 'vip-is-node-address',
    question: 'Is a virtual address the address of a node, also of one that joined later?',
    severity: 'blocks',
    holds: 'control-plane',
    find: (facts) => nodesWithVip(facts, false),
    remedy: 'give the node another address, or choose a free one for the KubeVipConfig (docs/deletion.md)',
    links: ['vip-equals-node-ip', 'gc-prefix-blind'],
  },
  {
    id: 'kubelet-took-vip',
    question: 'Does the kubelet of the holder take the virtual address for an address of its node?',
    severity: 'blocks',
    holds: 'control-plane',
    find: (facts) => nodesWithVip(facts, true),
    remedy: "restart the kubelet of that node with --node-ip and the node's own address",
    links: ['kubelet-picks-vip'],
  },
  {
    id: 'vip-in-pod-network',
    question: 'Is a virtual address inside the network of the pods?',
    severity: 'blocks',
    holds: 'control-plane',
    find: (facts) => inNetwork(facts, 'pods'),
    remedy: 'choose an address of the network of the nodes, which is neither for pods nor for Services',
    links: ['vip-in-cluster-cidr'],
  },
  {
    id: 'vip-in-service-network',
    question: 'Is a virtual address inside the network of the Services?',
    severity: 'blocks',
    holds: 'control-plane',
    find: (facts) => inNetwork(facts, 'services'),
    remedy: 'choose an address of the network of the nodes, which is neither for pods nor for Services',
    links: ['vip-in-cluster-cidr'],
  },
  {
    id: 'vip-is-service-address',
    question: 'Does a Service have or ask for a virtual address of the control plane?',
    severity: 'blocks',
    holds: 'control-plane',
    by: 'tenant',
    find: servicesWithVip,
    remedy: 'give the Service another address, or choose a free one for the KubeVipConfig (docs/deletion.md)',
    links: ['cp-vip-equals-service-vip'],
  },
  {
    id: 'claimed-by-other-config',
    question: 'Does another KubeVipConfig have one of the addresses or the class?',
    severity: 'blocks',
    find: claimedByOthers,
    remedy: 'change one of the two, or delete it',
    links: ['two-installs-same-vip', 'lb-class-conflict'],
  },
  {
    id: 'lease-held-by-stranger',
    question: 'Does another program hold a Lease of ours before our kube-vip runs?',
    severity: 'blocks',
    find: strangersWithLease,
    remedy: 'find the kube-vip with this vip_leasename or svc_leasename on that node, and stop it',
    links: ['duplicate-lease-names', 'two-installs-same-vip'],
  },
  {
    id: 'service-status-has-node-address',
    question: 'Does another controller write addresses of nodes into the status of Services?',
    severity: 'blocks',
    holds: 'services',
    by: 'tenant',
    find: statusWithNodes,
    remedy: remedyForStatus,
    links: ['foreign-status-adopted', 'k3s-servicelb', 'kube-vip/kube-vip#752'],
  },
  {
    id: 'service-asks-for-node-address',
    question: 'Does a Service of the class ask kube-vip for the address of a node?',
    severity: 'blocks',
    holds: 'services',
    by: 'tenant',
    find: askedNodes,
    remedy: 'let the Service ask for a free address',
    links: ['vip-equals-node-ip'],
  },
];
