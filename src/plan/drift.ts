// Does a live object still say what was rendered? Fields that we set must be equal; fields that somebody
// else added to the spec are found through managedFields, because a comparison of values cannot tell them
// from the API server's own defaults.
import type { V1DaemonSet } from '@kubernetes/client-node';
import { annotations, fieldManager } from '../api/metadata.ts';
import { sameQuantity } from './quantity.ts';

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
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
function resolve(value: unknown, key: string): unknown {
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

// `kubectl rollout restart` is a person's answer to trouble. To undo it would restart every pod again.
const tolerated = 'f:template.f:metadata.f:annotations.f:kubectl.kubernetes.io/restartedAt';

function firstBeyond(fields: Json, desired: unknown, path: string): string | undefined {
  return firstDefined(Object.entries(fields), ([key, below]) => {
    const here = path === '' ? key : `${path}.${key}`;
    if (key === '.' || tolerated.startsWith(here)) {
      return key === '.' || here === tolerated
        ? undefined
        : firstBeyond(below as Json, resolve(desired, key), here);
    }
    const value = resolve(desired, key);
    return value === undefined ? here : firstBeyond(below as Json, value, here);
  });
}

/** Path of the first field of the spec that another manager added to what we rendered, or undefined. */
export function firstAddition(desired: V1DaemonSet, live: V1DaemonSet): string | undefined {
  const foreign = (live.metadata?.managedFields ?? []).filter(
    ({ manager, subresource }) => manager !== fieldManager && subresource === undefined,
  );
  return firstDefined(foreign, ({ fieldsV1 }) => {
    const spec = (fieldsV1 as Json | undefined)?.['f:spec'];
    return isObject(spec) ? firstBeyond(spec, desired.spec, '') : undefined;
  });
}

export type Difference =
  { readonly kind: 'changed' } | { readonly kind: 'drifted'; readonly path: string; readonly added: boolean };

function renderedHash(object: V1DaemonSet): string | undefined {
  return object.metadata?.annotations?.[annotations.renderedHash];
}

/** How a live DaemonSet differs from the rendered one: by a change of ours, by somebody else's, or not at all. */
export function compare(desired: V1DaemonSet, live: V1DaemonSet): Difference | undefined {
  const { labels, annotations: notes, ownerReferences } = desired.metadata ?? {};
  const path = firstDifference(
    { metadata: { labels, annotations: notes, ownerReferences }, spec: desired.spec },
    live,
  );
  if (path !== undefined && renderedHash(desired) !== renderedHash(live)) {
    return { kind: 'changed' };
  }
  const added = firstAddition(desired, live);
  if (added !== undefined) {
    return { kind: 'drifted', path: added, added: true };
  }
  return path === undefined ? undefined : { kind: 'drifted', path, added: false };
}
