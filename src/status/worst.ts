// Both functions can be ill at once: each says its first problem, the worst one first, and its reason counts.
import type { Component } from '../observed/component.ts';
import type { Check, Problem } from '../modes/check.ts';

// What ends by itself as a rule, the worst first.
const calm: readonly Problem['reason'][] = [
  'Removing',
  'NoHolder',
  'PodsNotReady',
  'RollingOut',
  'Applying',
  'LettingGo',
  'AddressUnproven',
];

const rank = ({ reason, passing }: Problem): number => (passing ? 2 + calm.indexOf(reason) : 0);

export const worstFirst = (problems: readonly Problem[]): readonly Problem[] =>
  problems.toSorted((a, b) => rank(a) - rank(b));

/** Of each function the first problem that a list of checks finds; the worst function first. */
export function problemsOf(checks: readonly Check[], states: readonly Component[]): readonly Problem[] {
  const found = states.flatMap((state) => {
    for (const check of checks) {
      const problem = check(state);
      if (problem) {
        return [problem];
      }
    }
    return [];
  });
  return worstFirst(found);
}

/** Problems as one, by the reason of the first; undefined when there is none. */
export function together(problems: readonly Problem[]): Problem | undefined {
  const [first, ...others] = problems;
  const messages = problems.map(({ message }) => message.replace(/\.$/, ''));
  const late = problems.flatMap((problem) => problem.late ?? []).join('; ');
  return first && others.length > 0
    ? { ...first, message: `${messages.join('; ')}.`, ...(late !== '' && { late }) }
    : first;
}

/** What is wrong with any function, as one. */
export const worstProblem = (checks: readonly Check[], states: readonly Component[]): Problem | undefined =>
  together(problemsOf(checks, states));
