// On which nodes the pods of one function run.
import type { V1Affinity, V1NodeSelectorRequirement, V1PodSpec, V1Toleration } from '@kubernetes/client-node';
import type { Placement } from '../api/defaults.ts';
import type { ComponentKind } from '../api/metadata.ts';
import type { Toleration } from '../api/types.ts';

// By existence, not by value: kubeadm sets the label to '', k3s and RKE2 to 'true'.
const defaultNodes: Record<ComponentKind, V1NodeSelectorRequirement> = {
  'control-plane': { key: 'node-role.kubernetes.io/control-plane', operator: 'Exists' },
  services: { key: 'node-role.kubernetes.io/control-plane', operator: 'DoesNotExist' },
};

function affinity(component: ComponentKind): V1Affinity {
  return {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [defaultNodes[component]] }],
      },
    },
  };
}

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
    ...(nodeSelector === undefined && { affinity: affinity(component) }),
    ...(tolerations.length > 0 && { tolerations: tolerations.map(renderToleration) }),
  };
}
