// Problems of pods as parts of a message.
import type { V1Pod } from '@kubernetes/client-node';
import { systemNamespace } from '../api/metadata.ts';
import { capital, sentences } from '../api/words.ts';
import { clauseOf, type LastWords, type More, type PodProblem } from './pod-problems.ts';
import { endOf, nameOf, nodeOf } from './pods.ts';

const shown = 3;

const describe = (name: string): string => `see kubectl -n ${systemNamespace} describe pod ${name}`;
const readOn: Readonly<Record<More, (name: string) => string>> = {
  logs: (name) => `read on with kubectl -n ${systemNamespace} logs ${name} --previous`,
  events: describe,
  'events, when it lasts': (name) => `when that lasts, ${describe(name)}`,
};

/** The pod that is shown of several: one whose log was read, where a log tells more. */
function shownPod({ more, pods }: PodProblem, lastWords: LastWords): V1Pod | undefined {
  const heard = more === 'logs' ? pods.find((pod) => endOf(pod, true) && lastWords[nameOf(pod)]) : undefined;
  return heard ?? pods[0];
}

const onNode = (pod: V1Pod | undefined): string => (pod && nodeOf(pod) ? ` on ${nodeOf(pod)}` : '');
const affected = ({ pods }: PodProblem): string => (pods.length > 1 ? `, ${pods.length} pods affected` : '');

function logOf(problem: PodProblem, lastWords: LastWords): string | undefined {
  const pod = shownPod(problem, lastWords);
  const said = problem.more === 'logs' && pod && endOf(pod, true) ? lastWords[nameOf(pod)] : undefined;
  return said === undefined || said === '' ? undefined : `its log ends with “${said}”`;
}

function sayWhole(problem: PodProblem, lastWords: LastWords): string {
  const pod = shownPod(problem, lastWords);
  return `pod ${pod && nameOf(pod)}${onNode(pod)} ${clauseOf(problem)}${affected(problem)}`;
}

/** A clause of {@link PodWords} at the beginning of a sentence. */
export const atStart = (clause: string): string => clause.replace(/^pod /, 'Pod ');

function sayOther(problem: PodProblem, lastWords: LastWords): string {
  const log = logOf(problem, lastWords);
  return `${atStart(sayWhole(problem, lastWords))}${log === undefined ? '' : `, ${log}`}`;
}

function todosOf(list: readonly PodProblem[], lastWords: LastWords): readonly string[] {
  // Each command once, and none for what starts or ends where others are in trouble.
  const isFirst = ({ more }: PodProblem, index: number): boolean =>
    list.findIndex((row) => row.more === more) === index && (more !== 'events, when it lasts' || index === 0);
  const orders = list.flatMap((problem, index) => {
    const pod = shownPod(problem, lastWords);
    const { todo, more } = problem;
    const next = more && pod && isFirst(problem, index) ? readOn[more](nameOf(pod)) : undefined;
    return [todo, next].filter((text) => text !== undefined);
  });
  return [...new Set(orders)].map(capital);
}

/** Problems of pods as parts of a message. */
export interface PodWords {
  /** The worst one in one clause, from the fullest to the shortest, without capital. */
  readonly clauses: readonly [string, ...string[]];
  /** What else is known: its log, and at most two other problems. */
  readonly detail: string;
  readonly todo: string;
}

/** For example `pod edge-services-x on n2 crashes with exit code 1, 4 pods affected`; undefined of no problems. */
export function sayPodProblems(list: readonly PodProblem[], lastWords: LastWords): PodWords | undefined {
  const [first, ...others] = list.slice(0, shown);
  if (first === undefined) {
    return undefined;
  }
  const pod = shownPod(first, lastWords);
  const rest = list.slice(shown).reduce((sum, { pods }) => sum + pods.length, 0);
  const log = logOf(first, lastWords);
  return {
    clauses: [
      sayWhole(first, lastWords),
      `pod ${pod && nameOf(pod)}${onNode(pod)} ${first.what}`,
      `kube-vip${onNode(pod)} ${first.what}`,
    ],
    detail: sentences(
      log && capital(log),
      ...others.map((problem) => sayOther(problem, lastWords)),
      rest > 0 ? `${rest} more pods have other trouble` : undefined,
    ),
    todo: sentences(...todosOf(list.slice(0, shown), lastWords)),
  };
}
