// A pod of kube-vip that is ended as the operator ends one, and the next one on its node.
import type { V1PodList } from '@kubernetes/client-node';
import type { Lab } from './lab.ts';
import { waitFor } from './process.ts';

/** Ends the pod of a node with one second to go, and waits until another has started there. */
export async function startedPod(lab: Lab, node: string, selector: string): Promise<void> {
  const query = new URLSearchParams({ labelSelector: selector, fieldSelector: `spec.nodeName=${node}` });
  const path = `/api/v1/namespaces/kube-vip-system/pods?${query.toString()}`;
  const read = async () => (await lab.read<V1PodList>(path)).items;
  const before = (await read()).map(({ metadata }) => metadata?.uid);
  const which = ['pod', '-l', selector, `--field-selector=spec.nodeName=${node}`];
  await lab.kubectl('-n', 'kube-vip-system', 'delete', ...which, '--grace-period=1', '--wait=false');
  const isNext = async (): Promise<boolean> =>
    (await read()).some(
      ({ metadata, status }) => !before.includes(metadata?.uid) && status?.phase === 'Running',
    );
  await waitFor(`the next pod on ${node} to run`, isNext, { seconds: 60, everyMs: 100 });
}
