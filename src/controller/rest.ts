// Which KubeVipConfigs need no pass though it is time for one: nothing has changed since the last, and their Leases are renewed. A
// renewal is no event for them. It only moves the moment on at which its Lease would be stale, and that is looked up when it comes.
// The same holds of the witnesses: each says the same again every five seconds, and is silent when it does not.
import { componentKindsOf } from '../api/defaults.ts';
import { componentName } from '../api/metadata.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import { arp } from '../modes/arp/arp.ts';
import { silentAfterMs } from '../observed/witness/witnessed.ts';
import { silentForMs, type Outcome } from '../status/outcome.ts';

type Work = (key: string) => Promise<Outcome>;

/** What rest is judged by. */
export interface RestOptions {
  readonly view: Pick<ClusterView, 'config' | 'isSurveyed' | 'lease' | 'witnessAges'>;
  /** Milliseconds since the epoch, as the view counts them. */
  readonly now: () => number;
  /** Milliseconds, never going back. */
  readonly steady: () => number;
}

interface Noted {
  /** How much had changed when the pass began. */
  readonly changes: number;
  /** Leases of the witnesses that were not silent then. */
  readonly heard: readonly string[];
  /** By the steady clock. */
  readonly until: number;
}

type Begun = Pick<Noted, 'changes' | 'heard'>;

/** Remembers what rests, by name. */
export class Rest {
  readonly #options: RestOptions;
  readonly #noted = new Map<string, Noted>();
  #changes = 0;

  constructor(options: RestOptions) {
    this.#options = options;
  }

  /** Something has happened that any decision may read. */
  changed(): void {
    this.#changes += 1;
  }

  /** The same work for a queue, which asks what rests after it. */
  around(work: Work): { readonly work: Work; readonly restMs: (key: string) => number | undefined } {
    return {
      work: async (key) => {
        // What happens while it works, it may have missed.
        const begun = { changes: this.#changes, heard: this.#heard(key) };
        const outcome = await work(key);
        this.#note(key, begun, outcome);
        return outcome;
      },
      restMs: (key) => this.leftMs(key),
    };
  }

  /** Milliseconds until a pass over a config is to be thought of again; undefined: it needs one now. */
  leftMs(key: string): number | undefined {
    const { view, now, steady } = this.#options;
    const noted = this.#noted.get(key);
    const config = view.config(key);
    if (noted?.changes !== this.#changes || steady() >= noted.until || !config || !view.isSurveyed(config)) {
      return undefined;
    }
    const leases = componentKindsOf(config.spec).map((kind) => view.lease(componentName(key, kind)));
    const seconds = arp.readiness.secondsAtRest(leases, now());
    const untilSilentMs = this.#untilSilentMs(noted.heard);
    return seconds === undefined || untilSilentMs === undefined
      ? undefined
      : Math.min(seconds * 1000, untilSilentMs, noted.until - steady());
  }

  #heard(key: string): readonly string[] {
    const { view } = this.#options;
    return view.config(key)?.spec.witness === 'Off'
      ? []
      : [...view.witnessAges()].filter(([, ageMs]) => ageMs <= silentAfterMs).map(([name]) => name);
  }

  /** Milliseconds until one of some witnesses would count as silent; undefined: one does. */
  #untilSilentMs(heard: readonly string[]): number | undefined {
    const ages = this.#options.view.witnessAges();
    const each = heard.map((name) => silentAfterMs - (ages.get(name) ?? Infinity));
    return each.some((ms) => ms < 0) ? undefined : Math.min(...each) + silentForMs;
  }

  #note(key: string, begun: Begun, outcome: Outcome): void {
    const { restSeconds } = outcome.kind === 'waiting' ? outcome : {};
    if (restSeconds === undefined) {
      this.#noted.delete(key);
    } else {
      this.#noted.set(key, { ...begun, until: this.#options.steady() + restSeconds * 1000 });
    }
  }
}
