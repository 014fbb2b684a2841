// Fence three: nothing new is applied until the cluster agrees. A component that was never applied must not start, and one
// that runs must not change; what was applied is kept and put back whatever this says.
import type { ComponentKind } from '../api/metadata.ts';
import { rowsOf, type Report } from '../preflight/run.ts';
import type { Hold } from '../steps/step.ts';

const pending: Hold = {
  reason: 'PreflightPending',
  message: 'Nothing new is applied yet: the facts that preflight judges are being gathered.',
};

/** Why preflight holds a start or a change of a component back, or undefined. */
export function gate(report: Report, component: ComponentKind): Hold | undefined {
  const failed = rowsOf(report, 'Failed').filter(({ holds }) => holds.includes(component));
  if (failed.length === 0) {
    return report.isPending ? pending : undefined;
  }
  const more = failed.length > 1 ? ` And ${failed.length - 1} more, see status.preflight.` : '';
  return { reason: 'PreflightFailed', message: `Nothing new is applied: ${failed[0]?.message}${more}` };
}
