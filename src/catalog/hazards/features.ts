// Hazards of single features of kube-vip.
import { cel, notExpressible, policy, preflight, upstream, type Hazard } from './row.ts';

const askedBefore = (what: string) =>
  preflight('service-asks-for-more', `The check names a Service with ${what} that was there before.`);

/** Features of kube-vip that harm, most of which have no field here. */
export const featureHazards: readonly Hazard[] = [
  {
    id: 'local-without-svc-election',
    breaks:
      'The address of a Service with externalTrafficPolicy Local is on a node without endpoints, which drops all traffic.',
    settings: 'externalTrafficPolicy Local and one Lease',
    versions: 'all',
    evidence: upstream(475, 698, 790, 1129),
    fences: [
      policy('service-features', 'A Service of our class that sets policy Local is refused.'),
      askedBefore('policy Local'),
    ],
  },
  {
    id: 'local-svc-election-pending',
    breaks: 'A Service with externalTrafficPolicy Local and a Lease of its own stays pending.',
    settings: 'externalTrafficPolicy Local and svc_election',
    versions: 'v0.5.0, v0.6.2, v0.7.2',
    evidence: upstream(431, 608, 790),
    fences: [
      notExpressible('All Services have one Lease.', { always: { svc_election: 'false' } }),
      cel('This release is refused.', 'v0.7.2-is-avoided'),
    ],
  },
  {
    id: 'common-lease-with-local',
    breaks: 'kube-vip refuses a Service with the annotation of a common Lease and policy Local.',
    settings: 'kube-vip.io/leaseName and externalTrafficPolicy Local',
    versions: 'v1.0.1 and later',
    evidence: ['pkg/services/processor.go@v1.2.3'],
    fences: [
      notExpressible('There is no election per Service, which the annotation is about.', {
        always: { svc_election: 'false' },
        never: ['per_service_election_on_demand'],
      }),
      policy('service-features', 'A Service of our class with policy Local is refused.'),
      policy(
        'service-requests',
        'A Service of our class with kube-vip.io/leaseName or kube-vip.io/forcePerServiceElection is refused. With the second v1.2.2 and later do not serve it.',
      ),
      askedBefore('one of these'),
    ],
  },
  {
    id: 'lb-enable-ipvs',
    breaks:
      'The load balancer inside kube-vip crashes, keeps stale backends, or needs modules that are not there.',
    settings: 'lb_enable=true, the default of the Helm chart',
    versions: 'all, worst v0.7.0 and v0.8.2 to v0.8.9',
    evidence: upstream(475, 875, 895, 941, 982, 1590),
    fences: [
      notExpressible('It is never set.', {
        never: ['lb_enable', 'lb_port', 'lb_fwdmethod'],
        noField: ['spec.controlPlane.loadBalancer'],
      }),
    ],
  },
  {
    id: 'lb-port-mismatch',
    breaks: 'The address answers on a port on which nothing listens.',
    settings: 'lb_port other than port',
    versions: 'all',
    evidence: ['inferred', ...upstream(1183)],
    fences: [
      notExpressible('The variable is never set. The port is that of the API servers.', {
        never: ['lb_enable', 'lb_port'],
      }),
    ],
  },
  {
    id: 'egress-snat',
    breaks: 'Traffic inside the cluster gets the address of a Service as its source, or rules stay behind.',
    settings: 'egress with wrong networks or another packet filter',
    versions: 'all, updates before v1.1.2, tables before v1.2.2',
    evidence: upstream(502, 865, 1158, 1255, 1428, 1528, 1634),
    fences: [
      notExpressible('None of its settings is ever set.', {
        never: [
          'egress_podcidr',
          'egress_servicecidr',
          'egress_withnftables',
          'egress_enableinternalsnat',
          'egress_clean',
          'EGRESS_CLEAN',
        ],
      }),
      policy('service-requests', 'A Service of our class with kube-vip.io/egress is refused.'),
      askedBefore('the annotation, which kube-vip reads whatever its settings say,'),
    ],
  },
  {
    id: 'dhcp-vip',
    breaks: 'The lease of an address runs out or leaks, and the process hangs when it should end.',
    settings: 'a Service with 0.0.0.0 or ::, vip_ddns',
    versions: 'all, each in its own way',
    evidence: [
      ...upstream(377, 572, 871, 1170, 1249, 1577, 1747),
      'harvester/harvester#6563',
      'harvester/harvester#11122',
    ],
    fences: [
      notExpressible('No field asks for DHCP.', {
        never: ['vip_ddns', 'dhcp_mode', 'dhcp_backoff_attempts'],
        shape: 'literal addresses of the spec',
      }),
      cel('0.0.0.0 and :: are no addresses.', 'address-is-literal-unicast'),
      policy('service-requests', 'A Service of our class cannot ask kube-vip for DHCP.'),
      askedBefore('DHCP or dynamic DNS'),
    ],
  },
  {
    id: 'dns-vip',
    breaks: 'The address follows a name. It changes, vanishes, or has a random family.',
    settings: 'address is a host name',
    versions: 'all, worst v1.2.2 and v1.2.3',
    evidence: upstream(279, 1305, 1655, 1667),
    fences: [
      notExpressible('No field takes a name.', {
        never: ['dns_mode'],
        shape: 'literal addresses of the spec',
      }),
      cel('Only literal addresses are accepted.', 'address-is-literal-unicast'),
      policy('service-requests', 'A name for a Service of our class is refused.'),
      askedBefore('a name'),
    ],
  },
  {
    id: 'dual-stack',
    breaks: 'The IPv6 address does not come back after a fail-over, or kube-vip stops with two addresses.',
    settings: 'two addresses, or IPv6',
    versions: 'v0.6.4 and older know one address, v0.8.4 panics',
    evidence: [...upstream(523, 631, 933, 971), 'pkg/cluster/cluster.go@v0.6.4'],
    fences: [
      cel('At most one address per family.', 'one-address-per-family'),
      cel(
        'These releases are refused with two addresses.',
        'v0.6.4-not-for-control-plane-dual-stack',
        'v0.8.4-is-avoided',
      ),
    ],
    notCovered:
      'The kernel may mark an IPv6 address as duplicate. It is not seen, because addresses on the nodes are not watched yet.',
  },
  {
    id: 'wireguard',
    breaks: 'Most combinations do not work, and from v1.1.0 on two of them spin.',
    settings: 'vip_wireguard=true',
    versions: 'all',
    evidence: [...upstream(667, 1129, 1414), 'pkg/manager/worker/wireguard.go@v1.2.3'],
    fences: [
      notExpressible('WireGuard is no mode here.', { never: ['vip_wireguard'], noField: ['spec.wireguard'] }),
    ],
  },
  {
    id: 'several-modes',
    breaks: 'One mode wins without a word. After an upgrade another one wins.',
    settings: 'vip_arp with bgp_enable, vip_routingtable or vip_wireguard',
    versions: 'before v1.2.2',
    evidence: [
      'pkg/manager/manager.go@v0.6.4',
      'pkg/manager/worker/worker.go@v1.2.1',
      'cmd/kube-vip.go@v1.2.3',
    ],
    fences: [
      notExpressible('Each process has one mode.', {
        always: { vip_arp: 'true' },
        never: ['bgp_enable', 'vip_routingtable', 'vip_wireguard'],
      }),
      policy('foreign-kube-vip', 'A foreign workload with two modes is refused.'),
    ],
  },
  {
    id: 'bgp-cp-no-advert',
    breaks: 'A control plane alone is not announced under BGP.',
    settings: 'BGP without services',
    versions: 'v1.1.0',
    evidence: upstream(1468),
    fences: [
      notExpressible('BGP cannot be chosen yet.', { never: ['bgp_enable'], noField: ['spec.bgp'] }),
      cel('This release is refused.', 'v1.1.0-is-avoided'),
    ],
  },
  {
    id: 'svc-namespace-scope',
    breaks:
      'kube-vip watches one namespace with rights or Leases of another, and serves nothing or too much.',
    settings: 'svc_namespace with Leases and roles elsewhere',
    versions: 'all',
    evidence: ['inferred'],
    fences: [
      notExpressible('Leases are always in the namespace of the DaemonSet, whatever namespace is served.', {
        always: { cp_namespace: 'kube-vip-system' },
        noField: ['spec.leaderElection.leaseNamespace'],
      }),
    ],
    notCovered:
      'The role of services covers all namespaces, also where one is served. These are more rights than it needs.',
  },
  {
    id: 'node-labels',
    breaks: 'kube-vip writes labels on nodes, which lag behind and need rights on every node.',
    settings: 'enable_node_labeling=true',
    versions: 'all',
    evidence: upstream(698),
    fences: [
      notExpressible('It is never set, and kube-vip has no right to do it.', {
        never: ['enable_node_labeling'],
      }),
    ],
  },
];
