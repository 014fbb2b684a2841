// Reads the cluster into a Snapshot: all the reads of a reconcile, in one place.
import type { KubeVipConfig } from '../api/types.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import { componentKinds, statusFields } from '../api/metadata.ts';
import type { FormerHolder, Moment, ProbeRun, Snapshot } from '../observed/snapshot.ts';
import { restartsOf } from './restarts.ts';

const moment = (text: string): Moment => ({ at: Date.parse(text), text });

/** What the status remembers of probes. */
function probeRuns({ status }: KubeVipConfig): readonly ProbeRun[] {
  return (status?.nodeProbe ?? []).map(({ function: component, startedAt, finishedAt, ...row }) => ({
    ...row,
    component,
    started: moment(startedAt),
    ...(finishedAt !== undefined && { finished: moment(finishedAt) }),
  }));
}

function formerHolders({ status }: KubeVipConfig): readonly FormerHolder[] {
  return componentKinds.flatMap((component) =>
    (status?.[statusFields[component]]?.formerHolders ?? []).map(({ since, ...row }) => ({
      ...row,
      component,
      since: moment(since),
    })),
  );
}

/** The Snapshot of a config, or undefined when it does not exist. */
export function gather(
  view: ClusterView,
  name: string,
  context: Pick<Snapshot, 'namespace' | 'now' | 'operatorNode' | 'probeImage' | 'heard'>,
): Snapshot | undefined {
  const config = view.config(name);
  const { deletionTimestamp } = config?.metadata ?? {};
  const { lastProgress } = config?.status ?? {};
  const pods = view.podsOf(name);
  return (
    config && {
      config,
      configs: view.configs(),
      daemonSets: view.daemonSets(),
      recorded: view.recorded(),
      pods,
      restarts: restartsOf(pods),
      formerHolders: formerHolders(config),
      lastProgress: lastProgress === undefined ? undefined : moment(lastProgress),
      probePods: view.probePodsOf(name),
      probeRuns: probeRuns(config),
      leases: view.leases(),
      openNamespaces: view.openNamespaces(),
      nodes: view.nodes(),
      services: view.services(),
      survey: view.survey(config),
      lastWords: view.lastWords(),
      reach: view.reach(config),
      deletedAt: deletionTimestamp === undefined ? undefined : Date.parse(deletionTimestamp),
      ...context,
    }
  );
}
