// Configs whose nodes are asked, in a lab, and what has come of it.
import type { KubernetesListObject, KubernetesObject, V1DaemonSetList } from '@kubernetes/client-node';
import type { KubeVipConfig } from '../../src/api/types.ts';
import { readConfig } from './install.ts';
import type { Lab } from './lab.ts';
import { waitFor } from './process.ts';

export const config = (name: string, spec: object): string =>
  // JSON: in YAML as kubectl reads it, Off without quotes is false.
  JSON.stringify({
    apiVersion: 'kubevip.dev/v1alpha1',
    kind: 'KubeVipConfig',
    metadata: { name },
    spec: { version: 'v1.1.2', mode: 'ARP', ...spec },
  });

export const withAddress = (name: string, address: string, rest: object = {}): string =>
  config(name, { controlPlane: { addresses: [address] }, ...rest });

export const probeSelector = 'app.kubernetes.io/name=kube-vip-operator-probe';

/** Result, check and object of each finding. */
export const allFindingsOf = ({ status }: KubeVipConfig): readonly string[] =>
  (status?.preflight ?? []).map(({ check, result, object }) => `${result} ${check} ${object}`);

// Where the nodes share one busy machine, these are true of it now and then, and rightly said.
const ofTheMachine: readonly string[] = ['api-is-fast', 'clocks-agree'];

/** The same without what a busy machine gives rise to. */
export const findingsOf = (config: KubeVipConfig): readonly string[] =>
  allFindingsOf(config).filter((row) => !ofTheMachine.includes(row.split(' ')[1] ?? ''));

/** What is said of them, a line each. */
export const messagesOf = ({ status }: KubeVipConfig): string =>
  (status?.preflight ?? []).map(({ message }) => message).join('\n');

const daemonSetsPath = '/apis/apps/v1/namespaces/kube-vip-system/daemonsets';

export class ProbeScene {
  readonly #lab: Lab;

  constructor(lab: Lab) {
    this.#lab = lab;
  }

  read(name: string): Promise<KubeVipConfig> {
    return readConfig(this.#lab, name);
  }

  inNamespace(...args: readonly string[]): Promise<string> {
    return this.#lab.kubectl('-n', 'kube-vip-system', ...args);
  }

  /** What is left of every probe: its DaemonSets and pods. */
  async left(): Promise<readonly KubernetesObject[]> {
    const read = (path: string) =>
      this.#lab.read<KubernetesListObject<KubernetesObject>>(`${path}?labelSelector=${probeSelector}`);
    const found = await Promise.all([read(daemonSetsPath), read('/api/v1/namespaces/kube-vip-system/pods')]);
    return found.flatMap(({ items }) => items);
  }

  async daemonSets(): Promise<readonly string[]> {
    const { items } = await this.#lab.read<V1DaemonSetList>(daemonSetsPath);
    return items.map(({ metadata }) => metadata?.name ?? '');
  }

  /** The config once all its nodes have been asked, in runs that began later than `since`. */
  async untilAsked(name: string, since = ''): Promise<KubeVipConfig> {
    let found: KubeVipConfig | undefined;
    await waitFor(
      `the nodes of ${name} to have been asked`,
      async () => {
        found = await this.read(name);
        const runs = found.status?.nodeProbe ?? [];
        return (
          runs.length > 0 &&
          // Where no controller has acted upon the probe for 5 s, nodes were asked nothing yet, and it is made anew.
          runs.every(
            (run) => run.asked > 0 && (run.finishedAt ?? '') >= run.startedAt && run.startedAt > since,
          )
        );
      },
      { seconds: 60, everyMs: 200 },
    );
    return found as KubeVipConfig;
  }

  /** Milliseconds until DaemonSets are there. */
  async untilThere(...names: readonly string[]): Promise<number> {
    const since = performance.now();
    await waitFor(
      `DaemonSets ${names.join(', ')}`,
      async () => {
        const found = await this.daemonSets();
        return names.every((name) => found.includes(name));
      },
      { seconds: 60, everyMs: 50 },
    );
    return performance.now() - since;
  }
}
