// What a check says when it does not pass, and how problems of both components are said as one.
import type { Reason } from '../api/conditions.ts';
import { sentences, toText, type Message } from '../api/words.ts';
import type { Component } from '../observed/component.ts';

/** Something that is wrong, for a condition. */
export interface Problem extends Message {
  readonly reason: Reason;
  /** The head in fewer words, for one that says more before it; begins without capital. */
  readonly brief?: string;
  /** True when time alone can end it. */
  readonly passing: boolean;
  /** What to do when time did not end it, where the message does not say it. */
  readonly late?: string;
}

/** A question to one component; undefined: nothing is wrong. */
export type Check = (component: Component) => Problem | undefined;

// What ends by itself as a rule: of these the first is the worst, and every other problem is worse.
const endsByItself: readonly Problem['reason'][] = [
  'Removing',
  'NoHolder',
  'PodsNotReady',
  'RollingOut',
  'Applying',
  'LettingGo',
  'AddressUnproven',
];

function rankOf({ reason, passing }: Problem): number {
  if (!passing) {
    return 0;
  }
  return endsByItself.includes(reason) ? 2 + endsByItself.indexOf(reason) : 1;
}

/** The worst first; what is equally bad stays in its order. */
export const worstFirst = (problems: readonly Problem[]): readonly Problem[] =>
  problems.toSorted((a, b) => rankOf(a) - rankOf(b));

/** The first problem that a list of checks finds in a component. */
function firstProblem(checks: readonly Check[], component: Component): Problem | undefined {
  for (const check of checks) {
    const problem = check(component);
    if (problem) {
      return problem;
    }
  }
  return undefined;
}

/** Of each component the first problem that a list of checks finds; the worst first. */
export const problemsOf = (checks: readonly Check[], components: readonly Component[]): readonly Problem[] =>
  worstFirst(components.flatMap((row) => firstProblem(checks, row) ?? []));

/** Problems as one, by the head and the reason of the first; undefined when there is none. */
export function together(problems: readonly Problem[]): Problem | undefined {
  const [first, ...others] = problems;
  const late = problems.flatMap((problem) => problem.late ?? []);
  return first && others.length > 0
    ? {
        ...first,
        also: sentences(first.also, ...others.map(toText)),
        ...(late.length > 0 && { late: sentences(...late) }),
      }
    : first;
}

/** What is wrong with any component, as one. */
export const worstProblem = (
  checks: readonly Check[],
  components: readonly Component[],
): Problem | undefined => together(problemsOf(checks, components));
