// Many KubeVipConfigs that run and are held, in the operator's own stores: what one pass over one of them reads does not
// depend on how many others there are.
import type { V1DaemonSet, V1Node, V1Service } from '@kubernetes/client-node';
import { pino } from 'pino';
import {
  componentKinds,
  componentName,
  labels,
  managedByValue,
  systemNamespace,
} from '../../src/api/metadata.ts';
import type { KubeVipConfig } from '../../src/api/types.ts';
import { Writer } from '../../src/cluster/writer.ts';
import { makeStores, makeView, type Stores } from '../../src/cluster/view.ts';
import { Reconciler } from '../../src/controller/reconciler.ts';
import { emptySurvey, type Workload } from '../../src/observed/neighbours/survey.ts';
import { applied, kubeVipConfig, now, pod } from '../builders.ts';
import { node, service } from '../cluster-builders.ts';

/** How many there are of what. */
export interface Size {
  readonly configs: number;
  readonly nodes: number;
  readonly services: number;
}

const range = (length: number): readonly number[] => Array.from({ length }, (_, index) => index);
const nameOf = (index: number): string => `many-${index}`;
const [holder, nodeNames] = ['node-0', ['node-0']] as const;

const configOf = (index: number): KubeVipConfig =>
  kubeVipConfig({
    name: nameOf(index),
    spec: {
      controlPlane: { addresses: [`203.0.113.${index + 1}`] },
      services: { nodeSelector: { 'node-role.kubernetes.io/control-plane': '' } },
    },
  });

const nodeOf = (index: number): V1Node =>
  node({
    name: `node-${index}`,
    address: `198.51.${Math.floor(index / 250)}.${(index % 250) + 1}`,
    podRange: `10.${Math.floor(index / 250)}.${index % 250}.0/24`,
    ...(index > 0 && { labels: {} }),
  });

const serviceOf = (index: number): V1Service => service({ name: `service-${index}` });

/** As the survey finds what runs for a config. */
const workloadsOf = (index: number): readonly Workload[] =>
  componentKinds.map((component) => ({
    kind: 'DaemonSet',
    namespace: systemNamespace,
    name: componentName(nameOf(index), component),
    labels: { [labels.managedBy]: managedByValue },
    images: ['ghcr.io/kube-vip/kube-vip:v1.1.2'],
    args: [],
    env: {},
    hostPaths: [],
    hostPorts: [],
    hostNetwork: true,
  }));

interface Request {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

/** Answers as an API server that stores what is asked for. */
class Echo {
  readonly #stores: Stores;
  writes = 0;

  constructor(stores: Stores) {
    this.#stores = stores;
  }

  async send<T>({ path, body }: Request): Promise<T> {
    this.writes += 1;
    return this.#answer(path, body) as T;
  }

  #answer(path: string, body: unknown): unknown {
    if (path.includes('/daemonsets/')) {
      return applied(body as V1DaemonSet, { desired: nodeNames.length });
    }
    if (path.includes('/controllerrevisions')) {
      return body;
    }
    const [{ value }] = body as [{ value: object }];
    const name = /kubevipconfigs\/([^/]+)\/status/.exec(path)?.[1] ?? '';
    return { ...this.#stores.configs.get(name), status: value };
  }
}

/** Lists that count how often one of their objects is looked at. */
class Counter {
  reads = 0;
  readonly #counting = new WeakMap<object, object>();

  /** The same one for the same list: what was computed from a list is kept with it. */
  of<T>(value: T): T {
    if (!Array.isArray(value)) {
      return value;
    }
    const known = this.#counting.get(value) ?? this.#wrap(value);
    this.#counting.set(value, known);
    return known as T;
  }

  /** Everything of an object that answers with lists. */
  all<T extends object>(source: T): T {
    return new Proxy(source, {
      get: (target, name) => {
        const found: unknown = Reflect.get(target, name, target);
        return typeof found === 'function'
          ? (...args: unknown[]) => this.of(Reflect.apply(found, target, args) as unknown)
          : found;
      },
    });
  }

  #wrap(list: readonly unknown[]): readonly unknown[] {
    return new Proxy(list, {
      get: (target, name) => {
        this.reads += typeof name === 'string' && /^\d+$/.test(name) ? 1 : 0;
        return Reflect.get(target, name, target) as unknown;
      },
    });
  }
}

/** A cluster of that size, and a reconciler. */
export class Crowd {
  readonly stores = makeStores({ wall: () => now, steady: () => now });
  readonly #echo = new Echo(this.stores);
  readonly #size: Size;
  readonly #counter = new Counter();
  readonly #reconciler = new Reconciler({
    view: this.#counter.all(makeView(this.#counted(), () => now)),
    writer: new Writer(this.#echo, this.stores),
    log: pino({ enabled: false }),
    now: () => now,
    probeImage: () => undefined,
  });

  private constructor(size: Size) {
    this.#size = size;
  }

  /** Everything is made, runs, is held, and said. */
  static async make(size: Size): Promise<Crowd> {
    const crowd = new Crowd(size);
    crowd.#fill();
    await crowd.passes();
    crowd.#run();
    await crowd.passes();
    return crowd;
  }

  /** One pass over each; resolves with how much was written. */
  async passes(): Promise<number> {
    const before = this.#echo.writes;
    for (const index of range(this.#size.configs)) {
      await this.pass(index);
    }
    return this.#echo.writes - before;
  }

  /** How often an object of a list was looked at until now. */
  get reads(): number {
    return this.#counter.reads;
  }

  /** Every kube-vip renews its Lease. */
  renewAll(): void {
    for (const index of range(this.#size.configs)) {
      componentKinds.forEach((component) => this.renew(componentName(nameOf(index), component)));
    }
  }

  async pass(index: number): Promise<void> {
    const outcome = await this.#reconciler.reconcile(nameOf(index));
    if (outcome.kind === 'failed') {
      throw outcome.error;
    }
  }

  /** A kube-vip renews its Lease. */
  renew(name: string, at = now): void {
    const time = new Date(at).toISOString().replace('Z', '000Z');
    const spec = {
      holderIdentity: holder,
      leaseDurationSeconds: 24,
      acquireTime: '2026-11-24T11:00:00.000000Z',
      renewTime: time,
    };
    this.stores.leases.put({ metadata: { name, namespace: systemNamespace }, spec });
  }

  #counted(): Stores {
    const listsOf = (store: object): object => this.#counter.all(store);
    const rows = Object.entries(this.stores).map(([name, store]: [string, object]) => [name, listsOf(store)]);
    return Object.fromEntries(rows) as Stores;
  }

  #fill(): void {
    const { configs, nodes, services } = this.#size;
    range(nodes).forEach((index) => this.stores.nodes.put(nodeOf(index)));
    range(services).forEach((index) => this.stores.services.put(serviceOf(index)));
    range(configs).forEach((index) => this.stores.configs.put(configOf(index)));
    const workloads = this.#counter.of(range(configs).flatMap(workloadsOf));
    this.stores.survey.put({ ...emptySurvey, workloads }, this.stores.configs.list());
    this.stores.leases.heard();
  }

  #run(): void {
    for (const index of range(this.#size.configs)) {
      for (const component of componentKinds) {
        const name = componentName(nameOf(index), component);
        const made = this.stores.daemonSets.get(name, systemNamespace);
        const revision = made?.spec?.template.metadata?.labels?.[labels.revision];
        this.stores.pods.put(pod({ config: nameOf(index), component, node: holder, revision }));
      }
    }
    this.renewAll();
  }
}
