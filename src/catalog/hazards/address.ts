// Hazards of who owns an address.
import { cel, notExpressible, policy, upstream, watched, type Hazard } from './row.ts';

const noPreflight = 'Preflight is not there yet';
const notWatched = 'addresses on the nodes are not watched yet';

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
    ],
    notCovered: `A Service of our class whose status somebody fills with node addresses, which v0.8.7 and v0.8.10 then also delete: ${noPreflight.toLowerCase()}, and ${notWatched}.`,
  },
  {
    id: 'vip-equals-node-ip',
    breaks: 'The virtual address is an address of a node: kube-vip takes it over or deletes it.',
    settings: 'address, or an address of a Service, equal to one of a Node',
    versions: 'all; deleted by v0.7.0 to v0.8.10',
    evidence: [...upstream(1288), 'lf-edge/eve#5827', 'pkg/vip/address.go@v0.7.0'],
    fences: [],
    notCovered: `${noPreflight}: nobody compares addresses with those of the nodes.`,
  },
  {
    id: 'vip-in-cluster-cidr',
    breaks:
      'The virtual address lies in the pod or service network, and kube-proxy or the CNI takes its packets.',
    settings: 'address inside a network of the cluster',
    versions: 'all',
    evidence: ['inferred'],
    fences: [],
    notCovered: `${noPreflight}: nobody compares addresses with the networks of the cluster.`,
  },
  {
    id: 'vip-in-use-elsewhere',
    breaks: 'Another host already answers for the address: both flap, and that host is cut off.',
    settings: 'any address',
    versions: 'all: kube-vip asks nobody before it adds an address',
    evidence: [...upstream(283, 1006), 'pkg/vip/address.go@v1.2.3'],
    fences: [],
    notCovered: `${noPreflight}: nobody probes the address before the first rollout.`,
  },
  {
    id: 'cp-vip-equals-service-vip',
    breaks: 'A Service has the control-plane address: two Leases decide, so two nodes own it.',
    settings: 'kube-vip.io/loadbalancerIPs or spec.loadBalancerIP equal to address',
    versions: 'all',
    evidence: upstream(665, 947, 1391),
    fences: [policy('service-addresses', 'A Service that claims a control-plane address is refused.')],
    notCovered:
      'A Service that had the address before the KubeVipConfig was created: preflight is not there yet.',
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
    ],
    notCovered:
      'Two Services of different namespaces with one address and one port: kube-proxy then serves one of them only.',
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
    ],
    notCovered:
      'A static pod, or a workload that was there before: preflight, which would find them, is not there yet.',
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
    ],
    notCovered:
      'v0.6.4 uses the host name: with two equal ones both lead, and preflight, which would compare them, is not there yet.',
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
    ],
    notCovered: `The left-over address itself: ${notWatched}. kube-vip removes a control-plane address when it starts again.`,
  },
  {
    id: 'orphan-vip-on-delete',
    breaks: 'The Service, its type or the DaemonSet goes, and its address stays bound.',
    settings: 'Service deleted, type changed, kube-vip removed',
    versions:
      'v0.6.4, v0.8.7 and v0.8.9 when a control-plane pod ends; v0.6.4 and v0.8.0 when a Service is deleted; all when its type changes',
    evidence: [
      ...upstream(361, 835, 936, 1700),
      'lab run, v0.6.4 and v0.8.7: 8 of 8 deletions, v0.8.9: 6 of 8, v0.8.10 and v1.0.3: none',
    ],
    fences: [
      cel('The release that was reported for it is refused.', 'v0.8.0-is-avoided'),
      watched('OpenReport', 'v0.6.4, v0.8.7 and v0.8.9 have the condition KnownHazard.'),
      watched('Deleting', 'A deleted KubeVipConfig stays until its pods have ended and released.'),
    ],
    notCovered: `No clean-up runs on the nodes, and ${notWatched}: with these releases the operator says that a KubeVipConfig is gone while its address may still be bound.`,
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
    ],
    notCovered: `v0.8.7 and v0.8.10 do the same for Services of our class, later releases when addresses change: ${noPreflight.toLowerCase()}.`,
  },
];
