// What is observed, and what preflight says of it, to a plan. No I/O, no clock.
import { componentKinds, finalizer } from '../api/metadata.ts';
import { arp } from '../modes/arp/arp.ts';
import { ownedDaemonSets, type Observed } from '../observed/observed.ts';
import type { Report } from '../preflight/run.ts';
import type { Hold, Probing, Step } from '../steps/step.ts';
import { decideComponent, whatMay } from './component-policies.ts';
import { planDeletion } from './deletion.ts';
import { gate } from './gate.ts';
import { endProbes, planProbes } from './node-probes.ts';
import { askOf, desiredOf, type ComponentPlan, type Plan, type Running, type Suspended } from './plan.ts';
import { refusalOf } from './refusals.ts';
import { renderAll } from './rendering.ts';

function decideComponents(observed: Observed, hold: Hold | undefined): readonly ComponentPlan[] {
  const rejection = refusalOf(observed);
  const desired = rejection ? [] : renderAll(observed);
  return componentKinds.flatMap((kind) => {
    const component = observed.components[kind];
    const object = desired.find(({ metadata }) => metadata?.name === component.name);
    return decideComponent({ observed, component, rejection, desired: object, hold }) ?? [];
  });
}

// Also when only the finalizer is missing: without it a deletion would not wait for the addresses to go.
function takeHold(observed: Observed, components: readonly ComponentPlan[]): readonly Step[] {
  const { finalizers = [] } = observed.snapshot.config.metadata;
  const isMade = components.some((row) => row.kind === 'apply' || (row.kind === 'removing' && row.object));
  const isThere =
    ownedDaemonSets(observed).length > 0 && components.some((row) => 'object' in row && row.object);
  return !finalizers.includes(finalizer) && (isMade || isThere) ? [{ kind: 'add-finalizer' }] : [];
}

function run(observed: Observed, report: Report): Running {
  const components = decideComponents(observed, gate(report));
  return { kind: 'running', preparation: takeHold(observed, components), components };
}

// What is asked for is judged and kept as data all the same, so that status can say what is left so.
function suspend(observed: Observed, report: Report): Suspended {
  const isLeaving = arp.withdrawal.begun(observed) !== undefined;
  const undo = arp.withdrawal.undo(observed);
  return {
    kind: 'suspended',
    // A Lease that is taken stays so, but for a control plane that was put back.
    steps: isLeaving ? arp.withdrawal.keep(observed) : whatMay(observed, undo, gate(report)),
    withheld: decideComponents(observed, undefined),
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

function planOf(observed: Observed, report: Report): Running | Suspended | ReturnType<typeof planDeletion> {
  const { metadata, spec } = observed.snapshot.config;
  if (metadata.deletionTimestamp !== undefined) {
    return planDeletion(observed);
  }
  return spec.suspend === true ? suspend(observed, report) : run(observed, report);
}

/** What to do about a KubeVipConfig, with what preflight reports of it. */
export function decide(observed: Observed, report: Report): Plan {
  const plan: Plan = { ...planOf(observed, report), probing: { steps: [], isAsking: false } };
  return { ...plan, probing: probingOf(observed, report, plan) };
}
