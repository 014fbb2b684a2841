// Nothing that is asked for is missing: each query speaks of metrics and labels that are exported, each alert
// leads to words on what to do.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { conditionTypes, reasons } from '../../src/api/conditions.ts';
import { annotations, componentKinds } from '../../src/api/metadata.ts';
import { rowList } from '../../src/metrics/rows.ts';
import { results } from '../../src/preflight/run.ts';
import { kubeVipConfig, now, nowText, snapshot } from '../builders.ts';
import { dashboard } from '../generated-dashboard.ts';
import { alerts } from './alerts.ts';
import { queriesOf } from './dashboard.ts';
import { readQuery, type Matcher } from './promql.ts';
import { computeStatus, decide } from '../pass.ts';

/** Labels that Prometheus adds to what it scrapes. */
const scraped = ['instance', 'pod'];

const known = new Map<string, readonly string[]>(
  rowList.flatMap(([name, { type, labels }]): [string, readonly string[]][] =>
    type === 'histogram'
      ? ['_bucket', '_sum', '_count'].map((part) => [`${name}${part}`, [...labels, 'le']])
      : [[name, labels]],
  ),
);

/** Values of labels that a query may name. */
const values: Readonly<Record<string, readonly string[]>> = {
  type: Object.keys(conditionTypes),
  reason: Object.keys(reasons),
  function: componentKinds,
  result: results,
  state: ['desired', 'updated', 'ready', 'size', 'used', 'free'],
  outcome: ['done', 'waiting', 'stalled', 'failed'],
  verb: ['GET', 'POST', 'PATCH', 'DELETE', 'WATCH'],
};

function wrongValue({ label, operator, value }: Matcher): string | undefined {
  const allowed = values[label];
  const asked = operator.endsWith('~') ? value.split('|') : [value];
  const wrong = asked.filter((text) => !allowed?.includes(text));
  return allowed === undefined || wrong.length === 0 ? undefined : `no ${label} is ${wrong.join()}`;
}

/** What is wrong with a query. */
function faults(expr: string): readonly string[] {
  const { errors, selectors, groupings } = readQuery(expr);
  const labels = new Set(selectors.flatMap(({ metric }) => known.get(metric) ?? []));
  return [
    ...errors.map((text) => `no PromQL: ${text}`),
    ...(selectors.length === 0 ? ['asks for nothing'] : []),
    ...selectors.flatMap(({ metric, matchers }) =>
      known.has(metric)
        ? matchers
            .filter(({ label }) => !known.get(metric)?.includes(label))
            .map(({ label }) => `${metric} has no label ${label}`)
        : [`no metric ${metric}`],
    ),
    ...selectors.flatMap(({ matchers }) => matchers.map(wrongValue).filter((text) => text !== undefined)),
    ...groupings
      .filter((label) => !labels.has(label) && !scraped.includes(label))
      .map((label) => `no label ${label}`),
  ];
}

describe('a query', () => {
  it.each<[string, string, readonly string[]]>([
    ['that is fine', 'sum by (outcome) (rate(kube_vip_operator_reconciles_total[5m]))', []],
    ['of a metric that is none', 'up == 0', ['no metric up']],
    [
      'with a label that is none',
      'kube_vip_operator_config_ready{name="edge"}',
      ['kube_vip_operator_config_ready has no label name'],
    ],
    [
      'with a value that is none',
      'kube_vip_operator_config_condition{type=~"Stalled|Stale"}',
      ['no type is Stale'],
    ],
    ['grouped by a label that is none', 'sum by (node) (kube_vip_operator_config_ready)', ['no label node']],
    [
      'of a histogram, without its part',
      'kube_vip_operator_reconcile_duration_seconds',
      ['no metric kube_vip_operator_reconcile_duration_seconds'],
    ],
    ['that is broken', 'sum(kube_vip_operator_leader', ['no PromQL: _vip_operator_leader']],
  ])('%s', (_, expr, expected) => {
    expect(faults(expr)).toEqual(expected);
  });
});

const runbook = readFileSync('docs/runbook.md', 'utf8');

