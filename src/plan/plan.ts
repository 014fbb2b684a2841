// Snapshot to plan: what to apply, what to delete, what to wait for. No I/O, no clock.
import type { V1DaemonSet } from '@kubernetes/client-node';
import { effectiveSpec, componentKindsOf } from '../api/defaults.ts';
import { finalizer, componentName, type ComponentKind } from '../api/metadata.ts';
import { validate } from '../catalog/validation.ts';
import { renderDaemonSet } from '../render/daemon-set.ts';
import { findConflicts, type Conflict } from '../observed/claims.ts';
import { compare, keepingRestart, renderedHash } from './drift.ts';
import { heldBy } from '../observed/holding.ts';
import { planDeletion } from './deletion.ts';
import { isRunning, ownedControlPlane, ownedDaemonSets } from '../observed/owned.ts';
import { giveBack } from '../modes/arp/parking.ts';
import { allocateMetricsPorts, noPortLeft, type MetricsPorts } from '../observed/metrics-ports.ts';
import { removeControlPlane, settle, whyToRemove } from '../modes/arp/removal.ts';
import type { Snapshot } from '../observed/snapshot.ts';
import type { Plan, Rejection, Step } from '../steps/step.ts';
import { servicesWithVip } from '../observed/service-conflicts.ts';
import { suspend } from './suspended.ts';

const conflictReasons = { address: 'AddressConflict', class: 'ClassConflict' } as const;
const conflictFields = {
  address: 'spec.controlPlane.addresses',
  class: 'spec.services.loadBalancerClass',
} as const;

function sayConflict({ kind, value, owner }: Conflict): string {
  return `${conflictFields[kind]}: expected one that no other KubeVipConfig has, found ${value}, which belongs to KubeVipConfig ${owner}; change it here or delete ${owner}`;
}

function renderComponent(
  snapshot: Snapshot,
  component: ComponentKind,
  ports: readonly number[],
): readonly V1DaemonSet[] {
  const { namespace, config, daemonSets } = snapshot;
  const spec = effectiveSpec(config);
  const uid = config.metadata.uid ?? '';
  const choices = ports.map((metricsPort) =>
    renderDaemonSet({ spec, component, namespace, metricsPort, uid }),
  );
  const live = daemonSets.find(({ metadata }) => metadata?.name === choices[0]?.metadata?.name);
  // A port that somebody edited must not become ours: the hash tells which one was rendered.
  const rendered = choices.find((object) => live && renderedHash(object) === renderedHash(live));
  return rendered ? [rendered] : choices.slice(0, 1);
}

function portsFor(snapshot: Snapshot): MetricsPorts {
  return allocateMetricsPorts(snapshot, componentKindsOf(effectiveSpec(snapshot.config)));
}

/** The DaemonSets that the spec asks for, without those for which no port is left. */
export function renderAll(snapshot: Snapshot, ports = portsFor(snapshot)): readonly V1DaemonSet[] {
  return componentKindsOf(effectiveSpec(snapshot.config)).flatMap((component) =>
    renderComponent(snapshot, component, ports[component] ?? []),
  );
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
  const { kind: why, path } = difference;
  return why === 'drifted' && difference.added
    ? [{ kind: 'replace-spec', object: keepingRestart(object, live), why, path }]
    : [{ kind: 'apply', object, why, path }];
}

const nameOf = ({ metadata }: V1DaemonSet): string | undefined => metadata?.name;

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

/** Nothing new. What runs keeps running: an upgrade of the operator must not take an address down. */
function refuse(snapshot: Snapshot, rejection: Rejection): Plan {
  return { desired: [], rejection, ...settle(snapshot) };
}

function planConflict(snapshot: Snapshot, conflicts: readonly Conflict[]): Plan {
  // A DaemonSet of ours holds a contested value only when the owner's does too: then ours is the second
  // owner. What nobody contests keeps running.
  const contested = conflicts.map(({ value }) => value);
  const second = ownedDaemonSets(snapshot).filter((object) =>
    heldBy(object).some((value) => contested.includes(value)),
  );
  const controlPlane = ownedControlPlane(snapshot);
  const [{ kind, owner } = { kind: 'address', owner: '' } as const] = conflicts;
  const loses = second.some((object) => object === controlPlane);
  const { steps, ...going } = loses
    ? removeControlPlane(snapshot, `for KubeVipConfig ${owner}`)
    : settle(snapshot);
  return {
    steps: [...steps, ...second.filter((object) => object !== controlPlane).flatMap(deleteStep)],
    desired: [],
    rejection: { reason: conflictReasons[kind], message: conflicts.map(sayConflict).join('; ') },
    ...going,
  };
}

