// Fence three: nothing new is applied until the cluster agrees.
import { ownedDaemonSets, type Observed } from '../observed/observed.ts';
import { hasLetGo } from '../modes/arp/parking.ts';
import { makePlan } from './plan.ts';
import { askNodes } from '../modes/arp/witness.ts';
import { endProbes, planProbes } from './probing.ts';
import type { Held, Plan, Probing, Step } from '../steps/step.ts';
import { rowsOf, type Report } from '../preflight/run.ts';

/** Why a change is held back, or undefined. */
function holdOf(report: Report): Held | undefined {
  if (rowsOf(report, 'Failed').length > 0) {
    return { reason: 'PreflightFailed' };
  }
  return report.isPending ? { reason: 'PreflightPending' } : undefined;
}

// Drift is undone also while a check fails: the result is what was applied before, which is what must stay. So is a
// removal that was taken back, as long as kube-vip may have the address still.
const keepsLastApplied = (observed: Observed, step: Step): boolean =>
  (step.kind === 'return-lease' && !hasLetGo(observed)) ||
  ((step.kind === 'apply' || step.kind === 'replace-spec') && step.why === 'drifted');

/** A plan without a removal that has not begun. */
function withoutBeginning({ removal, ask, ...plan }: Plan): Plan {
  return removal?.isUnderWay ? { ...plan, removal, ...(ask && { ask }) } : plan;
}

function hold(observed: Observed, report: Report, plan: Plan): Plan {
  const isRunning = observed.snapshot.config.metadata.deletionTimestamp === undefined;
  const held = isRunning && plan.rejection === undefined ? holdOf(report) : undefined;
  if (held === undefined) {
    return plan;
  }
  const isOurs = ownedDaemonSets(observed).length > 0;
  const goesOn = plan.removal?.isUnderWay ? plan.removal.steps : [];
  const kept = plan.steps.filter(
    (step) =>
      keepsLastApplied(observed, step) || goesOn.includes(step) || (step.kind === 'add-finalizer' && isOurs),
  );
  return kept.length === plan.steps.length ? plan : { ...withoutBeginning(plan), steps: kept, held };
}

// What leaves the nodes is asked about there, too; nothing else is while nothing is to be applied.
function probingOf(observed: Observed, { nodes }: Report, plan: Plan): Probing {
  if (plan.desired.length > 0) {
    return planProbes(observed, nodes);
  }
  const steps = plan.ask && askNodes(observed);
  return steps ? { steps, isAsking: true } : endProbes(observed);
}

/** What to do about a config, with what preflight reports of it. */
export function decide(observed: Observed, report: Report): Plan {
  const plan = hold(observed, report, makePlan(observed));
  const probing = probingOf(observed, report, plan);
  return probing.steps.length > 0 || probing.isAsking ? { ...plan, probing } : plan;
}
