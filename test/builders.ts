// Objects for tests: valid and healthy by default, override what matters.
import type { V1DaemonSet, V1Pod } from '@kubernetes/client-node';
import { effectiveSpec, componentKindsOf } from '../src/api/defaults.ts';
import {
  apiVersion,
  finalizer,
  kind,
  labels,
  managedByValue,
  componentName,
  systemNamespace,
  type ComponentKind,
} from '../src/api/metadata.ts';
import type { KubeVipConfig, KubeVipConfigSpec, KubeVipConfigStatus, Metadata } from '../src/api/types.ts';
import { renderAll } from '../src/plan/rendering.ts';
import type { LeaseView, Snapshot } from '../src/observed/snapshot.ts';
import { emptyMacBook } from '../src/observed/witness/mac-book.ts';
import { observe } from '../src/modes/observe.ts';
import { plainSurvey } from './plain-survey.ts';

/** A field given as undefined is left out. */
type Overrides<T> = { readonly [K in keyof T]?: T[K] | undefined };

const without = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;

/** The time of every snapshot that does not say otherwise. */
export const now = Date.parse('2026-11-24T12:00:00Z');
export const nowText = '2026-11-24T12:00:00Z';
export const nodeNames: readonly string[] = ['n1', 'n2', 'n3'];

export interface ConfigOverrides {
  readonly name?: string;
  readonly metadata?: Overrides<Metadata>;
  readonly spec?: Overrides<KubeVipConfigSpec>;
  readonly status?: KubeVipConfigStatus;
}

/** `edge`, v1.1.2, one IPv4 address and Services of the default class, with its finalizer. */
export function kubeVipConfig({
  name = 'edge',
  metadata,
  spec,
  status,
}: ConfigOverrides = {}): KubeVipConfig {
  return without({
    apiVersion,
    kind,
    metadata: without({
      name,
      uid: `uid-of-${name}`,
      generation: 1,
      creationTimestamp: '2026-11-24T10:00:00Z',
      finalizers: [finalizer],
      ...metadata,
    }),
    spec: without({
      version: 'v1.1.2',
      mode: 'ARP',
      controlPlane: { addresses: ['203.0.113.100'] },
      services: {},
      // The nodes of these tests cannot be asked.
      preflight: { nodeProbe: 'Off' },
      ...spec,
    }),
    status,
  }) as KubeVipConfig;
}

// What Go writes without omitempty, or keeps because it is an entry of a map.
const maps = new Set(['labels', 'annotations', 'nodeSelector', 'limits', 'requests', 'matchLabels']);
const isEmpty = (value: unknown): boolean =>
  value === '' ||
  value === undefined ||
  value === null ||
  (typeof value === 'object' && Object.keys(value).length === 0);

/** A rendered value as the API server gives it back: what is empty in Go is not there. */
export function stored<T>(value: T, isMap = false): T {
  if (Array.isArray(value)) {
    return value.map((item: unknown) => stored(item)) as T;
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, field]) => [name, stored<unknown>(field, maps.has(name))] as const)
      .filter(([, field]) => isMap || !isEmpty(field)),
  ) as T;
}

export interface DaemonSetOverrides {
  readonly config?: KubeVipConfig;
  readonly component?: ComponentKind;
  readonly metadata?: Overrides<NonNullable<V1DaemonSet['metadata']>>;
  readonly generation?: number;
  readonly observed?: number;
  readonly desired?: number;
  readonly updated?: number;
  readonly ready?: number;
}

/** A rendered DaemonSet after the API server and the DaemonSet controller have seen it. */
export function applied(object: V1DaemonSet, overrides: DaemonSetOverrides = {}): V1DaemonSet {
  const { generation = 1, observed = generation, desired = nodeNames.length } = overrides;
  const { updated = desired, ready = desired } = overrides;
  const { metadata, ...rest } = stored(structuredClone(object));
  return {
    ...rest,
    metadata: without({
      ...metadata,
      generation,
      uid: `uid-of-${metadata?.name}`,
      ...overrides.metadata,
    }) as NonNullable<V1DaemonSet['metadata']>,
    status: {
      observedGeneration: observed,
      desiredNumberScheduled: desired,
      updatedNumberScheduled: updated,
      numberReady: ready,
      currentNumberScheduled: desired,
      numberMisscheduled: 0,
    },
  };
}

