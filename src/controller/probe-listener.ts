// Listens to the probes of nodes while they run: what one prints is known at once, and what it ended with a second later. It
// only makes things faster. Whatever cannot be heard this way is in the status of the pod when the container has ended.
import type { V1Pod } from '@kubernetes/client-node';
import type { Logger } from 'pino';
import { labels } from '../api/metadata.ts';
import { explain } from '../cluster/errors.ts';
import { messagesOf } from '../cluster/probe-pods.ts';
import { nameOf } from '../observed/pods.ts';
import type { LeaderOnly } from './leader-only.ts';

/** So many at once: each is a connection to a kubelet, and thousands of nodes take long enough for a second not to matter. */
export const mostLogs = 16;

/** What the probe listener is made from. */
export interface ProbeListenerOptions {
  readonly pods: () => readonly V1Pod[];
  /** Resolves with the report that a pod prints; undefined: its log ended without one. */
  readonly follow: (pod: string, signal: AbortSignal) => Promise<string | undefined>;
  /** By UID of the pod; filled and emptied here. */
  readonly store: Map<string, string>;
  /** Called with the name of the config when a report has come. */
  readonly onHeard: (key: string) => void;
  readonly log: Pick<Logger, 'debug'>;
}

const uidOf = ({ metadata }: V1Pod): string => metadata?.uid ?? '';
const configOf = ({ metadata }: V1Pod): string | undefined => metadata?.labels?.[labels.probe];

/** The kubelet shows the log of a container from then on. */
const isRunning = ({ status }: V1Pod): boolean =>
  status?.containerStatuses?.[0]?.state?.running !== undefined;

/** Follows the logs of probes that run, each once. */
export class ProbeListener implements LeaderOnly {
  readonly #options: ProbeListenerOptions;
  /** Pods whose log is followed, or was. */
  readonly #asked = new Set<string>();
  #open = 0;
  #stopping = new AbortController();
  #isRunning = false;

  constructor(options: ProbeListenerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#stopping = new AbortController();
    this.#isRunning = true;
    this.listed();
  }

  stop(): void {
    this.#isRunning = false;
    this.#stopping.abort();
  }

  /** A pod has changed, or is gone. */
  seen(pod: V1Pod, isThere: boolean): void {
    const config = configOf(pod);
    if (config === undefined || !this.#isRunning) {
      return;
    }
    if (!isThere) {
      this.#forget(uidOf(pod));
    } else if (this.#isWorthHearing(pod)) {
      void this.#listen(pod, config);
    }
  }

  /** Pods were listed: some may have gone, and others come. */
  listed(): void {
    const pods = this.#options.pods();
    const present = new Set(pods.map(uidOf));
    [...this.#asked].filter((uid) => !present.has(uid)).forEach((uid) => this.#forget(uid));
    pods.forEach((pod) => this.seen(pod, true));
  }

  #isWorthHearing(pod: V1Pod): boolean {
    const isNew = !this.#asked.has(uidOf(pod)) && messagesOf(pod).length === 0;
    return isNew && isRunning(pod) && this.#open < mostLogs;
  }

  #forget(uid: string): void {
    this.#asked.delete(uid);
    this.#options.store.delete(uid);
  }

  async #listen(pod: V1Pod, config: string): Promise<void> {
    const { follow, store, onHeard, log } = this.#options;
    const uid = uidOf(pod);
    this.#asked.add(uid);
    this.#open += 1;
    try {
      const report = await follow(nameOf(pod), this.#stopping.signal);
      // Meanwhile the pod may have gone.
      if (report !== undefined && this.#asked.has(uid)) {
        store.set(uid, report);
        onHeard(config);
      }
    } catch (error) {
      log.debug(
        { pod: nameOf(pod), ...explain(error) },
        'cannot follow the log of a probe, its end will tell',
      );
    } finally {
      this.#open -= 1;
    }
  }
}
