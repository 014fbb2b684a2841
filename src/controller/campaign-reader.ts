// Asks the logs of kube-vip pods that a rollout has just made whether they stand for election: nothing else tells it of one that
// does not hold. Only the pods of the nodes that are being changed are asked, every second until they have said it.
import type { V1Pod } from '@kubernetes/client-node';
import type { Logger } from 'pino';
import { labels } from '../api/metadata.ts';
import type { KubeVipConfig } from '../api/types.ts';
import { explain } from '../cluster/errors.ts';
import { nameOf, nodeOf, runningContainer } from '../observed/pods.ts';
import type { Campaign } from '../observed/rollout-memory.ts';
import type { LeaderOnly } from './leader-only.ts';

const pauseMs = 1000;

// As client-go says it, which every release has linked in (tools/leaderelection; lab runs of v0.6.4 to v1.2.3).
const standsForElection = /attempting to acquire leader lease/i;

/** What the reader is made from. */
export interface CampaignReaderOptions {
  readonly configs: () => readonly KubeVipConfig[];
  readonly pods: () => readonly V1Pod[];
  /** The beginning of the log of a pod. */
  readonly read: (pod: string) => Promise<string>;
  /** By name of the pod; filled and emptied here. */
  readonly store: Map<string, Campaign>;
  /** Called with the name of the config when something is known that was not. */
  readonly onHeard: (key: string) => void;
  readonly log: Logger;
}

const labelOf = ({ metadata }: V1Pod, key: string): string | undefined => metadata?.labels?.[key];

/** Pods of nodes that a rollout is changing, which run what it brings. */
function wantedOf(configs: readonly KubeVipConfig[], pods: readonly V1Pod[]): readonly V1Pod[] {
  const rolling = configs.filter(({ status }) => (status?.rollout?.nodes.length ?? 0) > 0);
  return rolling.flatMap(({ metadata, status }) => {
    const { nodes = [], revision } = status?.rollout ?? {};
    return pods.filter(
      (pod) =>
        labelOf(pod, labels.config) === metadata.name &&
        labelOf(pod, labels.revision) === revision &&
        nodes.includes(nodeOf(pod)),
    );
  });
}

/** Reads again and again, and only while a rollout changes nodes. */
export class CampaignReader implements LeaderOnly {
  readonly #options: CampaignReaderOptions;
  #timer: NodeJS.Timeout | undefined;
  #isRunning = false;

  constructor(options: CampaignReaderOptions) {
    this.#options = options;
  }

  start(): void {
    this.#isRunning = true;
    void this.#round();
  }

  stop(): void {
    this.#isRunning = false;
    clearTimeout(this.#timer);
  }

  async #round(): Promise<void> {
    const { configs, pods, store } = this.#options;
    const wanted = wantedOf(configs(), pods());
    const names = new Set(wanted.map(nameOf));
    [...store.keys()].filter((name) => !names.has(name)).forEach((name) => store.delete(name));
    for (const pod of wanted) {
      await this.#ask(pod);
    }
    if (this.#isRunning) {
      this.#timer = setTimeout(() => void this.#round(), pauseMs);
    }
  }

  async #ask(pod: V1Pod): Promise<void> {
    const { store, onHeard } = this.#options;
    const container = runningContainer(pod);
    const before = store.get(nameOf(pod));
    if (container === undefined || (before?.container === container && before.state === 'seen')) {
      return;
    }
    const state = await this.#read(nameOf(pod));
    store.set(nameOf(pod), { container, state });
    if (before?.container !== container || before.state !== state) {
      onHeard(labelOf(pod, labels.config) ?? '');
    }
  }

  async #read(pod: string): Promise<Campaign['state']> {
    try {
      return standsForElection.test(await this.#options.read(pod)) ? 'seen' : 'unseen';
    } catch (error) {
      this.#options.log.debug({ pod, ...explain(error) }, 'cannot read whether a pod stands for election');
      return 'unreadable';
    }
  }
}
