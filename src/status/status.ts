// Snapshot, plan and outcome to status: one function per condition. Nothing else computes status.
import { effectiveSpec, functionsOf, type EffectiveSpec } from '../api/defaults.ts';
import type { OperandFunction } from '../api/metadata.ts';
import type { KubeVipConfigStatus } from '../api/types.ts';
import { claimsOf } from '../render/daemon-set.ts';
import type { Snapshot } from '../plan/snapshot.ts';
import type { Plan } from '../plan/step.ts';
import { computeConditions } from './conditions.ts';
import { nodeCounts, operandState, type OperandState } from './operand.ts';
import type { Outcome } from './outcome.ts';
import { stamp } from './set-condition.ts';

export interface StatusInput {
  readonly snapshot: Snapshot;
  readonly plan: Plan;
  /** How carrying out the plan ended. */
  readonly acted: Outcome;
  /** RFC 3339 time of `snapshot.now`. */
  readonly now: string;
}

/** What a function holds, in words: `203.0.113.100`, or `class kubevip.dev/edge`. */
function holds(spec: EffectiveSpec, operand: OperandFunction): string {
  const claims = claimsOf(spec, operand).join(' and ');
  return operand === 'control-plane' ? claims : `class ${claims}`;
}

/** The functions of a config as they stand, in rendering order. */
export function operandStates(snapshot: Snapshot): readonly OperandState[] {
  const spec = effectiveSpec(snapshot.config);
  return functionsOf(spec).map((operand) => operandState(snapshot, operand, holds(spec, operand)));
}

function holderStatus(state: OperandState) {
  const holder = state.lease?.holder ?? '';
  return {
    ...(holder !== '' && { holder }),
    ...(holder !== '' && state.lease?.acquireTime !== undefined && { holderSince: state.lease.acquireTime }),
    nodes: nodeCounts(state),
  };
}

function runningVersion(spec: EffectiveSpec, states: readonly OperandState[]): string {
  const runsIt = (state: OperandState): boolean => {
    const { desired, updated } = nodeCounts(state);
    const image = state.daemonSet?.spec?.template.spec?.containers[0]?.image;
    return desired > 0 && updated >= desired && (image?.includes(`:${spec.version}@`) ?? false);
  };
  return states.every(runsIt) ? spec.version : '';
}

function functionStatus(spec: EffectiveSpec, states: readonly OperandState[]) {
  const of = (operand: OperandFunction) => states.find((state) => state.operand === operand);
  const [controlPlane, services] = [of('control-plane'), of('services')];
  return {
    ...(controlPlane && {
      controlPlane: { addresses: spec.controlPlane?.addresses ?? [], ...holderStatus(controlPlane) },
    }),
    ...(services && {
      services: { loadBalancerClass: spec.services?.loadBalancerClass ?? '', ...holderStatus(services) },
    }),
  };
}

function summary(spec: EffectiveSpec, states: readonly OperandState[]) {
  const sum = (field: 'desired' | 'ready'): number =>
    states.reduce((total, state) => total + nodeCounts(state)[field], 0);
  return {
    address: spec.controlPlane?.addresses.join(',') ?? '',
    holder: states[0]?.lease?.holder ?? '',
    nodes: `${sum('ready')}/${sum('desired')}`,
  };
}

function inventory(states: readonly OperandState[]) {
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

/** The status of a config. Equal inputs but for the time give an equal status. */
export function computeStatus(input: StatusInput): KubeVipConfigStatus {
  const { snapshot, plan, now } = input;
  const { config } = snapshot;
  const spec = effectiveSpec(config);
  const states = operandStates(snapshot);
  const generation = config.metadata.generation ?? 0;
  const before = config.status?.conditions ?? [];
  // A rejected spec is not rendered, but what was rendered before may run on.
  const shown = plan.rejection ? states.filter(({ daemonSet }) => daemonSet !== undefined) : states;
  return {
    observedGeneration: generation,
    conditions: computeConditions(input, shown).map((next) => stamp(next, before, { generation, now })),
    ...(plan.rejection === undefined && {
      version: { desired: spec.version, running: runningVersion(spec, states) },
    }),
    ...functionStatus(spec, shown),
    summary: summary(spec, shown),
    inventory: inventory(shown),
  };
}
