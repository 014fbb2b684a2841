// Reads what kube-vip said before it ended, in the background: a crash is then told with its cause. A reconcile never
// waits for a log.
import type { V1Pod } from '@kubernetes/client-node';
import type { Logger } from 'pino';
import { labels } from '../api/metadata.ts';
import { ApiError, explain } from '../cluster/errors.ts';
import type { LastWord } from '../cluster/view.ts';
import { endOf, nameOf } from '../observed/pods.ts';

// Events come in bursts.
const settleMs = 500;
const retryMs = 5000;
// A kubelet that cannot be asked, or refuses, does so until a person acts.
const longestRetryMs = 300_000;
// Status shows three kinds of trouble: the logs of three pods of a DaemonSet tell enough.
const perWorkload = 3;

/** What the log reader is made from. */
export interface LogReaderOptions {
  readonly pods: () => readonly V1Pod[];
  readonly read: (pod: string, previous: boolean) => Promise<string>;
  /** By name of the pod; filled and emptied here. */
  readonly store: Map<string, LastWord>;
  /** Called with the name of the config when a line has changed. */
  readonly onHeard: (key: string) => void;
  /** Milliseconds, never going back. */
  readonly now: () => number;
  readonly log: Logger;
}

interface Wanted {
  readonly pod: string;
  readonly config: string;
  readonly id: string;
  readonly previous: boolean;
}

/** Of one pod. */
interface Failure {
  /** Whose log was asked for last. */
  readonly id: string;
  /** In a row: the next container of a pod is tried at once, but by the same kubelet. */
  readonly count: number;
  readonly notBefore: number;
}

const isComponentPod = ({ metadata }: V1Pod): boolean => metadata?.labels?.[labels.config] !== undefined;

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

/** Fetches the last line of kube-vip pods that end again and again. */
export class LogReader {
  readonly #options: LogReaderOptions;
  readonly #failures = new Map<string, Failure>();
  #timer: NodeJS.Timeout | undefined;
  #dueAt = 0;
  #isBusy = false;
  #isRunning = false;

  constructor(options: LogReaderOptions) {
    this.#options = options;
  }

  start(): void {
    this.#isRunning = true;
    this.look();
  }

  /** Something about pods may have changed. Costs nothing while a look is due by then anyway. */
  look(afterMs = settleMs): void {
    const dueAt = this.#options.now() + afterMs;
    if (this.#isRunning && (this.#timer === undefined || dueAt < this.#dueAt)) {
      clearTimeout(this.#timer);
      this.#dueAt = dueAt;
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
    const pods = this.#options.pods().filter(isComponentPod);
    this.#forget(new Set(pods.map(nameOf)));
    const open = choose(pods).filter(({ pod, id }) => store.get(pod)?.id !== id);
    for (const wanted of open.filter((row) => this.#waitMs(row) === 0)) {
      await this.#read(wanted);
    }
    this.#isBusy = false;
    const waits = open.map((row) => this.#waitMs(row)).filter((ms) => ms > 0);
    if (waits.length > 0) {
      this.look(Math.min(...waits));
    }
  }

  #forget(present: ReadonlySet<string>): void {
    for (const known of [this.#options.store, this.#failures]) {
      [...known.keys()].filter((name) => !present.has(name)).forEach((name) => known.delete(name));
    }
  }

  #waitMs({ pod, id }: Wanted): number {
    const failure = this.#failures.get(pod);
    return failure?.id === id ? Math.max(0, failure.notBefore - this.#options.now()) : 0;
  }

  #hear({ pod, config, id }: Wanted, line: string): void {
    const { store, onHeard } = this.#options;
    const before = store.get(pod)?.line ?? '';
    this.#failures.delete(pod);
    store.set(pod, { id, line });
    if (line !== before) {
      onHeard(config);
    }
  }

  #fail({ pod, id }: Wanted): number {
    const count = this.#failures.get(pod)?.count ?? 0;
    const waitMs = Math.min(longestRetryMs, retryMs * 2 ** count);
    this.#failures.set(pod, { id, count: count + 1, notBefore: this.#options.now() + waitMs });
    return waitMs;
  }

  async #read(wanted: Wanted): Promise<void> {
    const { read, store, log } = this.#options;
    const { pod, previous } = wanted;
    try {
      this.#hear(wanted, await read(pod, previous));
    } catch (error) {
      // The kubelet keeps the log of the last container only: this one may be gone for good.
      if (error instanceof ApiError && [400, 404].includes(error.status)) {
        log.debug({ pod, ...explain(error) }, 'a log is gone');
        this.#hear(wanted, store.get(pod)?.line ?? '');
      } else {
        log.debug({ pod, ...explain(error), retryMs: this.#fail(wanted) }, 'cannot read a log, trying again');
      }
    }
  }
}
