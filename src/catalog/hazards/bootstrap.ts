// Hazards of a control plane that starts, and of what kube-vip needs from it.
import { cel, notExpressible, preflight, upstream, watched, type Hazard } from './row.ts';

/** Ways in which a control plane does not start, or its address leads nowhere. */
export const bootstrapHazards: readonly Hazard[] = [
  {
    id: 'api-through-own-vip',
    breaks:
      'kube-vip reaches the API through the address that it should create: after a full stop nobody starts.',
    settings: 'kubeconfig or kubelet with the virtual address as server',
    versions: 'all',
    evidence: [...upstream(76, 359, 721, 1654), 'siderolabs/talos#11537', 'lab run, v1.1.2'],
    fences: [
      notExpressible(
        'The control-plane pod talks to the API server of its own node, and reads no kubeconfig.',
        {
          shape: 'API server of its own node',
          never: ['k8s_config_file', 'kubernetes_addr', 'cp_detect'],
        },
      ),
      cel('The release that ignores a local API server is refused.', 'v1.2.2-is-avoided'),
      preflight('kubelets-use-vip', 'kubeadm, or cluster-info, names the address as the API server.'),
      preflight('certificate-lacks-node-address', 'kube-vip could not trust the API server of its own node.'),
    ],
    notCovered:
      'The kubeconfig of a kubelet cannot be read through the API. apiAccess Service gives the first fence up.',
  },
  {
    id: 'super-admin-conf',
    breaks:
      'kubeadm 1.29 and later: admin.conf has no rights during init, the Lease is forbidden, no address appears.',
    settings: 'static pod with admin.conf',
    versions: 'all',
    evidence: [
      ...upstream(684, 907, 938),
      'kubernetes-sigs/kubespray#11229',
      'kubernetes-sigs/cluster-api-provider-vsphere#3168',
      'aws/eks-anywhere#7368',
    ],
    fences: [
      notExpressible('A DaemonSet with a ServiceAccount, which mounts nothing of the host.', {
        shape: 'no path of the host',
        never: ['k8s_config_file'],
      }),
      preflight(
        'foreign-kube-vip-has-vip',
        'A static pod of kube-vip with admin.conf and the address is named with this hazard.',
      ),
    ],
    notCovered: 'A static pod of yours for the first API server: an operator cannot bootstrap that one.',
  },
  {
    id: 'hostaliases-ignored',
    breaks: 'Kubernetes 1.29.0 and neighbours ignore hostAliases of static pods: the API server has no name.',
    settings: 'static pod with hostAliases for kubernetes',
    versions: 'all',
    evidence: [...upstream(692, 938), 'nutanix-cloud-native/cluster-api-provider-nutanix#382'],
    fences: [
      notExpressible('The API server is named by address, never by a host alias.', {
        shape: 'API server of its own node',
        noField: ['spec.controlPlane.hostAliases'],
      }),
    ],
  },
  {
    id: 'endpointslice-rbac',
    breaks: 'kube-vip may not watch what it needs and Services get no address.',
    settings: 'upgrade to v1.0.0 or later with an old ClusterRole',
    versions: 'v1.0.0 and later',
    evidence: [
      ...upstream(498),
      'aws/eks-anywhere-build-tooling#4875',
      'lab run, every release that can be chosen',
    ],
    fences: [
      notExpressible('One role per function for every release, shipped with the operator.', {
        noField: ['spec.serviceAccountName', 'spec.services.serviceAccountName'],
      }),
      preflight(
        'account-lacks-permission',
        'The API server is asked what the accounts may do, also afterwards.',
      ),
    ],
  },
  {
    id: 'unhealthy-apiserver-leader',
    breaks: 'The API server of the leader is dead and kube-vip lives: the address leads nowhere.',
    settings: 'kube-vip that reaches another API server',
    versions: 'all',
    evidence: [...upstream(246, 800, 875, 890), 'lab run, v1.1.2'],
    fences: [
      notExpressible('A dead API server cannot renew the Lease of its own node, so the address moves.', {
        shape: 'API server of its own node',
      }),
      preflight('api-answers-nodes', 'Each node asks the API server that kube-vip will use.'),
      watched('LeaseStale', 'While it lasts.'),
      watched('ApiServerDead', 'The operator asks for /livez through the address.'),
    ],
  },
  {
    id: 'kubelet-picks-vip',
    breaks:
      'A kubelet without --node-ip takes the virtual address for that of its node; certificates and CNI follow.',
    settings: 'carrier loss, or a restart of kubelet on the holder',
    versions: 'all; addresses are marked deprecated from v1.0.0 on',
    evidence: [...upstream(682, 741, 1017), 'projectcalico/calico#7341'],
    fences: [
      preflight('kubelet-took-vip', 'The holder has the address as its own: the config stalls and names it.'),
    ],
    notCovered: 'It is found after the fact: no kubelet tells how it was started.',
  },
  {
    id: 'cp-selector-wrong',
    breaks: 'The selector matches no node, or workers, and the address is nowhere or in the wrong place.',
    settings: 'node-role.kubernetes.io/master, or none',
    versions: 'all',
    evidence: upstream(300, 530),
    fences: [
      notExpressible('By default nodes with the control-plane label, whatever its value.', {
        shape: 'control-plane nodes only',
      }),
      watched('NoNodeMatches', 'A selector that matches no node.'),
      preflight('selector-matches-no-node', 'The same, before anything is applied.'),
      preflight(
        'control-plane-node-is-missed',
        'A selector or a taint that leaves a control-plane node out.',
      ),
      preflight('control-plane-on-workers', 'A selector that matches workers.'),
    ],
  },
];
