// Snapshot to plan: what to apply, what to delete, what to wait for. No I/O, no clock.
import type { V1DaemonSet } from '@kubernetes/client-node';
import { effectiveSpec, functionsOf, type EffectiveSpec } from '../api/defaults.ts';
import { configOfOperand, finalizer, labels, managedByValue, type OperandFunction } from '../api/metadata.ts';
import { validate } from '../catalog/validation.ts';
import { renderDaemonSet } from '../render/daemon-set.ts';
import { findConflicts, type Conflict } from './claims.ts';
import { compare, keepingRestart, renderedHash } from './drift.ts';
import { heldBy } from './holding.ts';
import { planDeletion } from './deletion.ts';
import { allocateMetricsPorts } from './ports.ts';
import type { Snapshot } from './snapshot.ts';
import type { Plan, Step } from './step.ts';

const conflictReasons = { address: 'AddressConflict', class: 'ClassConflict' } as const;
const conflictFields = {
  address: 'spec.controlPlane.addresses',
  class: 'spec.services.loadBalancerClass',
} as const;

function sayConflict({ kind, value, owner }: Conflict): string {
  return `${conflictFields[kind]}: expected one that no other KubeVipConfig has, found ${value}, which belongs to KubeVipConfig ${owner}; change it here or delete ${owner}`;
}

// Either mark is enough: a person may have edited one of them, which is drift and not another owner.
function isOurs({ metadata }: V1DaemonSet, uid: string | undefined): boolean {
  return (
    metadata?.labels?.[labels.managedBy] === managedByValue ||
    (metadata?.ownerReferences?.some((owner) => owner.uid === uid) ?? false)
  );
}

/** The DaemonSets of this config that the operator made. */
export function ownedDaemonSets({ daemonSets, config }: Snapshot): readonly V1DaemonSet[] {
  const { name, uid } = config.metadata;
  return daemonSets.filter(
    (object) => configOfOperand(object.metadata?.name ?? '') === name && isOurs(object, uid),
  );
}

function renderOperand(snapshot: Snapshot, spec: EffectiveSpec, operand: OperandFunction): V1DaemonSet {
  const { namespace, config, daemonSets } = snapshot;
  const uid = config.metadata.uid ?? '';
  const [first, ...others] = allocateMetricsPorts(snapshot)[operand].map((metricsPort) =>
    renderDaemonSet({ spec, operand, namespace, metricsPort, uid }),
  ) as [V1DaemonSet, ...V1DaemonSet[]];
  const live = daemonSets.find(({ metadata }) => metadata?.name === first.metadata?.name);
  // A port that somebody edited must not become ours: the hash tells which one was rendered.
  return others.find((object) => live && renderedHash(object) === renderedHash(live)) ?? first;
}

/** The DaemonSets that the spec asks for. */
export function renderAll(snapshot: Snapshot): readonly V1DaemonSet[] {
  const spec = effectiveSpec(snapshot.config);
  return functionsOf(spec).map((operand) => renderOperand(snapshot, spec, operand));
}

function stepFor(snapshot: Snapshot, object: V1DaemonSet): readonly Step[] {
  const live = snapshot.daemonSets.find(({ metadata }) => metadata?.name === object.metadata?.name);
  if (live === undefined) {
    return [{ kind: 'apply', object, why: 'missing' }];
  }
  // One that is on its way out is written again when it is gone.
  const difference = live.metadata?.deletionTimestamp ? undefined : compare(object, live);
  if (difference === undefined) {
    return [];
  }
  if (difference.kind === 'changed') {
    return [{ kind: 'apply', object, why: 'changed' }];
  }
  const { path, added } = difference;
  return added
    ? [{ kind: 'replace-spec', object: keepingRestart(object, live), why: 'drifted', path }]
    : [{ kind: 'apply', object, why: 'drifted', path }];
}

function deleteStep(object: V1DaemonSet): readonly Step[] {
  return object.metadata?.deletionTimestamp ? [] : [{ kind: 'delete', object }];
}

/** A DaemonSet of a name that we need, made by somebody else. */
function strangers(snapshot: Snapshot, desired: readonly V1DaemonSet[]): readonly string[] {
  const owned = ownedDaemonSets(snapshot).map(({ metadata }) => metadata?.name);
  return desired
    .map(({ metadata }) => metadata?.name ?? '')
    .filter(
      (name) => snapshot.daemonSets.some(({ metadata }) => metadata?.name === name) && !owned.includes(name),
    );
}

function planConflict(snapshot: Snapshot, conflicts: readonly Conflict[]): Plan {
  // A DaemonSet of ours holds a contested value only when the owner's does too: then ours is the second
  // owner. What nobody contests keeps running.
  const contested = conflicts.map(({ value }) => value);
  const second = ownedDaemonSets(snapshot).filter((object) =>
    heldBy(object).some((value) => contested.includes(value)),
  );
  const reason = conflictReasons[conflicts[0]?.kind ?? 'address'];
  return {
    steps: second.flatMap(deleteStep),
    desired: [],
    rejection: { reason, message: conflicts.map(sayConflict).join('; ') },
  };
}

/** What to do about a config that is not being deleted. */
function planRunning(snapshot: Snapshot): Plan {
  const complaints = validate(snapshot.config);
  if (complaints.length > 0) {
    // What runs keeps running: an upgrade of the operator must not take an address down.
    return { steps: [], desired: [], rejection: { reason: 'SpecInvalid', message: complaints.join('; ') } };
  }
  const conflicts = findConflicts(snapshot);
  if (conflicts.length > 0) {
    return planConflict(snapshot, conflicts);
  }
  const desired = renderAll(snapshot);
  const [stranger] = strangers(snapshot, desired);
  if (stranger !== undefined) {
    const message = `DaemonSet ${snapshot.namespace}/${stranger}: expected one made by this operator, found another's; delete or rename it`;
    return { steps: [], desired: [], rejection: { reason: 'ObjectNotOwned', message } };
  }
  const names = desired.map(({ metadata }) => metadata?.name);
  const surplus = ownedDaemonSets(snapshot).filter(({ metadata }) => !names.includes(metadata?.name));
  return {
    steps: [...desired.flatMap((object) => stepFor(snapshot, object)), ...surplus.flatMap(deleteStep)],
    desired,
  };
}

/** What to do about a config, as data. */
export function makePlan(snapshot: Snapshot): Plan {
  const { metadata, spec } = snapshot.config;
  if (metadata.deletionTimestamp !== undefined) {
    return planDeletion(snapshot, ownedDaemonSets(snapshot));
  }
  const plan = planRunning(snapshot);
  if (spec.suspend === true) {
    const { rejection } = plan;
    return { steps: [], desired: [], suspended: true, ...(rejection && { rejection }) };
  }
  const isHeld = metadata.finalizers?.includes(finalizer) ?? false;
  // Also when only the finalizer is missing: without it a deletion would not wait for the addresses to go.
  const needsFinalizer = plan.desired.length > 0 && !isHeld;
  return needsFinalizer ? { ...plan, steps: [{ kind: 'add-finalizer' }, ...plan.steps] } : plan;
}
