// What ails the pods of one workload, as a table of questions to one pod. Pods that ail alike are said once.
import type { V1ContainerStateTerminated, V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import type { Reason } from '../api/conditions.ts';
import { systemNamespace } from '../api/metadata.ts';
import { runtimeSays, schedulerSays, shorten } from './complaints.ts';
import { ended, endOf, isTerminating, nameOf, nodeOf } from './pods.ts';

/** What is known of pods beside their own status. */
export interface PodContext {
  /** Names of pods that run for a moment only. */
  readonly looping: ReadonlySet<string>;
  /** Nodes whose kubelet does not report: the status of their pods is old. */
  readonly silentNodes: ReadonlySet<string>;
}

interface PodFacts {
  readonly pod: V1Pod;
  readonly loops: boolean;
  readonly isUnheard: boolean;
}

interface Row {
  readonly reason: Reason;
  /** Goes on after `pod x on n1`, the same words for every pod that ails so; undefined: it does not. */
  readonly find: (facts: PodFacts) => string | undefined;
  /** Where more is to be read: what its container said last, or what the kubelet says of it. */
  readonly more?: More;
}

type More = 'logs' | 'events' | 'events, when it lasts';

/** What keeps some pods from running, told once for all of them. */
export interface PodProblem {
  readonly reason: Reason;
  readonly text: string;
  readonly more: More | undefined;
  /** The first one is shown. */
  readonly pods: readonly V1Pod[];
}

const shown = 3;

const ask =
  (question: (container: V1ContainerStatus) => string | undefined): Row['find'] =>
  ({ pod: { status } }) =>
    status?.containerStatuses?.map(question).find((text) => text !== undefined);

const whenEnded =
  (say: (end: V1ContainerStateTerminated) => string | undefined): Row['find'] =>
  ({ pod: { status }, loops }) =>
    status?.containerStatuses
      ?.map((row) => ended(row, loops))
      .map((end) => end && say(end))
      .find((text) => text !== undefined);

const isUnheard: Row['find'] = ({ isUnheard }) =>
  isUnheard
    ? 'is not heard of, because the kubelet of its node does not report; start that, or delete the Node when it is gone for good'
    : undefined;

const hostPorts = ({ spec }: V1Pod): string =>
  (spec?.containers ?? [])
    .flatMap(({ ports = [] }) => ports.flatMap(({ hostPort }) => hostPort ?? []))
    .join(', ');

const isNotScheduled: Row['find'] = ({ pod }) => {
  const scheduled = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status !== 'False') {
    return undefined;
  }
  const why = schedulerSays(scheduled.message ?? '');
  const todo = /free ports/.test(why)
    ? `end what has host port ${hostPorts(pod)} there`
    : 'make room on its node, or change resources, tolerations or nodeSelector in the spec';
  return `is not scheduled: ${why || 'no reason given'}; ${todo}`;
};

const pullReasons =
  /^(ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull|RegistryUnavailable)$/;

const cannotPull = ask(({ state, image }) => {
  const { reason = '', message = '' } = state?.waiting ?? {};
  const cause = runtimeSays(message);
  const name = image.replace(/@.*$/, '');
  return pullReasons.test(reason)
    ? `cannot pull its image${name && ` ${name}`}${cause && ` (${cause})`}; check spec.image and that its node reaches the registry`
    : undefined;
});

const wasKilled = whenEnded(({ exitCode, reason }) => {
  if (reason === 'OOMKilled') {
    return `was killed for want of memory (exit code ${exitCode}, OOMKilled); raise the memory limit in the spec`;
  }
  return exitCode === 137
    ? 'was killed from outside (exit code 137), not by its memory limit; the kernel log of its node (dmesg) may say by whom'
    : undefined;
});

// A configuration or credential error ends kube-vip with exit code 0 (lab run, v1.1.2), as does a lost Lease from
// v1.0.4 on: Completed is no success.
const didNotStart = whenEnded(({ exitCode }) =>
  exitCode === 0
    ? 'ended with exit code 0, which is a failed start or a lost Lease and no success'
    : undefined,
);

const crashes = whenEnded(({ exitCode }) => `crashes with exit code ${exitCode}`);

const calm = ['ContainerCreating', 'PodInitializing', 'CrashLoopBackOff'];

const cannotStart = ask(({ state }) => {
  const { reason, message = '' } = state?.waiting ?? {};
  return reason === undefined || calm.includes(reason)
    ? undefined
    : `cannot start (${[reason, shorten(message)].filter(Boolean).join(': ')})`;
});

