// Hazards of a control plane that starts, and of what kube-vip needs from it.
import { cel, notExpressible, preflight, upstream, watched, type Hazard } from './row.ts';

/** Ways in which a control plane does not start, or its address leads nowhere. */
export const bootstrapHazards: readonly Hazard[] = [
  {
    id: 'api-through-own-vip',
    breaks:
      'kube-vip reaches the API through the address that it should create. After a full stop it never starts.',
    settings: 'kubeconfig or kubelet with the virtual address as server',
    versions: 'all',
    evidence: [...upstream(76, 359, 721, 1654), 'siderolabs/talos#11537', 'lab run, v1.1.2'],
    fences: [
      notExpressible(
        'The control-plane pod talks to the API server of its own node. It reads no kubeconfig.',
        {
          shape: 'API server of its own node',
          never: ['k8s_config_file', 'kubernetes_addr', 'cp_detect'],
        },
      ),
      cel('The release that ignores a local API server is refused.', 'v1.2.2-is-avoided'),
      preflight(
        'kubelets-use-vip',
        'The check reads whether kubeadm or cluster-info names the address as the API server.',
      ),
      preflight(
        'certificate-lacks-node-address',
        'The check finds a certificate with which kube-vip could not trust the API server of its own node.',
      ),
    ],
    notCovered:
      'The kubeconfig of a kubelet cannot be read through the API. With apiAccess Service the first fence is gone.',
  },
  {
    id: 'super-admin-conf',
    breaks:
      'With kubeadm 1.29 and later admin.conf has no rights during init. The Lease is forbidden, and no address appears.',
    settings: 'static pod with admin.conf',
    versions: 'all',
    evidence: [
      ...upstream(684, 907, 938),
      'kubernetes-sigs/kubespray#11229',
      'kubernetes-sigs/cluster-api-provider-vsphere#3168',
      'aws/eks-anywhere#7368',
    ],
    fences: [
      notExpressible('kube-vip runs as a DaemonSet with a ServiceAccount. It mounts nothing of the host.', {
        shape: 'no path of the host',
        never: ['k8s_config_file'],
      }),
      preflight(
        'foreign-kube-vip-has-vip',
        'The check names a static pod of kube-vip with admin.conf and the address, and this hazard.',
      ),
    ],
    notCovered: 'You may need a static pod for the first API server. An operator cannot bootstrap it.',
  },
  {
    id: 'hostaliases-ignored',
    breaks:
      'Kubernetes 1.29.0 and some later releases ignore hostAliases of static pods. The API server has no name.',
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
      notExpressible('The operator ships one role per component, which serves every release.', {
        noField: ['spec.serviceAccountName', 'spec.services.serviceAccountName'],
      }),
      preflight(
        'account-lacks-permission',
        'The check asks the API server what the accounts may do, also afterwards.',
      ),
    ],
  },
  {
    id: 'unhealthy-apiserver-leader',
    breaks: 'The API server of the leader is dead and kube-vip lives. The address leads nowhere.',
    settings: 'kube-vip that reaches another API server',
    versions: 'all',
    evidence: [...upstream(246, 800, 875, 890), 'lab run, v1.1.2'],
    fences: [
      notExpressible('A dead API server cannot renew the Lease of its own node, so the address moves.', {
        shape: 'API server of its own node',
      }),
      preflight('api-answers-nodes', 'Each node asks the API server that its kube-vip will use.'),
      watched('LeaseStale', 'The condition says so while it lasts.'),
      watched(
        'ApiServerDead',
        'The operator asks for /livez through the address, and the condition says what it heard.',
      ),
    ],
  },
  {
    id: 'kubelet-picks-vip',
    breaks:
      'A kubelet without --node-ip takes the virtual address for that of its node. Certificates and CNI follow.',
    settings: 'carrier loss, or a restart of kubelet on the holder',
    versions: 'all, addresses are marked deprecated from v1.0.0 on',
    evidence: [...upstream(682, 741, 1017), 'projectcalico/calico#7341'],
    fences: [
      preflight(
        'kubelet-took-vip',
        'The config stalls when the Node of the holder has the address as its own, and names the node.',
      ),
    ],
    notCovered: 'It is found after the fact, because no kubelet tells how it was started.',
  },
  {
    id: 'cp-selector-wrong',
    breaks: 'The selector matches no node, or workers, and the address is nowhere or in the wrong place.',
    settings: 'node-role.kubernetes.io/master, or none',
    versions: 'all',
    evidence: upstream(300, 530),
    fences: [
      notExpressible('By default the pods run on nodes with the control-plane label, whatever its value.', {
        shape: 'control-plane nodes only',
      }),
      watched('NoNodeMatches', 'The selector matches no node.'),
      preflight('selector-matches-no-node', 'The check finds the same before anything is applied.'),
      preflight(
        'control-plane-node-is-missed',
        'The check finds a selector or a taint that leaves a control-plane node out.',
      ),
      preflight('control-plane-on-workers', 'The check finds a selector that matches workers.'),
    ],
  },
];
