// What a control plane that leaves the nodes while its config stays waits for, and what a person can do about it.
import type { DeletionCheck } from './deletion.ts';
import type { StatusInput } from './input.ts';

function say({ plan: { removal } }: StatusInput): string {
  const { waitingFor, todo } = removal?.waiting ?? {};
  const next = todo === undefined ? '' : `; ${todo}`;
  return `Removing the control plane, ${removal?.why}: waiting for ${waitingFor}${next}.`;
}

export const removalIsOverdue: DeletionCheck = (input) =>
  input.plan.removal?.waiting?.overdue
    ? { reason: 'RemovalOverdue', message: say(input), passing: false }
    : undefined;

export const removalWaits: DeletionCheck = (input) =>
  input.plan.removal?.waiting && { reason: 'Removing', message: say(input), passing: true };

/** The first that applies is said. */
export const removalChecks: readonly DeletionCheck[] = [removalIsOverdue, removalWaits];
