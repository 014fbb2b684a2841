// On which nodes the pods of one function run.
import type { V1Affinity, V1PodSpec, V1Toleration } from '@kubernetes/client-node';
import type { Placement } from '../api/defaults.ts';
import type { ComponentKind } from '../api/metadata.ts';
import type { Toleration } from '../api/types.ts';

/** Label of the nodes of the control plane. */
export const controlPlaneLabel = 'node-role.kubernetes.io/control-plane';

// By existence, not by value: kubeadm sets the label to '', k3s and RKE2 to 'true'.
const onControlPlane = (): V1Affinity => ({
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchExpressions: [{ key: controlPlaneLabel, operator: 'Exists' }] }],
    },
  },
});

// Services run where workloads run: a control plane that carries none says so by a taint, and three servers of k3s have none.
const defaultAffinity: Record<ComponentKind, () => Pick<V1PodSpec, 'affinity'>> = {
  'control-plane': () => ({ affinity: onControlPlane() }),
  services: () => ({}),
};

// An empty text means the same as none, and the API server stores none: rendered, it would look like drift.
function renderToleration(toleration: Toleration): V1Toleration {
  return Object.fromEntries(Object.entries(toleration).filter(([, value]) => value !== ''));
}

/** The scheduling part of a pod spec. */
export function renderPlacement(
  component: ComponentKind,
  { nodeSelector, tolerations }: Placement,
): Pick<V1PodSpec, 'affinity' | 'nodeSelector' | 'tolerations'> {
  return {
    nodeSelector: { 'kubernetes.io/os': 'linux', ...nodeSelector },
    ...(nodeSelector === undefined && defaultAffinity[component]()),
    ...(tolerations.length > 0 && { tolerations: tolerations.map(renderToleration) }),
  };
}
