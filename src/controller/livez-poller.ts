// Asks at the control-plane addresses in the background, every few seconds. A reconcile reads what was heard so far and
// never waits for an answer.
import type { ClusterView } from '../cluster/cluster.ts';
import { askLivez, type Limits } from '../cluster/livez.ts';
import type { Stores } from '../cluster/view.ts';
import { apiTargets } from '../api/defaults.ts';
import { componentName } from '../api/metadata.ts';
import type { KubeVipConfig } from '../api/types.ts';
import {
  asking,
  handedOver,
  stateAfter,
  placeOf,
  unasked,
  type AddressAnswer,
  type CountedState,
} from '../observed/address-state.ts';

const tickMs = 1000;
/** How many addresses are asked at once. */
const atOnce = 32;

/** A held control-plane address that is asked. */
export interface Target {
  readonly config: string;
  readonly address: string;
  readonly port: number;
  /** Of the Lease. */
  readonly holder: string;
}

/** What the poller is made from. */
export interface LivezPollerOptions {
  readonly targets: () => readonly Target[];
  /** Must not reject, and must end by itself. */
  readonly ask: (target: Target, limits: Limits) => Promise<AddressAnswer>;
  /** By {@link placeOf}; filled and emptied here. */
  readonly store: Map<string, CountedState>;
  /** Called with the name of the config when what is known has changed. */
  readonly onChange: (config: string) => void;
  /** Milliseconds, never going back. */
  readonly now: () => number;
}

interface Asked {
  readonly holder: string;
  readonly at: number;
}

const isAsked = ({ metadata, spec }: KubeVipConfig): boolean =>
  metadata.deletionTimestamp === undefined && spec.controlPlane !== undefined;

/** Addresses that somebody holds: before that, silence says nothing. */
export function targetsOf(view: ClusterView): readonly Target[] {
  const holders = new Map(view.leases().map(({ name, holder }) => [name, holder]));
  return view
    .configs()
    .filter(isAsked)
    .flatMap((config) => {
      const { name } = config.metadata;
      const holder = holders.get(componentName(name, 'control-plane')) ?? '';
      return holder === '' ? [] : apiTargets(config).map((target) => ({ config: name, ...target, holder }));
    });
}

/** Makes the poller of every control-plane address. The view shows what the poller hears. */
export function makeLivezPoller(
  view: ClusterView,
  stores: Stores,
  onChange: (config: string) => void,
): LivezPoller {
  const store = new Map<string, CountedState>();
  stores.addressStates = store;
  return new LivezPoller({
    targets: () => targetsOf(view),
    ask: askLivez,
    store,
    onChange,
    now: () => performance.now(),
  });
}

/** Asks every held control-plane address whether it answers, and keeps what it heard. */
export class LivezPoller {
  readonly #options: LivezPollerOptions;
  readonly #asked = new Map<string, Asked>();
  readonly #inFlight = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: LivezPollerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => this.#tick(), tickMs);
    this.#tick();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const targets = this.#options.targets();
    this.#forget(new Set(targets.map(keyOf)));
    for (const target of targets) {
      this.#meet(target);
      if (this.#isDue(keyOf(target)) && this.#inFlight.size < atOnce) {
        void this.#ask(target);
      }
    }
  }

  #forget(present: ReadonlySet<string>): void {
    const { store } = this.#options;
    const gone = [...this.#asked.keys()].filter((key) => !present.has(key));
    for (const key of gone) {
      store.delete(key);
      this.#asked.delete(key);
    }
  }

  // Another holder is another question, and is asked at once.
  #meet(target: Target): void {
    const { store } = this.#options;
    const key = keyOf(target);
    const known = store.get(key);
    if (this.#asked.get(key)?.holder !== target.holder) {
      this.#asked.set(key, { holder: target.holder, at: -Infinity });
      store.set(key, known ? handedOver(known) : unasked);
    }
  }

  // In the tick that is nearest: one attempt may come later in its tick than the next, and another tick is a second.
  #isDue(key: string): boolean {
    const { store, now } = this.#options;
    const pauseMs =
      store.get(key)?.state === 'alive' && store.get(key)?.failures === 0 ? asking.calmMs : asking.worriedMs;
    return !this.#inFlight.has(key) && now() - (this.#asked.get(key)?.at ?? 0) >= pauseMs - tickMs / 2;
  }

  async #ask(target: Target): Promise<void> {
    const { ask, store, now, onChange } = this.#options;
    const key = keyOf(target);
    this.#inFlight.add(key);
    this.#asked.set(key, { holder: target.holder, at: now() });
    const attempt = await ask(target, asking);
    this.#inFlight.delete(key);
    // An answer of the holder before says nothing of this one.
    if (this.#asked.get(key)?.holder !== target.holder) {
      return;
    }
    const before = store.get(key) ?? unasked;
    const after = stateAfter(before, attempt);
    store.set(key, after);
    if (before.state !== after.state || before.detail !== after.detail) {
      onChange(target.config);
    }
  }
}

const keyOf = ({ config, address, port }: Target): string => placeOf(config, address, port);
