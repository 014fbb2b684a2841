// Fence three: nothing new is applied until the cluster agrees. A component that was never applied must not start, and one
// that runs must not change. What was applied is kept and put back whatever this says.
import type { ComponentKind } from '../api/metadata.ts';
import { rowsOf, type Report } from '../preflight/run.ts';
import type { Hold } from '../steps/step.ts';

/** Why preflight holds a start or a change of a component back, or undefined. */
export function gate(report: Report, component: ComponentKind): Hold | undefined {
  if (rowsOf(report, 'Failed').some(({ holds }) => holds.includes(component))) {
    return { reason: 'PreflightFailed' };
  }
  return report.isPending ? { reason: 'PreflightPending' } : undefined;
}