// A Service that takes an address which runs already is reported (status/duplicate-owner.ts): to give the address up
// would cut everybody off from the API servers.
function serviceConflict(snapshot: Snapshot, find: Finders): Rejection | undefined {
  const [claim] = isRunning(snapshot, componentName(snapshot.config.metadata.name, 'control-plane'))
    ? []
    : find.servicesWithVip(snapshot);
  return (
    claim && {
      reason: 'ServiceConflict',
      message: `spec.controlPlane.addresses: expected one that no Service has, found ${claim.address}, which Service ${claim.service} has in ${claim.field}; give the Service another address, or delete the KubeVipConfig and create one with a free address`,
    }
  );
}

/** Who else has what a config asks for. */
export interface Finders {
  readonly conflicts: typeof findConflicts;
  readonly servicesWithVip: typeof servicesWithVip;
}

export const finders: Finders = { conflicts: findConflicts, servicesWithVip };

/** Why nothing may be rendered for a spec that nobody else contests, or undefined. */
function rejectionOf(snapshot: Snapshot, ports: MetricsPorts, find: Finders): Rejection | undefined {
  const rejection = serviceConflict(snapshot, find);
  if (rejection !== undefined) {
    return rejection;
  }
  if (Object.values(ports).some((choices) => choices.length === 0)) {
    return { reason: 'MetricsPortsExhausted', message: noPortLeft };
  }
  const [stranger] = strangers(snapshot, renderAll(snapshot, ports));
  return stranger === undefined
    ? undefined
    : {
        reason: 'ObjectNotOwned',
        message: `DaemonSet ${snapshot.namespace}/${stranger}: expected one made by this operator, found another's; delete or rename it`,
      };
}

/** What to do about a spec that nothing speaks against. */
function planAccepted(snapshot: Snapshot, desired: readonly V1DaemonSet[]): Plan {
  const names = desired.map(nameOf);
  const controlPlane = componentName(snapshot.config.metadata.name, 'control-plane');
  const next = desired.find((object) => nameOf(object) === controlPlane);
  const why = whyToRemove(snapshot, next);
  const { steps, ...going } =
    why === undefined ? { steps: giveBack(snapshot) } : removeControlPlane(snapshot, why);
  const isFree = (object: V1DaemonSet): boolean => nameOf(object) !== controlPlane || why === undefined;
  const surplus = ownedDaemonSets(snapshot).filter((object) => !names.includes(nameOf(object)));
  return {
    steps: [
      ...steps,
      ...desired.filter(isFree).flatMap((object) => stepFor(snapshot, object)),
      ...surplus.filter(isFree).flatMap(deleteStep),
    ],
    desired,
    ...going,
  };
}

/** What to do about a config that is not being deleted. */
function planRunning(snapshot: Snapshot, find: Finders): Plan {
  // As an edit that leaves everything as it is: what the API server lets stay is no reason to refuse either.
  const complaints = validate(snapshot.config, snapshot.config);
  if (complaints.length > 0) {
    return refuse(snapshot, { reason: 'SpecInvalid', message: complaints.join('; ') });
  }
  const conflicts = find.conflicts(snapshot);
  if (conflicts.length > 0) {
    return planConflict(snapshot, conflicts);
  }
  const ports = portsFor(snapshot);
  const rejection = rejectionOf(snapshot, ports, find);
  return rejection ? refuse(snapshot, rejection) : planAccepted(snapshot, renderAll(snapshot, ports));
}

/**
 * What to do about a config, as data.
 * @param find given by tests
 */
export function makePlan(snapshot: Snapshot, find: Finders = finders): Plan {
  const { metadata, spec } = snapshot.config;
  if (metadata.deletionTimestamp !== undefined) {
    return planDeletion(snapshot);
  }
  const plan = planRunning(snapshot, find);
  if (spec.suspend === true) {
    return suspend(snapshot, plan);
  }
  const isHeld = metadata.finalizers?.includes(finalizer) ?? false;
  // Also when only the finalizer is missing: without it a deletion would not wait for the addresses to go.
  const needsFinalizer = plan.desired.length > 0 && !isHeld;
  return needsFinalizer ? { ...plan, steps: [{ kind: 'add-finalizer' }, ...plan.steps] } : plan;
}
