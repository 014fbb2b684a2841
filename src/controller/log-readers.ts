// The readers of the logs of pods, on the API server and the stores of one process.
import type { KubeVipConfig } from '../api/types.ts';
import { readBeginning, readLastLine } from '../cluster/pod-log.ts';
import { makeFollow } from '../cluster/probe-log.ts';
import type { Http } from '../cluster/http.ts';
import type { Stores } from '../cluster/view.ts';
import { CampaignReader } from './campaign-reader.ts';
import type { ControllerOptions } from './controller-options.ts';
import { LogReader } from './log-reader.ts';
import { ProbeListener } from './probe-listener.ts';

/** Where logs are read from, kept and told. */
export interface LogSources {
  readonly options: ControllerOptions;
  readonly http: Http;
  readonly stores: Stores;
  /** Called with the name of the config that a log is about. */
  readonly onHeard: (key: string) => void;
  readonly now: () => number;
}

/** Reads the last line of a kube-vip that crashes. */
export const makeLogReader = ({ options, http, stores, onHeard, now }: LogSources): LogReader =>
  new LogReader({
    pods: () => stores.pods.list(),
    read: (pod, previous) => readLastLine(http, pod, previous),
    store: stores.lastWords,
    onHeard,
    now,
    log: options.log,
  });

/** Listens to the probes of nodes. */
export const makeProbeListener = ({ options, stores, onHeard }: LogSources): ProbeListener =>
  new ProbeListener({
    pods: () => stores.pods.list(),
    follow: makeFollow(options.kubeConfig, (row) => options.observer.answered(row)),
    store: stores.printed,
    onHeard,
    log: options.log,
  });

/** Asks pods that a rollout has just made whether they stand for election. */
export const makeCampaignReader = (
  { options, http, stores, onHeard }: LogSources,
  configs: () => readonly KubeVipConfig[],
): CampaignReader =>
  new CampaignReader({
    configs,
    pods: () => stores.pods.list(),
    read: (pod) => readBeginning(http, pod),
    store: stores.campaigns,
    onHeard,
    log: options.log,
  });
