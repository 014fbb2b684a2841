// Fence three: nothing new is applied until the cluster agrees.
import { rowsOf, type Report } from '../preflight/run.ts';
import type { Hold } from '../steps/step.ts';

/** Why preflight holds a change back, or undefined. */
export function gate(report: Report): Hold | undefined {
  if (rowsOf(report, 'Failed').length > 0) {
    return { reason: 'PreflightFailed' };
  }
  return report.isPending ? { reason: 'PreflightPending' } : undefined;
}
