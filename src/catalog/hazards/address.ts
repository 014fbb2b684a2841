// Hazards of who owns an address.
import { cel, notExpressible, policy, preflight, upstream, watched, type Hazard } from './row.ts';

const notWatched = 'addresses on the nodes are not watched yet';

/** Ways in which an address gets a second owner, or one that it should not have. */
export const addressHazards: readonly Hazard[] = [
  {
    id: 'foreign-status-adopted',
    breaks:
      'Another controller writes addresses into the status of a Service, and kube-vip takes them; when they are those of nodes the cluster loses its network.',
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
        'v0.7, with which it was reported, is refused.',
        'v0.7.0-is-avoided',
        'v0.7.1-is-avoided',
        'v0.7.2-is-avoided',
      ),
      policy('foreign-kube-vip', 'A kube-vip beside ours that serves Services without a class is refused.'),
      policy(
        'service-addresses',
        'A status that gives a Service of our class an address that it did not ask for is refused.',
      ),
      preflight(
        'service-status-has-node-address',
        'Nothing is applied while a Service of our class, or of none, in the namespace that is served, publishes an address of a node.',
      ),
      preflight(
        'foreign-kube-vip-is-unsafe',
        'A kube-vip that was there before and takes any Service is named.',
      ),
    ],
    notCovered: `Somebody who fills the status of a Service of our class while ours runs: the config stalls and says so, but v0.8.7 and v0.8.10 act at once, and ${notWatched}.`,
  },
  {
    id: 'vip-equals-node-ip',
    breaks: 'The virtual address is an address of a node: kube-vip takes it over or deletes it.',
    settings: 'address, or an address of a Service, equal to one of a Node',
    versions: 'all; deleted by v0.7.0 to v0.8.10',
    evidence: [...upstream(1288), 'lf-edge/eve#5827', 'pkg/vip/address.go@v0.7.0'],
    fences: [
      preflight('vip-is-node-address', 'Addresses of every node, also of one that joins later.'),
      preflight(
        'service-asks-for-node-address',
        'The same for addresses that Services of our class ask for.',
      ),
    ],
    notCovered: 'An address of a node that its Node object does not name, on a second interface for example.',
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
        'Ranges of the nodes, what kubeadm noted, and how servers of k3s and RKE2 were started.',
      ),
      preflight(
        'vip-in-service-network',
        'ServiceCIDRs (Kubernetes 1.33 and later), what kubeadm noted, and how servers of k3s and RKE2 were started.',
      ),
      preflight('vip-is-service-address', 'The address of a Service, whatever its type.'),
    ],
    notCovered: 'Networks of a CNI that hands out addresses by itself and notes them nowhere in the API.',
  },
  {
    id: 'vip-in-use-elsewhere',
    breaks: 'Another host already answers for the address: both flap, and that host is cut off.',
    settings: 'any address',
    versions: 'all: kube-vip asks nobody before it adds an address',
    evidence: [...upstream(283, 1006), 'pkg/vip/address.go@v1.2.3'],
    fences: [
      preflight('address-is-unused', 'Every selected node asks for the address, by ARP or NDP and TCP.'),
    ],
    notCovered: 'Addresses of Services; a host that sleeps, or that answers IPv6 neighbours and no TCP.',
  },
  {
    id: 'cp-vip-equals-service-vip',
    breaks: 'A Service has the control-plane address: two Leases decide, so two nodes own it.',
    settings: 'kube-vip.io/loadbalancerIPs or spec.loadBalancerIP equal to address',
    versions: 'all',
    evidence: upstream(665, 947, 1391),
    fences: [
      policy('service-addresses', 'A Service that claims a control-plane address is refused.'),
      preflight('vip-is-service-address', 'A Service that had the address before.'),
      preflight('pool-has-vip', 'A pool of MetalLB or Cilium that could give the address to a Service.'),
      watched(
        'ServiceConflict',
        'A KubeVipConfig that claims the address of a Service is not accepted, and nothing of it is applied.',
      ),
      watched('ServiceHasAddress', 'A Service that got past has the condition DuplicateOwner say so.'),
    ],
  },
  {
    id: 'shared-service-ip-svc-election',
    breaks:
      'Two Services with one address each have a Lease of their own, so the address is on several nodes.',
    settings: 'svc_election=true and one address in two Services',
    versions: 'all; from v1.0.1 on a common Lease can be annotated',
    evidence: upstream(577, 879, 1006, 1286, 1479, 1579, 1749),
    fences: [
      notExpressible('One Lease for all Services: one node holds every address.', {
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
        'What the policy does not see, other namespaces and updates: the condition DuplicateOwner says so.',
      ),
    ],
  },
  {
    id: 'two-installs-same-vip',
    breaks: 'A static pod or another DaemonSet of kube-vip has the same address: two Leases, two owners.',
    settings: 'kube-vip from kubeadm, k3s, Harvester or Cluster API beside ours',
    versions: 'all',
    evidence: ['inferred', ...upstream(378, 665, 1564)],
    fences: [
      policy('kubevipconfig-claims', 'A second KubeVipConfig with the address or the class is refused.'),
      watched(
        'AddressConflict',
        'Two KubeVipConfigs of the same second: the younger one is refused by the operator.',
      ),
      policy('foreign-kube-vip-claims', 'A foreign workload with one of our addresses is refused.'),
      preflight('foreign-kube-vip-has-vip', 'A static pod, or a workload that was there before.'),
      preflight('foreign-kube-vip-is-unseen', 'A Lease under a default name that no workload explains.'),
    ],
    notCovered:
      'A kube-vip outside Kubernetes with a Lease of another name. Pods are looked for on seven control-plane nodes: a static one elsewhere, and one of a Job, a ReplicationController, a ReplicaSet without a Deployment or a kind of others, or one of these that has no pod at the moment, is not found.',
  },
  {
    id: 'duplicate-lease-names',
    breaks: 'Two processes of a node share a Lease: both believe that they lead, and one that ends frees it.',
    settings: 'vip_leasename or svc_leasename used twice',
    versions: 'all',
    evidence: ['inferred', ...upstream(378), 'pkg/election/election.go@v1.2.3'],
    fences: [
      notExpressible('A Lease per DaemonSet, named after the KubeVipConfig and the function.', {
        shape: 'Leases of its own',
        noField: ['spec.leaderElection.leaseName', 'spec.leaderElection.leaseNamespace'],
      }),
      policy('operand-leases', 'Nobody but our kube-vip and cluster administrators writes our Leases.'),
      policy('foreign-kube-vip-claims', 'A foreign workload with one of our Leases is refused.'),
      preflight('lease-held-by-stranger', 'A Lease of ours that is held before our kube-vip runs.'),
    ],
  },
  {
    id: 'same-identity-two-nodes',
    breaks: 'Two nodes have the same host name: both believe that they hold the Lease.',
    settings: 'no vip_nodename',
    versions: 'before v0.8.0',
    evidence: ['lab run, v0.7.2', 'pkg/manager/manager_arp.go@v0.6.4'],
    fences: [
      notExpressible('From v0.8.0 on the identity is the name of the Node, which is unique.', {
        shape: 'identity is the node name',
      }),
      preflight('host-names-are-equal', 'v0.6.4, which uses the host name: equal ones, whatever the case.'),
    ],
  },
  {
    id: 'stale-vip-after-crash',
    breaks:
      'kube-vip is killed or wedged while it has an address: the address stays and the next leader adds it too.',
    settings: 'none: kill -9, out of memory, kubelet down, process stopped',
    versions: 'all; reported for v0.7.2 to v1.2.3',
    evidence: [
      ...upstream(996, 1005, 1418, 1579, 1775),
      'harvester/harvester#7293',
      'lab run, v1.1.2: two owners as long as the process is stopped',
    ],
    fences: [
      watched('LeaseStale', 'A holder that does not renew its Lease.'),
      watched('HolderWithoutPod', 'A holder whose node runs no pod of ours.'),
      watched('HolderNotReady', 'A holder whose pod is not ready.'),
      watched(
        'NotLetGo',
        'Another node took the Lease, and the kube-vip of the former holder was neither seen to end in order nor started again.',
      ),
    ],
    notCovered: `A former holder on a node that does not report: Ready says that it is not known. A kubelet that reports while the address stays for another reason: ${notWatched}. kube-vip removes a control-plane address when it starts again.`,
  },
  {
    id: 'orphan-vip-on-delete',
    breaks: 'The Service, its type or the DaemonSet goes, and its address stays bound.',
    settings: 'Service deleted, type changed, kube-vip removed',
    versions:
      'v0.6.4, v0.8.7 and v0.8.9 when a control-plane pod ends; v0.6.4 and v0.8.0 when a Service is deleted; all when its type changes',
    evidence: [
      ...upstream(361, 835, 936, 1700),
      'lab run, pods only ended: v0.6.4 and v0.8.7 8 of 8, v0.8.9 6 of 8, v0.8.10 and v1.0.3 none',
      'lab run, Lease taken first: no address left by any of the 17 releases',
    ],
    fences: [
      cel('The release that was reported for it is refused.', 'v0.8.0-is-avoided'),
      watched('OpenReport', 'v0.6.4, v0.8.7 and v0.8.9 have the condition KnownHazard.'),
      watched(
        'Deleting',
        'A deletion takes the control-plane Lease first, so that kube-vip takes the address off, and stays until nobody answers for it. Where no kube-vip has led yet, the operator makes the Lease, and none ever does.',
      ),
      watched('DeletionOverdue', 'An address that still answers is said, with what to do.'),
      watched(
        'Removing',
        'A control plane that is taken out, gets another address or interface, or loses its address to another KubeVipConfig leaves in the same way.',
      ),
      watched('RemovalOverdue', 'The same, while the KubeVipConfig stays.'),
    ],
    notCovered: `A pod that ends otherwise, by a drain or another node selector, leaves the address behind with these releases, as does a KubeVipConfig whose finalizer somebody takes off; ${notWatched}.`,
  },
  {
    id: 'gc-prefix-blind',
    breaks: 'kube-vip cleans up by address and not by prefix, so it deletes the entry of the node itself.',
    settings: 'an address that the node has with another prefix',
    versions: 'v0.6.4 for spec.loadBalancerIP; v0.7.0 and later',
    evidence: ['pkg/vip/address.go@v0.7.0', 'pkg/vip/address.go@v1.2.3', 'lab run, v0.7.2'],
    fences: [
      cel(
        'v0.7, which cleans up at every change of a Service, is refused.',
        'v0.7.0-is-avoided',
        'v0.7.1-is-avoided',
        'v0.7.2-is-avoided',
      ),
      preflight('vip-is-node-address', 'A control-plane address that a node has.'),
      preflight('service-status-has-node-address', 'A Service that publishes one.'),
    ],
    notCovered:
      'v0.8.7 and v0.8.10 do the same for Services of our class, later releases when addresses change, if the status gets an address of a node while they run.',
  },
];
