// The alerts, evaluated by Prometheus itself: its own unit tests of rules, run by its own promtool.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { dashboard } from '../generated-dashboard.ts';
import type { AlertCase } from './alert-case.ts';
import { alertCases, moreCases, moreQuietCases } from './alert-cases.ts';
import { alerts, ruleFile, type Alert } from './alerts.ts';
import { queriesOf } from './dashboard.ts';

let dir: string | undefined;

beforeAll(() => {
  if (spawnSync('promtool', ['--version']).error) {
    throw new Error('missing: promtool, of the package prometheus; install with: apt-get install prometheus');
  }
  dir = mkdtempSync(join(tmpdir(), 'kube-vip-alerts-'));
  write('rules.yaml', ruleFile());
});

afterAll(() => {
  if (dir !== undefined) {
    rmSync(dir, { recursive: true, force: true });
  }
});

function write(name: string, content: unknown): void {
  writeFileSync(join(dir ?? '', name), stringify(content));
}

/** Runs promtool in the folder; what it printed, when it fails. */
function promtool(...args: readonly string[]): string {
  try {
    execFileSync('promtool', args, { cwd: dir, stdio: 'pipe', encoding: 'utf8' });
    return '';
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return `${stdout}${stderr}`;
  }
}

function filledIn(text: string, labels: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_, name: string) => {
    const value = labels[name];
    if (value === undefined) {
      throw new Error(`an annotation speaks of the label ${name}, which the alert does not have`);
    }
    return value;
  });
}

/** The alert as it must come out. */
function expected({ labels, annotations }: Alert, own: AlertCase['labels']): object {
  return {
    exp_labels: { ...labels, ...own },
    exp_annotations: Object.fromEntries(
      Object.entries(annotations).map(([name, text]) => [name, filledIn(text, own)]),
    ),
  };
}

/** What promtool says of an alert at one time, given these series; empty when it comes out as it must. */
function judge(
  name: string,
  at: string,
  series: Readonly<Record<string, string>>,
  comesOut: object[],
): string {
  const file = {
    rule_files: ['rules.yaml'],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: Object.entries(series).map(([key, values]) => ({ series: key, values })),
        alert_rule_test: [{ eval_time: at, alertname: name, exp_alerts: comesOut }],
      },
    ],
  };
  write('case.yaml', file);
  return promtool('test', 'rules', 'case.yaml');
}

const caseOf = (name: string): AlertCase => {
  const found = alertCases[name];
  if (found === undefined) {
    throw new Error(`expected a case for ${name} in alert-cases.ts`);
  }
  return found;
};

describe('the rules', () => {
  it('are valid', () => {
    expect(promtool('check', 'rules', 'rules.yaml')).toBe('');
  });

  it('have a case each, and no case is left over', () => {
    expect(Object.keys(alertCases).sort()).toEqual(alerts.map(({ alert }) => alert).sort());
  });
});

describe.each(alerts.map((row) => [row.alert, row] as const))('%s', (name, row) => {
  const { at, fires, labels, quiet } = caseOf(name);

  it('fires, with its words filled in', () => {
    expect(judge(name, at, fires, [expected(row, labels)])).toBe('');
  });

  it('is quiet when it should be', () => {
    expect(judge(name, at, quiet, [])).toBe('');
  });

  it('would be noticed if it did not fire', () => {
    expect(judge(name, at, quiet, [expected(row, labels)])).toContain('FAILED');
  });
});

it.each(moreCases)('%s fires in another way', (name, { fires, labels }) => {
  const row = alerts.find(({ alert }) => alert === name);
  expect(row && judge(name, caseOf(name).at, fires, [expected(row, labels)])).toBe('');
});

it.each(moreQuietCases)('%s is quiet %s', (name, _, quiet) => {
  expect(judge(name, caseOf(name).at, quiet, [])).toBe('');
});

it('every query of the dashboard is one that Prometheus understands', () => {
  const rules = queriesOf(dashboard()).map((expr, index) => ({ record: `query:${index}`, expr }));
  write('dashboard.yaml', { groups: [{ name: 'dashboard', rules }] });
  expect(rules.length).toBeGreaterThan(10);
  expect(promtool('check', 'rules', 'dashboard.yaml')).toBe('');
});
