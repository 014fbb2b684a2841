// Whether each component is held by one node, and answers.
import { list, message, sentences, type Message } from '../api/words.ts';
import { arp } from '../modes/arp/arp.ts';
import { worstProblem } from '../modes/check.ts';
import { podTrouble, readinessChecks } from './checks.ts';
import type { ConditionInput } from './input.ts';
import { heldBack } from './preflight.ts';
import { applyFailed, notRunning, removalAndRest, type Said } from './programmed.ts';
import type { NewCondition } from './set-condition.ts';

/** What the API server refused where there is nothing else to judge: no DaemonSet, or one that should be gone. */
function refused(input: ConditionInput): Said | undefined {
  const isDeleted = input.observed.snapshot.config.metadata.deletionTimestamp !== undefined;
  return isDeleted || isMissing(input) ? applyFailed(input) : undefined;
}

const isMissing = ({ components }: ConditionInput): boolean =>
  components.some(({ daemonSet }) => daemonSet === undefined);

function whyNotReady(input: ConditionInput): Said | undefined {
  // One that the spec does not ask for any more says nothing of the rest.
  const removal = input.observed.snapshot.config.spec.controlPlane && removalAndRest(input, readinessChecks);
  return (
    notRunning(input) ??
    refused(input) ??
    removal ??
    // A DaemonSet that preflight holds back is not being created.
    (isMissing(input) ? heldBack(input) : undefined) ??
    worstProblem(readinessChecks, input.components)
  );
}

/** For example `203.0.113.100 on n1, class kubevip.dev/edge on n2, but pod x on n3 cannot pull its image`. */
function saySuccess({ components }: ConditionInput): Message {
  const held = components.map(arp.holders.say);
  const doubts = sentences(...held.map(({ detail }) => detail));
  const all = held.map(({ head }) => head).join(', ');
  const first = list(
    held.map(({ head }) => head),
    1,
  );
  const trouble = podTrouble(components);
  if (trouble === undefined) {
    return message([all, first, ...components.map(({ holder }) => `Held by ${holder}`)], { detail: doubts });
  }
  const but = trouble.head.replace(/^Pod /, 'pod ');
  const { brief = but } = trouble;
  const heads = [
    `${all}, but ${but}`,
    `${all}, but ${brief}`,
    `${first}, but ${brief}`,
    `${all}, but see Programmed`,
    ...components.map(({ holder }) => `Held by ${holder}, but see Programmed`),
  ] as const;
  return message(heads, { ...trouble, detail: sentences(doubts, trouble.detail) });
}

/** The condition Ready. */
export function ready(input: ConditionInput): NewCondition {
  const problem = whyNotReady(input);
  return problem
    ? { ...problem, type: 'Ready', status: 'False' }
    : { ...saySuccess(input), type: 'Ready', status: 'True', reason: 'Held' };
}
