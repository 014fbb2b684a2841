// The controllers and kube-vip, played by hand: nothing else in these tests writes a DaemonSet's status, makes
// pods, takes Leases or collects garbage.
import type { V1DaemonSet } from '@kubernetes/client-node';
import type { Admin } from './admin.ts';
import { namespace, paths } from './cluster.ts';

export interface Nodes {
  readonly desired: number;
  readonly updated: number;
  readonly ready: number;
}

export interface LeaseState {
  readonly holder: string;
  /** How long ago it was renewed. Default 0. */
  readonly secondsAgo?: number;
  /** Default 600: nobody renews it, and a test may take longer than 15. */
  readonly durationSeconds?: number;
}

const microTime = (milliseconds: number): string => new Date(milliseconds).toISOString().replace('Z', '000Z');

/** Name of the pod that {@link Actors.runPod} makes. */
export const podName = (daemonSet: string, node: string): string => `${daemonSet}-${node}`;

export class Actors {
  readonly #admin: Admin;

  constructor(admin: Admin) {
    this.#admin = admin;
  }

  /** The DaemonSet controller has seen the present spec, and counts nodes. */
  async observe(name: string, nodes: Nodes): Promise<void> {
    const path = `${paths.daemonSets}/${name}`;
    const { metadata } = await this.#admin.expect<V1DaemonSet>({ method: 'GET', path });
    const status = {
      observedGeneration: metadata?.generation,
      desiredNumberScheduled: nodes.desired,
      currentNumberScheduled: nodes.desired,
      updatedNumberScheduled: nodes.updated,
      numberReady: nodes.ready,
      numberMisscheduled: 0,
    };
    await this.#admin.expect({ method: 'PATCH', path: `${path}/status`, body: { status }, type: 'merge' });
  }

  /** A pod of the DaemonSet on a node, made when it is missing. */
  async runPod(daemonSet: string, node: string, ready = true): Promise<void> {
    const name = podName(daemonSet, node);
    if ((await this.#admin.get(`${paths.pods}/${name}`)) === undefined) {
      await this.#createPod(daemonSet, node);
    }
    const startTime = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
    const conditions = [
      { type: 'Ready', status: ready ? 'True' : 'False' },
      { type: 'PodScheduled', status: 'True', lastTransitionTime: startTime },
    ];
    await this.#admin.expect({
      method: 'PATCH',
      path: `${paths.pods}/${name}/status`,
      body: { status: { phase: 'Running', startTime, conditions } },
      type: 'strategic',
    });
  }

  /** The kubelet waits before it starts kube-vip again. */
  async crashPod(daemonSet: string, node: string, exitCode: number): Promise<void> {
    const at = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
    const terminated = {
      exitCode,
      reason: exitCode === 0 ? 'Completed' : 'Error',
      startedAt: at,
      finishedAt: at,
    };
    const crashed = {
      name: 'kube-vip',
      image: 'kube-vip',
      imageID: '',
      ready: false,
      restartCount: 4,
      state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 1m20s' } },
      lastState: { terminated: { ...terminated, containerID: `containerd://${exitCode}` } },
    };
    await this.#admin.expect({
      method: 'PATCH',
      path: `${paths.pods}/${podName(daemonSet, node)}/status`,
      body: { status: { conditions: [{ type: 'Ready', status: 'False' }], containerStatuses: [crashed] } },
      type: 'strategic',
    });
  }

  async #createPod(daemonSet: string, node: string): Promise<void> {
    const owner = await this.#admin.expect<V1DaemonSet>({
      method: 'GET',
      path: `${paths.daemonSets}/${daemonSet}`,
    });
    const { template } = owner.spec ?? {};
    const { labels } = template?.metadata ?? {};
    const body = {
      metadata: { name: podName(daemonSet, node), namespace, labels },
      spec: { ...(template?.spec as object), nodeName: node },
    };
    await this.#admin.expect({ method: 'POST', path: paths.pods, body });
  }

  /** The kubelet has ended a pod. */
  async endPod(daemonSet: string, node: string): Promise<void> {
    const path = `${paths.pods}/${podName(daemonSet, node)}?gracePeriodSeconds=0`;
    await this.#admin.expect({ method: 'DELETE', path });
  }

  /** kube-vip holds a Lease. */
  async hold(name: string, { holder, secondsAgo = 0, durationSeconds = 600 }: LeaseState): Promise<void> {
    const renewTime = microTime(Date.now() - secondsAgo * 1000);
    const spec = { holderIdentity: holder, leaseDurationSeconds: durationSeconds, renewTime };
    const exists = (await this.#admin.get(`${paths.leases}/${name}`)) !== undefined;
    await (exists
      ? this.#admin.expect({
          method: 'PATCH',
          path: `${paths.leases}/${name}`,
          body: { spec },
          type: 'merge',
        })
      : this.#admin.expect({
          method: 'POST',
          path: paths.leases,
          body: { metadata: { name, namespace }, spec: { ...spec, acquireTime: renewTime } },
        }));
  }

  /** Everything runs and is held on one node. */
  async runHealthy(daemonSet: string, node: string): Promise<void> {
    await this.runPod(daemonSet, node);
    await this.observe(daemonSet, { desired: 1, updated: 1, ready: 1 });
    await this.hold(daemonSet, { holder: node });
  }

  /** The garbage collector lets go of the DaemonSets that are being deleted; resolves with their names. */
  async collectGarbage(): Promise<readonly string[]> {
    const { items } = await this.#admin.expect<{ items: V1DaemonSet[] }>({
      method: 'GET',
      path: paths.daemonSets,
    });
    const names = items
      .filter(({ metadata }) => metadata?.deletionTimestamp)
      .map(({ metadata }) => metadata?.name ?? '');
    for (const name of names) {
      const body = { metadata: { finalizers: null } };
      await this.#admin.expect({ method: 'PATCH', path: `${paths.daemonSets}/${name}`, body, type: 'merge' });
    }
    return names;
  }
}
