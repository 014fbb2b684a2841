// What is true now, as values of gauges: computed when they are asked for, so that nothing goes stale and
// the series of an object end with it.
import type { V1DaemonSet } from '@kubernetes/client-node';
import { conditionTypes } from '../api/conditions.ts';
import { componentKindsOf } from '../api/defaults.ts';
import { componentName, type ComponentKind } from '../api/metadata.ts';
import type { KubeVipConfig } from '../api/types.ts';
import type { LeaseView, AddressState } from '../observed/snapshot.ts';
import { results } from '../preflight/run.ts';
import { arp } from '../modes/arp/arp.ts';
import { isNode } from '../observed/pods.ts';
import type { WitnessStatement } from '../observed/witness/witnessed.ts';
import { nodeCounts } from '../observed/component-nodes.ts';
import { grantSamples } from './grant-samples.ts';
import { ownerSamples, witnessSamples } from './network-samples.ts';
import type { Make, Sample } from './rows.ts';

/** Everything that gauges are computed from. */
export interface Facts {
  /** For certain: not while the Lease cannot be renewed. */
  readonly isLeading: boolean;
  /** Resources that have not been listed yet. */
  readonly unsynced: readonly string[];
  readonly queueDepth: number;
  readonly queueBusySeconds: number;
  /** Every KubeVipConfig; none on a replica that has never led. */
  readonly configs: readonly KubeVipConfig[];
  readonly daemonSets: readonly V1DaemonSet[];
  readonly leases: readonly LeaseView[];
  /** Names of the nodes. */
  readonly nodes: readonly string[];
  /** Whether their changes are seen now. */
  readonly seesLeases: boolean;
  /** What is heard at the addresses of a config; undefined: they are not asked. */
  readonly reach: (config: KubeVipConfig) => readonly AddressState[] | undefined;
  /** What every witness says. */
  readonly witnesses: readonly WitnessStatement[];
  /** Where the operator runs; undefined outside a cluster. */
  readonly operatorNode: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** RFC 3339 to milliseconds since the epoch. */
  readonly parseTime: (text: string) => number;
}

type Named<T> = ReadonlyMap<string, T>;

const truth: Readonly<Record<string, number>> = { True: 1, False: 0, Unknown: -1 };
const secondsSince = (now: number, milliseconds: number): number => Math.max(0, (now - milliseconds) / 1000);

function operatorSamples({ isLeading, unsynced, queueDepth, queueBusySeconds }: Facts): readonly Sample[] {
  return [
    { name: 'kube_vip_operator_leader', labels: {}, value: Number(isLeading) },
    { name: 'kube_vip_operator_unsynced_resources', labels: {}, value: unsynced.length },
    { name: 'kube_vip_operator_queue_depth', labels: {}, value: queueDepth },
    { name: 'kube_vip_operator_queue_busy_seconds', labels: {}, value: queueBusySeconds },
  ];
}

function conditionSamples({ status }: KubeVipConfig, make: Make): readonly Sample[] {
  const found = status?.conditions ?? [];
  const valueOf = (type: string): number => truth[found.find((row) => row.type === type)?.status ?? ''] ?? 0;
  return [
    make('kube_vip_operator_config_ready', Number(valueOf('Ready') === 1)),
    ...Object.keys(conditionTypes).map((type) =>
      make('kube_vip_operator_config_condition', valueOf(type), { type }),
    ),
    ...found.map(({ type, reason }) =>
      make('kube_vip_operator_config_condition_reason', 1, { type, reason }),
    ),
  ];
}

function preflightSamples({ status }: KubeVipConfig, make: Make): readonly Sample[] {
  const { failed = 0, overridden = 0, warned = 0, acknowledged = 0 } = status?.preflightCounts ?? {};
  const counts = { Failed: failed, Overridden: overridden, Warned: warned, Acknowledged: acknowledged };
  const failures = (status?.preflight ?? []).filter(({ result }) => result === 'Failed');
  return [
    ...results.map((result) => make('kube_vip_operator_preflight_findings', counts[result], { result })),
    ...[...new Set(failures.map(({ check }) => check))].map((check) =>
      make('kube_vip_operator_preflight_failures', failures.filter((row) => row.check === check).length, {
        check,
      }),
    ),
  ];
}

function objectSamples(config: KubeVipConfig, { now, parseTime }: Facts, make: Make): readonly Sample[] {
  const { metadata, status } = config;
  const { mode, version } = config.spec;
  const since = metadata.deletionTimestamp;
  return [
    make('kube_vip_operator_config_info', 1, { mode, version }),
    make(
      'kube_vip_operator_config_unobserved_generations',
      Math.max(0, (metadata.generation ?? 0) - Math.max(0, status?.observedGeneration ?? 0)),
    ),
    make(
      'kube_vip_operator_config_deletion_seconds',
      since === undefined ? 0 : secondsSince(now, parseTime(since)),
    ),
  ];
}

