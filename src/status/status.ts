// Snapshot, plan and outcome to status: one function per condition. Nothing else computes status.
import type { EffectiveSpec } from '../api/defaults.ts';
import type { ComponentKind } from '../api/metadata.ts';
import type { KubeVipConfigStatus } from '../api/types.ts';
import { versionOf } from '../catalog/releases.ts';
import { rejectionOf, rollingIn, type Rolling } from '../plan/plan.ts';
import { computeConditions } from './conditions.ts';
import type { ConditionInput, StatusInput } from './input.ts';
import { handOverStatus } from './hand-over.ts';
import { nodeProbeStatus } from './node-probe.ts';
import { orphanStatus } from './orphan-address.ts';
import { grantStatus } from './grants.ts';
import { historyStatus, ownerStatus } from './owners.ts';
import { progressOf } from './kstatus.ts';
import type { Component } from '../observed/component.ts';
import { nodeCounts, provenCounts } from '../observed/component-nodes.ts';
import { preflightStatus } from './preflight.ts';
import { rolloutStatus } from './rollout.ts';
import { stamp, type NewCondition } from './set-condition.ts';

function holderStatus(component: Component, now: string, rolling: Rolling | undefined) {
  const { holder, holderSince, holderContainer, holderVersion } = component;
  const former = component.former.map(({ node, container, version, since }) => ({
    node,
    container,
    ...(version !== undefined && { version }),
    since: since.text ?? now,
  }));
  return {
    ...(holder !== '' && { holder }),
    ...(holderContainer !== undefined && { holderContainer }),
    ...(holderVersion !== undefined && { holderVersion }),
    ...(former.length > 0 && { formerHolders: former }),
    ...(holderSince !== undefined && { holderSince }),
    ...handOverStatus(component),
    nodes:
      rolling?.component === component.kind
        ? { ...provenCounts(component), updated: rolling.rollout.updated }
        : provenCounts(component),
  };
}

function runningVersion(spec: EffectiveSpec, components: readonly Component[]): string {
  const runsIt = (component: Component): boolean => {
    const { desired, updated } = nodeCounts(component);
    const image = component.daemonSet?.spec?.template.spec?.containers[0]?.image;
    return desired > 0 && updated >= desired && versionOf(image ?? '') === spec.version;
  };
  return components.every(runsIt) ? spec.version : '';
}

function componentStatus(
  { observed: { spec, snapshot }, plan, now }: StatusInput,
  components: readonly Component[],
) {
  const { status: last } = snapshot.config;
  const rolling = rollingIn(plan);
  const held = (component: Component) => ({
    ...holderStatus(component, now, rolling),
    ...ownerStatus(component, last, now),
  });
  const of = (kind: ComponentKind) => components.find((component) => component.kind === kind);
  const [controlPlane, services] = [of('control-plane'), of('services')];
  return {
    ...(controlPlane && {
      controlPlane: { addresses: spec.controlPlane?.addresses ?? [], ...held(controlPlane) },
    }),
    ...(services && {
      services: {
        loadBalancerClass: spec.services?.loadBalancerClass ?? '',
        ...grantStatus(snapshot.grants, last),
        ...held(services),
      },
    }),
  };
}

function summary(
  { observed: { spec }, components }: ConditionInput,
  [ready]: readonly NewCondition[],
): NonNullable<KubeVipConfigStatus['summary']> {
  const sum = (field: 'desired' | 'ready'): number =>
    components.reduce((total, component) => total + provenCounts(component)[field], 0);
  return {
    address: spec.controlPlane?.addresses.join(',') ?? '',
    holder: components[0]?.holder ?? '',
    nodes: `${sum('ready')}/${sum('desired')}`,
    message: ready?.head ?? '',
  };
}

const inventory = (components: readonly Component[]): NonNullable<KubeVipConfigStatus['inventory']> =>
  components
    .flatMap(({ daemonSet }) => daemonSet ?? [])
    .map(({ metadata }) => ({
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      namespace: metadata?.namespace ?? '',
      name: metadata?.name ?? '',
    }));

/** A status, and what its conditions say in parts. */
export interface ComputedStatus {
  readonly status: KubeVipConfigStatus;
  /** Those of the status, in the same order. */
  readonly conditions: readonly NewCondition[];
}

/** The status of a config. Equal inputs but for the time give an equal status. */
export function computeStatus(input: StatusInput): ComputedStatus {
  const { observed, report, plan, now } = input;
  const { spec, asked } = observed;
  const { metadata, status: last } = observed.snapshot.config;
  const generation = metadata.generation ?? 0;
  // A rejected spec is not rendered, but what was rendered before may run on.
  const rejection = rejectionOf(plan);
  const shown = rejection ? asked.filter(({ daemonSet }) => daemonSet !== undefined) : asked;
  const all: ConditionInput = { ...input, components: shown };
  const conditions = computeConditions(all);
  const progress = progressOf(all);
  const rollout = rolloutStatus(input);
  const status = {
    observedGeneration: generation,
    conditions: conditions.map((next) => stamp(next, last?.conditions ?? [], { generation, now })),
    ...(rejection === undefined && {
      version: { desired: spec.version, running: runningVersion(spec, asked) },
    }),
    ...componentStatus(input, shown),
    ...(rollout && { rollout }),
    ...orphanStatus(shown),
    ...historyStatus(input),
    ...(progress && { lastProgress: progress.text ?? now }),
    ...preflightStatus(report),
    ...nodeProbeStatus(input),
    summary: summary(all, conditions),
    inventory: inventory(shown),
  };
  return { status, conditions };
}
