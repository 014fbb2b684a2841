// Snapshot to plan: what to apply, what to delete, what to wait for. No I/O, no clock.
import type { V1DaemonSet } from '@kubernetes/client-node';
import { finalizer } from '../api/metadata.ts';
import { validate } from '../catalog/validation.ts';
import { renderDaemonSet } from '../render/daemon-set.ts';
import type { Conflict } from '../observed/claims.ts';
import type { Component } from '../observed/component.ts';
import { heldBy, renderedHash } from '../observed/daemon-set.ts';
import { ownedDaemonSets, type Observed } from '../observed/observed.ts';
import { isTerminating, nameOf } from '../observed/pods.ts';
import { compare, keepingRestart } from './drift.ts';
import { planDeletion } from './deletion.ts';
import { giveBack } from '../modes/arp/parking.ts';
import { allocateMetricsPorts, type MetricsPorts } from '../observed/metrics-ports.ts';
import { removeControlPlane, settle, whyToRemove } from '../modes/arp/removal.ts';
import type { Plan, Rejection, Step } from '../steps/step.ts';
import {
  conflictRejection,
  invalidRejection,
  noPortLeft,
  serviceRejection,
  strangerRejection,
} from './rejections.ts';
import { suspend } from './suspended.ts';

function renderComponent(
  { snapshot: { namespace, config }, spec }: Observed,
  { kind: component, daemonSet: live }: Component,
  ports: readonly number[],
): readonly V1DaemonSet[] {
  const uid = config.metadata.uid ?? '';
  const choices = ports.map((metricsPort) =>
    renderDaemonSet({ spec, component, namespace, metricsPort, uid }),
  );
  // A port that somebody edited must not become ours: the hash tells which one was rendered.
  const rendered = choices.find((object) => live && renderedHash(object) === renderedHash(live));
  return rendered ? [rendered] : choices.slice(0, 1);
}

function portsFor({ snapshot, asked }: Observed): MetricsPorts {
  return allocateMetricsPorts(
    snapshot,
    asked.map(({ kind }) => kind),
  );
}

/** The DaemonSets that the spec asks for, without those for which no port is left. */
export function renderAll(observed: Observed, ports = portsFor(observed)): readonly V1DaemonSet[] {
  return observed.asked.flatMap((component) =>
    renderComponent(observed, component, ports[component.kind] ?? []),
  );
}

function stepFor(observed: Observed, object: V1DaemonSet): readonly Step[] {
  const live = observed.snapshot.daemonSets.find(({ metadata }) => metadata?.name === object.metadata?.name);
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

function deleteStep(object: V1DaemonSet): readonly Step[] {
  return object.metadata?.deletionTimestamp ? [] : [{ kind: 'delete', object }];
}

/** A DaemonSet of a name that we need, made by somebody else. */
function strangers(observed: Observed, desired: readonly V1DaemonSet[]): readonly string[] {
  const owned = ownedDaemonSets(observed).map(({ metadata }) => metadata?.name);
  return desired
    .map(({ metadata }) => metadata?.name ?? '')
    .filter(
      (name) =>
        observed.snapshot.daemonSets.some(({ metadata }) => metadata?.name === name) && !owned.includes(name),
    );
}

/** Nothing new. What runs keeps running: an upgrade of the operator must not take an address down. */
function refuse(observed: Observed, rejection: Rejection): Plan {
  return { desired: [], rejection, ...settle(observed) };
}

function planConflict(observed: Observed, conflicts: readonly [Conflict, ...Conflict[]]): Plan {
  // A DaemonSet of ours holds a contested value only when the owner's does too: then ours is the second
  // owner. What nobody contests keeps running.
  const contested = conflicts.map(({ value }) => value);
  const second = ownedDaemonSets(observed).filter((object) =>
    heldBy(object).some((value) => contested.includes(value)),
  );
  const { owned: controlPlane } = observed.components['control-plane'];
  const [{ owner }] = conflicts;
  const loses = second.some((object) => object === controlPlane);
  const { steps, ...going } = loses
    ? removeControlPlane(observed, `KubeVipConfig ${owner} has what it holds`)
    : settle(observed);
  return {
    steps: [...steps, ...second.filter((object) => object !== controlPlane).flatMap(deleteStep)],
    desired: [],
    rejection: conflictRejection(conflicts),
    ...going,
  };
}

// A Service that takes an address which runs already is reported (status/duplicate-owner.ts): to give the address up
// would cut everybody off from the API servers.
function serviceConflict(observed: Observed): Rejection | undefined {
  const { owned } = observed.components['control-plane'];
  const [claim] = owned && !isTerminating(owned) ? [] : observed.servicesWithVip;
  return claim && serviceRejection(claim);
}

/** Why nothing may be rendered for a spec that nobody else contests, or undefined. */
function rejectionOf(observed: Observed, ports: MetricsPorts): Rejection | undefined {
  const rejection = serviceConflict(observed);
  if (rejection !== undefined) {
    return rejection;
  }
  if (Object.values(ports).some((choices) => choices.length === 0)) {
    return noPortLeft;
  }
  const [stranger] = strangers(observed, renderAll(observed, ports));
  return stranger === undefined ? undefined : strangerRejection(observed.snapshot.namespace, stranger);
}

/** What to do about a spec that nothing speaks against. */
function planAccepted(observed: Observed, desired: readonly V1DaemonSet[]): Plan {
  const names = desired.map(nameOf);
  const { name: controlPlane } = observed.components['control-plane'];
  const next = desired.find((object) => nameOf(object) === controlPlane);
  const why = whyToRemove(observed, next);
  const { steps, ...going } =
    why === undefined ? { steps: giveBack(observed) } : removeControlPlane(observed, why);
  const isFree = (object: V1DaemonSet): boolean => nameOf(object) !== controlPlane || why === undefined;
  const surplus = ownedDaemonSets(observed).filter((object) => !names.includes(nameOf(object)));
  return {
    steps: [
      ...steps,
      ...desired.filter(isFree).flatMap((object) => stepFor(observed, object)),
      ...surplus.filter(isFree).flatMap(deleteStep),
    ],
    desired,
    ...going,
  };
}

/** What to do about a config that is not being deleted. */
function planRunning(observed: Observed): Plan {
  const complaints = validate(observed.snapshot.config);
  if (complaints.length > 0) {
    return refuse(observed, invalidRejection(complaints));
  }
  const [conflict, ...others] = observed.conflicts;
  if (conflict) {
    return planConflict(observed, [conflict, ...others]);
  }
  const ports = portsFor(observed);
  const rejection = rejectionOf(observed, ports);
  return rejection ? refuse(observed, rejection) : planAccepted(observed, renderAll(observed, ports));
}

/** What to do about a config, as data. */
export function makePlan(observed: Observed): Plan {
  const { metadata, spec } = observed.snapshot.config;
  if (metadata.deletionTimestamp !== undefined) {
    return planDeletion(observed);
  }
  const plan = planRunning(observed);
  if (spec.suspend === true) {
    return suspend(observed, plan);
  }
  const isHeld = metadata.finalizers?.includes(finalizer) ?? false;
  // Also when only the finalizer is missing: without it a deletion would not wait for the addresses to go.
  const needsFinalizer = plan.desired.length > 0 && !isHeld;
  return needsFinalizer ? { ...plan, steps: [{ kind: 'add-finalizer' }, ...plan.steps] } : plan;
}
