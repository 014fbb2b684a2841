// A Prometheus of our own on the loopback: scrapes operators every second, and evaluates rules as often.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePorts } from '../free-ports.ts';
import { startDaemon, stopDaemon, waitFor } from '../lab/process.ts';
import type { RuleFile } from '../monitoring/alerts.ts';

export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [at: number, value: string];
}

export interface Rule {
  readonly name: string;
  /** `ok`, `err`, or `unknown` before it was evaluated. */
  readonly health: string;
  readonly lastError?: string;
  readonly state: 'inactive' | 'pending' | 'firing';
  readonly alerts: readonly {
    readonly state: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
}

export interface Target {
  readonly health: string;
  readonly lastError: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface Prometheus {
  /** What an instant query gives. Rejects with Prometheus' words when it is refused. */
  query(expr: string): Promise<readonly Sample[]>;
  rules(): Promise<readonly Rule[]>;
  targets(): Promise<readonly Target[]>;
  stop(): Promise<void>;
}

/** What to scrape: name of a pod, as a PodMonitor would label it, and port on the loopback. */
export type Scraped = readonly (readonly [pod: string, port: number])[];

function configOf(scraped: Scraped): object {
  return {
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    rule_files: ['rules.yaml'],
    scrape_configs: [
      {
        job_name: 'kube-vip-operator',
        static_configs: scraped.map(([pod, port]) => ({ targets: [`127.0.0.1:${port}`], labels: { pod } })),
      },
    ],
  };
}

async function ask<T>(port: number, path: string): Promise<T> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`);
  const { data, error } = JSON.parse(await answer.text()) as { data: T; error?: string };
  if (!answer.ok) {
    throw new Error(`Prometheus: ${path}: ${answer.status} ${error}`);
  }
  return data;
}

/** Resolves when it is ready to be asked. */
export async function startPrometheus(scraped: Scraped, rules: RuleFile): Promise<Prometheus> {
  if (spawnSync('prometheus', ['--version']).error) {
    throw new Error('missing: prometheus; install with: apt-get install -y prometheus');
  }
  const dir = mkdtempSync(join(tmpdir(), 'kube-vip-prometheus-'));
  writeFileSync(join(dir, 'rules.yaml'), stringify(rules));
  writeFileSync(join(dir, 'prometheus.yaml'), stringify(configOf(scraped)));
  const [port = 0] = await freePorts(1);
  const daemon = startDaemon({
    name: 'prometheus',
    command: [
      'prometheus',
      `--config.file=${join(dir, 'prometheus.yaml')}`,
      `--storage.tsdb.path=${join(dir, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    logFile: join(dir, 'log'),
    dieWithParent: true,
  });
  const isReady = async (): Promise<boolean> => (await fetch(`http://127.0.0.1:${port}/-/ready`)).ok;
  await waitFor('Prometheus to be ready', isReady, { seconds: 30, needs: [daemon] });
  return {
    query: async (expr) =>
      (await ask<{ result: Sample[] }>(port, `query?query=${encodeURIComponent(expr)}`)).result,
    rules: async () =>
      (await ask<{ groups: { rules: Rule[] }[] }>(port, 'rules')).groups.flatMap((group) => group.rules),
    targets: async () => (await ask<{ activeTargets: Target[] }>(port, 'targets')).activeTargets,
    async stop() {
      await stopDaemon(daemon);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