/** What the runbook says of an alert. */
function partOf(alert: string): string {
  const [, part = ''] = runbook.split(`\n## ${alert}\n`);
  return part.split('\n## ')[0] ?? '';
}

describe('alerts', () => {
  const headings = [...runbook.matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading);

  it.each(alerts)('$alert asks for what is there', ({ expr }) => {
    expect(faults(expr)).toEqual([]);
  });

  it.each(alerts)('$alert has severity and words, and leads to its part of the runbook', (row) => {
    expect(['critical', 'warning', 'info']).toContain(row.labels['severity']);
    expect(row.annotations['summary']).toMatch(/^.{15,100}$/);
    expect(row.annotations['description']).toMatch(/^.{40,300}\.$/);
    const [, anchor] = row.annotations['runbook_url']?.split('/docs/runbook.md#') ?? [];
    expect(headings.map((heading) => heading.toLowerCase())).toContain(anchor);
    expect(anchor).toBe(row.alert.toLowerCase());
  });

  it('are all that the runbook speaks of', () => {
    expect(headings).toEqual(alerts.map(({ alert }) => alert));
  });

  it.each(alerts)('$alert: the runbook says what it means, how to check, what to do', ({ alert }) => {
    expect([...partOf(alert).matchAll(/^\*\*(.+?)\*\*/gm)].map(([, word]) => word)).toEqual([
      'Means.',
      'Check.',
      'Do.',
    ]);
  });
});

it('KubeVipDeletionStuck speaks of the conditions that are there when it fires', () => {
  const row = alerts.find(({ alert }) => alert === 'KubeVipDeletionStuck');
  const [, seconds] = / > (\d+)$/.exec(row?.expr ?? '') ?? [];
  const config = kubeVipConfig({ metadata: { deletionTimestamp: nowText } });
  const world = snapshot({ config, deletedAt: now - Number(seconds) * 1000 });
  const { conditions = [] } = computeStatus({
    snapshot: world,
    plan: decide(world),
    acted: { kind: 'done' },
    now: nowText,
  });
  const tells = conditions
    .filter(({ message }) => message.startsWith('Deleting: waiting for '))
    .map(({ type }) => type);
  const named = (words = ''): readonly string[] =>
    Object.keys(conditionTypes).filter((type) => new RegExp(`\\b${type}\\b`).test(words));
  expect(tells).toEqual(expect.arrayContaining(['Ready', 'Stalled']));
  for (const words of [row?.annotations['description'], partOf('KubeVipDeletionStuck')]) {
    expect(named(words).toSorted()).toEqual(['Ready', 'Stalled']);
  }
  expect(partOf('KubeVipDeletionStuck')).toContain(annotations.abandon);
});

describe('the dashboard', () => {
  it.each(queriesOf(dashboard()))('asks for what is there: %s', (expr) => {
    expect(faults(expr)).toEqual([]);
  });

  it('is what is shipped', () => {
    expect(JSON.parse(readFileSync('config/monitoring/dashboard.json', 'utf8'))).toEqual(dashboard());
  });
});

describe('the PodMonitor', () => {
  it('selects the operator, and a port that it has', () => {
    const monitor = parse(readFileSync('config/monitoring/pod-monitor.yaml', 'utf8')) as {
      spec: { selector: { matchLabels: object }; podMetricsEndpoints: { port: string }[] };
    };
    const [deployment] = parseAllDocuments(readFileSync('config/manager/manager.yaml', 'utf8')).map(
      (row) =>
        row.toJS() as {
          spec: {
            template: {
              metadata: { labels: object };
              spec: { containers: { ports: { name: string; containerPort: number }[] }[] };
            };
          };
        },
    );
    const { template } = deployment?.spec ?? {};
    expect(template?.metadata.labels).toMatchObject(monitor.spec.selector.matchLabels);
    expect(template?.spec.containers[0]?.ports).toContainEqual({
      name: monitor.spec.podMetricsEndpoints[0]?.port,
      containerPort: 8080,
      protocol: 'TCP',
    });
  });
});
