// One function per condition. Accepted, PreflightPassed, Programmed and Ready are always there; the others only while true.
import type { EffectiveSpec } from '../api/defaults.ts';
import { labels } from '../api/metadata.ts';
import type { Snapshot } from '../observed/snapshot.ts';
import { holdOf, rejectionOf, waitingOf, type Plan } from '../plan/plan.ts';
import { overridden, preflightPassed } from './preflight.ts';
import { renderingWaits } from './rendering-waits.ts';
import { troubleBeside, type Check } from './checks.ts';
import { duplicateOwner } from './duplicate-owner.ts';
import { knownHazard } from './known-hazard.ts';
import type { Component } from '../observed/component.ts';
import type { Outcome } from './outcome.ts';
import type { Problem } from '../modes/check.ts';
import type { Scene } from './scene.ts';
import { sentence, type NewCondition } from './set-condition.ts';
import type { StatusInput } from './input.ts';
import { deleting, kstatus, removing } from './kstatus.ts';
import { drifted, leftSo, suspended } from './suspended.ts';
import { arp } from '../modes/arp/arp.ts';
import { problemsOf, together, worstFirst, worstProblem } from './worst.ts';
import { written } from './written.ts';

type States = readonly Component[];

function accepted(plan: Plan): NewCondition {
  const rejection = rejectionOf(plan);
  return rejection
    ? { type: 'Accepted', status: 'False', reason: rejection.reason, message: sentence(rejection.message) }
    : { type: 'Accepted', status: 'True', reason: 'Accepted', message: 'The spec is accepted.' };
}

// An invalid spec may have been rendered by an older operator: when all that it asks for runs, it is judged
// as it stands.
function runsOn({ plan, observed: { asked } }: StatusInput, states: States): boolean {
  return rejectionOf(plan)?.reason === 'SpecInvalid' && asked.length > 0 && states.length === asked.length;
}

function notRunning(scene: Scene): Pick<NewCondition, 'reason' | 'message'> | undefined {
  const { input, states } = scene;
  const { plan } = input;
  const ending = deleting(scene);
  if (ending !== undefined) {
    return { reason: 'Deleting', message: ending.message };
  }
  const rejection = rejectionOf(plan);
  if (rejection && !runsOn(input, states)) {
    const words = [sentence(rejection.message), removing(scene)?.message].filter(Boolean).join(' ');
    return { reason: 'NotAccepted', message: `Nothing of the spec is rendered: ${words}` };
  }
  return undefined;
}

/** A control plane that leaves, and what ails the rest beside it. */
function besideRemoval(scene: Scene, checks: readonly Check[]): Problem | undefined {
  const leaving = removing(scene);
  const rest = scene.states.filter(({ kind }) => kind !== 'control-plane');
  return leaving && together(worstFirst([{ ...leaving, reason: 'Removing' }, ...problemsOf(checks, rest)]));
}

/** What the API server refused where there is nothing else to judge: no DaemonSet, or one that should be gone. */
function refused({
  input: {
    acted,
    observed: { snapshot },
  },
  states,
}: Scene): Pick<NewCondition, 'reason' | 'message'> | undefined {
  const isGoing = snapshot.config.metadata.deletionTimestamp !== undefined;
  return acted.kind === 'failed' && (isGoing || states.some(({ daemonSet }) => daemonSet === undefined))
    ? { reason: 'ApplyFailed', message: sentence(acted.error.message) }
    : undefined;
}

// What is left so on purpose is said once, and what else is wrong with what runs beside it.
function programming({ input, states, watches }: Scene): readonly Problem[] {
  const problems = problemsOf(watches.programming, states);
  const left = leftSo(input.plan);
  return left === undefined ? problems : [left, ...problems.filter(({ reason }) => reason !== left.reason)];
}

function programmed(scene: Scene): NewCondition {
  const { plan, acted } = scene.input;
  const base = { type: 'Programmed', status: 'False' } as const;
  if (acted.kind === 'failed') {
    return { ...base, reason: 'ApplyFailed', message: sentence(acted.error.message) };
  }
  const problem =
    notRunning(scene) ??
    besideRemoval(scene, scene.watches.programming) ??
    holdOf(plan) ??
    together(programming(scene)) ??
    written(plan);
  if (problem) {
    return { ...base, reason: problem.reason, message: problem.message };
  }
  return {
    ...base,
    status: 'True',
    reason: 'Applied',
    message: 'Every selected node runs the current revision.',
  };
}

