// Checks of who else has an address: nodes, Services, networks, other KubeVipConfigs, Leases.
import type { V1Service } from '@kubernetes/client-node';
import { componentKindsOf } from '../../api/defaults.ts';
import { labels, componentName, type ComponentKind } from '../../api/metadata.ts';
import { claimsOfService } from '../../observed/service-claims.ts';
import { nameOf, vipsOf, type Check, type Facts, type Finding } from './check.ts';
import { addressesOfService, nodeAddresses, publishedBy, serviceName } from '../../observed/addresses.ts';
import { rangeWith, type Network } from '../../observed/networks.ts';
import { servedServices } from '../../observed/services.ts';

// A kubelet that was started without --node-ip may take the address that kube-vip put on its interface.
function isHolder({ snapshot, spec }: Facts, node: string): boolean {
  const name = componentName(spec.name, 'control-plane');
  const runs = snapshot.daemonSets.some(({ metadata }) => metadata?.name === name);
  return runs && snapshot.leases.some((row) => row.name === name && row.holder === node);
}

function nodesWithVip(facts: Facts, ofHolder: boolean): readonly Finding[] {
  return vipsOf(facts).flatMap((vip) => {
    const owner = nodeAddresses(facts.snapshot.nodes).get(vip);
    return owner === undefined || isHolder(facts, owner.node) !== ofHolder
      ? []
      : [
          {
            object: `Node/${owner.node}`,
            expected: `no node with ${vip}, the virtual address of ${nameOf(facts)}`,
            found: `it as ${owner.type} of node ${owner.node}`,
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
            expected: `the virtual address ${vip} outside the networks of the cluster`,
            found: `it inside ${range}`,
          },
        ];
  });
}

/**
 * Load balancers of our class, or without one, in the namespace that is served. Those without a class are not ours, but
 * addresses of nodes in their status say that ServiceLB of k3s, or its like, is at work, beside which nothing is started.
 */
function withOurOrNoClass({ spec, snapshot }: Facts): readonly V1Service[] {
  const { services } = spec;
  const ours = [undefined, services?.loadBalancerClass];
  return services === undefined
    ? []
    : snapshot.services.filter(
        ({ spec: service, metadata }) =>
          service?.type === 'LoadBalancer' &&
          ours.includes(service.loadBalancerClass) &&
          (services.namespace ?? metadata?.namespace) === metadata?.namespace,
      );
}

const remedyForStatus =
  'turn off the controller that writes node addresses into Services (k3s: start every server with --disable servicelb), then wait until the status is empty';

function statusWithNodes(facts: Facts): readonly Finding[] {
  const owners = nodeAddresses(facts.snapshot.nodes);
  return withOurOrNoClass(facts)
    .filter((service) => addressesOfService(service).some(([ip]) => owners.has(ip)))
    .flatMap((service) => {
      const taken = publishedBy(service).filter((ip) => owners.has(ip));
      return taken.length === 0
        ? []
        : [
            {
              object: serviceName(service),
              expected:
                'no address of a node in status.loadBalancer, because kube-vip may take it from its node',
              found: taken
                .slice(0, 3)
                .map((ip) => `${ip} of node ${owners.get(ip)?.node}`)
                .join(', '),
            },
          ];
    });
}

// What kube-vip would put on a node. The status is judged by the check before, and external addresses are kube-proxy's.
function askedNodes(facts: Facts): readonly Finding[] {
  const owners = nodeAddresses(facts.snapshot.nodes);
  return servedServices(facts).flatMap((service) =>
    claimsOfService(service)
      .filter(({ isBound, field }) => isBound && !field.startsWith('status.'))
      .filter(({ address }) => owners.has(address))
      .slice(0, 1)
      .map(({ address, field }) => ({
        object: serviceName(service),
        expected: `${field} without addresses of nodes`,
        found: `${address} of node ${owners.get(address)?.node}`,
      })),
  );
}

function servicesWithVip(facts: Facts): readonly Finding[] {
  const vips = new Set(vipsOf(facts));
  return facts.snapshot.services
    .filter((service) => addressesOfService(service).some(([ip]) => vips.has(ip)))
    .flatMap((service) =>
      addressesOfService(service)
        .filter(([ip]) => vips.has(ip))
        .slice(0, 1)
        .map(([ip, field]) => ({
          object: serviceName(service),
          expected: `no Service with ${ip}, the virtual address of ${nameOf(facts)}`,
          found: `it in ${field}`,
        })),
    );
}

