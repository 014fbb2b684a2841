// The replicas of the operator in a lab: where they run, which one leads, and how they come through a drain.
import type { V1Pod, V1PodList } from '@kubernetes/client-node';
import type { Lab } from './lab.ts';
import { holderOf } from './install.ts';
import { waitFor, within } from './process.ts';

const selector = 'app.kubernetes.io/name=kube-vip-operator';
const podsPath = `/api/v1/namespaces/kube-vip-system/pods?labelSelector=${selector}`;

export class Operators {
  readonly #lab: Lab;

  constructor(lab: Lab) {
    this.#lab = lab;
  }

  /** The nodes of those that are ready, in no order. */
  async nodes(): Promise<readonly string[]> {
    const { items } = await this.#lab.read<V1PodList>(podsPath);
    const isReady = ({ status }: V1Pod) =>
      status?.conditions?.some((row) => row.type === 'Ready' && row.status === 'True');
    return items.filter(isReady).map(({ spec }) => spec?.nodeName ?? '');
  }

  /** Name of the pod that leads. */
  leader(): Promise<string> {
    return holderOf(this.#lab, 'kube-vip-operator');
  }

  /** Milliseconds until another than this leads. */
  async timeOfTakeOver(before: string): Promise<number> {
    const since = performance.now();
    await waitFor(
      'another operator to lead',
      async () => {
        const now = await this.leader();
        return now !== '' && now !== before;
      },
      { seconds: 30, everyMs: 50 },
    );
    return Math.round(performance.now() - since);
  }

  /** How few were ready at once while something is done. */
  async fewestWhile(act: () => Promise<unknown>): Promise<number> {
    const ended = new AbortController();
    const acting = act().finally(() => ended.abort());
    let fewest = Number.POSITIVE_INFINITY;
    while (!ended.signal.aborted) {
      fewest = Math.min(fewest, (await this.nodes()).length);
    }
    await acting;
    return fewest;
  }

  /** Evicts those of some nodes, as far as the PodDisruptionBudget lets it; done when all are gone from there. */
  drain(nodes: readonly string[]): Promise<string> {
    const how = [`--pod-selector=${selector}`, '--ignore-daemonsets', within(90)];
    return this.#lab.kubectl('drain', ...nodes, ...how);
  }
}
