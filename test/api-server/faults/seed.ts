// Thousands of objects as an API server would have stored them, put into its etcd: through the API server, and
// its admission policies, it would take an hour.
import { randomUUID } from 'node:crypto';
import type { TestCluster } from '../cluster.ts';
import { each } from '../each.ts';

export const created = '2026-11-24T12:00:00Z';
const annotation = { 'kwok.x-k8s.io/node': 'fake' };
const taint = { key: 'kwok.x-k8s.io/node', value: 'fake', effect: 'NoSchedule' };

export const addressOf = (index: number): string =>
  `10.${Math.floor(index / 62_500)}.${Math.floor(index / 250) % 250}.${(index % 250) + 1}`;

export type Stored = readonly [key: string, object: object];

export const metadata = (name: string, rest: object = {}) => ({
  name,
  uid: randomUUID(),
  creationTimestamp: created,
  ...rest,
});

export const ready = [{ type: 'Ready', status: 'True', lastTransitionTime: created }];

/** A node; `beat` is when its kubelet reported last. */
export function node(index: number, beat = created): Stored {
  const name = `node-${index}`;
  const labels = { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', type: 'kwok' };
  return [
    `minions/${name}`,
    {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: metadata(name, { labels, annotations: annotation }),
      spec: { taints: [taint] },
      status: {
        addresses: [{ type: 'InternalIP', address: addressOf(index) }],
        conditions: ready.map((row) => ({ ...row, lastHeartbeatTime: beat })),
        // A kubelet lists its images, most of what a Node weighs.
        images: Array.from({ length: 20 }, (_, image) => ({
          names: [`registry.example.org/team/image-${image}@sha256:${'0'.repeat(64)}`],
          sizeBytes: 1e8,
        })),
      },
    },
  ];
}

/** Every tenth is a load balancer, of a class that is nobody's here. */
export function service(index: number): Stored {
  const [name, namespace] = [`service-${index}`, 'default'];
  const balancer = index % 10 === 0 && { type: 'LoadBalancer', loadBalancerClass: 'example.org/other' };
  const ports = [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' }];
  const addresses = { clusterIP: 'None', clusterIPs: ['None'], ipFamilies: ['IPv4'] };
  const spec = { type: 'ClusterIP', ...addresses, ports, selector: { app: name }, ...balancer };
  const labels = { app: name, 'app.kubernetes.io/managed-by': 'Helm' };
  return [
    `services/specs/${namespace}/${name}`,
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: metadata(name, { namespace, labels }),
      spec,
      status: { loadBalancer: {} },
    },
  ];
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

async function put(etcdUrl: string, [key, object]: Stored): Promise<void> {
  const body = JSON.stringify({ key: base64(`/registry/${key}`), value: base64(JSON.stringify(object)) });
  const answer = await fetch(`${etcdUrl}/v3/kv/put`, { method: 'POST', body });
  if (!answer.ok) {
    throw new Error(`etcd: ${answer.status} ${await answer.text()}`);
  }
}

// Each is a revision of its own, as the API server would make it: one that many objects share is lost in part to a watch
// that is cut within it, because it goes on after that revision.
/** Straight into etcd: the API server would take an hour for as many. */
export async function store({ api }: Pick<TestCluster, 'api'>, objects: readonly Stored[]): Promise<void> {
  await each(objects, (row) => put(api.etcdUrl, row));
}
