// Hazards of network interfaces and prefixes.
import { cel, notExpressible, preflight, upstream, watched, type Hazard } from './row.ts';

/** Ways in which an address lands on the wrong interface or with the wrong prefix. */
export const interfaceHazards: readonly Hazard[] = [
  {
    id: 'wrong-interface-name',
    breaks:
      'Nodes without the named interface crash again and again, and fail-over has fewer nodes than it seems.',
    settings: 'vip_interface',
    versions: 'all',
    evidence: upstream(385, 399, 559),
    fences: [
      preflight('interface-somewhere', 'The check fails when no node that was asked has the interface up.'),
      preflight('interface-everywhere', 'The check names nodes that do not have the interface up.'),
      watched('PodsNotReady', 'The condition names the nodes whose pods do not come up.'),
      watched('CrashLoop', 'The condition has the last line of the log, which names the interface.'),
      cel(
        'The loopback interface answers no ARP. It is refused.',
        'controlPlane-interface-is-not-loopback',
        'services-interface-is-not-loopback',
      ),
    ],
    notCovered: 'Some nodes may not be asked.',
  },
  {
    id: 'interface-autodetect-multi-nic',
    breaks: 'The address lands on the interface of the default route, which is the wrong network.',
    settings: 'no vip_interface and several interfaces',
    versions: 'all, multipath routes before v1.0.4',
    evidence: upstream(273, 866, 903, 1373),
    fences: [preflight('subnet-has-address', 'Each node tells the subnets of that interface.')],
    notCovered: 'Addresses of Services are not compared.',
  },
  {
    id: 'interface-not-up',
    breaks: 'The interface is down. kube-vip does not start, or owns an address on a dead interface.',
    settings: 'vip_allow_interface_not_up',
    versions: 'v1.2.2 and later when allowed',
    evidence: upstream(385),
    fences: [
      notExpressible('The setting is never rendered, so kube-vip does not start on such an interface.', {
        never: ['vip_allow_interface_not_up', 'vip_loseleadership'],
      }),
      preflight('interface-everywhere', 'Each node tells whether the interface is up.'),
      watched('PodsNotReady', 'A pod does not come up.'),
      watched('CrashLoop', 'A pod ends with an error again and again.'),
    ],
  },
  {
    id: 'vip-cidr-removed',
    breaks: 'kube-vip ignores the mask without a word, and the prefix is not the one that was asked for.',
    settings: 'vip_cidr left in place',
    versions: 'v0.9.0 and later',
    evidence: [
      ...upstream(1132),
      'nutanix-cloud-native/cluster-api-provider-nutanix#543',
      'kubernetes-sigs/kubespray#12815',
    ],
    fences: [
      notExpressible('A table chooses the variable that the release reads. A person never does.', {
        shape: 'host prefix',
        noField: ['spec.controlPlane.vipCidr', 'spec.controlPlane.prefixLength'],
      }),
    ],
  },
  {
    id: 'vip-cidr-default-lost',
    breaks: 'Without a mask kube-vip stops with an invalid address.',
    settings: 'no mask',
    versions: 'v0.8.1 and v0.8.2',
    evidence: upstream(885, 891),
    fences: [
      notExpressible('The prefix is always rendered.', { shape: 'host prefix' }),
      cel('These releases are refused.', 'v0.8.1-is-avoided', 'v0.8.2-is-avoided'),
    ],
  },
  {
    id: 'subnet-not-host-prefix',
    breaks:
      'A shorter prefix adds a route and a second source address. kube-vip may delete the address of the node.',
    settings: 'vip_subnet or vip_cidr below 32 or 128',
    versions: 'all',
    evidence: ['inferred', ...upstream(798)],
    fences: [
      notExpressible('The prefix is always 32 or 128.', {
        shape: 'host prefix',
        noField: ['spec.controlPlane.prefixLength', 'spec.services.prefixLength'],
      }),
    ],
  },
  {
    id: 'vip-on-real-nic-bgp',
    breaks: 'Under BGP the address is on a real interface of every node, and each answers for it.',
    settings: 'BGP without lo',
    versions: 'before v1.1.0, again with opt-in from v1.2.2 on',
    evidence: upstream(803, 1114, 1442, 1533),
    fences: [
      notExpressible('BGP cannot be chosen yet.', {
        never: ['bgp_enable', 'bgp_attach_ip_to_interface'],
        noField: ['spec.bgp'],
      }),
    ],
  },
];
