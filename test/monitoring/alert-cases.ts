// For each alert a case in which it fires and one, as near as can be, in which it does not. Values are one a
// minute, in promtool's notation: `0x10` is eleven times 0, `0+1x10` counts up.
import { poolAlertCases } from './pool-alert-cases.ts';

import type { AlertCase } from './alert-case.ts';

const edge = { kubevipconfig: 'edge' };
const services = { ...edge, function: 'services' };
const ofEdge = 'kubevipconfig="edge"';
const ofServices = `${ofEdge},function="services"`;
const own = (name: string, labels = ''): string =>
  `kube_vip_operator_${name}{pod="a"${labels && `,${labels}`}}`;

/** The same of the second replica. */
const onB = (name: string): string => `kube_vip_operator_${name}{pod="b",${ofServices}}`;

const condition = (type: string): string => own('config_condition', `${ofEdge},type="${type}"`);
const reason = (type: string, value: string): string =>
  own('config_condition_reason', `${ofEdge},type="${type}",reason="${value}"`);
const changes = own('function_holder_changes_total', ofServices);
const age = own('function_lease_age_seconds', ofServices);
const duration = own('function_lease_duration_seconds', ofServices);
const nodes = (state: string): string => own('function_nodes', `${ofServices},state="${state}"`);
const requests = (code: string): string => own('api_requests_total', `verb="GET",code="${code}"`);
const ready = own('config_ready', ofEdge);
const deletion = own('config_deletion_seconds', ofEdge);
const findings = (result: string): string => own('preflight_findings', `${ofEdge},result="${result}"`);
const rollout = (phase: string): string => own('rollout_phase', `${ofServices},phase="${phase}"`);
const repairs = own('drift_repairs_total', ofServices);
const leader = (pod: string): string => `kube_vip_operator_leader{pod="${pod}"}`;
const reconciles = (outcome: string): string => own('reconciles_total', `outcome="${outcome}"`);
const unanswered = own('unanswered_addresses', ofServices);
const orphans = own('orphan_addresses', ofEdge);
const hears = (pod: string): string =>
  `kube_vip_operator_witness_hears{pod="${pod}",segment="0a1b2c3d",node="n4"}`;
const failures = own('watch_failures_total', 'resource="pods"');