/** The live DaemonSet of one function: by default of control-plane, on all three nodes. */
export function daemonSet(overrides: DaemonSetOverrides = {}): V1DaemonSet {
  const { config = kubeVipConfig(), component = 'control-plane' } = overrides;
  const rendered = rendering(config).find(
    ({ metadata }) => metadata?.name === componentName(config.metadata.name, component),
  );
  if (rendered === undefined) {
    throw new Error(`${config.metadata.name} has no ${component}`);
  }
  return applied(rendered, overrides);
}

/** What a config renders to when it is alone in the cluster. */
export function rendering(config: KubeVipConfig): readonly V1DaemonSet[] {
  return renderAll(observe(emptySnapshot(config)));
}

export interface PodOverrides {
  readonly config?: string;
  readonly component?: ComponentKind;
  readonly node?: string;
  readonly isReady?: boolean;
  /** The mark of its rendering; undefined: an earlier operator put none there. */
  readonly revision?: string | undefined;
  readonly metadata?: Overrides<NonNullable<V1Pod['metadata']>>;
  readonly status?: NonNullable<V1Pod['status']>;
}

/** A ready pod of `edge`, control-plane, on n1. */
export function pod(overrides: PodOverrides = {}): V1Pod {
  const { config = 'edge', component = 'control-plane', node = 'n1', isReady = true } = overrides;
  return {
    metadata: without({
      name: `${componentName(config, component)}-${node}`,
      namespace: systemNamespace,
      labels: {
        [labels.config]: config,
        [labels.component]: component,
        [labels.managedBy]: managedByValue,
        ...(overrides.revision !== undefined && { [labels.revision]: overrides.revision }),
      },
      ...overrides.metadata,
    }) as NonNullable<V1Pod['metadata']>,
    spec: { nodeName: node, containers: [] },
    status: overrides.status ?? { conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }] },
  };
}

/** The Lease of edge's control plane, held by n1 and renewed a second ago. */
export function lease({
  ageSeconds = 1,
  ...overrides
}: Partial<LeaseView> & { ageSeconds?: number } = {}): LeaseView {
  const renewedAt = now - ageSeconds * 1000;
  return {
    name: 'edge-control-plane',
    resourceVersion: '7',
    holder: 'n1',
    parkedFrom: undefined,
    neverHeld: false,
    leaving: [],
    durationSeconds: 15,
    renewTime: new Date(renewedAt).toISOString(),
    renewedAt,
    acquireTime: '2026-11-24T11:00:00.000000Z',
    acquiredAt: Date.parse('2026-11-24T11:00:00Z'),
    ...overrides,
  };
}

/** A cluster that holds nothing but one config. */
export function emptySnapshot(config: KubeVipConfig): Snapshot {
  return {
    config,
    configs: [config],
    daemonSets: [],
    recorded: [],
    pods: [],
    leases: [],
    openNamespaces: [],
    missingPolicies: [],
    nodes: [],
    services: [],
    survey: plainSurvey,
    answers: {},
    restarts: {},
    formerHolders: [],
    unstored: [],
    lastProgress: undefined,
    lastWords: {},
    reach: undefined,
    witness: { statements: [], former: [], macs: emptyMacBook },
    ownerHistory: [],
    remedies: [],
    operatorNode: undefined,
    probePods: [],
    probeRuns: [],
    probeImage: undefined,
    namespace: systemNamespace,
    deletedAt: undefined,
    now,
  };
}

/** A config that runs on n1 to n3 and is held by n1; give `daemonSets: []` and so on for what is not there. */
export function snapshot(overrides: Partial<Snapshot> = {}): Snapshot {
  const { config = kubeVipConfig() } = overrides;
  const { name } = config.metadata;
  const functions = componentKindsOf(effectiveSpec(config));
  return {
    ...emptySnapshot(config),
    // Only when needed: a version that the catalogue lacks cannot be rendered.
    daemonSets: overrides.daemonSets ?? functions.map((component) => daemonSet({ config, component })),
    pods: functions.flatMap((component) => nodeNames.map((node) => pod({ config: name, component, node }))),
    leases: functions.map((component) => lease({ name: componentName(name, component) })),
    ...overrides,
  };
}

/** A snapshot of a config that nothing was done about yet. */
export function freshSnapshot(overrides: Partial<Snapshot> = {}): Snapshot {
  return { ...emptySnapshot(overrides.config ?? kubeVipConfig()), ...overrides };
}
