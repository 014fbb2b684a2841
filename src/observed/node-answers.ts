// The probes of nodes as they stand in the cluster, and what their pods have said. Which node has an address is read here.
import type { V1DaemonSet } from '@kubernetes/client-node';
import { annotations, componentKinds } from '../api/metadata.ts';
import { parseReport, type NodeReport } from '../api/node-report.ts';
import type { Observed } from './observed.ts';
import type { ProbePod } from './snapshot.ts';

/** What one node said in a run, and the pod that it said it by. */
export interface NodeAnswer {
  readonly node: string;
  readonly pod: ProbePod;
  /** Undefined while the node has said nothing. */
  readonly report: NodeReport | undefined;
}

const answerOf = (pod: ProbePod, run: string): NodeAnswer => ({
  node: pod.node,
  pod,
  report: pod.messages.map((message) => parseReport(message, run)).find((report) => report !== undefined),
});

/** What each node said in one run, one entry per node, in the order of their names. */
export function nodeAnswers(pods: readonly ProbePod[], run: string): readonly NodeAnswer[] {
  const byNode = new Map<string, NodeAnswer>();
  for (const answer of pods.map((pod) => answerOf(pod, run))) {
    if (answer.report !== undefined || !byNode.has(answer.node)) {
      byNode.set(answer.node, answer);
    }
  }
  return [...byNode.values()].sort((a, b) => (a.node < b.node ? -1 : 1));
}

/**
 * The nodes that had an address on any interface when they looked. Only of addresses that the run asked about; a
 * node that said nothing is not among them, which is no proof that it has not got it.
 */
export function nodesHolding(answers: readonly NodeAnswer[], address: string): readonly string[] {
  return answers.filter(({ report }) => report?.bound.includes(address)).map(({ node }) => node);
}

/** Every probe of a config, also one that terminates. */
export function probesOf({ components }: Pick<Observed, 'components'>): readonly V1DaemonSet[] {
  return componentKinds.flatMap((kind) => components[kind].probe ?? []);
}

/** The run that a probe was made for. */
export const runOfProbe = ({ metadata }: V1DaemonSet): string | undefined =>
  metadata?.annotations?.[annotations.probeRun];

/** Whether the DaemonSet controller has counted the nodes of a probe. */
export const isCounted = ({ metadata, status }: V1DaemonSet): boolean =>
  status?.observedGeneration !== undefined && status.observedGeneration === metadata?.generation;
