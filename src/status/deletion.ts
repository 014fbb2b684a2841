// What a deletion says: what it waits for, since when, and what a person can do about it.
import type { Problem } from '../modes/check.ts';
import type { StatusInput } from './input.ts';

export type DeletionCheck = (input: StatusInput) => Problem | undefined;

function say({ plan, observed }: StatusInput): string {
  const since = observed.snapshot.config.metadata.deletionTimestamp;
  const todo = plan.todo === undefined ? '' : `; ${plan.todo}`;
  return `Deleting since ${since}: waiting for ${plan.waitingFor}${todo}.`;
}

export const deletionIsOverdue: DeletionCheck = (input) =>
  input.plan.waitingFor !== undefined && input.plan.overdue
    ? { reason: 'DeletionOverdue', message: say(input), passing: false }
    : undefined;

export const deletionWaits: DeletionCheck = (input) =>
  input.plan.waitingFor === undefined
    ? undefined
    : { reason: 'Deleting', message: say(input), passing: true };

/** The first that applies is said. */
export const deletionChecks: readonly DeletionCheck[] = [deletionIsOverdue, deletionWaits];
