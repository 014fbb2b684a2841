// Edits of a live object and the managedFields that the API server would record for them.
import type { V1DaemonSet, V1ManagedFieldsEntry } from '@kubernetes/client-node';

type Json = Record<string, unknown>;
export type Path = readonly string[];

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A copy of an object with one value set, or removed when the value is undefined. */
export function set<T>(object: T, path: Path, value: unknown): T {
  const copy = structuredClone(object);
  let parent = copy as unknown as Json;
  for (const name of path.slice(0, -1)) {
    parent = parent[name] as Json;
  }
  const last = path.at(-1) ?? '';
  if (value !== undefined) {
    parent[last] = value;
  } else if (Array.isArray(parent)) {
    parent.splice(Number(last), 1);
  } else {
    delete parent[last];
  }
  return copy;
}

function otherValue(value: unknown): unknown {
  switch (typeof value) {
    case 'boolean':
      return !value;
    case 'number':
      return value + 1;
    default:
      return `${String(value)}x`;
  }
}

/** Every edit of one value: changed, removed, and an item more in every list. */
export function mutations(value: unknown, at: Path = []): readonly { path: Path; value: unknown }[] {
  if (Array.isArray(value)) {
    const more = { path: [...at, String(value.length)], value: structuredClone(value[0]) as unknown };
    return [more, ...value.flatMap((item, index) => editsOf(item, [...at, String(index)]))];
  }
  return isObject(value)
    ? Object.entries(value).flatMap(([name, field]) => editsOf(field, [...at, name]))
    : [{ path: at, value: otherValue(value) }];
}

function editsOf(value: unknown, at: Path): readonly { path: Path; value: unknown }[] {
  return [{ path: at, value: undefined }, ...mutations(value, at)];
}

// Lists whose items have owners of their own, by their keys; every other list has one owner as a whole
// (x-kubernetes-list-type in the OpenAPI of Kubernetes 1.36).
const keysOfLists: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  env: ['name'],
  ports: ['containerPort', 'protocol'],
  imagePullSecrets: ['name'],
};

// Objects that have one owner as a whole (x-kubernetes-map-type: atomic).
const atomicObjects = new Set([
  'nodeSelector',
  'selector',
  'requiredDuringSchedulingIgnoredDuringExecution',
  'fieldRef',
]);

function fieldsOf(value: unknown, name: string): Json {
  const keys = keysOfLists[name];
  if (Array.isArray(value) && keys) {
    return Object.fromEntries(
      value.map((item: Json) => [
        `k:${JSON.stringify(Object.fromEntries(keys.map((key) => [key, item[key]])))}`,
        { '.': {}, ...fieldsOf(item, '') },
      ]),
    );
  }
  return isObject(value) && !atomicObjects.has(name)
    ? Object.fromEntries(
        Object.entries(value).map(([field, below]) => [`f:${field}`, fieldsOf(below, field)]),
      )
    : {};
}

/** The entry of a manager that owns every field of a spec. */
export function managedBy(manager: string, spec: unknown): V1ManagedFieldsEntry {
  return {
    manager,
    operation: 'Update',
    apiVersion: 'apps/v1',
    fieldsType: 'FieldsV1',
    fieldsV1: { 'f:spec': fieldsOf(spec, 'spec') },
  };
}

/** What `kubectl rollout restart` does. */
export function restartedAt(live: V1DaemonSet, time: string): V1DaemonSet {
  const annotations = { 'kubectl.kubernetes.io/restartedAt': time };
  const template = { metadata: { annotations } };
  const restarted = set(live, ['spec', 'template', 'metadata', 'annotations'], annotations);
  return {
    ...restarted,
    metadata: { ...restarted.metadata, managedFields: [managedBy('kubectl-rollout', { template })] },
  };
}

/** A live object of which we own all that was asked for, as after an apply of ours. */
export function appliedByUs(live: V1DaemonSet, { metadata, spec }: V1DaemonSet): V1DaemonSet {
  const { labels, annotations } = metadata ?? {};
  const ours = managedBy('kube-vip-operator', spec);
  const managedFields = [
    {
      ...ours,
      operation: 'Apply',
      fieldsV1: { ...ours.fieldsV1, 'f:metadata': fieldsOf({ labels, annotations }, 'metadata') },
    },
  ];
  return { ...live, metadata: { ...live.metadata, managedFields } };
}
