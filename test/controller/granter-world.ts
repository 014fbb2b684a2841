// An API server that plays tricks, and a granter whose view lags behind it.
import type { V1Service } from '@kubernetes/client-node';
import { pino } from 'pino';
import { ApiError } from '../../src/cluster/errors.ts';
import { Granter } from '../../src/controller/granter.ts';
import type { Told } from '../../src/grants/decide.ts';
import { standingOf } from '../../src/grants/standing.ts';
import type { KubeVipConfig } from '../../src/api/types.ts';
import { facts, granted } from '../grants/world.ts';

/** Lets what is under way get one step further. */
export const turn = () => new Promise((resolve) => setImmediate(resolve));

function withGrant(service: V1Service, grant: string | null | undefined): V1Service {
  const { [granted]: _, ...others } = service.metadata?.annotations ?? {};
  const annotations = { ...others, ...(typeof grant === 'string' && { [granted]: grant }) };
  const managedFields = [{ manager: 'kube-vip-operator' }];
  return { ...service, metadata: { ...service.metadata, annotations, managedFields } };
}

/** What is stored, what the granter has seen of it, and what it did. */
export class World {
  readonly stored = new Map<string, V1Service>();
  readonly told: Told[] = [];
  writes = 0;
  #seen = new Map<string, V1Service>();
  #list: readonly V1Service[] = [];
  #version = 1;
  #trick: 'none' | 'refuse' | 'lose' = 'none';
  readonly #configs: readonly KubeVipConfig[];
  granter: Granter;

  readonly #stepMs: number;

  /**
   * @param holder node that has the Lease of the services; empty: none
   * @param stepMs between any two changes; by default so much that nothing rests
   */
  constructor({ holder = '', stepMs = 60_000 }: { readonly holder?: string; readonly stepMs?: number } = {}) {
    this.#stepMs = stepMs;
    this.#configs = facts.configs.map((config) => ({
      ...config,
      status: { ...config.status, services: { ...config.status?.services, holder } },
    }));
    this.granter = this.#start();
  }

  put(key: string, change: (old: V1Service | undefined) => V1Service): void {
    const made = change(this.stored.get(key));
    this.#version += 1;
    this.stored.set(key, { ...made, metadata: { ...made.metadata, resourceVersion: String(this.#version) } });
  }

  trick(next: 'none' | 'refuse' | 'lose'): void {
    this.#trick = next;
  }

  /** The watch tells of a Service as it is now. */
  tell(key: string): void {
    const [before, now] = [this.#seen.get(key), this.stored.get(key)];
    this.#see(key, now);
    const object = now ?? before;
    if (object !== undefined) {
      this.granter.seen('services', object);
    }
  }

  /** Another leader, whose view may be older than what the last one wrote; a Lease keeps the two apart. */
  async restart(lags = false): Promise<void> {
    this.granter.stop();
    await this.granter.ended();
    this.#seen = lags ? this.#seen : new Map(this.stored);
    this.#list = [...this.#seen.values()];
    this.granter = this.#start();
    this.granter.start();
    await turn();
  }

  #see(key: string, service: V1Service | undefined): void {
    if (service === undefined) {
      this.#seen.delete(key);
    } else {
      this.#seen.set(key, service);
    }
    this.#list = [...this.#seen.values()];
  }

  #start(): Granter {
    return new Granter({
      view: {
        configs: () => this.#configs,
        nodes: () => facts.nodes,
        survey: () => facts.survey,
        services: () => this.#list,
        service: (namespace, name) => this.#seen.get(`${namespace}/${name}`),
      },
      writer: { annotateService: (service, notes) => this.#write(service, notes) },
      events: { record: (_, told) => void this.told.push(...(told as readonly Told[])) },
      log: pino({ enabled: false }),
      current: async () => [...this.stored.values()],
      pause: turn,
      now: () => this.#version * this.#stepMs,
    });
  }

  async #write(service: V1Service, notes: Readonly<Record<string, string | null>>): Promise<void> {
    this.writes += 1;
    const { key, resourceVersion } = standingOf(service);
    const trick = this.#trick;
    this.#trick = 'none';
    await turn();
    const live = this.stored.get(key);
    if (trick === 'refuse' || live?.metadata?.resourceVersion !== resourceVersion) {
      throw new ApiError(live === undefined ? 404 : 409, 'PATCH', 'changed');
    }
    this.put(key, (old = service) => withGrant(old, notes[granted]));
    if (trick === 'lose') {
      throw new Error('socket hang up');
    }
    // The answer of a write may be lost to the view, too.
    if (this.#seen.has(key)) {
      this.#see(key, this.stored.get(key));
    }
  }
}
