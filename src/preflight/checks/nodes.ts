// Checks of what only a node can tell: what its probe said, or what the status remembers of it.
import type { Check } from './check.ts';
import { nodeChecks } from '../nodes/checks.ts';

/** What is asked of the nodes, as checks of the live cluster. */
export const nodeRows: readonly Check[] = nodeChecks.map(({ id, question, severity, remedy, links }) => ({
  id,
  question,
  severity,
  remedy,
  links,
  find: ({ nodeFindings }) => nodeFindings.filter(({ check }) => check === id),
}));
