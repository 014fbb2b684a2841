// A pod of a probe in the form that the decisions use: what it said, where, and what it says of its node's clock.
import type { V1Pod } from '@kubernetes/client-node';
import { labels } from '../api/metadata.ts';
import type { ProbePod } from '../observed/snapshot.ts';
import { clauseOf, podProblemsOf } from '../observed/pod-problems.ts';
import { nodeOf } from '../observed/pods.ts';

// The kubelet starts the container again when it has ended, and keeps the end before.
/** Termination messages of a probe pod, the newest first. */
export function messagesOf({ status }: V1Pod): readonly string[] {
  const [container] = status?.containerStatuses ?? [];
  return [container?.state, container?.lastState].flatMap((state) => state?.terminated?.message ?? []);
}

// client-node's type has Date where the wire has text.
const milliseconds = (time: unknown): number | undefined =>
  typeof time === 'string' ? Date.parse(time) : undefined;

// What to do about it is said for kube-vip.
function troubleOf(pod: V1Pod): string {
  const [problem] = podProblemsOf([pod]);
  return `pod ${pod.metadata?.name} ${problem && clauseOf(problem)}`;
}

function boundAt({ status }: V1Pod): number | undefined {
  const bound = status?.conditions?.find((row) => row.type === 'PodScheduled' && row.status === 'True');
  return milliseconds(bound?.lastTransitionTime);
}

/**
 * What is read of a pod of a probe.
 * @param printed what its log has, which is there before the container has ended.
 */
export function probePod(pod: V1Pod, printed?: string): ProbePod {
  const messages = [...messagesOf(pod), ...(printed === undefined ? [] : [printed])];
  return {
    component: pod.metadata?.labels?.[labels.component] ?? '',
    node: nodeOf(pod),
    messages,
    boundAt: boundAt(pod),
    takenOnAt: milliseconds(pod.status?.startTime),
    trouble: messages.length > 0 ? '' : troubleOf(pod),
  };
}
