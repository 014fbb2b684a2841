// What the nodes said, as status remembers it: the memory of probes, which goes on after a restart of the operator.
import type { KubeVipConfigStatus } from '../api/types.ts';
import type { Moment } from '../observed/moment.ts';
import type { ProbeRun } from '../observed/snapshot.ts';
import { desiredOf } from '../plan/plan.ts';
import type { StatusInput } from './input.ts';

type Entry = NonNullable<KubeVipConfigStatus['nodeProbe']>[number];

function entry({ component, started, finished, ...row }: ProbeRun, now: string): Entry {
  const text = (moment: Moment): string => moment.text ?? now;
  return {
    function: component,
    startedAt: text(started),
    ...(finished && { finishedAt: text(finished) }),
    ...row,
  };
}

/** One entry for each component whose nodes are asked. */
export function nodeProbeStatus({
  observed: { snapshot },
  report,
  plan,
  now,
}: StatusInput): Pick<KubeVipConfigStatus, 'nodeProbe'> {
  // Nothing is asked for a config that is suspended, refused or deleted; what is known stays known.
  const isAsked = desiredOf(plan).length > 0;
  const runs = isAsked ? [...report.nodes.values()].flatMap(({ run }) => run ?? []) : snapshot.probeRuns;
  return runs.length === 0 ? {} : { nodeProbe: runs.map((run) => entry(run, now)) };
}
