// One pod that is not well, in half a sentence that names it, its node and the cause.
import type { V1ContainerStateTerminated, V1ContainerStatus, V1Pod } from '@kubernetes/client-node';

type Trouble = (container: V1ContainerStatus) => string | undefined;

const lastEnd = ({ state, lastState }: V1ContainerStatus): V1ContainerStateTerminated | undefined =>
  state?.terminated ?? lastState?.terminated;

// A configuration error ends kube-vip with exit code 0 (lab run, v1.1.2): Completed is a failed start.
const endsAtOnce: Trouble = (container) =>
  container.state?.waiting?.reason === 'CrashLoopBackOff' && lastEnd(container)?.exitCode === 0
    ? `kube-vip ended with exit code 0, ${container.restartCount} restarts: it refused its configuration or lost its Lease; read its log`
    : undefined;

const waits: Trouble = (container) => {
  const { reason, message } = container.state?.waiting ?? {};
  const end = lastEnd(container);
  return reason === undefined || reason === 'ContainerCreating'
    ? undefined
    : [reason, message, end && `last exit code ${end.exitCode}`].filter(Boolean).join(': ');
};

const ended: Trouble = ({ state }) =>
  state?.terminated && `ended with exit code ${state.terminated.exitCode}`;

const troubles: readonly Trouble[] = [endsAtOnce, waits, ended];

function containerTrouble(container: V1ContainerStatus): string | undefined {
  return troubles.map((trouble) => trouble(container)).find((text) => text !== undefined);
}

function unschedulable({ status }: V1Pod): string | undefined {
  const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled');
  return scheduled?.status === 'False'
    ? `not scheduled: ${scheduled.message ?? 'no reason given'}`
    : undefined;
}

/** For example `pod edge-services-x on n2 is in trouble (ErrImagePull: …)`. */
export function describePod(pod: V1Pod): string {
  const where = `pod ${pod.metadata?.name}${pod.spec?.nodeName ? ` on ${pod.spec.nodeName}` : ''}`;
  if (pod.metadata?.deletionTimestamp) {
    return `${where} is ending`;
  }
  const trouble = unschedulable(pod) ?? pod.status?.containerStatuses?.map(containerTrouble).find(Boolean);
  return trouble ? `${where} is in trouble (${trouble})` : `${where} is starting`;
}
