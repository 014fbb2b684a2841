// What has just been written: drift that is undone, or a change that the DaemonSet controller has not seen yet.
import { systemNamespace } from '../api/metadata.ts';
import { stepsOf, type Plan } from '../plan/plan.ts';
import type { Step } from '../steps/step.ts';
import type { Problem } from '../modes/check.ts';

function say(step: Step): string {
  if ('object' in step) {
    const name = `DaemonSet ${step.object.metadata?.name}`;
    const isDrift = 'why' in step && step.why === 'drifted';
    return step.kind === 'delete'
      ? `${name} has just been deleted`
      : `${name} has just been ${isDrift ? 'put back' : 'written'}`;
  }
  return 'name' in step
    ? `Lease ${step.name} has just been written`
    : 'The finalizer of this KubeVipConfig has just been written';
}

function late(steps: readonly Step[]): string {
  const name = steps.map((step) => ('object' in step ? step.object.metadata?.name : undefined)).find(Boolean);
  return name === undefined
    ? 'look at the log of the operator'
    : `see who else writes it: kubectl -n ${systemNamespace} get ds ${name} -o yaml --show-managed-fields`;
}

/** Undefined when nothing was. */
export function written(plan: Plan): Problem | undefined {
  const steps = stepsOf(plan);
  return steps.length === 0
    ? undefined
    : { reason: 'Applying', message: `${steps.map(say).join('; ')}.`, passing: true, late: late(steps) };
}
