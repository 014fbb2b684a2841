// What stands in the DaemonSet while a chosen pod is replaced: the new rendering, where the old one is. The DaemonSet controller ends
// every pod at once that a template does not place any more (nodeShouldRunDaemonPod in pkg/controller/daemon of Kubernetes v1.36.3),
// the holder among them, and starts pods on every node that it newly places. So that comes last, when every gate has passed.
import type { V1DaemonSet } from '@kubernetes/client-node';
import { oncePerPair } from '../observed/once.ts';

const placementFields = ['nodeSelector', 'affinity', 'tolerations'] as const;

/** The next rendering on the nodes of the last good one. */
export const offerOf = oncePerPair((goal: V1DaemonSet, good: V1DaemonSet): V1DaemonSet => {
  const offer = structuredClone(goal);
  const [pod, placed] = [offer, good].map(({ spec }) => spec?.template.spec);
  if (pod) {
    for (const field of placementFields) {
      const value = placed?.[field];
      if (value === undefined) {
        delete pod[field];
      } else {
        Object.assign(pod, { [field]: value });
      }
    }
  }
  return offer;
});
