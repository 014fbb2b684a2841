// What a control plane that leaves the nodes while its config stays waits for, and what a person can do about it.
import type { DeletionCheck } from './deletion.ts';
import { removalsOf, type Removing } from '../plan/plan.ts';
import type { StatusInput } from './input.ts';

const leavingIn = ({ plan }: StatusInput): Removing | undefined =>
  removalsOf(plan).find(({ waiting }) => waiting);

function say(input: StatusInput): string {
  const removal = leavingIn(input);
  const { waitingFor, todo } = removal?.waiting ?? {};
  const next = todo === undefined ? '' : `; ${todo}`;
  return `Removing the control plane, ${removal?.why}: waiting for ${waitingFor}${next}.`;
}

export const removalIsOverdue: DeletionCheck = (input) =>
  leavingIn(input)?.waiting?.overdue
    ? { reason: 'RemovalOverdue', message: say(input), passing: false }
    : undefined;

export const removalWaits: DeletionCheck = (input) =>
  leavingIn(input) && { reason: 'Removing', message: say(input), passing: true };

/** The first that applies is said. */
export const removalChecks: readonly DeletionCheck[] = [removalIsOverdue, removalWaits];
