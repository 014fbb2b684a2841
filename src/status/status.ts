// Snapshot, plan and outcome to status: one function per condition. Nothing else computes status.
import { effectiveSpec, componentKindsOf, type EffectiveSpec } from '../api/defaults.ts';
import type { ComponentKind } from '../api/metadata.ts';
import type { KubeVipConfigStatus } from '../api/types.ts';
import { claimsOf } from '../render/daemon-set.ts';
import type { Snapshot } from '../observed/snapshot.ts';
import { computeConditions } from './conditions.ts';
import type { StatusInput } from './input.ts';
import { nodeProbeStatus } from './node-probe.ts';
import { leadingContainer } from '../observed/former-holders.ts';
import { isUnderWay } from './kstatus.ts';
import { nodeCounts, componentState, provenCounts, type Component } from '../observed/component.ts';
import { lastProgress } from './progress.ts';
import { preflightStatus } from './preflight.ts';
import { stamp } from './set-condition.ts';
import { watches as everyWatch, type Watches } from './watches.ts';

/** What a function holds, in words: `203.0.113.100`, or `class kubevip.dev/edge`. */
function holds(spec: EffectiveSpec, component: ComponentKind): string {
  const claims = claimsOf(spec, component).join(' and ');
  return component === 'control-plane' ? claims : `class ${claims}`;
}

/** The functions of a config as they stand, in rendering order. */
export function componentStates(snapshot: Snapshot): readonly Component[] {
  const spec = effectiveSpec(snapshot.config);
  return componentKindsOf(spec).map((component) =>
    componentState(snapshot, component, holds(spec, component)),
  );
}

function holderStatus(state: Component, now: string) {
  const holder = state.lease?.holder ?? '';
  const container = leadingContainer(state.holderPod, state.lease);
  const former = state.former.map(({ node, container, since }) => ({
    node,
    container,
    since: since.text ?? now,
  }));
  return {
    ...(holder !== '' && { holder }),
    ...(container !== undefined && { holderContainer: container }),
    ...(former.length > 0 && { formerHolders: former }),
    ...(holder !== '' && state.lease?.acquireTime !== undefined && { holderSince: state.lease.acquireTime }),
    nodes: provenCounts(state),
  };
}

function runningVersion(spec: EffectiveSpec, states: readonly Component[]): string {
  const runsIt = (state: Component): boolean => {
    const { desired, updated } = nodeCounts(state);
    const image = state.daemonSet?.spec?.template.spec?.containers[0]?.image;
    return desired > 0 && updated >= desired && (image?.includes(`:${spec.version}@`) ?? false);
  };
  return states.every(runsIt) ? spec.version : '';
}

function functionStatus(spec: EffectiveSpec, states: readonly Component[], now: string) {
  const of = (component: ComponentKind) => states.find((state) => state.component === component);
  const [controlPlane, services] = [of('control-plane'), of('services')];
  return {
    ...(controlPlane && {
      controlPlane: { addresses: spec.controlPlane?.addresses ?? [], ...holderStatus(controlPlane, now) },
    }),
    ...(services && {
      services: { loadBalancerClass: spec.services?.loadBalancerClass ?? '', ...holderStatus(services, now) },
    }),
  };
}

function summary(spec: EffectiveSpec, states: readonly Component[]) {
  const sum = (field: 'desired' | 'ready'): number =>
    states.reduce((total, state) => total + provenCounts(state)[field], 0);
  return {
    address: spec.controlPlane?.addresses.join(',') ?? '',
    holder: states[0]?.lease?.holder ?? '',
    nodes: `${sum('ready')}/${sum('desired')}`,
  };
}

function inventory(states: readonly Component[]) {
  return states.flatMap(({ daemonSet }) =>
    daemonSet
      ? [
          {
            apiVersion: 'apps/v1',
            kind: 'DaemonSet',
            namespace: daemonSet.metadata?.namespace ?? '',
            name: daemonSet.metadata?.name ?? '',
          },
        ]
      : [],
  );
}

/**
 * The status of a config. Equal inputs but for the time give an equal status.
 * @param watches what conditions are told by; given by tests
 */
export function computeStatus(input: StatusInput, watches: Watches = everyWatch): KubeVipConfigStatus {
  const { snapshot, plan, now } = input;
  const { config } = snapshot;
  const spec = effectiveSpec(config);
  const states = componentStates(snapshot);
  const generation = config.metadata.generation ?? 0;
  const before = config.status?.conditions ?? [];
  // A rejected spec is not rendered, but what was rendered before may run on.
  const shown = plan.rejection ? states.filter(({ daemonSet }) => daemonSet !== undefined) : states;
  const scene = { input, states: shown, watches };
  const progress = isUnderWay(scene) ? lastProgress(snapshot, shown) : undefined;
  return {
    observedGeneration: generation,
    conditions: computeConditions(scene).map((next) => stamp(next, before, { generation, now })),
    ...(plan.rejection === undefined && {
      version: { desired: spec.version, running: runningVersion(spec, states) },
    }),
    ...functionStatus(spec, shown, now),
    ...(progress && { lastProgress: progress.text ?? now }),
    ...preflightStatus(snapshot),
    ...nodeProbeStatus(input),
    summary: summary(spec, shown),
    inventory: inventory(shown),
  };
}
