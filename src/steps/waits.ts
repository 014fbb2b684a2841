// What a deletion or a removal waits for, in words, and what it shall not wait for because a person says so.
import type { V1DaemonSet, V1Pod } from '@kubernetes/client-node';
import { annotations, systemNamespace } from '../api/metadata.ts';
import type { KubeVipConfig } from '../api/types.ts';
import { list } from '../api/words.ts';
import { nameOf, silentNodesOf } from '../observed/pods.ts';
import type { Snapshot } from '../observed/snapshot.ts';
import type { Ask, Step, Waiting } from './step.ts';

/** One thing that a deletion or a removal waits for. */
export type Wait = {
  /** In few words. */
  readonly what: string;
  /** More about it; goes in brackets. */
  readonly why?: string;
} & (
  | {
      /** What a person can do about it. */
      readonly todo: string;
    }
  | {
      /** What a person can do about it when it takes too long; until then it ends by itself. */
      readonly late: string;
    }
);

/** What is done now so that something leaves the nodes, and what that waits for; nothing when it has left. */
export interface Departure {
  readonly steps: readonly Step[];
  readonly waits: readonly Wait[];
  readonly ask?: Ask | undefined;
}

/** Names of nodes and addresses in the annotation `kubevip.dev/abandon`. */
export function abandoned({ metadata }: KubeVipConfig): readonly string[] {
  return (metadata.annotations?.[annotations.abandon] ?? '').split(/[\s,]+/).filter((entry) => entry !== '');
}

/** The command that gives up on an entry as well. */
export function abandonCommand(config: KubeVipConfig, entry: string): string {
  const entries = [...new Set([...abandoned(config), entry])].join(',');
  return `kubectl annotate --overwrite kubevipconfig ${config.metadata.name} ${annotations.abandon}=${entries}`;
}

/** Losing a Lease takes up to 72 s, ending a pod 30 s, a neighbour cache a minute: beyond this a person must look. */
const overdueMs = 180_000;

const say = ({ what, why }: Wait): string => (why === undefined ? what : `${what} (${why})`);

/**
 * Several waits in one sentence, those with something to do first.
 * @param sinceMs How long it has taken so far.
 */
export function sayWaits(waits: readonly Wait[], sinceMs: number): Waiting {
  const isOverdue = sinceMs > overdueMs;
  const [urgent, others] = [waits.filter((row) => 'todo' in row), waits.filter((row) => 'late' in row)];
  // Those that come first are what the others wait for.
  const all = [...urgent, ...others];
  const todo = urgent[0]?.todo ?? (isOverdue ? others[0]?.late : undefined);
  return {
    waitingFor: list(all.map(say)),
    waitingFirst: all[0]?.what ?? '',
    ...(todo !== undefined && { todo }),
    ...(isOverdue && { overdue: true }),
  };
}

const kubectl = `kubectl -n ${systemNamespace}`;

function sayLatePod(pod: V1Pod): string {
  const node = pod.spec?.nodeName;
  return node === undefined
    ? `run ${kubectl} delete pod ${nameOf(pod)}: nothing of it runs. Look at kube-controller-manager, which should have deleted it`
    : `see ${kubectl} describe pod ${nameOf(pod)} and the log of the kubelet on ${node}`;
}

// The API server's own: it goes when the pods have gone.
const ownFinalizers = ['foregroundDeletion', 'orphan'];

function waitForDaemonSet(object: V1DaemonSet, pods: readonly V1Pod[]): Wait {
  const name = nameOf(object);
  const what = `DaemonSet ${name}`;
  const foreign = object.metadata?.finalizers?.find((row) => !ownFinalizers.includes(row));
  if (foreign !== undefined) {
    return {
      what,
      why: `finalizer ${foreign} keeps it`,
      late: `look at what set finalizer ${foreign} on DaemonSet ${name}, or take it off`,
    };
  }
  const pod = pods.find((row) => nameOf(row).startsWith(`${name}-`));
  const late = `look at kube-controller-manager, which collects DaemonSet ${name}, and see ${kubectl} get ds ${name} -o yaml`;
  return { what, late: pod ? sayLatePod(pod) : late };
}

function waitForPod(snapshot: Snapshot, pod: V1Pod): Wait {
  const node = pod.spec?.nodeName;
  if (node === undefined || !silentNodesOf(snapshot.nodes).has(node)) {
    return { what: `pod ${nameOf(pod)} on ${node ?? 'no node'}`, late: sayLatePod(pod) };
  }
  return {
    what: `pod ${nameOf(pod)} on ${node}`,
    why: `${node} is NotReady, and its kubelet ends no pod`,
    todo: `bring ${node} back. When it is switched off, delete Node ${node}, or run ${abandonCommand(snapshot.config, node)}`,
  };
}

/** DaemonSets, and pods of this config, that are still there, but for what runs on nodes that were given up. */
export function remaining(
  snapshot: Snapshot,
  daemonSets: readonly V1DaemonSet[],
  ofConfig: readonly V1Pod[],
): readonly Wait[] {
  const givenUp = abandoned(snapshot.config);
  const isGivenUp = ({ spec }: V1Pod): boolean => givenUp.includes(spec?.nodeName ?? '');
  const pods = ofConfig.filter((pod) => !isGivenUp(pod));
  const orphans = ofConfig.filter(isGivenUp);
  // A DaemonSet that is deleted in the foreground stays for as long as a pod on a node that was given up.
  const isHeldByOrphans = (object: V1DaemonSet): boolean =>
    object.metadata?.deletionTimestamp !== undefined &&
    orphans.some((pod) => nameOf(pod).startsWith(`${nameOf(object)}-`)) &&
    !pods.some((pod) => nameOf(pod).startsWith(`${nameOf(object)}-`));
  return [
    ...daemonSets
      .filter((object) => !isHeldByOrphans(object))
      .map((object) => waitForDaemonSet(object, pods)),
    ...pods.map((pod) => waitForPod(snapshot, pod)),
  ];
}
