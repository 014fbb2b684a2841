// Snapshot, plan and outcome to status: one function per condition. Nothing else computes status.
import type { EffectiveSpec } from '../api/defaults.ts';
import type { ComponentKind } from '../api/metadata.ts';
import type { KubeVipConfigStatus } from '../api/types.ts';
import { computeConditions } from './conditions.ts';
import type { StatusInput } from './input.ts';
import { nodeProbeStatus } from './node-probe.ts';
import { arp } from '../modes/arp/arp.ts';
import { isUnderWay } from './kstatus.ts';
import { rejectionOf } from '../plan/plan.ts';
import type { Component } from '../observed/component.ts';
import { nodeCounts, provenCounts } from '../observed/component-nodes.ts';
import { lastProgress } from './progress.ts';
import { preflightStatus } from './preflight.ts';
import { stamp } from './set-condition.ts';
import { watches as everyWatch, type Watches } from './watches.ts';

function holderStatus(state: Component, now: string) {
  const holder = state.lease?.holder ?? '';
  const container = arp.holders.leadingContainer(state.holderPod, state.lease);
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
  const of = (kind: ComponentKind) => states.find((state) => state.kind === kind);
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
  const { observed, report, plan, now } = input;
  const { snapshot, spec, asked: states } = observed;
  const { config } = snapshot;
  const generation = config.metadata.generation ?? 0;
  const before = config.status?.conditions ?? [];
  const rejection = rejectionOf(plan);
  // A rejected spec is not rendered, but what was rendered before may run on.
  const shown = rejection ? states.filter(({ daemonSet }) => daemonSet !== undefined) : states;
  const scene = { input, states: shown, watches };
  const progress = isUnderWay(scene) ? lastProgress(snapshot, shown) : undefined;
  return {
    observedGeneration: generation,
    conditions: computeConditions(scene).map((next) => stamp(next, before, { generation, now })),
    ...(rejection === undefined && {
      version: { desired: spec.version, running: runningVersion(spec, states) },
    }),
    ...functionStatus(spec, shown, now),
    ...(progress && { lastProgress: progress.text ?? now }),
    ...preflightStatus(report),
    ...nodeProbeStatus(input),
    summary: summary(spec, shown),
    inventory: inventory(shown),
  };
}
