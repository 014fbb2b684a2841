// The panels of the dashboard.
import { grantPanels } from './grant-panels.ts';

export interface Panel {
  readonly title: string;
  readonly type: 'stat' | 'timeseries' | 'table' | 'state-timeline';
  /** Query, and what its series are called. */
  readonly queries: readonly (readonly [expr: string, legend: string])[];
  readonly unit?: string;
  /** Of 24. */
  readonly width: number;
}

const chosen = 'kubevipconfig=~"$kubevipconfig"';
const rate = (metric: string): string => `rate(kube_vip_operator_${metric}[$__rate_interval])`;
const best = (labels: string, metric: string, matchers = chosen): string =>
  `max by (${labels}) (kube_vip_operator_${metric}{${matchers}})`;
const slowest = (by: string, metric: string): string =>
  `histogram_quantile(0.95, sum by (${by}) (${rate(`${metric}_bucket`)}))`;
const ofFunction = 'kubevipconfig, function';
const nameOfFunction = '{{kubevipconfig}} {{function}}';
const ofProcess = (metric: string): string => `${metric} and on (instance) kube_vip_operator_leader`;

/** From left to right, and from top to bottom. */
export const panels: readonly Panel[] = [
  {
    title: 'Ready',
    type: 'state-timeline',
    queries: [[best('kubevipconfig', 'config_ready'), '{{kubevipconfig}}']],
    width: 12,
  },
  {
    title: 'Conditions that need a person',
    type: 'state-timeline',
    queries: [
      [
        best(
          'kubevipconfig, type',
          'config_condition',
          `${chosen}, type=~"Stalled|RollbackActive|DuplicateOwner|OrphanAddress|Unguarded|KnownHazard"`,
        ),
        '{{kubevipconfig}} {{type}}',
      ],
    ],
    width: 12,
  },
  {
    title: 'Who answers on the network, a lane for each machine and address',
    type: 'state-timeline',
    queries: [[best('kubevipconfig, address, owner', 'address_owner'), '{{address}} {{owner}}']],
    width: 24,
  },
  {
    title: 'Rollouts, a lane for each',
    type: 'state-timeline',
    queries: [[best(`${ofFunction}, phase`, 'rollout_phase'), `${nameOfFunction} {{phase}}`]],
    width: 24,
  },
  {
    title: 'Addresses without an owner, and owners without a claim',
    type: 'timeseries',
    queries: [
      [best(ofFunction, 'unanswered_addresses'), `${nameOfFunction} unanswered`],
      [best('kubevipconfig', 'orphan_addresses'), '{{kubevipconfig}} orphans'],
    ],
    width: 8,
  },
  {
    title: 'Pods that were ended because of an address, in an hour',
    type: 'timeseries',
    queries: [
      [`sum by (${ofFunction}) (increase(kube_vip_operator_remedies_total{${chosen}}[1h]))`, nameOfFunction],
    ],
    width: 8,
  },
  {
    title: 'Witnesses: whether they hear, and since when they are silent',
    type: 'timeseries',
    queries: [
      ['max by (segment, node) (kube_vip_operator_witness_hears)', '{{segment}} {{node}} hears'],
      ['max by (segment, node) (kube_vip_operator_witness_age_seconds)', '{{segment}} {{node}} seconds'],
    ],
    width: 8,
  },
  ...grantPanels(best, chosen),
  {
    title: 'Who holds',
    type: 'table',
    queries: [[best(`${ofFunction}, node`, 'function_holder'), '']],
    width: 8,
  },
  {
    title: 'What runs',
    type: 'table',
    queries: [[best('kubevipconfig, mode, version', 'config_info'), '']],
    width: 8,
  },
  {
    title: 'Why',
    type: 'table',
    queries: [[best('kubevipconfig, type, reason', 'config_condition_reason'), '']],
    width: 8,
  },
  {
    title: 'Age of the Lease',
    type: 'timeseries',
    unit: 's',
    queries: [
      [best(ofFunction, 'function_lease_age_seconds'), nameOfFunction],
      [best(ofFunction, 'function_lease_duration_seconds'), `${nameOfFunction} duration`],
    ],
    width: 8,
  },
  {
    title: 'Changes of the holder in an hour',
    type: 'timeseries',
    queries: [
      [
        `sum by (${ofFunction}) (increase(kube_vip_operator_function_holder_changes_total{${chosen}}[1h]))`,
        nameOfFunction,
      ],
    ],
    width: 8,
  },
  {
    title: 'Nodes',
    type: 'timeseries',
    queries: [[best(`${ofFunction}, state`, 'function_nodes'), `${nameOfFunction} {{state}}`]],
    width: 8,
  },
  {
    title: 'Repairs of drift in an hour',
    type: 'timeseries',
    queries: [
      [
        `sum by (${ofFunction}) (increase(kube_vip_operator_drift_repairs_total{${chosen}}[1h]))`,
        nameOfFunction,
      ],
    ],
    width: 8,
  },
  {
    title: 'Findings of preflight',
    type: 'timeseries',
    queries: [
      [best('kubevipconfig, result', 'preflight_findings'), '{{kubevipconfig}} {{result}}'],
      [best('kubevipconfig, check', 'preflight_failures'), '{{kubevipconfig}} {{check}}'],
    ],
    width: 8,
  },
  {
    title: 'Behind: changes without status, and deletions',
    type: 'timeseries',
    queries: [
      [best('kubevipconfig', 'config_unobserved_generations'), '{{kubevipconfig}} generations'],
      [best('kubevipconfig', 'config_deletion_seconds'), '{{kubevipconfig}} seconds of deletion'],
    ],
    width: 8,
  },
  {
    title: 'Leaders',
    type: 'stat',
    queries: [['sum(kube_vip_operator_leader)', 'leaders']],
    width: 4,
  },
  {
    title: 'Not listed yet',
    type: 'stat',
    queries: [['max(kube_vip_operator_unsynced_resources)', 'resources']],
    width: 4,
  },
  {
    title: 'Reconciles',
    type: 'timeseries',
    unit: 'ops',
    queries: [[`sum by (outcome) (${rate('reconciles_total')})`, '{{outcome}}']],
    width: 8,
  },
  {
    title: 'Duration of a reconcile, 95 of 100',
    type: 'timeseries',
    unit: 's',
    queries: [[slowest('le', 'reconcile_duration_seconds'), 'reconcile']],
    width: 8,
  },
  {
    title: 'Queue',
    type: 'timeseries',
    queries: [
      ['max(kube_vip_operator_queue_depth)', 'waiting'],
      ['max(kube_vip_operator_queue_busy_seconds)', 'seconds of the present reconcile'],
    ],
    width: 8,
  },
  {
    title: 'API requests',
    type: 'timeseries',
    unit: 'reqps',
    queries: [[`sum by (verb, code) (${rate('api_requests_total')})`, '{{verb}} {{code}}']],
    width: 8,
  },
  {
    title: 'Duration of an API request, 95 of 100',
    type: 'timeseries',
    unit: 's',
    queries: [[slowest('le, verb', 'api_request_duration_seconds'), '{{verb}}']],
    width: 8,
  },
  {
    title: 'Held back by the API server',
    type: 'timeseries',
    queries: [
      [`sum(${rate('api_throttled_total')})`, '429 per second'],
      [`sum(${rate('api_wait_seconds_total')})`, 'seconds waited per second'],
      [`sum by (resource) (${rate('watch_wait_seconds_total')})`, 'watch of {{resource}} waited'],
    ],
    width: 8,
  },
  {
    title: 'Failures of watches',
    type: 'timeseries',
    queries: [[`sum by (resource) (${rate('watch_failures_total')})`, '{{resource}}']],
    width: 8,
  },
  {
    title: 'Memory',
    type: 'timeseries',
    unit: 'bytes',
    queries: [
      [ofProcess('process_resident_memory_bytes'), '{{pod}} resident'],
      [ofProcess('nodejs_heap_used_bytes'), '{{pod}} heap'],
    ],
    width: 8,
  },
  {
    title: 'CPU, open files, uptime',
    type: 'timeseries',
    queries: [
      [ofProcess('rate(process_cpu_seconds_total[$__rate_interval])'), '{{pod}} CPU'],
      [ofProcess('process_open_fds'), '{{pod}} files'],
      [ofProcess('(time() - process_start_time_seconds) / 3600'), '{{pod}} hours up'],
    ],
    width: 8,
  },
];
