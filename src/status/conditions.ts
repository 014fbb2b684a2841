// One function per condition. Accepted, PreflightPassed, Programmed and Ready are always there; the others only while true.
import type { EffectiveSpec } from '../api/defaults.ts';
import { message } from '../api/words.ts';
import { rejectionOf, type Plan } from '../plan/plan.ts';
import { duplicateOwner } from './duplicate-owner.ts';
import type { ConditionInput } from './input.ts';
import { knownHazard } from './known-hazard.ts';
import { kstatus } from './kstatus.ts';
import { orphanAddress } from './orphan-address.ts';
import { overridden, preflightPassed } from './preflight.ts';
import { programmed } from './programmed.ts';
import { ready } from './ready.ts';
import { renderingWaits } from './rendering-waits.ts';
import { rollbackActive } from './rollout.ts';
import type { NewCondition } from './set-condition.ts';
import { drifted, suspended } from './suspended.ts';
import { unguarded } from './unguarded.ts';

function accepted(plan: Plan): NewCondition {
  const rejection = rejectionOf(plan);
  return rejection
    ? { ...rejection, type: 'Accepted', status: 'False' }
    : { type: 'Accepted', status: 'True', reason: 'Accepted', head: 'The spec is accepted' };
}

function pinUnverified({ image }: EffectiveSpec): NewCondition | undefined {
  return image.digest === undefined
    ? undefined
    : {
        type: 'PinUnverified',
        status: 'True',
        reason: 'DigestFromSpec',
        ...message('spec.image.digest replaces the digest of the catalogue', {
          detail: `Its digest is ${image.digest}`,
          todo: 'make sure that it is kube-vip',
        }),
      };
}

/** Every condition of a config, in the order in which they are stored. */
export function computeConditions(input: ConditionInput): readonly NewCondition[] {
  const { plan, report, observed, components } = input;
  return [
    ready(input),
    accepted(plan),
    preflightPassed(report, plan),
    programmed(input),
    kstatus(input),
    suspended(plan),
    drifted(plan),
    renderingWaits(observed, plan),
    rollbackActive(input),
    overridden(report),
    pinUnverified(observed.spec),
    duplicateOwner(observed, components),
    orphanAddress(components),
    unguarded(observed.snapshot),
    knownHazard(observed.spec, components),
  ].filter((row) => row !== undefined);
}