function ready(scene: Scene): NewCondition {
  const { input, states, watches } = scene;
  // A DaemonSet that preflight holds back is not being created.
  const isMissing = states.some(({ daemonSet }) => daemonSet === undefined);
  const held = isMissing ? holdOf(input.plan) : undefined;
  // One that the spec does not ask for any more says nothing of the rest.
  const leaving = input.observed.snapshot.config.spec.controlPlane && besideRemoval(scene, watches.readiness);
  const problem =
    notRunning(scene) ?? refused(scene) ?? leaving ?? held ?? worstProblem(watches.readiness, states);
  if (problem) {
    return { type: 'Ready', status: 'False', reason: problem.reason, message: problem.message };
  }
  const message = `${states.map(arp.holders.say).join(', ')}${troubleBeside(watches.programming, states)}`;
  return { type: 'Ready', status: 'True', reason: 'Held', message: sentence(message) };
}

function pinUnverified({ image }: EffectiveSpec): NewCondition | undefined {
  return image.digest === undefined
    ? undefined
    : {
        type: 'PinUnverified',
        status: 'True',
        reason: 'DigestFromSpec',
        message: `spec.image.digest ${image.digest} replaces the digest of the catalogue; make sure that it is kube-vip.`,
      };
}

function unguarded({ openNamespaces }: Snapshot): NewCondition | undefined {
  return openNamespaces.length === 0
    ? undefined
    : {
        type: 'Unguarded',
        status: 'True',
        reason: 'NamespaceOptedOut',
        message: `An unsafe kube-vip is let through in namespace ${[...openNamespaces].sort().join(', ')}; remove the label ${labels.unsafe} there when it is no longer needed.`,
      };
}

/** Every condition of a config, in the order in which they are stored. */
export function computeConditions(scene: Scene): readonly NewCondition[] {
  const { input, states, watches } = scene;
  const { plan, report, observed } = input;
  const { snapshot, spec } = observed;
  return [
    ready(scene),
    accepted(plan),
    preflightPassed(report, plan),
    programmed(scene),
    kstatus(scene),
    suspended(plan),
    drifted(plan),
    renderingWaits(observed, plan),
    overridden(report),
    pinUnverified(spec),
    duplicateOwner(observed, states, watches.duplicates),
    unguarded(snapshot),
    knownHazard(spec, watches.reports),
  ].filter((row) => row !== undefined);
}

// A moment later, so that it is stale by then.
const staleForSeconds = 0.25;

/** Seconds until Leases that are fresh now go stale when nobody renews them. */
function untilStale(states: States): readonly number[] {
  return states
    .map(({ lease, now }) => (lease ? lease.durationSeconds - (now - lease.renewedAt) / 1000 : -1))
    .filter((seconds) => seconds >= 0)
    .map((seconds) => seconds + staleForSeconds);
}

/** When to look again: twice in a lease duration, so that a stale Lease shows within one. */
export function nextLook(plan: Plan, states: States, acted: Outcome): Outcome {
  if (acted.kind === 'failed') {
    return acted;
  }
  if (plan.probing.isAsking) {
    return { kind: 'waiting', afterSeconds: 1 };
  }
  if (waitingOf(plan)) {
    return { kind: 'waiting', afterSeconds: 2 };
  }
  // What was rendered before a refusal may run on, and its Lease may go stale without an event.
  if (rejectionOf(plan) && states.every(({ daemonSet }) => daemonSet === undefined)) {
    return { kind: 'stalled' };
  }
  if (states.some(arp.readiness.isAwaited)) {
    return { kind: 'waiting', afterSeconds: 1 };
  }
  const durations = states.map(({ lease }) => lease?.durationSeconds ?? 15);
  return { kind: 'waiting', afterSeconds: Math.min(Math.min(15, ...durations) / 2, ...untilStale(states)) };
}
