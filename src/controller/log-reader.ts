// Reads what kube-vip said before it ended, in the background: a crash is then told with its cause. A reconcile never
// waits for a log.
import type { V1Pod } from '@kubernetes/client-node';
import type { Logger } from 'pino';
import { labels } from '../api/metadata.ts';
import { ApiError, explain } from '../cluster/errors.ts';
import type { LastWord } from '../cluster/view.ts';
import { endOf } from '../status/pods.ts';

// Events come in bursts.
const settleMs = 500;
const retryMs = 5000;
// Status shows three kinds of trouble: the logs of three pods of a DaemonSet tell enough.
const perWorkload = 3;

export interface LogReaderOptions {
  readonly pods: () => readonly V1Pod[];
  readonly read: (pod: string, previous: boolean) => Promise<string>;
  /** By name of the pod; filled and emptied here. */
  readonly store: Map<string, LastWord>;
  /** Called with the name of the config when a line has changed. */
  readonly onHeard: (key: string) => void;
  readonly log: Logger;
}

interface Wanted {
  readonly pod: string;
  readonly config: string;
  readonly id: string;
  readonly previous: boolean;
}

const nameOf = ({ metadata }: V1Pod): string => metadata?.name ?? '';

const isOperand = ({ metadata }: V1Pod): boolean => metadata?.labels?.[labels.config] !== undefined;

const isStillThere = ({ status }: V1Pod): boolean =>
  status?.containerStatuses?.some(({ state }) => state?.terminated) ?? false;

function wantedOf(pod: V1Pod): Wanted | undefined {
  const end = endOf(pod);
  return (
    end && {
      pod: nameOf(pod),
      config: pod.metadata?.labels?.[labels.config] ?? '',
      id: `${pod.metadata?.uid} ${end.containerID}`,
      previous: !isStillThere(pod),
    }
  );
}

/** Containers whose log is worth reading: the first ones of each workload, by name. */
function choose(pods: readonly V1Pod[]): readonly Wanted[] {
  const taken = new Map<string, number>();
  return [...pods]
    .sort((a, b) => nameOf(a).localeCompare(nameOf(b)))
    .flatMap((pod) => {
      const wanted = wantedOf(pod);
      const { [labels.config]: config, [labels.component]: component } = pod.metadata?.labels ?? {};
      const workload = `${config} ${component}`;
      const count = taken.get(workload) ?? 0;
      if (wanted === undefined || count >= perWorkload) {
        return [];
      }
      taken.set(workload, count + 1);
      return [wanted];
    });
}

export class LogReader {
  readonly #options: LogReaderOptions;
  #timer: NodeJS.Timeout | undefined;
  #isBusy = false;
  #isRunning = false;

  constructor(options: LogReaderOptions) {
    this.#options = options;
  }

  start(): void {
    this.#isRunning = true;
    this.look();
  }

  /** Something about pods may have changed. Costs nothing while a look is due anyway. */
  look(afterMs = settleMs): void {
    if (this.#timer === undefined && this.#isRunning) {
      this.#timer = setTimeout(() => void this.#round(), afterMs);
    }
  }

  stop(): void {
    this.#isRunning = false;
    clearTimeout(this.#timer);
  }

  async #round(): Promise<void> {
    this.#timer = undefined;
    if (this.#isBusy) {
      this.look();
      return;
    }
    this.#isBusy = true;
    const { store } = this.#options;
    // Not the probes: what they say is in their status.
    const pods = this.#options.pods().filter(isOperand);
    this.#forget(new Set(pods.map(nameOf)));
    const open = choose(pods).filter(({ pod, id }) => store.get(pod)?.id !== id);
    let isComplete = true;
    for (const wanted of open) {
      isComplete = (await this.#read(wanted)) && isComplete;
    }
    this.#isBusy = false;
    if (!isComplete) {
      this.look(retryMs);
    }
  }

  #forget(present: ReadonlySet<string>): void {
    const { store } = this.#options;
    [...store.keys()].filter((name) => !present.has(name)).forEach((name) => store.delete(name));
  }

  async #read({ pod, config, id, previous }: Wanted): Promise<boolean> {
    const { read, store, onHeard, log } = this.#options;
    try {
      const line = await read(pod, previous);
      const before = store.get(pod)?.line ?? '';
      store.set(pod, { id, line });
      if (line !== before) {
        onHeard(config);
      }
      return true;
    } catch (error) {
      log.debug({ pod, ...explain(error) }, 'cannot read a log');
      // The kubelet keeps the log of the last container only: this one may be gone for good.
      const isGone = error instanceof ApiError && [400, 404].includes(error.status);
      if (isGone) {
        store.set(pod, { id, line: store.get(pod)?.line ?? '' });
      }
      return isGone;
    }
  }
}
