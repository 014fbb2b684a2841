// What one pod of kube-vip is at, and the node that it is on.
import type {
  KubernetesObject,
  V1ContainerStateTerminated,
  V1ContainerStatus,
  V1Node,
  V1Pod,
} from '@kubernetes/client-node';
import { oncePer } from './once.ts';
import type { Restart } from './snapshot.ts';

/** The name of an object; empty where it has none. */
export const nameOf = ({ metadata }: Pick<KubernetesObject, 'metadata'>): string => metadata?.name ?? '';

/** The names of the objects of a list. */
export const namesOf = oncePer((list: readonly Pick<KubernetesObject, 'metadata'>[]) => list.map(nameOf));

/** Names of the nodes whose kubelet does not report (NotReady or Unknown): it ends no pod, and their pods' status is old. */
export const silentNodesOf = oncePer(
  (nodes: readonly V1Node[]): ReadonlySet<string> =>
    new Set(
      nodes
        .filter(({ status }) => {
          const ready = status?.conditions?.find(({ type }) => type === 'Ready');
          return ready !== undefined && ready.status !== 'True';
        })
        .map(nameOf),
    ),
);

/** Whether the deletion of an object was asked for. */
export const isTerminating = ({ metadata }: Pick<KubernetesObject, 'metadata'>): boolean =>
  metadata?.deletionTimestamp !== undefined;

/** True when a pod's containers are ready and its deletion was not asked for. */
export function isReady(pod: V1Pod): boolean {
  const ready = pod.status?.conditions?.find(({ type }) => type === 'Ready');
  return ready?.status === 'True' && !isTerminating(pod);
}

// A DaemonSet writes the node of a pod as an affinity.
function intendedNode({ spec }: V1Pod): string | undefined {
  const required = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return required?.nodeSelectorTerms
    .flatMap(({ matchFields = [] }) => matchFields)
    .find(({ key }) => key === 'metadata.name')?.values?.[0];
}

/** The node that it runs on, else the one that its DaemonSet made it for; empty when neither is told. */
export const nodeOf = (pod: V1Pod): string => pod.spec?.nodeName ?? intendedNode(pod) ?? '';

/** Which container runs in it; undefined while none does. */
export const runningContainer = ({ status }: V1Pod): string | undefined =>
  status?.containerStatuses?.find(({ state }) => state?.running)?.containerID;

/**
 * How a container ended last; undefined while it runs, or was never started.
 * @param loops whether it counts as ended while it runs again for a moment.
 */
export function ended(
  { state, lastState }: V1ContainerStatus,
  loops = false,
): V1ContainerStateTerminated | undefined {
  const isBetween = state?.waiting?.reason === 'CrashLoopBackOff' || loops;
  return state?.terminated ?? (isBetween ? lastState?.terminated : undefined);
}

/** How the container of a pod ended, whose log says why. */
export const endOf = (pod: V1Pod, loops = false): V1ContainerStateTerminated | undefined =>
  isTerminating(pod)
    ? undefined
    : pod.status?.containerStatuses?.map((row) => ended(row, loops)).find((end) => end !== undefined);

// kube-vip takes up to 5 s to find out that it cannot run, and counts as ready meanwhile (lab run, v1.1.2).
const provenMs = 30_000;
const shortMs = 60_000;

/**
 * True when a container ended soon after its start and runs again for a moment only: that is no recovery yet.
 * The start is by the clock of its node: one that lies well ahead of ours says nothing, and holds nothing back.
 */
export const isLooping = (restart: Restart | undefined, now: number): boolean =>
  restart !== undefined && restart.ranMs < shortMs && Math.abs(now - restart.at) < provenMs;

/**
 * Whether the holder of a Lease is a node. Releases before v0.8.0 lead under the host name and those from v1.2.0 on in
 * lower case, so a node `N1` may hold the Lease as `n1` or `n1.example.org`.
 */
export function isNode(identity: string, node: string): boolean {
  const [a, b] = [identity.toLowerCase(), node.toLowerCase()];
  return a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);
}

const setOf = oncePer((names: readonly string[]): ReadonlySet<string> => new Set(names));

/** Whether the holder of a Lease is one of the nodes with these names. */
export const isAmong = (identity: string, names: readonly string[]): boolean =>
  setOf(names).has(identity) || names.some((name) => isNode(identity, name));

/** Pods that are not ready, or only for a moment. */
export const unwell = (pods: readonly V1Pod[], looping: ReadonlySet<string>): readonly V1Pod[] =>
  pods.filter((pod) => !isReady(pod) || looping.has(nameOf(pod)));