/** The node that holds the Lease of a component; empty while none does. Its probe told what nodes call themselves. */
function holderOf(
  { status }: KubeVipConfig,
  component: ComponentKind,
  lease: LeaseView | undefined,
  nodes: Facts['nodes'],
): string {
  const run = status?.nodeProbe?.find((row) => row.function === component);
  return arp.holders.inLease({ lease, nodes, hostNames: run?.hostNames ?? [] });
}

function leaseSamples(
  lease: LeaseView | undefined,
  holder: string,
  { now, seesLeases }: Facts,
  make: Make,
): readonly Sample[] {
  if (lease === undefined) {
    return [];
  }
  // An age that stands still would be the least of all replicas, and no alert would hear the replica that sees.
  const age = seesLeases ? arp.holders.leaseAgeMs(lease, now) : undefined;
  return [
    ...(holder === '' ? [] : [make('kube_vip_operator_function_holder', 1, { node: holder })]),
    ...(age === undefined
      ? []
      : [make('kube_vip_operator_function_lease_age_seconds', Math.max(0, age / 1000))]),
    make('kube_vip_operator_function_lease_duration_seconds', lease.durationSeconds),
  ];
}

/** Whether every control-plane address answered, and that across the network. */
function isProven(config: KubeVipConfig, leases: Named<LeaseView>, facts: Facts): boolean {
  const { reach, nodes, operatorNode = '' } = facts;
  const heard = reach(config) ?? [];
  const lease = leases.get(componentName(config.metadata.name, 'control-plane'));
  const holder = holderOf(config, 'control-plane', lease, nodes);
  return heard.length > 0 && heard.every(({ state }) => state === 'alive') && !isNode(holder, operatorNode);
}

function nodeSamples(
  daemonSet: V1DaemonSet | undefined,
  { status }: KubeVipConfig,
  component: ComponentKind,
  make: Make,
): readonly Sample[] {
  const { function: rolling, updated } = status?.rollout ?? {};
  // The DaemonSet controller counts for what stands, which is an offer to one node while a rollout is under way.
  const own = rolling === component && updated !== undefined ? { updated } : {};
  const counts = { ...nodeCounts({ daemonSet }), ...own };
  return (['desired', 'updated', 'ready'] as const).map((state) =>
    make('kube_vip_operator_function_nodes', counts[state], { state }),
  );
}

function rolloutSamples({ status }: KubeVipConfig, make: Make): readonly Sample[] {
  const { function: component, phase } = status?.rollout ?? {};
  return component === undefined || phase === undefined
    ? []
    : [make('kube_vip_operator_rollout_phase', 1, { function: component, phase })];
}

/** The components that a config has, or had before it was refused. */
function shownComponents(config: KubeVipConfig, daemonSets: Named<V1DaemonSet>): readonly ComponentKind[] {
  const { name } = config.metadata;
  const accepted = config.status?.conditions?.find(({ type }) => type === 'Accepted');
  const components = componentKindsOf(config.spec);
  return accepted?.status === 'False'
    ? components.filter((component) => daemonSets.has(componentName(name, component)))
    : components;
}

/** Every gauge but those of the process. */
export function samples(facts: Facts): readonly Sample[] {
  const daemonSets: Named<V1DaemonSet> = new Map(
    facts.daemonSets.map((row) => [row.metadata?.name ?? '', row]),
  );
  const leases: Named<LeaseView> = new Map(facts.leases.map((row) => [row.name, row]));
  const ofConfig = (config: KubeVipConfig): readonly Sample[] => {
    const kubevipconfig = config.metadata.name;
    const make: Make = (name, value, labels) => ({ name, value, labels: { kubevipconfig, ...labels } });
    const components = shownComponents(config, daemonSets);
    return [
      ...objectSamples(config, facts, make),
      ...conditionSamples(config, make),
      ...preflightSamples(config, make),
      ...rolloutSamples(config, make),
      ...grantSamples(config, make),
      make('kube_vip_operator_orphan_addresses', config.status?.orphans?.length ?? 0),
      ...(components.includes('control-plane')
        ? [make('kube_vip_operator_config_address_proven', Number(isProven(config, leases, facts)))]
        : []),
      ...components.flatMap((component) => {
        const name = componentName(kubevipconfig, component);
        const lease = leases.get(name);
        const makeOf: Make = (metric, value, labels) =>
          make(metric, value, { function: component, ...labels });
        return [
          ...nodeSamples(daemonSets.get(name), config, component, makeOf),
          ...leaseSamples(lease, holderOf(config, component, lease, facts.nodes), facts, makeOf),
          ...ownerSamples(config, component, makeOf),
        ];
      }),
    ];
  };
  return [...operatorSamples(facts), ...witnessSamples(facts), ...facts.configs.flatMap(ofConfig)];
}

/** What is true before there is a kubeconfig. */
export const noFacts: Facts = {
  isLeading: false,
  unsynced: ['kubeconfig'],
  queueDepth: 0,
  queueBusySeconds: 0,
  configs: [],
  daemonSets: [],
  leases: [],
  nodes: [],
  seesLeases: false,
  reach: () => undefined,
  witnesses: [],
  operatorNode: undefined,
  now: 0,
  parseTime: () => 0,
};
