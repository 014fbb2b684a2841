// What is observed, and what preflight says of it, to a plan. No I/O, no clock.
import { componentKinds, finalizer } from '../api/metadata.ts';
import { arp } from '../modes/arp/arp.ts';
import { ownedDaemonSets, type Observed } from '../observed/observed.ts';
import type { Report } from '../preflight/run.ts';
import type { Probing, Step } from '../steps/step.ts';
import { appliedOf } from './applied.ts';
import { decideComponent, undoWhile } from './component-policies.ts';
import { planDeletion } from './deletion.ts';
import { gate } from './gate.ts';
import { forgetAll, historyOf, keepApplied, type Decision } from './history.ts';
import { endProbes, planProbes } from './node-probes.ts';
import {
  askOf,
  desiredOf,
  type ComponentPlan,
  type Deleting,
  type Plan,
  type Recording,
  type Running,
  type Suspended,
} from './plan.ts';
import { planRemedy } from './remedy.ts';
import { refusalOf } from './refusals.ts';
import { renderAll } from './rendering.ts';
import { takeOfferBack } from './rolling.ts';
import { subjectOf } from './subject.ts';

/** @param report undefined: whatever preflight says */
function decideComponents(observed: Observed, report: Report | undefined): readonly Decision[] {
  const rejection = refusalOf(observed);
  const rendered = rejection ? [] : renderAll(observed);
  const decisions: Decision[] = [];
  for (const kind of componentKinds) {
    const component = observed.components[kind];
    const desired = rendered.find(({ metadata }) => metadata?.name === component.name);
    const applied = appliedOf(observed, component, desired);
    const judged = subjectOf({ observed, component, rejection, applied }, desired);
    const subject = { ...judged, hold: report && gate(report, kind), before: plansOf(decisions) };
    decisions.push({ subject, plan: decideComponent(subject) });
  }
  return decisions;
}

const plansOf = (decisions: readonly Decision[]): readonly ComponentPlan[] =>
  decisions.flatMap(({ plan }) => plan ?? []);

// Also when only the finalizer is missing: without it a deletion would not wait for the addresses to go.
function takeHold(observed: Observed, components: readonly ComponentPlan[]): readonly Step[] {
  const { finalizers = [] } = observed.snapshot.config.metadata;
  const isMade = components.some((row) => 'steps' in row && row.steps.some(({ kind }) => kind === 'apply'));
  const isThere = ownedDaemonSets(observed).length > 0;
  return !finalizers.includes(finalizer) && (isMade || isThere) ? [{ kind: 'add-finalizer' }] : [];
}

function run(observed: Observed, report: Report): Running & Recording {
  const decisions = decideComponents(observed, report);
  const components = plansOf(decisions);
  return {
    kind: 'running',
    preparation: takeHold(observed, components),
    components,
    remedy: planRemedy(observed, components),
    history: decisions.flatMap(historyOf),
  };
}

// What is asked for is judged and kept as data all the same, so that status can say what is left so.
function suspend(observed: Observed, report: Report): Suspended & Recording {
  const isLeaving = arp.withdrawal.begun(observed) !== undefined;
  const undo = arp.withdrawal.undo(observed);
  const decisions = decideComponents(observed, undefined);
  return {
    kind: 'suspended',
    // A Lease that is taken stays so, but for a control plane that was put back.
    steps: [
      ...(isLeaving
        ? arp.withdrawal.keep(observed)
        : undoWhile(observed, undo, gate(report, 'control-plane'))),
      ...decisions.flatMap(({ subject }) => takeOfferBack(subject)),
    ],
    withheld: plansOf(decisions),
    // To record touches nothing that runs, and what an earlier operator applied must be known when this is over.
    history: decisions.flatMap(({ subject }) => keepApplied(subject)),
  };
}

// What leaves the nodes is asked about there, too; nothing else is while nothing is to be applied.
function probingOf(observed: Observed, { nodes }: Report, plan: Plan): Probing {
  if (desiredOf(plan).length > 0) {
    return planProbes(observed, nodes);
  }
  const steps = askOf(plan) && arp.proof.askNodes(observed);
  return steps ? { steps, isAsking: true } : endProbes(observed);
}

function planOf(observed: Observed, report: Report): (Deleting | Suspended | Running) & Recording {
  const { metadata, spec } = observed.snapshot.config;
  if (metadata.deletionTimestamp !== undefined) {
    const plan = planDeletion(observed);
    const isOver = plan.steps.some(({ kind }) => kind === 'remove-finalizer');
    const kept = componentKinds.flatMap((kind) => forgetAll(observed.components[kind]));
    return { ...plan, history: isOver ? kept : [] };
  }
  return spec.suspend === true ? suspend(observed, report) : run(observed, report);
}

/** What to do about a KubeVipConfig, with what preflight reports of it. */
export function decide(observed: Observed, report: Report): Plan {
  const plan: Plan = { ...planOf(observed, report), probing: { steps: [], isAsking: false } };
  return { ...plan, probing: probingOf(observed, report, plan) };
}
