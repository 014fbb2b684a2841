// What is wrong with the pods of one component, as a table of questions to one pod. Pods with the same problem are said once.
import type { V1ContainerStateTerminated, V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import type { Reason } from '../api/conditions.ts';
import { runtimeSays, schedulerSays, shorten } from './complaints.ts';
import { ended, isTerminating, nameOf, nodeOf } from './pods.ts';

/** What is known of pods beyond their own status. */
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

interface Trouble {
  /** Goes on after `pod x on n1`, the same words for every pod with this problem. */
  readonly what: string;
  /** What is known of it; goes in brackets. */
  readonly cause?: string;
  /** In the imperative. */
  readonly todo?: string;
}

interface Row {
  readonly reason: Reason;
  readonly find: (facts: PodFacts) => Trouble | undefined;
  /** Where more is to be read: what its container said last, or what the kubelet says of it. */
  readonly more?: More;
}

/** Where more of a problem is to be read. */
export type More = 'logs' | 'events' | 'events, when it lasts';

/** One thing that is wrong with one pod or with several. */
export interface PodProblem extends Trouble {
  readonly reason: Reason;
  readonly more: More | undefined;
  /** The first one is shown. */
  readonly pods: readonly V1Pod[];
}

const ask =
  (question: (container: V1ContainerStatus) => Trouble | undefined): Row['find'] =>
  ({ pod: { status } }) =>
    status?.containerStatuses?.map(question).find((found) => found !== undefined);

const whenEnded =
  (say: (end: V1ContainerStateTerminated) => Trouble | undefined): Row['find'] =>
  ({ pod: { status }, loops }) =>
    status?.containerStatuses
      ?.map((row) => ended(row, loops))
      .map((end) => end && say(end))
      .find((found) => found !== undefined);

const isUnheard: Row['find'] = ({ isUnheard }) =>
  isUnheard
    ? {
        what: 'is not heard of',
        cause: 'the kubelet of its node does not report',
        todo: 'start that kubelet, or delete the Node when it is gone for good',
      }
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
  const cause = schedulerSays(scheduled.message ?? '') || 'no reason given';
  const todo = cause.includes('free ports')
    ? `end what has host port ${hostPorts(pod)} there`
    : 'make room on its node, or change resources, tolerations or nodeSelector in the spec';
  return { what: 'is not scheduled', cause, todo };
};

const pullReasons =
  /^(ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull|RegistryUnavailable)$/;

const cannotPull = ask(({ state, image }) => {
  const { reason = '', message = '' } = state?.waiting ?? {};
  const name = image.replace(/@.*$/, '');
  const cause = [name, runtimeSays(message)].filter((part) => part !== '').join(': ');
  return pullReasons.test(reason)
    ? {
        what: 'cannot pull its image',
        ...(cause !== '' && { cause }),
        todo: 'check spec.image and that its node reaches the registry',
      }
    : undefined;
});

const wasKilled = whenEnded(({ exitCode, reason }) => {
  if (reason === 'OOMKilled') {
    return {
      what: 'ran out of memory',
      cause: `exit code ${exitCode}, OOMKilled`,
      todo: 'raise the memory limit in the spec',
    };
  }
  return exitCode === 137
    ? {
        what: 'was killed from outside',
        cause: 'exit code 137, not by its memory limit',
        todo: 'look in the kernel log of its node (dmesg), which may say by whom',
      }
    : undefined;
});

// A configuration or credential error ends kube-vip with exit code 0 (lab run, v1.1.2), as does a lost Lease from
// v1.0.4 on: Completed is no success.
const didNotStart = whenEnded(({ exitCode }) =>
  exitCode === 0
    ? { what: 'ended with exit code 0', cause: 'a failed start or a lost Lease, no success' }
    : undefined,
);

const crashes = whenEnded(({ exitCode }) => ({ what: `crashes with exit code ${exitCode}` }));

// What a container waits for that starts in order, and what the rows above tell better.
const noRefusal = ['ContainerCreating', 'PodInitializing', 'CrashLoopBackOff'];

const cannotStart = ask(({ state }) => {
  const { reason, message = '' } = state?.waiting ?? {};
  return reason === undefined || noRefusal.includes(reason)
    ? undefined
    : { what: 'cannot start', cause: [reason, shorten(message)].filter((part) => part !== '').join(': ') };
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
  { reason: 'PodsNotReady', find: () => ({ what: 'is starting' }), more: 'events, when it lasts' },
];
const whileTerminating: readonly Row[] = [
  { reason: 'NodeUnheard', find: isUnheard },
  { reason: 'PodsNotReady', find: () => ({ what: 'is ending' }), more: 'events, when it lasts' },
];

interface Found {
  readonly rank: number;
  readonly row: Row;
  readonly trouble: Trouble;
}

function diagnose(facts: PodFacts): Found {
  const isLast = isTerminating(facts.pod);
  for (const row of isLast ? whileTerminating : rows) {
    const trouble = row.find(facts);
    if (trouble !== undefined) {
      const rank = rows.findIndex(({ reason }) => row.reason === reason);
      return { rank: isLast ? rank + 0.5 : rank, row, trouble };
    }
  }
  throw new RangeError('the last row answers for every pod');
}

const noContext: PodContext = { looping: new Set(), silentNodes: new Set() };

/** What is wrong with these pods, which are not well: the worst first, pods with the same problem together. */
export function podProblemsOf(
  pods: readonly V1Pod[],
  context: PodContext = noContext,
): readonly PodProblem[] {
  const groups = new Map<string, { readonly found: Found; readonly pods: V1Pod[] }>();
  for (const pod of [...pods].sort((a, b) => nameOf(a).localeCompare(nameOf(b)))) {
    const loops = context.looping.has(nameOf(pod));
    const found = diagnose({ pod, loops, isUnheard: context.silentNodes.has(nodeOf(pod)) });
    const key = clauseOf(found.trouble);
    const group = groups.get(key) ?? { found, pods: [] };
    group.pods.push(pod);
    groups.set(key, group);
  }
  return [...groups.values()]
    .sort((a, b) => a.found.rank - b.found.rank)
    .map(({ found: { row, trouble }, pods }) => ({
      ...trouble,
      reason: row.reason,
      more: row.more,
      pods,
    }));
}

/** The problem of one pod, of those of its component. */
export const problemOfPod = (problems: readonly PodProblem[], pod: V1Pod): readonly PodProblem[] =>
  problems.filter(({ pods }) => pods.includes(pod)).map((problem) => ({ ...problem, pods: [pod] }));

/** Whether a pod only starts or ends, and nothing is wrong with it as far as is seen. */
export const isInOrder = ({ reason }: PodProblem): boolean => reason === 'PodsNotReady';

/** What the pods' containers said last, by name of the pod. */
export type LastWords = Readonly<Record<string, string>>;

/** What goes on after the name of a pod, for example `cannot pull its image (no such host)`. */
export const clauseOf = ({ what, cause }: Pick<PodProblem, 'what' | 'cause'>): string =>
  cause === undefined ? what : `${what} (${cause})`;
