// Reads the cluster into a Snapshot: all the reads of a reconcile, in one place.
import type { V1Pod } from '@kubernetes/client-node';
import type { KubeVipConfig } from '../api/types.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import { componentKinds, statusFields } from '../api/metadata.ts';
import { emptyMacBook } from '../observed/witness/mac-book.ts';
import type { NetworkMemory } from './network-memory.ts';
import type { StatusMemory } from './status-memory.ts';
import type { RolloutMemory } from '../observed/rollout-memory.ts';
import type { Moment } from '../observed/moment.ts';
import type { FormerHolder, ProbeRun, Restart, Snapshot } from '../observed/snapshot.ts';

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

/** Nodes that lost a Lease, as the status remembers them. */
export function formerHolders({ status }: KubeVipConfig): readonly FormerHolder[] {
  return componentKinds.flatMap((component) =>
    (status?.[statusFields[component]]?.formerHolders ?? []).map(({ since, ...row }) => ({
      ...row,
      component,
      since: moment(since),
    })),
  );
}

/** What the status remembers of a rollout. */
export function rolloutOf({ status }: KubeVipConfig): RolloutMemory | undefined {
  if (status?.rollout === undefined) {
    return undefined;
  }
  const { function: component, since, passingSince, ...rest } = status.rollout;
  return {
    ...rest,
    component,
    since: moment(since),
    ...(passingSince !== undefined && { passingSince: moment(passingSince) }),
  };
}

const milliseconds = (time: unknown): number => (typeof time === 'string' ? Date.parse(time) : NaN);

function restartOf({ status }: V1Pod): Restart | undefined {
  const { state, lastState } = status?.containerStatuses?.[0] ?? {};
  const { startedAt, finishedAt } = lastState?.terminated ?? {};
  const restart = {
    at: milliseconds(state?.running?.startedAt),
    ranMs: milliseconds(finishedAt) - milliseconds(startedAt),
  };
  return Number.isNaN(restart.at + restart.ranMs) ? undefined : restart;
}

/** When containers were started again, by name of their pod. In numbers: the decisions know no clock and parse no time. */
export const restartsOf = (pods: readonly V1Pod[]): Readonly<Record<string, Restart>> =>
  Object.fromEntries(
    pods.flatMap((pod) => {
      const restart = restartOf(pod);
      return restart === undefined ? [] : [[pod.metadata?.name ?? '', restart] as const];
    }),
  );

/** What a Snapshot has beside the view. */
export interface GatherContext extends Pick<
  Snapshot,
  'namespace' | 'now' | 'operatorNode' | 'probeImage' | 'heard' | 'grants'
> {
  /** Completes a status of which a CRD stores a part. */
  readonly memory: Pick<StatusMemory, 'complete'>;
  /** What was heard on the network before; undefined: nothing is remembered. */
  readonly network?: Pick<NetworkMemory, 'book' | 'past'> | undefined;
}

function ofNetwork(view: ClusterView, config: KubeVipConfig, network: GatherContext['network']) {
  const stored = {
    ownerHistory: (config.status?.history ?? []).map(({ at, ...row }) => ({ ...row, at: moment(at) })),
    remedies: (config.status?.remedies ?? []).map(({ at, function: component, ...row }) => ({
      ...row,
      component,
      at: moment(at),
    })),
  };
  const hasWitness = config.spec.witness !== 'Off';
  const macs = network?.book ?? emptyMacBook;
  return {
    ...(network?.past(config.metadata.name) ?? stored),
    witness: hasWitness ? { ...view.witnesses(), macs } : undefined,
  };
}

/** What a status remembers. */
function remembered(config: KubeVipConfig) {
  const { lastProgress } = config.status ?? {};
  return {
    formerHolders: formerHolders(config),
    rollout: rolloutOf(config),
    lastProgress: lastProgress === undefined ? undefined : moment(lastProgress),
    probeRuns: probeRuns(config),
  };
}

/** The Snapshot of a config, or undefined when it does not exist. */
export function gather(
  view: ClusterView,
  name: string,
  { memory, network, ...context }: GatherContext,
): Snapshot | undefined {
  const stored = view.config(name);
  const { config, unstored = [] } = stored ? memory.complete(stored) : {};
  const { deletionTimestamp } = config?.metadata ?? {};
  const pods = view.podsOf(name);
  return (
    config && {
      config,
      configs: view.configs(),
      daemonSets: view.daemonSets(),
      answers: view.answers(name),
      recorded: view.recorded(),
      pods,
      restarts: restartsOf(pods),
      unstored,
      probePods: view.probePodsOf(name),
      leases: view.leasesOf(name),
      openNamespaces: view.openNamespaces(),
      missingPolicies: view.missingPolicies(),
      nodes: view.nodes(),
      services: view.services(),
      survey: view.survey(config),
      lastWords: view.lastWords(),
      campaigns: view.campaigns(),
      reach: view.reach(config),
      seenForMs: view.seenForMs(),
      ...remembered(config),
      ...ofNetwork(view, config, network),
      deletedAt: deletionTimestamp === undefined ? undefined : Date.parse(deletionTimestamp),
      ...context,
    }
  );
}
