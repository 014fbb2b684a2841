// May a KubeVipConfig grant now? What cannot be judged is never let through: the request waits, and the Service is told for what.
// What would wait for ever is refused.
import type { KubeVipConfig, KubeVipConfigStatus } from '../api/types.ts';
import type { Survey } from '../observed/neighbours/survey.ts';
import type { GrantReason } from './reasons.ts';

/** Why nothing new is granted, in half a sentence each. */
export interface Hindrance {
  readonly reason: Extract<GrantReason, 'GrantWaits' | 'ConfigNotAccepted' | 'ConfigSuspended'>;
  /** `GrantWaits`: what is waited for; else what was found. */
  readonly found: string;
  readonly todo: string;
  /** When time alone may change it; undefined: something has to happen. */
  readonly afterSeconds?: number;
}

type Judge = (config: KubeVipConfig, survey: Survey | undefined) => Hindrance | undefined;

const waits = (found: string, todo: string): Hindrance => ({ reason: 'GrantWaits', found, todo });
const nothing = 'nothing has to be done';

/** Whether the operator refuses the spec. Before the first status nobody has judged it. */
export const isRefused = ({ status }: KubeVipConfig): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === 'Accepted' && is === 'False') ?? false;

const isDeleted: Judge = ({ metadata: { name, deletionTimestamp } }) =>
  deletionTimestamp === undefined
    ? undefined
    : waits(
        `KubeVipConfig ${name} to be made anew, it is being deleted`,
        'or make the Service anew with another class',
      );

const isUnread: Judge = (_, survey) =>
  survey === undefined ? waits('the operator to read the cluster', nothing) : undefined;

const isUnjudged: Judge = ({ metadata: { name, generation }, status }) =>
  status === undefined || status.observedGeneration !== generation
    ? waits(`the operator to judge the spec of KubeVipConfig ${name}`, nothing)
    : undefined;

const isNotAccepted: Judge = (config) =>
  isRefused(config)
    ? {
        reason: 'ConfigNotAccepted',
        found: 'a spec that is not accepted',
        todo: `ask an administrator to look at the condition Accepted of KubeVipConfig ${config.metadata.name}`,
      }
    : undefined;

// Requests of the survey that are read together with what names networks: where one has no answer, none of them is known.
const isReadWithNetworks = ({ what }: { readonly what: string }): boolean =>
  what.startsWith('ConfigMap ') || ['version', '/apis/networking.k8s.io/v1/servicecidrs'].includes(what);

/** What was known before stands in for what cannot be read now. */
const networkIsUnread: Judge = (_, survey) => {
  const unclear = survey?.unclear.find(({ what }) => /kubeadm-config|cluster-info/.test(what));
  const row =
    survey?.unread.find((unread) => unread.knownSince === undefined && isReadWithNetworks(unread)) ?? unclear;
  return (
    row &&
    waits(
      `the operator to read ${row.what}, which may name networks of the cluster (${row.why})`,
      'ask an administrator to look at the condition PreflightPassed',
    )
  );
};

type Run = NonNullable<KubeVipConfigStatus['nodeProbe']>[number];

/** What is missing for the nodes to be known, in half a sentence. */
function missingOf(run: Run | undefined): string | undefined {
  if (run?.finishedAt === undefined) {
    return 'to be asked for their networks';
  }
  if (run.answered === 0) {
    return `to be asked for their networks, of ${run.asked} none has answered`;
  }
  return run.areNetworksOmitted === true ? 'to have fewer networks than can be remembered' : undefined;
}

const nodesAreUnknown: Judge = ({ metadata: { name }, spec, status }) => {
  const run = status?.nodeProbe?.find(({ function: component }) => component === 'services');
  const missing = spec.preflight?.nodeProbe === 'Off' ? undefined : missingOf(run);
  if (missing === undefined) {
    return undefined;
  }
  // Of what is suspended no node is ever asked.
  return spec.suspend === true
    ? {
        reason: 'ConfigSuspended',
        found: `spec.suspend true, and nodes that have ${missing}`,
        todo: `ask an administrator to set spec.suspend of KubeVipConfig ${name} to false`,
      }
    : waits(
        `nodes of KubeVipConfig ${name} ${missing}`,
        'when it takes longer than a minute, ask an administrator to look at its condition PreflightPassed',
      );
};

const judges: readonly Judge[] = [
  isDeleted,
  isUnread,
  isUnjudged,
  isNotAccepted,
  networkIsUnread,
  nodesAreUnknown,
];

/** Why a config grants nothing new now, or undefined. The first reason counts. */
export function hindranceOf(config: KubeVipConfig, survey: Survey | undefined): Hindrance | undefined {
  for (const judge of judges) {
    const hindrance = judge(config, survey);
    if (hindrance !== undefined) {
      return hindrance;
    }
  }
  return undefined;
}
