// An API server that plays tricks, and a granter whose view lags behind it.
import type { V1Service } from '@kubernetes/client-node';
import { pino } from 'pino';
import { ApiError } from '../../src/cluster/errors.ts';
import { Granter, type GranterOptions } from '../../src/controller/granter.ts';
import { freshMs } from '../../src/controller/leftovers.ts';
import type { Told } from '../../src/grants/decision.ts';
import type { Sight } from '../../src/grants/grounds.ts';
import { standingOf } from '../../src/grants/standing.ts';
import type { KubeVipConfig } from '../../src/api/types.ts';
import { facts, granted } from '../grants/world.ts';

/** Lets what is under way get one step further. */
export const turn = () => new Promise((resolve) => setImmediate(resolve));

type Notes = Readonly<Record<string, string | null>>;

function withGrant(service: V1Service, notes: Notes): V1Service {
  const rows = Object.entries({ ...service.metadata?.annotations, ...notes });
  const annotations = Object.fromEntries(rows.filter((row): row is [string, string] => row[1] !== null));
  const managedFields = [{ manager: 'kube-vip-operator' }];
  return { ...service, metadata: { ...service.metadata, annotations, managedFields } };
}

/** What a world is like. */
export interface WorldOptions {
  readonly holder?: string;
  readonly stepMs?: number;
  readonly isAsking?: boolean;
  readonly configs?: readonly KubeVipConfig[];
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
  #configs: readonly KubeVipConfig[] = [];
  granter: Granter;

  /** Addresses that a node has, and nobody else may get: whose it was, and which kube-vip had it. */
  readonly onNodes = new Map<string, string>();
  /** What was written of these to somebody else. */
  readonly doubles: string[] = [];
  readonly #stepMs: number;
  readonly #isAsking: boolean;
  readonly #base: readonly KubeVipConfig[];
  #passedMs = 0;
  #isDropping = false;
  /** Addresses about which the network is asked, and what it said when. */
  readonly asked = new Map<string, { readonly at: number; readonly is: Sight }>();
  /** Every address that was asked about, in order. */
  readonly dialled: string[] = [];
  #holder: string;

  /**
   * @param holder node that has the Lease of the services; empty: none
   * @param stepMs between any two changes; by default so much that nothing rests
   * @param isAsking the granter asks on the network what is on a node
   * @param configs by default `edge`, which gives what is asked for
   */
  constructor({
    holder = 'n1',
    stepMs = 60_000,
    isAsking = false,
    configs = facts.configs,
  }: WorldOptions = {}) {
    [this.#stepMs, this.#isAsking, this.#holder, this.#base] = [stepMs, isAsking, holder, configs];
    this.granter = this.#start();
  }

  /** Another kube-vip leads, or none. */
  lead(holder: string): void {
    this.#holder = holder;
    this.#configs = this.#configsNow();
    this.granter.factsChanged();
  }

  /** A Service is gone, and its address stays on the node. */
  leave(key: string): void {
    const service = this.stored.get(key);
    const addresses = service === undefined ? [] : standingOf(service).granted;
    addresses.forEach((address) => this.onNodes.set(address, `${key} ${this.#holder}`));
    this.stored.delete(key);
  }

  put(key: string, change: (old: V1Service | undefined) => V1Service): void {
    const made = change(this.stored.get(key));
    this.#version += 1;
    this.stored.set(key, { ...made, metadata: { ...made.metadata, resourceVersion: String(this.#version) } });
  }

  /** What was heard on the network was heard long ago. */
  age(): void {
    [...this.asked].forEach(([address, { is }]) => this.asked.set(address, { at: -Infinity, is }));
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

  /** The process dies: what it was writing is done, or is not. */
  async crash({ lags, isDropped }: { readonly lags: boolean; readonly isDropped: boolean }): Promise<void> {
    this.#isDropping = isDropped;
    await this.restart(lags);
    this.#isDropping = false;
  }

  get now(): number {
    return this.#version * this.#stepMs + this.#passedMs;
  }

  /** Time passes, and everything is looked at again. */
  pass(ms: number): void {
    this.#passedMs += ms;
    this.granter.compareAll();
  }

  #see(key: string, service: V1Service | undefined): void {
    if (service === undefined) {
      this.#seen.delete(key);
    } else {
      this.#seen.set(key, service);
    }
    this.#list = [...this.#seen.values()];
  }

  #configsNow(): readonly KubeVipConfig[] {
    return this.#base.map((config) => ({
      ...config,
      status: { ...config.status, services: { ...config.status?.services, holder: this.#holder } },
    }));
  }

  #leftovers(): NonNullable<GranterOptions['leftovers']> {
    this.asked.clear();
    const look = (address: string): void => {
      const is = this.onNodes.has(address) ? 'somebody' : 'nobody';
      this.asked.set(address, { at: this.now, is });
    };
    const sightOf = (address: string): Sight => {
      if (this.asked.get(address)?.is === 'somebody') {
        // It is asked all the time.
        look(address);
      }
      const { at, is } = this.asked.get(address) ?? { at: 0, is: 'unheard' };
      return is === 'nobody' && this.now - at > freshMs ? 'stale' : is;
    };
    return {
      ask: (address) => {
        if (['unheard', 'stale'].includes(sightOf(address))) {
          this.dialled.push(address);
          look(address);
          setImmediate(() => this.granter.heard(address));
        }
      },
      sightOf,
      forget: (address) => void this.asked.delete(address),
      keep: () => undefined,
      stop: () => undefined,
    };
  }

  #start(): Granter {
    this.#configs = this.#configsNow();
    return new Granter({
      leftovers: this.#isAsking ? this.#leftovers() : undefined,
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
      now: () => this.now,
    });
  }

  #compare(key: string, grant: string, onNodes: ReadonlyMap<string, string>): void {
    for (const address of grant.split(',')) {
      const left = onNodes.get(address);
      if (left !== undefined && left !== `${key} ${this.#holder}`) {
        this.doubles.push(`${key} has ${address}, which ${left} has on a node`);
      }
    }
  }

  async #write(service: V1Service, notes: Notes): Promise<void> {
    this.writes += 1;
    const { key, resourceVersion } = standingOf(service);
    const trick = this.#trick;
    this.#trick = 'none';
    // What comes later nobody can have asked about.
    const left = new Map(this.onNodes);
    await turn();
    const live = this.stored.get(key);
    if (this.#isDropping) {
      throw new Error('the process has ended');
    }
    if (trick === 'refuse' || live?.metadata?.resourceVersion !== resourceVersion) {
      throw new ApiError(live === undefined ? 404 : 409, 'PATCH', 'changed');
    }
    this.put(key, (old = service) => withGrant(old, notes));
    this.#compare(key, notes[granted] ?? '', left);
    if (trick === 'lose') {
      throw new Error('socket hang up');
    }
    // The answer of a write may be lost to the view, too.
    if (this.#seen.has(key)) {
      this.#see(key, this.stored.get(key));
    }
  }
}
