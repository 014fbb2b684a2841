// Hazards of who gets an address.
import { cel, notExpressible, policy, preflight, upstream, watched, type Hazard } from './row.ts';

/** Ways in which an address gets a second owner, or one that it should not have. */
export const addressHazards: readonly Hazard[] = [
  {
    id: 'foreign-status-adopted',
    breaks:
      'Another controller writes addresses into the status of a Service, and kube-vip takes them. When they are addresses of nodes, the cluster loses its network.',
    settings: 'svc_enable without a class filter',
    versions: 'v0.7.0 and later',
    evidence: [
      ...upstream(752, 798, 836, 1016, 1288),
      'tinkerbell/charts#93',
      'pkg/instance/instance.go@v1.2.3',
      'lab run, v0.7.2 and v1.1.2',
    ],
    fences: [
      notExpressible('A Service without the class of the KubeVipConfig is never served.', {
        always: { lb_class_only: 'true', lb_class_legacy_handling: 'false' },
        noField: ['spec.services.classless', 'spec.services.loadBalancerClassOnly'],
      }),
      cel(
        'The reports are about v0.7, which is refused.',
        'v0.7.0-is-avoided',
        'v0.7.1-is-avoided',
        'v0.7.2-is-avoided',
      ),
      policy('foreign-kube-vip', 'Another kube-vip that serves Services without a class is refused.'),
      policy(
        'service-addresses',
        'A status that gives a Service of our class an address that it was not granted is refused.',
      ),
      preflight(
        'service-status-has-node-address',
        'Services do not start while a Service that is served, or one without class, publishes an address of a node.',
      ),
      preflight(
        'foreign-kube-vip-is-unsafe',
        'A finding names a kube-vip that was there before and takes any Service.',
      ),
    ],
    notCovered:
      'A status can still be filled while our kube-vip runs. The check then warns, but v0.8.7 and v0.8.10 act at once. No witness looks for an address that a node should have and has lost.',
  },
  {
    id: 'vip-equals-node-ip',
    breaks: 'The virtual address is an address of a node. kube-vip takes it over or deletes it.',
    settings: 'address, or an address of a Service, equal to one of a Node',
    versions: 'all, deleted by v0.7.0 to v0.8.10',
    evidence: [...upstream(1288), 'lf-edge/eve#5827', 'pkg/vip/address.go@v0.7.0'],
    fences: [
      preflight(
        'vip-is-node-address',
        'The check compares the addresses of every node, also of a node that joins later.',
      ),
      preflight(
        'service-asks-for-node-address',
        'The check does the same for addresses that Services of our class ask for.',
      ),
      preflight('pool-has-node-address', 'The check does the same for addresses of pools.'),
    ],
    notCovered:
      'A Node object may not name every address of its node, for example that of a second interface.',
  },
  {
    id: 'vip-in-cluster-cidr',
    breaks:
      'The virtual address lies in the pod or service network, and kube-proxy or the CNI takes its packets.',
    settings: 'address inside a network of the cluster',
    versions: 'all',
    evidence: ['inferred'],
    fences: [
      preflight(
        'vip-in-pod-network',
        'The check reads the ranges of the nodes, the notes of kubeadm, and the flags of k3s and RKE2 servers.',
      ),
      preflight(
        'vip-in-service-network',
        'The check reads ServiceCIDRs (Kubernetes 1.33 and later), the notes of kubeadm, and the flags of k3s and RKE2 servers.',
      ),
      preflight(
        'vip-is-service-address',
        'The check compares the addresses of all Services, whatever their type.',
      ),
      preflight('pool-in-pod-network', 'The check does the same for pools and the network of pods.'),
      preflight('pool-in-service-network', 'The check does the same for pools and the network of Services.'),
    ],
    notCovered: 'Some CNIs hand out addresses by themselves and write them nowhere in the API.',
  },
  {
    id: 'vip-in-use-elsewhere',
    breaks:
      'Another host already answers for the address. Traffic flaps between both, and that host is cut off.',
    settings: 'any address',
    versions: 'all, because kube-vip does not ask before it adds an address',
    evidence: [...upstream(283, 1006), 'pkg/vip/address.go@v1.2.3'],
    fences: [
      preflight(
        'pool-has-router-address',
        'The check compares pools with the default gateways of the nodes.',
      ),
      preflight('address-is-unused', 'Every selected node asks for the address, by ARP or NDP and TCP.'),
      watched(
        'StrangerAnswers',
        'Witnesses ask for the address again and again, those of Services too, and name the MAC of a machine that is no node.',
      ),
    ],
    notCovered:
      'A host that sleeps is not heard. Where no witness can run, nothing is heard that comes after the start, and addresses of Services are not asked for.',
  },
  {
    id: 'cp-vip-equals-service-vip',
    breaks: 'A Service has the control-plane address. Two Leases decide about it, so two nodes own it.',
    settings: 'kube-vip.io/loadbalancerIPs or spec.loadBalancerIP equal to address',
    versions: 'all',
    evidence: upstream(665, 947, 1391),
    fences: [
      policy('service-addresses', 'A Service that claims a control-plane address is refused.'),
      preflight('vip-is-service-address', 'The check finds a Service that had the address before.'),
      preflight(
        'pool-has-vip',
        'The check finds a pool of MetalLB or Cilium that could give the address to a Service.',
      ),
      watched(
        'ServiceConflict',
        'A KubeVipConfig that claims the address of a Service is not accepted, and nothing of it is applied.',
      ),
      watched('ServiceHasAddress', 'The condition DuplicateOwner names a Service that got past.'),
    ],
  },
  {
    id: 'shared-service-ip-svc-election',
    breaks:
      'Two Services share an address, and each has a Lease of its own. The address is on several nodes.',
    settings: 'svc_election=true and one address in two Services',
    versions: 'all, from v1.0.1 on a common Lease can be annotated',
    evidence: upstream(577, 879, 1006, 1286, 1479, 1579, 1749),
    fences: [
      notExpressible('All Services have one Lease, so one node holds every address.', {
        always: { svc_election: 'false' },
        never: ['per_service_election_on_demand'],
        noField: ['spec.services.election', 'spec.services.leaderElection'],
      }),
      policy(
        'service-sharing',
        'Two Services of one namespace with one address, protocol and port are refused.',
      ),
      watched(
        'ServicesShareAddress',
        'The policy does not see other namespaces and updates. The condition DuplicateOwner says what got past.',
      ),
    ],
  },
  {
    id: 'two-installs-same-vip',
    breaks: 'A static pod or another DaemonSet of kube-vip has the same address. Two Leases make two owners.',
    settings: 'kube-vip from kubeadm, k3s, Harvester or Cluster API, and ours',
    versions: 'all',
    evidence: ['inferred', ...upstream(378, 665, 1564)],
    fences: [
      policy('kubevipconfig-claims', 'A second KubeVipConfig with the address or the class is refused.'),
      watched(
        'AddressConflict',
        'Two KubeVipConfigs are made in the same second. The operator refuses the younger one.',
      ),
      policy('foreign-kube-vip-claims', 'A foreign workload with one of our addresses is refused.'),
      preflight(
        'foreign-kube-vip-has-vip',
        'The check finds a static pod, or a workload that was there before.',
      ),
      preflight(
        'foreign-kube-vip-is-unseen',
        'The check finds a Lease under a default name that no workload explains.',
      ),
      preflight(
        'foreign-kube-vip-is-unclear',
        'The check finds one of which the address or the class is not written in its template.',
      ),
      preflight('pools-are-own', 'Of an address in pools of two KubeVipConfigs only the older one grants.'),
    ],
    notCovered:
      'A kube-vip outside Kubernetes with a Lease of another name is not found. Pods are looked for on seven control-plane nodes only. So a static pod elsewhere is not found, nor is a pod of a Job, a ReplicationController, a ReplicaSet without a Deployment or a custom kind.',
  },
  {
    id: 'duplicate-lease-names',
    breaks:
      'Two processes of a node share a Lease. Both believe that they lead, and the first that ends frees it.',
    settings: 'vip_leasename or svc_leasename used twice',
    versions: 'all',
    evidence: ['inferred', ...upstream(378), 'pkg/election/election.go@v1.2.3'],
    fences: [
      notExpressible('Each DaemonSet has its own Lease, named after the KubeVipConfig and the component.', {
        shape: 'Leases of its own',
        noField: ['spec.leaderElection.leaseName', 'spec.leaderElection.leaseNamespace'],
      }),
      policy('operand-leases', 'Only our kube-vip and cluster administrators may write our Leases.'),
      policy('foreign-kube-vip-claims', 'A foreign workload with one of our Leases is refused.'),
      preflight(
        'lease-held-by-stranger',
        'The check finds a Lease of ours that is held before our kube-vip runs.',
      ),
    ],
  },
  {
    id: 'same-identity-two-nodes',
    breaks: 'Two nodes have the same host name. Both believe that they hold the Lease.',
    settings: 'no vip_nodename',
    versions: 'before v0.8.0',
    evidence: ['lab run, v0.7.2', 'pkg/manager/manager_arp.go@v0.6.4'],
    fences: [
      notExpressible('From v0.8.0 on the identity is the name of the Node, which is unique.', {
        shape: 'identity is the node name',
      }),
      preflight(
        'host-names-are-equal',
        'v0.6.4 uses the host name. The check finds equal ones, whatever the case.',
      ),
      preflight(
        'nodes-call-themselves-alike',
        'A kubelet may register its node under another name. The check asks the nodes themselves.',
      ),
    ],
  },
];
