// Checks of what only a node can tell: what its probe said, or what the status remembers of it.
import type { Check } from './check.ts';
import { nodeChecks } from '../nodes/checks.ts';

/** What is asked of the nodes, as checks of the live cluster. */
export const nodeRows: readonly Check[] = nodeChecks.map((row) => ({
  ...row,
  find: ({ nodeFindings }) => nodeFindings.filter(({ check }) => check === row.id),
}));