/** In the order in which they are said. */
const rows: readonly Row[] = [
  { reason: 'NodeUnheard', find: isUnheard },
  { reason: 'Unschedulable', find: isNotScheduled },
  { reason: 'ImagePull', find: cannotPull },
  { reason: 'Killed', find: wasKilled },
  { reason: 'FailedStart', find: didNotStart, more: 'logs' },
  { reason: 'CrashLoop', find: crashes, more: 'logs' },
  { reason: 'CannotStart', find: cannotStart, more: 'events' },
  { reason: 'PodsNotReady', find: () => 'is starting', more: 'events, when it lasts' },
];
const whileEnding: readonly Row[] = [
  { reason: 'NodeUnheard', find: isUnheard },
  { reason: 'PodsNotReady', find: () => 'is ending', more: 'events, when it lasts' },
];

interface Found {
  readonly rank: number;
  readonly row: Row;
  readonly text: string;
}

function diagnose(facts: PodFacts): Found {
  const isLast = isTerminating(facts.pod);
  for (const row of isLast ? whileEnding : rows) {
    const text = row.find(facts);
    if (text !== undefined) {
      const rank = rows.findIndex(({ reason }) => row.reason === reason);
      return { rank: isLast ? rank + 0.5 : rank, row, text };
    }
  }
  throw new RangeError('the last row answers for every pod');
}

const nobody: PodContext = { looping: new Set(), silentNodes: new Set() };

/** What ails these pods, which are not well: the worst first, pods that ail alike together. */
export function podProblemsOf(pods: readonly V1Pod[], context: PodContext = nobody): readonly PodProblem[] {
  const groups = new Map<string, { readonly found: Found; readonly pods: V1Pod[] }>();
  for (const pod of [...pods].sort((a, b) => nameOf(a).localeCompare(nameOf(b)))) {
    const loops = context.looping.has(nameOf(pod));
    const found = diagnose({ pod, loops, isUnheard: context.silentNodes.has(nodeOf(pod)) });
    const group = groups.get(found.text) ?? { found, pods: [] };
    group.pods.push(pod);
    groups.set(found.text, group);
  }
  return [...groups.values()]
    .sort((a, b) => a.found.rank - b.found.rank)
    .map(({ found: { row, text }, pods }) => ({
      reason: row.reason,
      text,
      more: row.more,
      pods,
    }));
}

/** What the pods' containers said last, by name of the pod. */
export type LastWords = Readonly<Record<string, string>>;

const describe = (name: string): string => `see kubectl -n ${systemNamespace} describe pod ${name}`;
const readOn: Readonly<Record<More, (name: string) => string>> = {
  logs: (name) => `read on with kubectl -n ${systemNamespace} logs ${name} --previous`,
  events: describe,
  'events, when it lasts': (name) => `when that lasts, ${describe(name)}`,
};

function sayMore(more: More | undefined, pod: V1Pod | undefined): string {
  return more === undefined || pod === undefined ? '' : `; ${readOn[more](nameOf(pod))}`;
}

function sayPodProblem({ text, more, pods }: PodProblem, lastWords: LastWords, isFirst: boolean): string {
  const heard = more === 'logs' ? pods.find((pod) => endOf(pod, true) && lastWords[nameOf(pod)]) : undefined;
  const pod = heard ?? pods[0];
  const where = pod && nodeOf(pod) ? ` on ${nodeOf(pod)}` : '';
  const said = heard ? `, its log ends with “${lastWords[nameOf(heard)]}”` : '';
  const many = pods.length > 1 ? ` (${pods.length} pods affected)` : '';
  return `pod ${pod && nameOf(pod)}${where} ${text}${said}${many}${isFirst ? sayMore(more, pod) : ''}`;
}

/** For example `pod edge-services-x on n2 crashes with exit code 1 (4 pods affected)`; at most three kinds of trouble. */
export function sayPodProblems(list: readonly PodProblem[], lastWords: LastWords): string {
  const rest = list.slice(shown).reduce((sum, { pods }) => sum + pods.length, 0);
  // Each command once, and none for what is starting or ending beside trouble.
  const isFirst = ({ more }: PodProblem, index: number): boolean =>
    list.findIndex((row) => row.more === more) === index && (more !== 'events, when it lasts' || index === 0);
  return [
    ...list.slice(0, shown).map((row, index) => sayPodProblem(row, lastWords, isFirst(row, index))),
    ...(rest > 0 ? [`${rest} more pods with other trouble`] : []),
  ].join('; ');
}
