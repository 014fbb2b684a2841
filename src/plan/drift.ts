// Does a live object still say what was rendered? Fields that we set must be equal; fields that somebody
// else added to the spec are found through managedFields, because a comparison of values cannot tell them
// from the API server's own defaults.
import type { V1DaemonSet } from '@kubernetes/client-node';
import { fieldManager, group } from '../api/metadata.ts';
import { renderedHash } from '../observed/daemon-set.ts';
import { sameQuantity } from '../api/quantity.ts';

/** A value of JSON with fields. */
export type Json = Readonly<Record<string, unknown>>;

/** Whether a value has fields. */
export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Path of the first field in `desired` that `live` lacks or has otherwise, or undefined. */
export function firstDifference(desired: unknown, live: unknown, path = ''): string | undefined {
  if (Array.isArray(desired)) {
    return Array.isArray(live) && live.length === desired.length
      ? firstDefined(desired, (item, index) => firstDifference(item, live[index], `${path}[${index}]`))
      : path;
  }
  if (!isObject(desired)) {
    const isEqual = /\.resources\.(limits|requests)\./.test(path)
      ? sameQuantity(desired, live)
      : desired === live;
    return isEqual ? undefined : path;
  }
  const fields = Object.entries(desired).filter(([, value]) => value !== undefined);
  return firstDefined(fields, ([name, value]) =>
    firstDifference(value, isObject(live) ? live[name] : undefined, path === '' ? name : `${path}.${name}`),
  );
}

function firstDefined<T>(
  items: readonly T[],
  find: (item: T, index: number) => string | undefined,
): string | undefined {
  for (const [index, item] of items.entries()) {
    const found = find(item, index);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/** What a managedFields key such as `f:env` or `k:{"name":"address"}` denotes within a value. */
export function resolve(value: unknown, key: string): unknown {
  const text = key.slice(2);
  if (key.startsWith('f:')) {
    return isObject(value) ? value[text] : undefined;
  }
  const wanted: unknown = JSON.parse(text);
  const items = Array.isArray(value) ? value : [];
  return key.startsWith('k:')
    ? items.find((item) => firstDifference(wanted, item) === undefined)
    : items.find((item) => item === wanted);
}

// An annotation of the pods asks for a restart, as `kubectl rollout restart` and the consoles of Kubernetes
// distributions write it, each under its own name. To undo it would restart every pod again, and change nothing that runs.
const tolerated = 'f:template.f:metadata.f:annotations.f:';

// The kubelet reads the profile of a container from annotations with this beginning (Kubernetes v1.36.3).
const changesWhatRuns = ['container.apparmor.security.beta.kubernetes.io/', `${group}/`];

const isTolerable = (annotation: string): boolean =>
  !changesWhatRuns.some((prefix) => annotation.startsWith(prefix));

const isTolerated = (path: string): boolean =>
  path.startsWith(tolerated) && isTolerable(path.slice(tolerated.length));

// What the API server writes into a spec by itself. A manager that applies the same owns it for good, and to
// replace the spec would change nothing, again and again.
const serverDefaults: Readonly<Record<string, unknown>> = {
  'f:restartPolicy': 'Always',
  'f:schedulerName': 'default-scheduler',
  'f:terminationMessagePath': '/dev/termination-log',
  'f:terminationMessagePolicy': 'File',
  'f:resources': {},
};

// `serviceAccount` is the API server's copy of serviceAccountName, which is compared as a value.
function isServersOwn(key: string, live: unknown): boolean {
  const byDefault = serverDefaults[key];
  return (
    live === undefined ||
    key === 'f:serviceAccount' ||
    (byDefault !== undefined && firstDifference(live, byDefault) === undefined)
  );
}

interface Pair {
  readonly desired: unknown;
  readonly live: unknown;
}

// A value without fields below it is owned as a whole, as node selectors and lists of tolerations are:
// then every field of the live one must be ours.
function beyondWhole({ desired, live }: Pair, path: string): string | undefined {
  return desired === undefined || (typeof live === 'object' && firstDifference(live, desired) !== undefined)
    ? path
    : undefined;
}

function firstBeyond(fields: Json, { desired, live }: Pair, path: string): string | undefined {
  return firstDefined(Object.entries(fields), ([key, below]) => {
    const here = path === '' ? key : `${path}.${key}`;
    if (key === '.' || isTolerated(here)) {
      return undefined;
    }
    const inner = { desired: resolve(desired, key), live: resolve(live, key) };
    if (inner.desired === undefined && !tolerated.startsWith(`${here}.`)) {
      return isServersOwn(key, inner.live) ? undefined : here;
    }
    return Object.keys(below as Json).length === 0
      ? beyondWhole(inner, here)
      : firstBeyond(below as Json, inner, here);
  });
}

/** Path of the first field of the spec that another manager added to what we rendered, or undefined. */
export function firstAddition(desired: V1DaemonSet, live: V1DaemonSet): string | undefined {
  const foreign = (live.metadata?.managedFields ?? []).filter(
    ({ manager, subresource }) => manager !== fieldManager && subresource === undefined,
  );
  const pair = { desired: desired.spec, live: live.spec };
  return firstDefined(foreign, ({ fieldsV1 }) => {
    const spec = (fieldsV1 as Json | undefined)?.['f:spec'];
    return isObject(spec) ? firstBeyond(spec, pair, '') : undefined;
  });
}

/** What was rendered, and the restarts that others asked for with it: to replace the spec must not undo these. */
export function keepingRestarts(desired: V1DaemonSet, live: V1DaemonSet): V1DaemonSet {
  const rendered = desired.spec?.template.metadata?.annotations;
  const asked = Object.entries(live.spec?.template.metadata?.annotations ?? {}).filter(
    ([name]) => isTolerable(name) && rendered?.[name] === undefined,
  );
  if (asked.length === 0) {
    return desired;
  }
  const copy = structuredClone(desired);
  const kept = { ...rendered, ...Object.fromEntries(asked) };
  Object.assign(copy.spec?.template.metadata ?? {}, { annotations: kept });
  return copy;
}

/** How what runs differs from what was rendered: the spec asks for another now, or it was edited. */
export type Difference =
  | { readonly kind: 'changed'; readonly path: string }
  | { readonly kind: 'drifted'; readonly path: string; readonly added: boolean };

// Only ours is looked for: owners that others added are theirs, and an apply would not remove them.
function lostOwner({ metadata }: V1DaemonSet, live: V1DaemonSet): string | undefined {
  const [ours] = metadata?.ownerReferences ?? [];
  const isThere = live.metadata?.ownerReferences?.some((owner) => firstDifference(ours, owner) === undefined);
  return ours === undefined || isThere ? undefined : 'metadata.ownerReferences';
}

/** How a live DaemonSet differs from the rendered one: by a change of ours, by somebody else's, or not at all. */
export function compare(desired: V1DaemonSet, live: V1DaemonSet): Difference | undefined {
  const { labels, annotations: notes } = desired.metadata ?? {};
  const path =
    firstDifference({ metadata: { labels, annotations: notes }, spec: desired.spec }, live) ??
    lostOwner(desired, live);
  if (path !== undefined && renderedHash(desired) !== renderedHash(live)) {
    // The hash is another whenever something is: what it stands for tells a person more.
    return { kind: 'changed', path: firstDifference({ spec: desired.spec }, live) ?? path };
  }
  const added = firstAddition(desired, live);
  if (added !== undefined) {
    return { kind: 'drifted', path: added, added: true };
  }
  return path === undefined ? undefined : { kind: 'drifted', path, added: false };
}
