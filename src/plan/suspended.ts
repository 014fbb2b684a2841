// A suspended config: nothing is done, and what would be done is kept as data, so that status can say what is left so.
import { keepParked } from '../modes/arp/parking.ts';
import { settle } from '../modes/arp/removal.ts';
import type { Observed } from '../observed/observed.ts';
import type { Plan, Step, StepOnDaemonSet, Withheld } from '../steps/step.ts';

const isOnDaemonSet = (step: Step): step is StepOnDaemonSet => 'object' in step;

function withheldOf({ steps, removal, rejection }: Plan): Withheld | undefined {
  const left = steps.filter(isOnDaemonSet).filter((step) => !removal?.steps.includes(step));
  return rejection === undefined && (left.length > 0 || removal !== undefined)
    ? { steps: left, ...(removal && { removal }) }
    : undefined;
}

/**
 * What is done about a config while it is suspended.
 * @param plan what would be done about it otherwise
 */
export function suspend(observed: Observed, plan: Plan): Plan {
  const { rejection } = plan;
  const { steps, removal } = settle(observed);
  const withheld = withheldOf(plan);
  return {
    // A Lease that is taken stays so, but for a control plane that was put back.
    steps: removal ? keepParked(observed) : steps,
    desired: [],
    suspended: true,
    ...(rejection && { rejection }),
    ...(withheld && { withheld }),
  };
}
