// What status and its conditions are computed from.
import type { Component } from '../observed/component.ts';
import type { Observed } from '../observed/observed.ts';
import type { Report } from '../preflight/run.ts';
import type { Plan } from '../plan/plan.ts';
import type { Outcome } from './outcome.ts';

/** Everything that one pass came to. */
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

/** The same for conditions. */
export interface ConditionInput extends StatusInput {
  /** Those that the spec asks for; of a rejected spec those that run all the same. */
  readonly components: readonly Component[];
}
