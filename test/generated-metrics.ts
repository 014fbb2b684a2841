// docs/metrics.md: every metric, what it tells and what to do.
import { configRows } from '../src/metrics/config-rows.ts';
import { operatorRows } from '../src/metrics/operator-rows.ts';
import { labels, type Row } from '../src/metrics/row.ts';
import { generatedNote, table } from './markdown.ts';

function section(rows: Readonly<Record<string, Row>>): string {
  return table(
    ['metric', 'type', 'labels', 'what', 'meaning', 'what to do'],
    Object.entries(rows).map(([name, row]) => [
      `\`${name}\``,
      row.buckets ? `${row.type}, up to ${row.buckets.join(', ')}` : row.type,
      row.labels.map((label) => `\`${label}\``).join(', '),
      row.help,
      row.meaning,
      row.todo,
    ]),
  );
}

/** The whole document. */
export function metricsDoc(): string {
  return (
    `${generatedNote}# Metrics\n\n` +
    'Each replica serves its metrics at `/metrics`, on port 8080 (`--metrics-port`). The replica that leads has the series of KubeVipConfigs.\n' +
    'It computes them at each scrape, and they end with their object. Alerts and a dashboard are in `config/monitoring`.\n' +
    'The [runbook](runbook.md) says what to do about an alert.\n' +
    '\n## Of each KubeVipConfig\n\n' +
    section(configRows) +
    '\n## Of the operator\n\n' +
    section(operatorRows) +
    '\n## Labels\n\n' +
    table(
      ['label', 'values'],
      Object.entries(labels).map(([name, values]) => [`\`${name}\``, values]),
    )
  );
}