function claimedByOthers({ snapshot, conflicts }: Facts): readonly Finding[] {
  return conflicts.map(({ kind, value, owner }) => ({
    object: `KubeVipConfig/${owner}`,
    expected: `the ${kind} ${value} to belong to KubeVipConfig ${snapshot.config.metadata.name} alone`,
    found: `it in KubeVipConfig ${owner}, which was first`,
  }));
}

/** Whether a function was started before: it, a pod of it, or the status that was written last says so. */
function hasRun({ snapshot }: Facts, component: ComponentKind): boolean {
  const name = componentName(snapshot.config.metadata.name, component);
  return (
    snapshot.daemonSets.some(({ metadata }) => metadata?.name === name) ||
    snapshot.pods.some(({ metadata }) => metadata?.labels?.[labels.component] === component) ||
    (snapshot.config.status?.inventory?.some((row) => row.name === name) ?? false)
  );
}

// Only of what never ran: a Lease whose DaemonSet somebody deleted is fresh for a while, and ours.
function strangersWithLease(facts: Facts): readonly Finding[] {
  const { snapshot, spec } = facts;
  const names = componentKindsOf(spec)
    .filter((component) => !hasRun(facts, component))
    .map((component) => componentName(spec.name, component));
  return snapshot.leases
    .filter((lease) => names.includes(lease.name) && lease.holder !== '')
    .filter((lease) => snapshot.now - lease.renewedAt <= lease.durationSeconds * 1000)
    .map((lease) => ({
      object: `Lease/${snapshot.namespace}/${lease.name}`,
      expected: `nobody to hold the Lease of ${spec.name} before its kube-vip is started`,
      found: `${lease.holder} as holder, renewed at ${lease.renewTime}`,
    }));
}

export const addressChecks: readonly Check[] = [
  {
    id: 'vip-is-node-address',
    question: 'Is a virtual address the address of a node, also of one that joined later?',
    severity: 'blocks',
    holds: 'control-plane',
    find: (facts) => nodesWithVip(facts, false),
    remedy: 'give the node another address, or delete the KubeVipConfig and create one with a free address',
    links: ['vip-equals-node-ip', 'gc-prefix-blind'],
  },
  {
    id: 'kubelet-took-vip',
    question: 'Has the kubelet of the holder taken the virtual address for that of its node?',
    severity: 'blocks',
    holds: 'control-plane',
    find: (facts) => nodesWithVip(facts, true),
    remedy: 'start the kubelet of that node with --node-ip and the address of its own, then restart it',
    links: ['kubelet-picks-vip'],
  },
  {
    id: 'vip-in-pod-network',
    question: 'Is a virtual address inside the network of the pods?',
    severity: 'blocks',
    holds: 'control-plane',
    find: (facts) => inNetwork(facts, 'pods'),
    remedy: 'choose an address of the network of the nodes that is neither for pods nor for Services',
    links: ['vip-in-cluster-cidr'],
  },
  {
    id: 'vip-in-service-network',
    question: 'Is a virtual address inside the network of the Services?',
    severity: 'blocks',
    holds: 'control-plane',
    find: (facts) => inNetwork(facts, 'services'),
    remedy: 'choose an address of the network of the nodes that is neither for pods nor for Services',
    links: ['vip-in-cluster-cidr'],
  },
  {
    id: 'vip-is-service-address',
    question: 'Does a Service have or ask for a virtual address of the control plane?',
    severity: 'blocks',
    holds: 'control-plane',
    by: 'tenant',
    find: servicesWithVip,
    remedy:
      'give the Service another address, or delete the KubeVipConfig and create one with a free address',
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
    question: 'Does somebody hold a Lease of ours before our kube-vip runs?',
    severity: 'blocks',
    find: strangersWithLease,
    remedy: 'find the kube-vip with this vip_leasename or svc_leasename on that node and stop it',
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
    remedy: 'let the Service ask for an address that nobody has',
    links: ['vip-equals-node-ip'],
  },
];
