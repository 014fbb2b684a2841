// How far the clocks of nodes are apart, from two times that every pod carries: when it was bound to its node, by
// the clock of an API server, and when the kubelet took it on, by the clock of the node. The probe itself could
// compare its clock with an API server alone, and under apiAccess Local that one has the same clock.
import type { ProbePod } from '../../observed/snapshot.ts';
import type { Finding } from '../checks/check.ts';
import { together, type NodeEvidence } from './evidence.ts';

/** Seconds by which a node's clock is ahead, plus the moment that its kubelet took; undefined when not known. */
function ahead({ boundAt, takenOnAt }: ProbePod): number | undefined {
  return boundAt === undefined || takenOnAt === undefined ? undefined : (takenOnAt - boundAt) / 1000;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;

/** The nodes whose clock is away from that of most by more than the renew deadline. */
export function clocksAgree({ answers, spec }: NodeEvidence): readonly Finding[] {
  const limit = spec.election.renewDeadlineSeconds;
  const clocks = answers.flatMap(({ node, pod }) => {
    const seconds = ahead(pod);
    return seconds === undefined ? [] : [{ node, seconds }];
  });
  const most = median(clocks.map(({ seconds }) => seconds));
  return together(
    `a clock within spec.leaderElection.renewDeadlineSeconds (${limit} s) of those of the other nodes`,
    clocks
      .map(({ node, seconds }) => ({ node, off: Math.round(seconds - most) }))
      .filter(({ off }) => Math.abs(off) > limit)
      .map(({ node, off }) => [node, `one ${Math.abs(off)} s ${off > 0 ? 'ahead' : 'behind'}`]),
  );
}
