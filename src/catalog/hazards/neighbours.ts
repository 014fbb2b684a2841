// Hazards of what else runs in the cluster and on the network.
import { cel, notExpressible, policy, preflight, upstream, watched, type Hazard } from './row.ts';

const classFilter = notExpressible('Only Services of the class of the KubeVipConfig are served.', {
  always: { lb_class_only: 'true', lb_class_legacy_handling: 'false' },
});

/** Other controllers and network gear with which kube-vip collides. */
export const neighbourHazards: readonly Hazard[] = [
  {
    id: 'status-ports-loop',
    breaks:
      'Another controller writes the status of a Service without ports. kube-vip deletes and adds the Service for ever.',
    settings: 'services, with ServiceLB or MetalLB in the cluster',
    versions: 'v0.6.0 to v0.6.4',
    evidence: [...upstream(604), 'metallb/metallb#2177', 'pkg/manager/services.go@v0.6.4'],
    fences: [
      classFilter,
      preflight(
        'servicelb-is-enabled',
        'The check finds a cluster in which ServiceLB would serve the next Service.',
      ),
    ],
    notCovered: 'A controller may still write into Services of our class.',
  },
  {
    id: 'k3s-servicelb',
    breaks:
      'ServiceLB of k3s writes addresses of nodes into every Service without class, and kube-vip takes them.',
    settings: 'k3s with ServiceLB, which is its default',
    versions: 'v0.7.0 and later',
    evidence: [...upstream(353, 836, 1016, 1288), 'lab run, v0.7.2 and v1.1.2'],
    fences: [
      classFilter,
      policy('foreign-kube-vip', 'A foreign kube-vip that serves Services without a class is refused.'),
      preflight('servicelb-is-active', 'Services do not start while ServiceLB is at work.'),
      preflight('servicelb-is-enabled', 'The check finds k3s servers that were started with ServiceLB.'),
    ],
  },
  {
    id: 'metallb-coexist',
    breaks: 'MetalLB and kube-vip both serve a Service. Its status flaps, and both answer ARP.',
    settings: 'both see Services without class',
    versions: 'all',
    evidence: [...upstream(1061), 'metallb/metallb#2177', 'metallb/metallb#2396'],
    fences: [
      classFilter,
      preflight('metallb-has-class', 'The check finds a MetalLB that is told to serve our class.'),
      preflight('pool-has-vip', 'The check finds a pool with a control-plane address.'),
      preflight(
        'pool-is-of-other-load-balancer',
        'The check finds a pool of MetalLB with addresses of a pool of a KubeVipConfig.',
      ),
    ],
  },
  {
    id: 'cilium-l2',
    breaks: 'Cilium announces the same Services over ARP.',
    settings: 'CiliumL2AnnouncementPolicy that selects Services of our class',
    versions: 'all',
    evidence: ['inferred', ...upstream(594, 721, 1577)],
    fences: [
      preflight(
        'cilium-announces-all',
        'The check finds a policy that selects every Service or one of ours. It also finds a Cilium before v1.15, which does not look at classes.',
      ),
      preflight('class-is-of-other-controller', 'The check finds a class that is Cilium’s own.'),
    ],
    notCovered: 'A policy that is made or changed later is seen only within ten minutes.',
  },
  {
    id: 'cilium-kpr',
    breaks: 'Without kube-proxy some paths to a Service address do not work, and DHCP replies are eaten.',
    settings: 'Cilium as kube-proxy replacement',
    versions: 'all',
    evidence: [...upstream(594, 1577), 'cilium/cilium#37691'],
    fences: [
      notExpressible('No field asks for DHCP.', { never: ['dhcp_mode', 'vip_ddns'] }),
      policy('service-requests', 'A Service of our class cannot ask kube-vip for DHCP.'),
      preflight('cilium-replaces-kube-proxy', 'The check warns before anything is applied for Services.'),
    ],
    notCovered: 'The paths that work depend on settings of Cilium that are not read.',
  },
  {
    id: 'ipvs-strictarp',
    breaks:
      'kube-proxy with IPVS has every address on every node, and without strictARP each answers for it.',
    settings: 'kube-proxy in IPVS mode without strictARP',
    versions: 'all',
    evidence: [...upstream(1114), 'kubermatic/kubermatic#7309', 'metallb/metallb#153'],
    fences: [
      preflight(
        'ipvs-without-strict-arp',
        'The check reads the ConfigMap of kube-proxy, and the flags of k3s and RKE2 servers and agents.',
      ),
    ],
    notCovered: 'kube-proxy may be set up by flags elsewhere, or by a file that such a flag names.',
  },
  {
    id: 'lb-class-conflict',
    breaks: 'Two controllers serve one class and both own its addresses.',
    settings: 'one class twice, or the legacy filter, which also takes Services without class',
    versions: 'all',
    evidence: [...upstream(413, 851, 855), 'kube-vip/kube-vip-cloud-provider#302'],
    fences: [
      classFilter,
      cel('The class stays with the object.', 'class-is-immutable'),
      policy('kubevipconfig-claims', 'A second KubeVipConfig with the class is refused.'),
      policy('foreign-kube-vip-claims', 'A foreign kube-vip with one of our classes is refused.'),
      preflight('foreign-kube-vip-has-class', 'The check finds a kube-vip that was there before.'),
      preflight(
        'class-is-of-other-controller',
        'The check finds a class that belongs to a known controller.',
      ),
      watched(
        'ClassConflict',
        'Two KubeVipConfigs are made in the same second. The operator refuses the younger one.',
      ),
    ],
  },
  {
    id: 'promiscuous-or-arp-inspection',
    breaks: 'The network drops gratuitous ARP. The address is dead after a fail-over.',
    settings: 'vSphere without forged transmits, port security, ARP inspection, Hetzner vSwitch',
    versions: 'all',
    evidence: [...upstream(871, 1418), 'kubeovn/kube-ovn#1036'],
    fences: [],
    notCovered: 'No API tells what a switch drops, and there is no probe from a second node yet.',
  },
  {
    id: 'prometheus-port-clash',
    breaks:
      'Two processes of a node want one port. The second has no metrics, and with old settings it does not start.',
    settings: 'prometheus_server at its default :2112',
    versions: 'all',
    evidence: upstream(495, 711),
    fences: [
      notExpressible('Each DaemonSet has a port of its own, which the scheduler reserves on the node.', {
        shape: 'metrics port of its own',
        noField: ['spec.metricsPort', 'spec.controlPlane.metricsPort'],
      }),
      preflight('metrics-port-is-taken', 'The check finds a workload with a hostPort of that range.'),
      preflight(
        'ports-are-free',
        'Each node tries the port, so that a process outside Kubernetes is found too.',
      ),
    ],
  },
  {
    id: 'bgp-two-speakers',
    breaks: 'Two BGP speakers of a node collide at the peer.',
    settings: 'two kube-vip under BGP, or one together with Calico or Cilium',
    versions: 'all',
    evidence: [...upstream(254, 398), 'projectcalico/calico#7893'],
    fences: [notExpressible('BGP cannot be chosen yet.', { never: ['bgp_enable'], noField: ['spec.bgp'] })],
  },
  {
    id: 'upnp-and-mirror',
    breaks: 'kube-vip opens ports on a router, or copies traffic to another interface.',
    settings: 'enable_upnp, mirror_dest_interface',
    versions: 'all',
    evidence: ['pkg/kubevip/config_environment.go@v1.2.3'],
    fences: [
      notExpressible('These are never set.', {
        never: ['enable_upnp', 'enableUPNP', 'mirror_dest_interface'],
      }),
      policy('service-requests', 'A Service of our class with kube-vip.io/forwardUPNP is refused.'),
      preflight(
        'service-asks-for-more',
        'The check names a Service with the annotation that was there before.',
      ),
    ],
  },
];
