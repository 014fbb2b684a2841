// What kubelets and kube-vip do in a played cluster, each as a function of what is there.
import { isDeepStrictEqual } from 'node:util';
import type { V1ContainerStatus, V1DaemonSet, V1Node, V1Pod } from '@kubernetes/client-node';
import { labels } from '../../src/api/metadata.ts';
import { leftOutIn, termsOf } from '../../src/observed/hand-over.ts';

/** Whether a pod of a release gets ready, and stays. */
export type Works = (version: string, nodeName: string) => 'ready' | 'crashes' | 'never ready';

type Nodes = ReadonlyMap<string, V1Node>;

export const revisionIn = (object: V1DaemonSet | undefined): string =>
  object?.spec?.template.metadata?.labels?.[labels.revision] ?? '';
export const revisionOfPod = ({ metadata }: V1Pod): string => metadata?.labels?.[labels.revision] ?? '';
export const homeOf = ({ spec }: V1Pod): string => spec?.nodeName ?? '';
export const isEnding = ({ metadata }: V1Pod): boolean => metadata?.deletionTimestamp !== undefined;
export const isReady = ({ status }: V1Pod): boolean => status?.conditions?.[0]?.status === 'True';
export const isHeard = (nodes: Nodes, pod: V1Pod): boolean =>
  nodes.get(homeOf(pod))?.status?.conditions?.[0]?.status === 'True';

/** Whether the template of a DaemonSet places its pods on a node: by its node selector and its affinity. */
export function isPlaced(object: V1DaemonSet, { metadata }: V1Node): boolean {
  const { nodeSelector = {} } = object.spec?.template.spec ?? {};
  const isLeftOut = leftOutIn(object).includes(metadata?.name ?? '');
  const isThere = (key: string): boolean => metadata?.labels?.[key] !== undefined;
  return (
    !isLeftOut &&
    Object.entries(nodeSelector).every(([key, value]) => metadata?.labels?.[key] === value) &&
    termsOf(object)
      .flatMap(({ matchExpressions = [] }) => matchExpressions)
      .every(({ key, operator }) => isThere(key) === (operator === 'Exists'))
  );
}

const templateIs = 'deprecated.daemonset.template.generation';

/** How often the template of a DaemonSet has changed. */
export const generationIn = (object: V1DaemonSet | undefined): string =>
  object?.metadata?.annotations?.[templateIs] ?? '0';

/** A DaemonSet as it is stored over another: the API server counts the changes of its template. */
export function withGeneration(next: V1DaemonSet, old: V1DaemonSet | undefined): V1DaemonSet {
  const isSame = isDeepStrictEqual(old?.spec?.template, next.spec?.template);
  const generation = String(Number(generationIn(old)) + (isSame ? 0 : 1));
  const annotations = { ...next.metadata?.annotations, [templateIs]: generation };
  return { ...next, metadata: { ...next.metadata, annotations } };
}

const versionIn = (object: V1DaemonSet): string =>
  /:(?<version>v[^@]+)@/.exec(object.spec?.template.spec?.containers[0]?.image ?? '')?.groups?.['version'] ??
  '';

const started = '2026-11-24T11:00:00Z' as unknown as Date;

/** A pod from the template that stands in a DaemonSet. */
export function makePod(object: V1DaemonSet, count: number, nodeName: string): V1Pod {
  const { template } = object.spec ?? {};
  const container: V1ContainerStatus = {
    name: 'kube-vip',
    image: versionIn(object),
    imageID: '',
    ready: false,
    restartCount: 0,
    containerID: `c-${count}`,
    state: { running: { startedAt: started } },
  };
  return {
    metadata: {
      name: `${object.metadata?.name}-${count}`,
      uid: `uid-${count}`,
      labels: { ...template?.metadata?.labels, 'pod-template-generation': generationIn(object) },
    },
    spec: { nodeName, containers: template?.spec?.containers ?? [] },
    status: { conditions: [{ type: 'Ready', status: 'False' }], containerStatuses: [container] },
  };
}

const crashed: Partial<V1ContainerStatus> = {
  state: { waiting: { reason: 'CrashLoopBackOff' } },
  lastState: { terminated: { exitCode: 1, startedAt: started, finishedAt: started } },
};

/** What its kubelet has come to with a pod. */
export function runPod(pod: V1Pod, works: Works): V1Pod {
  const [container] = pod.status?.containerStatuses ?? [];
  if (container === undefined) {
    return pod;
  }
  const how = works(container.image, homeOf(pod));
  return {
    ...pod,
    status: {
      conditions: [{ type: 'Ready', status: how === 'ready' ? 'True' : 'False' }],
      containerStatuses: [{ ...container, ...(how === 'crashes' && crashed) }],
    },
  };
}

/** Who holds next. Whoever is asked first, from the last one on: no order that the operator could count on. */
export function electedOf(pods: readonly V1Pod[], nodes: Nodes, holder: string): string | undefined {
  const able = pods.filter((pod) => !isEnding(pod) && isReady(pod) && isHeard(nodes, pod));
  const homes = able.map(homeOf).sort();
  return homes.includes(holder) ? holder : homes.at(-1);
}
