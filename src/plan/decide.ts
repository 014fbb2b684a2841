// Fence three: nothing new is applied until the cluster agrees.
import { ownedDaemonSets } from '../observed/owned.ts';
import { hasLetGo } from '../modes/arp/parking.ts';
import { makePlan } from './plan.ts';
import { askNodes } from '../modes/arp/witness.ts';
import { endProbes, planProbes } from './probing.ts';
import type { Snapshot } from '../observed/snapshot.ts';
import type { Held, Plan, Probing, Step } from '../steps/step.ts';
import { preflight, rowsOf, type Report } from '../preflight/run.ts';

const pending: Held = {
  reason: 'PreflightPending',
  message: 'Nothing new is applied yet: the facts that preflight judges are being gathered.',
};

/** Why a change is held back, or undefined. */
function holdOf(report: Report): Held | undefined {
  const failed = rowsOf(report, 'Failed');
  if (failed.length === 0) {
    return report.isPending ? pending : undefined;
  }
  const more = failed.length > 1 ? ` And ${failed.length - 1} more, see status.preflight.` : '';
  return { reason: 'PreflightFailed', message: `Nothing new is applied: ${failed[0]?.message}${more}` };
}

// Drift is undone also while a check fails: the result is what was applied before, which is what must stay. So is a
// removal that was taken back, as long as kube-vip may have the address still.
const keepsLastApplied = (snapshot: Snapshot, step: Step): boolean =>
  (step.kind === 'return-lease' && !hasLetGo(snapshot)) ||
  ((step.kind === 'apply' || step.kind === 'replace-spec') && step.why === 'drifted');

/** A plan without a removal that has not begun. */
function withoutBeginning({ removal, ask, ...plan }: Plan): Plan {
  return removal?.isUnderWay ? { ...plan, removal, ...(ask && { ask }) } : plan;
}

function hold(snapshot: Snapshot, plan: Plan): Plan {
  const isRunning = snapshot.config.metadata.deletionTimestamp === undefined;
  const held = isRunning && plan.rejection === undefined ? holdOf(preflight(snapshot)) : undefined;
  if (held === undefined) {
    return plan;
  }
  const isOurs = ownedDaemonSets(snapshot).length > 0;
  const goesOn = plan.removal?.isUnderWay ? plan.removal.steps : [];
  const kept = plan.steps.filter(
    (step) =>
      keepsLastApplied(snapshot, step) || goesOn.includes(step) || (step.kind === 'add-finalizer' && isOurs),
  );
  return kept.length === plan.steps.length ? plan : { ...withoutBeginning(plan), steps: kept, held };
}

// What leaves the nodes is asked about there, too; nothing else is while nothing is to be applied.
function probingOf(snapshot: Snapshot, plan: Plan): Probing {
  if (plan.desired.length > 0) {
    return planProbes(snapshot);
  }
  const steps = plan.ask && askNodes(snapshot);
  return steps ? { steps, isAsking: true } : endProbes(snapshot);
}

/** What to do about a config, after preflight has been heard. */
export function decide(snapshot: Snapshot): Plan {
  const plan = hold(snapshot, makePlan(snapshot));
  const probing = probingOf(snapshot, plan);
  return probing.steps.length > 0 || probing.isAsking ? { ...plan, probing } : plan;
}
