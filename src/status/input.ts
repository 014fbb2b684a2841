// What status is computed from.
import type { Snapshot } from '../observed/snapshot.ts';
import type { Plan } from '../steps/step.ts';
import type { Outcome } from './outcome.ts';

export interface StatusInput {
  readonly snapshot: Snapshot;
  readonly plan: Plan;
  /** How carrying out the plan ended. */
  readonly acted: Outcome;
  /** RFC 3339 time of `snapshot.now`. */
  readonly now: string;
}
