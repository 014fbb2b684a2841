// The DaemonSet controller, kubelets and kube-vip, played by hand and all the time: pods are made from what stands in a DaemonSet,
// end when they are asked to, get ready unless their release does not work, and hold Leases.
import { setTimeout as sleep } from 'node:timers/promises';
import type { V1DaemonSet, V1Lease, V1Pod } from '@kubernetes/client-node';
import { labels } from '../../src/api/metadata.ts';
import { Actors } from './actors.ts';
import { paths, type TestCluster } from './cluster.ts';
import { controlPlaneNode } from './neighbours.ts';

/** A pod that was asked to end, as far as a rollout is judged by it. */
export interface Ended {
  readonly daemonSet: string;
  readonly node: string;
  readonly isHolder: boolean;
}

/** A node selector that chooses the last two nodes. */
export const pair = { 'test.example.org/pair': 'yes' };

const nameOf = ({ metadata }: V1DaemonSet | V1Pod): string => metadata?.name ?? '';
const homeOf = ({ spec }: V1Pod): string => spec?.nodeName ?? '';
const isReady = ({ status, metadata }: V1Pod): boolean =>
  metadata?.deletionTimestamp === undefined &&
  (status?.conditions?.some((row) => row.type === 'Ready' && row.status === 'True') ?? false);

export class PlayedNodes {
  readonly #admin: TestCluster['admin'];
  readonly #play: Actors;
  readonly #nodes: string[];
  readonly #pair: readonly string[];
  readonly #dead = new Set<string>();
  #isOver = false;
  #running: Promise<void> = Promise.resolve();
  readonly #seen = new Set<string>();
  /** Every pod that was asked to end, in order. */
  readonly ended: Ended[] = [];
  /** Releases whose pods crash. */
  readonly broken = new Set<string>();

  constructor({ admin }: Pick<TestCluster, 'admin'>, nodes: readonly string[]) {
    this.#admin = admin;
    this.#play = new Actors(admin);
    this.#nodes = [...nodes];
    this.#pair = nodes.slice(-2);
  }

  async start(): Promise<void> {
    for (const name of this.#nodes) {
      await this.#addNode(name);
    }
    this.#running = this.#run();
  }

  /** Names of all nodes. */
  get nodes(): readonly string[] {
    return this.#nodes;
  }

  async #addNode(name: string): Promise<void> {
    const { metadata } = controlPlaneNode(name) as { readonly metadata: { readonly labels: object } };
    const own = this.#pair.includes(name) ? pair : {};
    const labelled = { ...metadata, labels: { ...metadata.labels, ...own } };
    await this.#admin.expect({ method: 'POST', path: '/api/v1/nodes', body: { metadata: labelled } });
  }

  /** A node is added to the cluster. */
  async join(name: string): Promise<void> {
    await this.#addNode(name);
    this.#nodes.push(name);
  }

  /** A kubelet does not report any more, or does again. */
  async setAlive(name: string, isAlive: boolean): Promise<void> {
    this.#dead[isAlive ? 'delete' : 'add'](name);
    const conditions = [{ type: 'Ready', status: isAlive ? 'True' : 'Unknown' }];
    const path = `/api/v1/nodes/${name}/status`;
    await this.#admin.expect({ method: 'PATCH', path, body: { status: { conditions } }, type: 'merge' });
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#running;
  }

  /** What runs on each node, as its mark. */
  async revisions(daemonSet: string): Promise<Readonly<Record<string, string>>> {
    const pods = await this.#podsOf(daemonSet);
    return Object.fromEntries(
      pods.map((pod) => [homeOf(pod), pod.metadata?.labels?.[labels.revision] ?? '']),
    );
  }

  async #podsOf(daemonSet: string): Promise<readonly V1Pod[]> {
    const { items } = await this.#admin.expect<{ items: V1Pod[] }>({ method: 'GET', path: paths.pods });
    return items.filter((pod) => nameOf(pod).startsWith(`${daemonSet}-`));
  }

  async #run(): Promise<void> {
    while (!this.#isOver) {
      // An API server that is away is asked again.
      const { items } = await this.#admin
        .expect<{ items: V1DaemonSet[] }>({ method: 'GET', path: paths.daemonSets })
        .catch(() => ({ items: [] }));
      for (const object of items.filter(({ metadata }) => metadata?.deletionTimestamp === undefined)) {
        // A DaemonSet that goes meanwhile is looked for again.
        await this.#turn(object).catch(() => undefined);
      }
      await sleep(50);
    }
  }

  async #turn(object: V1DaemonSet): Promise<void> {
    const name = nameOf(object);
    await this.#endPods(name);
    const pods = await this.#podsOf(name);
    const selector = object.spec?.template.spec?.nodeSelector ?? {};
    const nodes = Object.keys(pair).some((key) => key in selector) ? this.#pair : this.#nodes;
    const open = nodes.filter((node) => !pods.some((pod) => homeOf(pod) === node));
    const starting = [...open, ...pods.filter((pod) => !isReady(pod)).map(homeOf)];
    for (const node of starting.filter((row) => !this.#dead.has(row))) {
      await this.#startPod(object, node);
    }
    await this.#elect(name);
    const counts = { desired: nodes.length, updated: nodes.length, ready: nodes.length };
    const { generation } = object.metadata ?? {};
    if (object.status?.observedGeneration !== generation || open.length > 0) {
      await this.#play.observe(name, counts);
    }
  }

  async #startPod(object: V1DaemonSet, node: string): Promise<void> {
    const name = nameOf(object);
    // Not ready before it is known what it runs: it may have been made from an older template.
    await this.#play.runPod(name, node, false);
    const pod = (await this.#podsOf(name)).find((row) => homeOf(row) === node);
    const image = pod?.spec?.containers[0]?.image ?? '';
    const isBroken = [...this.broken].some((version) => image.includes(`:${version}@`));
    await (isBroken ? this.#play.crashPod(name, node, 1) : this.#play.runPod(name, node));
  }

  async #endPods(daemonSet: string): Promise<void> {
    for (const pod of await this.#podsOf(daemonSet)) {
      const { uid = '', deletionTimestamp } = pod.metadata ?? {};
      const isDead = this.#dead.has(homeOf(pod));
      if (deletionTimestamp !== undefined && !this.#seen.has(uid) && !isDead) {
        this.#seen.add(uid);
        const isHolder = (await this.#holderOf(daemonSet)) === homeOf(pod);
        this.ended.push({ daemonSet, node: homeOf(pod), isHolder });
        await this.#play.endPod(daemonSet, homeOf(pod));
        if (isHolder) {
          await this.#elect(daemonSet);
        }
      }
    }
  }

  async #holderOf(daemonSet: string): Promise<string> {
    const lease = await this.#admin.get<V1Lease>(`${paths.leases}/${daemonSet}`);
    return lease?.spec?.holderIdentity ?? '';
  }

  /** Whoever is ready last by name takes a Lease whose holder has no pod any more. */
  async #elect(daemonSet: string): Promise<void> {
    const pods = await this.#podsOf(daemonSet);
    const standing = pods.filter(isReady).map(homeOf);
    const next = standing
      .filter((node) => !this.#dead.has(node))
      .sort()
      .at(-1);
    if (next !== undefined && !pods.map(homeOf).includes(await this.#holderOf(daemonSet))) {
      await this.#play.hold(daemonSet, { holder: next });
    }
  }
}
