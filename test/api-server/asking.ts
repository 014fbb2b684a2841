// Services that ask for addresses, on a real API server, and what becomes of them.
import type { V1Service } from '@kubernetes/client-node';
import type { Stage } from './stage.ts';
import { settled, until } from './until.ts';
import { stretched } from '../stretched.ts';

export const asked = 'kubevip.dev/addresses';
export const granted = 'kube-vip.io/loadbalancerIPs';

/** What a Service that asks is made of. */
export interface Asked {
  /** Namespace. Default: a. */
  readonly in?: string;
  readonly notes?: Readonly<Record<string, string>>;
  /** Name of the KubeVipConfig. Default: edge. */
  readonly of?: string;
  readonly port?: number;
  /** In place of a load balancer of that class. */
  readonly spec?: NonNullable<V1Service['spec']>;
}

interface Events {
  readonly items: readonly {
    readonly reason: string;
    readonly note: string;
    readonly regarding: { name: string };
  }[];
}

/** Where a Service is. */
export const pathOf = (name: string, namespace: string): string =>
  `/api/v1/namespaces/${namespace}/services/${name}`;

/** Writes and reads Services of a stage. */
export class Services {
  readonly #stage: Pick<Stage, 'admin'>;
  readonly #made: string[] = [];

  constructor(stage: Pick<Stage, 'admin'>) {
    this.#stage = stage;
  }

  async make(name: string, address: string | undefined, more: Asked = {}): Promise<void> {
    const { in: namespace = 'a', notes = {}, of = 'edge', port = 80 } = more;
    const annotations = { ...(address !== undefined && { [asked]: address }), ...notes };
    const kind = more.spec ?? { type: 'LoadBalancer', loadBalancerClass: `kubevip.dev/${of}` };
    const spec = { ports: [{ port }], ipFamilyPolicy: 'SingleStack', ...kind };
    const body = { metadata: { name, annotations }, spec };
    const path = `/api/v1/namespaces/${namespace}/services`;
    await this.#stage.admin.expect({ method: 'POST', path, body });
    this.#made.push(pathOf(name, namespace));
  }

  /** Deletes all that were made here. */
  async clear(): Promise<void> {
    for (const path of this.#made.splice(0)) {
      await this.#stage.admin.send({ method: 'DELETE', path });
    }
  }

  async grantOf(name: string, namespace = 'a'): Promise<string | undefined> {
    const service = await this.#stage.admin.get<V1Service>(pathOf(name, namespace));
    return service?.metadata?.annotations?.[granted];
  }

  /**
   * The grant as soon as it is the wanted one, else the last one. What was granted is published, so that the namespace may have
   * its next grant.
   */
  async settledGrant(name: string, wanted: string | undefined, namespace = 'a'): Promise<string | undefined> {
    const grant = await settled(() => this.grantOf(name, namespace), wanted);
    if (grant !== undefined && grant === wanted) {
      await this.publish(name, grant, namespace);
    }
    return grant;
  }

  /** Publishes addresses, as kube-vip does. */
  async publish(name: string, addresses: string, namespace = 'a'): Promise<void> {
    const path = pathOf(name, namespace);
    const service = await this.#stage.admin.expect<V1Service>({ method: 'GET', path });
    const ingress = addresses.split(',').map((ip) => ({ ip }));
    await this.#stage.admin.expect({
      method: 'PUT',
      path: `${path}/status`,
      body: { ...service, status: { loadBalancer: { ingress } } },
      as: 'system:serviceaccount:kube-vip-system:kube-vip-services',
    });
  }

  /** Of a Service, the note of the event with a reason. */
  untilTold(name: string, reason: string, namespace = 'a', ms = stretched(5000)): Promise<string> {
    return until(
      `${name} to be told ${reason}`,
      async () => {
        const path = `/apis/events.k8s.io/v1/namespaces/${namespace}/events`;
        const { items } = await this.#stage.admin.expect<Events>({ method: 'GET', path });
        return items.find((row) => row.reason === reason && row.regarding.name === name)?.note;
      },
      ms,
    );
  }

  async annotate(
    name: string,
    notes: Readonly<Record<string, string | null>>,
    namespace = 'a',
  ): Promise<void> {
    const body = { metadata: { annotations: notes } };
    await this.#stage.admin.expect({ method: 'PATCH', path: pathOf(name, namespace), body, type: 'merge' });
  }
}
