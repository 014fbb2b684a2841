// What a deletion says: what it waits for, since when, and what a person can do about it.
import type { Problem } from '../modes/check.ts';
import type { Waiting } from '../steps/step.ts';
import type { StatusInput } from './input.ts';

export type DeletionCheck = (input: StatusInput) => Problem | undefined;

const waitingIn = ({ plan }: StatusInput): Waiting | undefined =>
  plan.kind === 'deleting' ? plan.waiting : undefined;

function say(input: StatusInput): string {
  const since = input.observed.snapshot.config.metadata.deletionTimestamp;
  const { waitingFor, todo } = waitingIn(input) ?? {};
  return `Deleting since ${since}: waiting for ${waitingFor}${todo === undefined ? '' : `; ${todo}`}.`;
}

export const deletionIsOverdue: DeletionCheck = (input) =>
  waitingIn(input)?.overdue ? { reason: 'DeletionOverdue', message: say(input), passing: false } : undefined;

export const deletionWaits: DeletionCheck = (input) =>
  waitingIn(input) && { reason: 'Deleting', message: say(input), passing: true };

/** The first that applies is said. */
export const deletionChecks: readonly DeletionCheck[] = [deletionIsOverdue, deletionWaits];
