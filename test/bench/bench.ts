// Figures, not tests: `npm run bench`. Each line says what was measured, how often, and the target.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { startApiServer, type ApiServer } from '../lab/api-server.ts';
import { parseFinalStage } from '../lab/dockerfile.ts';
import { deletePodOn, installOperator, untilReady } from '../lab/install.ts';
import { startLab, type Lab } from '../lab/lab.ts';
import { waitFor } from '../lab/process.ts';
import { Api } from './api.ts';

const repository = join(import.meta.dirname, '..', '..');
const print = (line: string): void => void process.stdout.write(`${line}\n`);

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

function report(what: string, values: readonly number[], target: string): void {
  const [p50, p95, most] = [0.5, 0.95, 1].map((share) => quantile(values, share).toFixed(0));
  print(`${what}: p50 ${p50} ms, p95 ${p95} ms, max ${most} ms over ${values.length} (target: ${target})`);
}

/** The operator as its image starts it, with exactly its shipped permissions. */
function startOperator(kubeconfig: string): ChildProcess {
  const stage = parseFinalStage(readFileSync(join(repository, 'Dockerfile'), 'utf8'));
  const [, ...args] = stage.config.Entrypoint ?? [];
  return spawn(
    process.execPath,
    [...args, '--kubeconfig', kubeconfig, '--health-port=0', '--metrics-port=0'],
    {
      cwd: repository,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        ...Object.fromEntries((stage.config.Env ?? []).map((row) => row.split('=', 2))),
      },
    },
  );
}

async function untilLogged(operator: ChildProcess, text: string): Promise<void> {
  const { stdout } = operator;
  if (stdout === null) {
    throw new Error('the operator has no standard output');
  }
  for await (const line of createInterface(stdout)) {
    if (line.includes(text)) {
      // Whoever stops reading a pipe blocks its writer.
      stdout.resume();
      return;
    }
  }
  throw new Error(`the operator ended before it said ${text}`);
}

function residentMiB({ pid }: ChildProcess): number {
  const [, kiB = ''] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kiB) / 1024;
}

const config = (index: number): { readonly name: string; readonly manifest: object } => ({
  name: `bench-${index}`,
  manifest: {
    apiVersion: 'kubevip.dev/v1alpha1',
    kind: 'KubeVipConfig',
    metadata: { name: `bench-${index}` },
    spec: {
      version: 'v1.1.2',
      mode: 'ARP',
      controlPlane: { addresses: [`203.0.113.${index + 1}`] },
      services: {},
    },
  },
});

async function timeStart(server: ApiServer, kubeconfig: string): Promise<ChildProcess> {
  await server.apply(stringify(config(99).manifest));
  const start = performance.now();
  const operator = startOperator(kubeconfig);
  await untilLogged(operator, 'step done');
  print(`start to first reconcile: ${(performance.now() - start).toFixed(0)} ms (target: under 3000)`);
  return operator;
}

async function timeApply(api: Api): Promise<void> {
  const times: number[] = [];
  for (let index = 0; index < 30; index += 1) {
    const { name, manifest } = config(index);
    const start = performance.now();
    await api.createConfig(manifest);
    await Promise.all(
      ['control-plane', 'services'].map((component) =>
        api.untilDaemonSet(`${name}-${component}`, () => true),
      ),
    );
    times.push(performance.now() - start);
  }
  report('apply to both DaemonSets exist', times, 'p50 under 300, p95 under 1000');
}

async function timeDrift(api: Api): Promise<void> {
  const times: number[] = [];
  for (let index = 0; index < 30; index += 1) {
    const name = `bench-${index}-control-plane`;
    const image = await api.image(name);
    await api.setImage(name, `example.org/other:${index}`);
    const start = performance.now();
    await api.untilDaemonSet(name, (found) => found === image);
    times.push(performance.now() - start);
  }
  report('drift to repaired', times, 'p50 under 300');
}

async function benchApi(): Promise<void> {
  const server = await startApiServer({ log: print });
  let operator: ChildProcess | undefined;
  try {
    await server.kubectl('apply', '-k', join(repository, 'config', 'default'));
    const kubeconfig = await server.serviceAccountKubeconfig('kube-vip-system', 'kube-vip-operator');
    operator = await timeStart(server, kubeconfig);
    await sleep(20_000);
    print(`resident memory, idle with 1 object: ${residentMiB(operator).toFixed(0)} MiB (target: under 120)`);
    const api = new Api(server);
    await timeApply(api);
    await timeDrift(api);
    await sleep(20_000);
    print(
      `resident memory, idle with 31 objects: ${residentMiB(operator).toFixed(0)} MiB (target: under 120)`,
    );
  } finally {
    operator?.kill();
    await server.stop();
  }
}

async function absenceOfOneMove(lab: Lab, address: string): Promise<number> {
  const [from = ''] = await lab.owners(address);
  const sampler = await lab.startSampler([address]);
  await deletePodOn(lab, from, 'control-plane');
  await waitFor(
    'the address to leave',
    () => sampler.soFar().changes.some(({ owners }) => owners.length === 0),
    {
      seconds: 30,
      everyMs: 50,
    },
  );
  await waitFor('the address to be owned', async () => (await lab.owners(address)).length === 1, {
    seconds: 30,
    everyMs: 100,
  });
  await sleep(300);
  const { reports } = await sampler.stop();
  await untilReady(lab, 'edge');
  return reports[0]?.maxAbsenceMs ?? Number.NaN;
}

async function benchMoves(): Promise<void> {
  const lab = await startLab({ nodes: 4, controlPlanes: 3, log: print });
  try {
    await installOperator(lab);
    await lab.kubectl('apply', '-f', join(repository, 'config', 'samples', 'arp.yaml'));
    await untilReady(lab, 'edge');
    const times: number[] = [];
    for (let move = 0; move < 10; move += 1) {
      times.push(await absenceOfOneMove(lab, '203.0.113.100'));
    }
    const [least, median, most] = [0, 0.5, 1].map((share) => quantile(times, share).toFixed(0));
    print(
      `address absent after a graceful hand-over, operand ${lab.operand['v1.1.2']} v1.1.2: min ${least} ms, median ${median} ms, max ${most} ms over ${times.length}`,
    );
  } finally {
    await lab.stop();
  }
}

await benchApi();
await benchMoves();
