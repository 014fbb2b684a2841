// Workloads that run kube-vip, written the way people do: a safe one by default, a test changes what it is about.
import type { Write } from './fence.ts';

export type Environment = Readonly<Record<string, string | object | undefined>>;

export interface WorkloadParts {
  readonly kind?: keyof typeof plurals;
  readonly name?: string;
  readonly namespace?: string;
  readonly image?: string;
  /** Replaces or, with undefined, removes variables; an object is taken for valueFrom. */
  readonly env?: Environment;
  /** Fields of the container. */
  readonly container?: object;
  readonly initContainers?: readonly object[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly object[];
}

const plurals = {
  DaemonSet: 'daemonsets',
  Deployment: 'deployments',
  StatefulSet: 'statefulsets',
  ReplicaSet: 'replicasets',
  ReplicationController: 'replicationcontrollers',
  Job: 'jobs',
  CronJob: 'cronjobs',
} as const;

const isBatch = (kind: string): boolean => kind.endsWith('Job');

function groupOf(kind: string): string {
  return kind === 'ReplicationController' ? '/api/v1' : `/apis/${isBatch(kind) ? 'batch' : 'apps'}/v1`;
}

/** Path of the collection of a kind. */
export function collection(kind: keyof typeof plurals, namespace: string): string {
  return `${groupOf(kind)}/namespaces/${namespace}/${plurals[kind]}`;
}

/** Services only, with the class filter, in a class that is not ours. */
export const safe: Environment = {
  vip_arp: 'true',
  svc_enable: 'true',
  lb_class_only: 'true',
  lb_class_name: 'example.org/other',
};

const listed = (env: Environment): readonly object[] =>
  Object.entries(env)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => (typeof value === 'string' ? { name, value } : { name, valueFrom: value }));

/** The one container of a workload. */
export function container({ image, env = {}, container: fields = {} }: WorkloadParts): object {
  return {
    name: 'kube-vip',
    image: image ?? 'ghcr.io/kube-vip/kube-vip:v1.1.2',
    args: ['manager'],
    env: listed({ ...safe, ...env }),
    ...fields,
  };
}

function specOf(kind: string, { labels = {}, ...parts }: WorkloadParts): object {
  const matchLabels = { app: 'kube-vip' };
  const template = {
    metadata: { labels: { ...matchLabels, ...labels } },
    spec: {
      containers: [container(parts)],
      ...(parts.initContainers && { initContainers: parts.initContainers }),
      ...(isBatch(kind) && { restartPolicy: 'Never' }),
    },
  };
  const byKind: Readonly<Record<string, object>> = {
    Job: { template },
    CronJob: { schedule: '0 0 * * *', jobTemplate: { spec: { template } } },
    StatefulSet: { selector: { matchLabels }, serviceName: 'kube-vip', template },
    ReplicationController: { selector: matchLabels, template },
  };
  return byKind[kind] ?? { selector: { matchLabels }, template };
}

/** The creation of a workload. */
export function create(parts: WorkloadParts = {}): Write {
  const { kind = 'DaemonSet', name = 'kube-vip', namespace = 'default', ownerReferences } = parts;
  return {
    method: 'POST',
    path: collection(kind, namespace),
    body: {
      metadata: { name, ...(ownerReferences && { ownerReferences }) },
      spec: specOf(kind, parts),
    },
  };
}

/** A change of a workload by strategic merge, where the container is found by its name. */
export function change(
  parts: Pick<WorkloadParts, 'kind' | 'name' | 'namespace'>,
  body: object,
  subresource = '',
): Write {
  const { kind = 'DaemonSet', name = 'kube-vip', namespace = 'default' } = parts;
  return {
    method: 'PATCH',
    path: `${collection(kind, namespace)}/${name}${subresource}`,
    body,
    type: 'strategic',
  };
}

/** Fields of the pod spec, as a change. */
export const podSpec = (spec: object): object => ({ spec: { template: { spec } } });

/** Fields of the container, as a change. */
export const inContainer = (fields: object): object =>
  podSpec({ containers: [{ name: 'kube-vip', ...fields }] });
