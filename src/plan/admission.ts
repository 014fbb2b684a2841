// What the API server stores otherwise than it was asked to: a mutating webhook or policy changes it on admission, each
// time anew. The object tells: managedFields have a value as ours that is not the one we asked for, because owners are
// written down before admission. What is added on admission has no owner at all, as the API server's own defaults.
import type { V1DaemonSet } from '@kubernetes/client-node';
import { fieldManager } from '../api/metadata.ts';
import { firstAddition, firstDifference, isObject, resolve, type Json } from './drift.ts';

/** A field that the API server stores otherwise than it was asked to. */
export interface AdmissionChange {
  readonly path: string;
  /** Undefined: nothing. */
  readonly asked: unknown;
  /** Undefined: nothing. */
  readonly found: unknown;
}

const isLeaf = (field: Json): boolean => Object.keys(field).length === 0;

/** What the managers own below a key that denotes a part of a value; none where they do not own it. */
const below = (owned: readonly Json[], key: string): readonly Json[] =>
  owned.map((fields) => fields[key]).filter(isObject);

function keyOf(owned: readonly Json[], item: unknown, items: readonly unknown[]): string | undefined {
  const keys = owned.flatMap((fields) => Object.keys(fields)).filter((key) => !key.startsWith('f:'));
  return keys.find((key) => key !== '.' && resolve(items, key) === item);
}

/** Whether every field of a value is owned, by what managedFields say of one manager. */
function ownsAll(owned: readonly Json[], value: unknown): boolean {
  if (owned.some(isLeaf)) {
    return true;
  }
  if (Array.isArray(value)) {
    return value.every((item) => ownsAll(below(owned, keyOf(owned, item, value) ?? ''), item));
  }
  return (
    isObject(value) &&
    owned.length > 0 &&
    Object.entries(value).every(
      ([name, field]) => field === undefined || ownsAll(below(owned, `f:${name}`), field),
    )
  );
}

const nameOf = (item: unknown): unknown => (isObject(item) ? item['name'] : undefined);

// Containers, variables, ports and pull secrets. Their order means nothing to who owns them.
const areNamed = (items: readonly unknown[]): boolean =>
  items.length > 0 && items.every((item) => typeof nameOf(item) === 'string');

function inNamed(
  asked: readonly unknown[],
  found: readonly unknown[],
  path: string,
): readonly AdmissionChange[] {
  const matching = (item: unknown) => found.find((row) => nameOf(row) === nameOf(item));
  const more = found.filter((row) => !asked.some((item) => nameOf(item) === nameOf(row)));
  return [
    ...asked.flatMap((item, index) => changesIn(item, matching(item), `${path}[${index}]`)),
    ...more.map((row) => ({ path: `${path}[${found.indexOf(row)}]`, asked: undefined, found: row })),
  ];
}

// A list without names is as it was asked for when nothing is missing and nothing is more; so is a node selector.
const isWhole = (asked: unknown, path: string): boolean =>
  Array.isArray(asked) || path.endsWith('.nodeSelector');

function isSame(asked: unknown, found: unknown, path: string): boolean {
  const isThere = firstDifference(asked, found, path) === undefined;
  return isThere && (!isWhole(asked, path) || firstDifference(found, asked, path) === undefined);
}

/** Where a stored value is otherwise than it was asked for. */
function changesIn(asked: unknown, found: unknown, path: string): readonly AdmissionChange[] {
  if (Array.isArray(asked) && Array.isArray(found) && areNamed([...asked, ...found])) {
    return inNamed(asked, found, path);
  }
  if (isObject(asked) && isObject(found) && !isWhole(asked, path)) {
    return Object.entries(asked)
      .filter(([, value]) => value !== undefined)
      .flatMap(([name, value]) => changesIn(value, found[name], `${path}.${name}`));
  }
  return isSame(asked, found, path) ? [] : [{ path, asked, found }];
}

// What changes how kube-vip runs, and where. What else appears without an owner may be a default of a newer API server.
const unsafeInPod = [
  'hostPID',
  'hostIPC',
  'shareProcessNamespace',
  'initContainers',
  'nodeName',
  'runtimeClassName',
  'dnsConfig',
  'hostAliases',
  'activeDeadlineSeconds',
];
const unsafeInContainer = [
  'command',
  'envFrom',
  'lifecycle',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
];

const isSet = (value: unknown): boolean =>
  value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);

function addedTo(asked: unknown, found: unknown, names: readonly string[], path: string) {
  const [before, after] = [asked, found].map((value) => (isObject(value) ? value : {}));
  return names
    .filter((name) => before?.[name] === undefined && isSet(after?.[name]))
    .map((name) => ({ path: `${path}.${name}`, asked: undefined, found: after?.[name] }));
}

/** Fields without an owner that must not be there. */
function unsafeAdditions({ spec: asked }: V1DaemonSet, { spec: found }: V1DaemonSet) {
  const [pod, livePod] = [asked?.template.spec, found?.template.spec];
  const [container, liveContainer] = [pod, livePod].map((row) => row?.containers[0]);
  const at = 'spec.template.spec';
  return [
    ...addedTo(asked, found, ['minReadySeconds'], 'spec'),
    ...addedTo(pod, livePod, unsafeInPod, at),
    ...addedTo(container, liveContainer, unsafeInContainer, `${at}.containers[0]`),
    ...addedTo(
      container?.securityContext,
      liveContainer?.securityContext,
      ['privileged', 'procMount'],
      `${at}.containers[0].securityContext`,
    ),
  ];
}

const digestOf = (image: unknown): string | undefined =>
  typeof image === 'string' ? /@(?<digest>sha256:[0-9a-f]{64})$/.exec(image)?.groups?.['digest'] : undefined;

/** The same image from another registry: its digest says what it is. */
const isHarmless = ({ path, asked, found }: AdmissionChange): boolean =>
  path.endsWith('.image') && digestOf(asked) !== undefined && digestOf(asked) === digestOf(found);

const contentOf = ({ metadata, spec }: V1DaemonSet) => ({
  metadata: { labels: metadata?.labels, annotations: metadata?.annotations },
  spec,
});

/** Where a live DaemonSet is otherwise than it was asked for, whoever did it. */
export const changesBetween = (desired: V1DaemonSet, live: V1DaemonSet): readonly AdmissionChange[] => [
  ...changesIn(contentOf(desired).metadata, contentOf(live).metadata, 'metadata'),
  ...changesIn(desired.spec, live.spec, 'spec'),
  ...unsafeAdditions(desired, live),
];

/** What was changed on admission. */
export interface Admitted {
  /** Those that are not harmless. */
  readonly changes: readonly AdmissionChange[];
}

/**
 * What was changed on admission of what we asked for; undefined where nothing was, or where another manager has taken or
 * added a field since, which an apply takes back.
 */
export function changedOnAdmission(desired: V1DaemonSet, live: V1DaemonSet): Admitted | undefined {
  const ours = (live.metadata?.managedFields ?? []).filter(
    ({ manager, subresource }) => manager === fieldManager && subresource === undefined,
  );
  const owned = ours.map(({ fieldsV1 }): unknown => fieldsV1).filter(isObject);
  if (!ownsAll(owned, contentOf(desired)) || firstAddition(desired, live) !== undefined) {
    return undefined;
  }
  const changes = changesBetween(desired, live);
  return changes.length === 0 ? undefined : { changes: changes.filter((row) => !isHarmless(row)) };
}
