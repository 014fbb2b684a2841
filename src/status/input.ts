// What status is computed from.
import type { Observed } from '../observed/observed.ts';
import type { Report } from '../preflight/run.ts';
import type { Plan } from '../plan/plan.ts';
import type { Outcome } from './outcome.ts';

export interface StatusInput {
  readonly observed: Observed;
  /** What preflight reports. */
  readonly report: Report;
  readonly plan: Plan;
  /** How carrying out the plan ended. */
  readonly acted: Outcome;
  /** RFC 3339 time of `observed.snapshot.now`. */
  readonly now: string;
}
