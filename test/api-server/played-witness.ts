// Witnesses, played by hand: what they write into their Leases, under their own account and with its rights.
import type { V1ConfigMap, V1Lease } from '@kubernetes/client-node';
import type { Answers, OwnerSeen, Questions } from '../../src/witness/contract.ts';
import { segmentId } from '../../src/witness/segments.ts';
import type { AdminRequest } from './admin.ts';
import { namespace, paths } from './cluster.ts';
import type { Stage } from './stage.ts';

/** The account of the witnesses, as the API server calls it. */
export const witnessUser = `system:serviceaccount:${namespace}:kube-vip-operator-witness`;

/** The network of the nodes of {@link makeNodes}. */
export const segment = segmentId(['203.0.113.0/24']);

const configMaps = `/api/v1/namespaces/${namespace}/configmaps`;
export const leaseOf = (node: string, of = segment): string =>
  `${paths.leases}/kube-vip-witness.${of}.${node}`;
const selected = 'labelSelector=kubevip.dev/witness';

/** What a witness says that sees nothing. */
const nothingSeen: Omit<Answers, 'seq' | 'revision' | 'at' | 'pod'> = {
  v: 1,
  interface: 'eth0',
  mac: '02:00:00:00:00:01',
  missing: [],
  trouble: '',
  control: [],
  groups: [],
  heard: [],
};

const owner = (at: number, row: Partial<OwnerSeen>): OwnerSeen => ({
  mac: '02:00:00:00:00:99',
  since: at - 10_000,
  last: at - 100,
  ...row,
});

/** What a witness says of an address: that these MACs have answered for ten seconds, and whether its own node has it too. */
export function heard(address: string, macs: readonly string[], isOwn: boolean): Partial<Answers> {
  const at = Date.now();
  const owners = [...macs.map((mac) => owner(at, { mac })), ...(isOwn ? [owner(at, { self: true })] : [])];
  return { at, control: [{ address, asked: 20, owners }] };
}

/** Plays the witnesses of the network. */
export class Witnesses {
  readonly #stage: Pick<Stage, 'admin'>;
  readonly #segment: string;
  #seq = 0;

  constructor(stage: Pick<Stage, 'admin'>, of = segment) {
    this.#stage = stage;
    this.#segment = of;
  }

  /** What they are asked, read with their own rights; undefined: nothing. */
  async questions(): Promise<Questions | undefined> {
    const { status, body } = await this.#ask({
      method: 'GET',
      path: `${configMaps}/kube-vip-witness.${this.#segment}`,
    });
    return status === 200
      ? (JSON.parse((body as V1ConfigMap).data?.['questions'] ?? '') as Questions)
      : undefined;
  }

  /** Addresses of a group, none where there is no such group. */
  async group(name: string): Promise<readonly string[]> {
    return (await this.questions())?.groups.find((row) => row.name === name)?.addresses ?? [];
  }

  /** Nodes that have a Lease, in order. */
  async nodes(): Promise<readonly string[]> {
    const { items } = await this.#stage.admin.expect<{ items: V1Lease[] }>({
      method: 'GET',
      path: `${paths.leases}?${selected}`,
    });
    return items.map(({ metadata }) => metadata?.name?.split('.')[2] ?? '').sort();
  }

  /** How many objects of witnesses there are: ConfigMaps, Leases and DaemonSets. */
  async count(): Promise<number> {
    const lists = await Promise.all(
      [configMaps, paths.leases, paths.daemonSets].map((path) =>
        this.#stage.admin.expect<{ items: unknown[] }>({ method: 'GET', path: `${path}?${selected}` }),
      ),
    );
    return lists.reduce((sum, { items }) => sum + items.length, 0);
  }

  /** The witness on a node answers; resolves with what the API server said to it. */
  async answer(node: string, said: Partial<Answers> = {}): Promise<number> {
    const lease = await this.#ask({ method: 'GET', path: leaseOf(node, this.#segment) });
    const { metadata, ...rest } = lease.body as V1Lease;
    const { revision = '' } = (await this.questions()) ?? {};
    this.#seq += 1;
    const answers: Answers = {
      ...nothingSeen,
      seq: this.#seq,
      revision,
      at: Date.now(),
      pod: `w-${node}`,
      ...said,
    };
    const renewTime = new Date().toISOString().replace('Z', '000Z');
    const body = {
      ...rest,
      metadata: { ...metadata, annotations: { 'kubevip.dev/answers': JSON.stringify(answers) } },
      spec: { ...rest.spec, holderIdentity: node, renewTime },
    };
    return (await this.#ask({ method: 'PUT', path: leaseOf(node, this.#segment), body })).status;
  }

  #ask(wanted: AdminRequest) {
    return this.#stage.admin.send({ ...wanted, as: witnessUser });
  }
}