export const alertCases: Readonly<Record<string, AlertCase>> = {
  KubeVipConfigNotReady: {
    at: '10m',
    fires: { [ready]: '1x2 0x20', [deletion]: '0x20' },
    labels: edge,
    quiet: { [ready]: '0x20', [deletion]: '60+60x20' },
  },
  KubeVipDuplicateOwner: {
    at: '10m',
    fires: { [reason('Accepted', 'AddressConflict')]: '1x20' },
    labels: { ...edge, reason: 'AddressConflict' },
    quiet: { [reason('Accepted', 'SpecInvalid')]: '1x20', [reason('Ready', 'Held')]: '1x20' },
  },
  KubeVipTwoNodesAnswer: {
    at: '10m',
    fires: { [reason('DuplicateOwner', 'TwoNodesAnswer')]: '1x20' },
    labels: edge,
    quiet: { [reason('DuplicateOwner', 'NotLetGo')]: '1x20' },
  },
  KubeVipStrangerAnswers: {
    at: '10m',
    fires: { [reason('DuplicateOwner', 'StrangerAnswers')]: '1x20' },
    labels: edge,
    quiet: { [reason('DuplicateOwner', 'TwoNodesAnswer')]: '1x20' },
  },
  KubeVipAnotherAnswers: {
    at: '10m',
    fires: { [reason('DuplicateOwner', 'AnotherAnswers')]: '1x20' },
    labels: edge,
    quiet: { [reason('DuplicateOwner', 'TwoNodesAnswer')]: '1x20' },
  },
  KubeVipAddressUnanswered: {
    at: '10m',
    fires: { [unanswered]: '0x3 1x20' },
    labels: services,
    quiet: { [unanswered]: '0x20' },
  },
  KubeVipOrphanAddress: {
    at: '20m',
    fires: { [orphans]: '2x30' },
    labels: edge,
    quiet: { [orphans]: '0x17 2x30' },
  },
  ...poolAlertCases,
  KubeVipWitnessSilent: {
    at: '20m',
    fires: { [hears('a')]: '0x30' },
    labels: { segment: '0a1b2c3d', node: 'n4' },
    // A replica that stands by, or led before, has none.
    quiet: { [hears('a')]: '1x30' },
  },
  KubeVipHolderFlapping: {
    at: '20m',
    fires: { [changes]: '0x5 1+1x4 5x20' },
    labels: services,
    quiet: { [changes]: '0x5 1x5 2x20' },
  },
  KubeVipLeaseStale: {
    at: '10m',
    fires: { [age]: '1x5 40+60x20', [duration]: '15x20' },
    labels: services,
    quiet: { [age]: '1x5 40x20', [duration]: '60x20' },
  },
  KubeVipNodesNotReady: {
    at: '20m',
    fires: { [nodes('ready')]: '2x30', [nodes('desired')]: '3x30' },
    labels: services,
    quiet: { [nodes('ready')]: '2x8 3 2x30', [nodes('desired')]: '3x30' },
  },
  KubeVipConfigStalled: {
    at: '10m',
    fires: { [condition('Stalled')]: '1x20' },
    labels: edge,
    quiet: { [condition('Stalled')]: '0x20', [condition('Reconciling')]: '1x20' },
  },
  KubeVipRolloutWaits: {
    at: '20m',
    fires: { [rollout('RolledBack')]: '1x30' },
    labels: { ...services, phase: 'RolledBack' },
    // One that goes on from node to node, and one that waited for some minutes.
    quiet: { [rollout('Batch')]: '1x30', [rollout('Waiting')]: '_x10 1x20' },
  },
  KubeVipPreflightBlocks: {
    at: '10m',
    fires: { [findings('Failed')]: '2x20' },
    labels: edge,
    quiet: { [findings('Failed')]: '0x20', [findings('Warned')]: '2x20' },
  },
  KubeVipDriftRepeated: {
    at: '35m',
    fires: { [repairs]: '0x10 1+1x5 6x30' },
    labels: services,
    quiet: { [repairs]: '0x10 1x40' },
  },
  KubeVipDeletionStuck: {
    at: '15m',
    fires: { [deletion]: '0+60x20' },
    labels: edge,
    quiet: { [deletion]: '0x20' },
  },
  KubeVipUnguarded: {
    at: '70m',
    fires: { [condition('Unguarded')]: '1x80' },
    labels: edge,
    quiet: { [condition('Unguarded')]: '1x30 0x50' },
  },
  KubeVipKnownHazard: {
    at: '10m',
    fires: { [condition('KnownHazard')]: '1x20' },
    labels: edge,
    quiet: { [condition('KnownHazard')]: '0x20' },
  },
  KubeVipOperatorDown: {
    at: '20m',
    fires: { up: '1x30' },
    labels: {},
    quiet: { [leader('a')]: '0x30' },
  },
  KubeVipOperatorNoLeader: {
    at: '10m',
    fires: { [leader('a')]: '0x20', [leader('b')]: '0x20' },
    labels: {},
    quiet: { [leader('a')]: '1x5 0x15', [leader('b')]: '0x5 1x15' },
  },
  KubeVipOperatorTwoLeaders: {
    at: '10m',
    fires: { [leader('a')]: '1x20', [leader('b')]: '1x20' },
    labels: {},
    quiet: { [leader('a')]: '1x20', [leader('b')]: '0x20' },
  },
  KubeVipOperatorQueueStuck: {
    at: '20m',
    fires: { [own('queue_depth')]: '1x30', [own('queue_busy_seconds')]: '0x30' },
    labels: {},
    quiet: { [own('queue_depth')]: '3x10 0 3x20', [own('queue_busy_seconds')]: '0x10 20 0x20' },
  },
  KubeVipOperatorReconcileFails: {
    at: '20m',
    fires: { [reconciles('failed')]: '0+1x30' },
    labels: {},
    quiet: { [reconciles('failed')]: '0x5 3x30', [reconciles('waiting')]: '0+60x30' },
  },
  KubeVipOperatorApiErrors: {
    at: '30m',
    fires: { [requests('200')]: '0+10x40', [requests('403')]: '0+2x40' },
    labels: {},
    quiet: { [requests('200')]: '0+10x40', [requests('409')]: '0+20x40', [requests('none')]: '0x10 1x30' },
  },
  KubeVipOperatorThrottled: {
    at: '20m',
    fires: { [own('api_throttled_total')]: '0+1x30' },
    labels: {},
    quiet: { [own('api_throttled_total')]: '0x10 5x30' },
  },
  KubeVipOperatorWatchFails: {
    at: '20m',
    fires: { [failures]: '0+1x30' },
    labels: { resource: 'pods' },
    quiet: { [failures]: '0x10 4x30' },
  },
};

/** A second way to fire, where an alert has two. */
export const moreCases: readonly (readonly [alert: string, more: Pick<AlertCase, 'fires' | 'labels'>])[] = [
  [
    'KubeVipOperatorQueueStuck',
    {
      fires: { [own('queue_depth')]: '0x30', [own('queue_busy_seconds')]: '0x15 70 100 0x20' },
      labels: {},
    },
  ],
  [
    'KubeVipDuplicateOwner',
    {
      fires: { [reason('DuplicateOwner', 'ServiceHasAddress')]: '1x20' },
      labels: { ...edge, reason: 'ServiceHasAddress' },
    },
  ],
  [
    'KubeVipLeaseStale',
    {
      // A replica that led before sees nothing any more, and tells no age.
      fires: {
        [age]: '1x3 stale _x20',
        [duration]: '15x20',
        [onB('function_lease_age_seconds')]: '1x5 40+60x20',
        [onB('function_lease_duration_seconds')]: '15x20',
      },
      labels: services,
    },
  ],
];

/** What must not fire either. */
export const moreQuietCases: readonly (readonly [alert: string, how: string, quiet: AlertCase['quiet']])[] = [
  [
    'KubeVipLeaseStale',
    'when a replica that led before takes minutes to notice that it sees nothing, and the one that leads sees renewals',
    {
      [age]: '1x5 40+60x2 stale _x20',
      [duration]: '15x20',
      [onB('function_lease_age_seconds')]: '1x20',
      [onB('function_lease_duration_seconds')]: '15x20',
    },
  ],
  [
    'KubeVipOperatorQueueStuck',
    'when the operator was busy as it started, a moment ago',
    { [own('queue_depth')]: '_x18 3 3 3', [own('queue_busy_seconds')]: '_x18 0 0 0' },
  ],
];
