// Workloads of the whole cluster, and the pods on control-plane nodes that are of none of these: static ones, ones that a
// person made, and those of Jobs, of ReplicationControllers, of ReplicaSets without a Deployment, of kinds of others.
import type { KubernetesObject } from '@kubernetes/client-node';
import { trimWorkload, withoutTwice } from '../../observed/neighbours/workload.ts';
import { mostAskedNodes, type Workload } from '../../observed/neighbours/survey.ts';
import { systemNamespace } from '../../api/metadata.ts';
import { list as listOf } from '../../api/words.ts';
import { listAll } from '../pages.ts';
import { attempt, type Part, type Reader } from './parts.ts';

const collections = {
  DaemonSet: '/apis/apps/v1/daemonsets',
  Deployment: '/apis/apps/v1/deployments',
  StatefulSet: '/apis/apps/v1/statefulsets',
} as const;

// Where no tenant writes.
const ownNamespaces = ['kube-system', systemNamespace];
/** Any tenant can make thousands of workloads that look like another load balancer. */
const mostOfNamespace = 50;

interface Request {
  readonly path: string;
  readonly fieldSelector?: string;
}

async function list(reader: Reader, kind: Workload['kind'], request: Request): Promise<readonly Workload[]> {
  const read = async (): Promise<readonly Workload[]> => {
    const found: Workload[] = [];
    const counted = new Map<string, number>();
    // What does not concern us is forgotten page by page.
    const trim = (object: KubernetesObject): KubernetesObject => {
      const { namespace = '' } = object.metadata ?? {};
      const rows = trimWorkload(kind, object);
      const count = (counted.get(namespace) ?? 0) + rows.length;
      counted.set(namespace, count);
      if (rows.length > 0 && count > mostOfNamespace && !ownNamespaces.includes(namespace)) {
        reader.doubt(
          `${kind}s of namespace ${namespace}`,
          `More than ${mostOfNamespace} look like another load balancer, and only these are read`,
        );
        return {};
      }
      found.push(...rows);
      return {};
    };
    await listAll(reader.http, { ...request, trim });
    return found;
  };
  return (await attempt(reader, `${kind}s`, read)) ?? [];
}

/** Reads workloads of the whole cluster, and the pods of at most seven of the given control-plane nodes. */
export function workloads(nodes: readonly string[]): Part {
  return async (reader) => {
    const others = nodes.slice(mostAskedNodes);
    if (others.length > 0) {
      reader.doubt(
        `pods on ${listOf(others)}`,
        `They are looked for on ${mostAskedNodes} control-plane nodes only. Look there for another kube-vip`,
      );
    }
    const lists = await Promise.all([
      ...Object.entries(collections).map(([kind, path]) => list(reader, kind as Workload['kind'], { path })),
      ...nodes
        .slice(0, mostAskedNodes)
        .map((name) => list(reader, 'Pod', { path: '/api/v1/pods', fieldSelector: `spec.nodeName=${name}` })),
    ]);
    return { workloads: withoutTwice(lists.flat()) };
  };
}
