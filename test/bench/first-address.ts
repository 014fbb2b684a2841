// From the creation of a KubeVipConfig to an address that answers, step by step, with the probe of the nodes and without. Prints
// figures, and asserts the order of the steps alone: how long they take is said of this machine and of what else it does.
import { spawn } from 'node:child_process';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { KubeConfig, Watch, type KubernetesObject, type V1Lease, type V1Pod } from '@kubernetes/client-node';
import { systemNamespace } from '../../src/api/metadata.ts';
import type { KubeVipConfig } from '../../src/api/types.ts';
import { messagesOf } from '../../src/cluster/probe-pods.ts';
import { readCredentials } from '../lab/credentials.ts';
import { installOperator } from '../lab/install.ts';
import { startLab, type Lab } from '../lab/lab.ts';
import { netnsPath } from '../lab/machine.ts';
import { apiPort, switchNetns } from '../lab/network.ts';
import { waitFor } from '../lab/process.ts';
import { probeSelector } from '../lab/probing.ts';
import { Api } from './api.ts';

const rounds = Number(process.argv[2] ?? 4);
const version = 'v1.1.2';
const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** In the order in which they happen. */
const steps = {
  asking: 'the probe of the nodes is made',
  running: 'the last probe is seen to run',
  told: 'the kubelet tells what the last probe ended with, before the next step or after it',
  applied: 'the DaemonSet of kube-vip is made',
  elected: 'a node has the Lease',
  bound: 'a node has the address',
  answers: 'the address answers another host',
  ready: 'status says Ready',
} as const;
type Step = keyof typeof steps;
/** When each step was seen, in milliseconds since the epoch. */
type Times = Partial<Record<Step, number>>;
const order = Object.keys(steps) as readonly Step[];

interface Sign {
  readonly path: string;
  /** The step that an object of a config proves. */
  readonly stepOf: (object: never, config: string) => Step | undefined;
}

const namespaced = (group: string, plural: string): string =>
  `/${group}/namespaces/${systemNamespace}/${plural}`;

function stepOfProbe(pod: V1Pod): Step | undefined {
  const [container] = pod.status?.containerStatuses ?? [];
  if (messagesOf(pod).length > 0) {
    return 'told';
  }
  return container?.state?.running ? 'running' : undefined;
}

const signs: readonly Sign[] = [
  {
    path: '/apis/kubevip.dev/v1alpha1/kubevipconfigs',
    stepOf: ({ metadata, status }: KubeVipConfig, config) =>
      metadata.name === config &&
      status?.conditions?.some((row) => row.type === 'Ready' && row.status === 'True')
        ? 'ready'
        : undefined,
  },
  {
    path: namespaced('apis/apps/v1', 'daemonsets'),
    stepOf: ({ metadata }: KubeVipConfig, config) => {
      const made: Readonly<Record<string, Step>> = {
        'control-plane-probe': 'asking',
        'control-plane': 'applied',
      };
      return made[metadata.name.replace(`${config}-`, '')];
    },
  },
  {
    path: namespaced('api/v1', 'pods'),
    stepOf: (pod: V1Pod, config) =>
      pod.metadata?.generateName === `${config}-control-plane-probe-` ? stepOfProbe(pod) : undefined,
  },
  {
    path: namespaced('apis/coordination.k8s.io/v1', 'leases'),
    stepOf: ({ metadata, spec }: V1Lease, config) =>
      metadata?.name === `${config}-control-plane` && spec?.holderIdentity ? 'elected' : undefined,
  },
];

/** Sees the steps of one config after the other. */
class Watcher {
  readonly #seen = new Set<string>();
  #config = '';
  times: Times = {};

  constructor(kubeconfig: string) {
    const kubeConfig = new KubeConfig();
    kubeConfig.loadFromFile(kubeconfig);
    const watch: Pick<Watch, 'watch'> = Object.assign(new Watch(kubeConfig), { requestTimeoutMs: 600_000 });
    for (const { path, stepOf } of signs) {
      const take = (_: string, object: KubernetesObject): void =>
        this.#see(stepOf(object as never, this.#config), object);
      // Ends with the lab.
      void watch.watch(path, {}, take, () => undefined);
    }
  }

  follow(config: string): void {
    this.#config = config;
    this.times = {};
  }

  // Of several objects, as of the probes, the last one counts.
  #see(step: Step | undefined, { metadata }: KubernetesObject): void {
    const sight = `${step} ${metadata?.uid}`;
    if (step !== undefined && !this.#seen.has(sight)) {
      this.#seen.add(sight);
      this.times[step] = Date.now();
    }
  }
}

/** Asks from the switch until the address answers; resolves with the time. */
async function firstAnswer(lab: Lab, address: string): Promise<number> {
  const asker = spawn('nsenter', [
    `--net=${netnsPath(switchNetns(lab.id))}`,
    process.execPath,
    join(import.meta.dirname, 'first-answer.ts'),
    address,
    String(apiPort),
  ]);
  let said = '';
  for await (const part of asker.stdout) {
    said += String(part);
  }
  return Number(said);
}

interface Bench {
  readonly lab: Lab;
  readonly api: Api;
  readonly watcher: Watcher;
}

const manifest = (name: string, address: string, nodeProbe: string): object => ({
  apiVersion: 'kubevip.dev/v1alpha1',
  kind: 'KubeVipConfig',
  metadata: { name },
  spec: {
    version,
    mode: 'ARP',
    controlPlane: { addresses: [address] },
    services: {},
    preflight: { nodeProbe },
  },
});

/** Milliseconds from the request that creates a config to each step; the config is gone afterwards. */
async function once({ lab, api, watcher }: Bench, round: number, nodeProbe: string): Promise<Times> {
  const [name, address] = [`first-${nodeProbe.toLowerCase()}-${round}`, `203.0.113.${100 + round}`];
  const sampler = await lab.startSampler([address]);
  const answer = firstAnswer(lab, address);
  // Nothing of the round before is under way any more, and kubelets look at their containers every second.
  await sleep(2000 + Math.random() * 1000);
  watcher.follow(name);
  const since = Date.now();
  await api.createConfig(manifest(name, address, nodeProbe));
  const answers = await answer;
  await waitFor('status to say Ready', () => watcher.times.ready !== undefined, { seconds: 60 });
  const { reports } = await sampler.stop();
  const seen: Times = { ...watcher.times, answers, bound: reports[0]?.firstOwnedAt ?? Number.NaN };
  await lab.kubectl('delete', 'kvc', name, '--timeout=60s');
  await waitFor(
    'the probes to be gone',
    async () =>
      (await lab.kubectl('-n', systemNamespace, 'get', 'pods', '-l', probeSelector, '-o', 'name')) === '',
    { seconds: 60, everyMs: 250 },
  );
  return Object.fromEntries(order.flatMap((step) => (seen[step] ? [[step, seen[step] - since]] : [])));
}

/** What must not be otherwise, however slow the machine is. What one watch shows of two objects may come in any order. */
function assertOrder(times: Times, nodeProbe: string): void {
  const proven: readonly Step[] = [
    ...(nodeProbe === 'Off' ? [] : (['asking'] as const)),
    'applied',
    'answers',
  ];
  const found = proven.map((step) => times[step] ?? Number.NaN);
  if (!found.every((ms, index) => index === 0 || ms > (found[index - 1] ?? Number.NaN))) {
    throw new Error(`expected ${proven.join(' before ')}, found ${found.join(', ')} ms`);
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

function report(found: readonly Times[]): void {
  for (const step of order) {
    const values = found.flatMap((times) => times[step] ?? []);
    if (values.length > 0) {
      const each = values.map((ms) => ms.toFixed(0)).join(', ');
      print(`  ${median(values).toFixed(0).padStart(6)} ms  ${steps[step]} (${each})`);
    }
  }
}

const lab = await startLab({ nodes: 3, controlPlanes: 2, log: print });
try {
  await installOperator(lab);
  const { caFile, adminToken } = readCredentials(join(lab.dir, 'credentials'));
  const api = new Api({ url: lab.url, caFile, adminToken });
  const bench = { lab, api, watcher: new Watcher(lab.kubeconfig) };
  for (const nodeProbe of ['Off', 'BestEffort']) {
    const found: Times[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const times = await once(bench, round, nodeProbe);
      assertOrder(times, nodeProbe);
      found.push(times);
    }
    const load = loadavg()[0]?.toFixed(1);
    print(
      `nodeProbe ${nodeProbe}, ${lab.operand[version]} kube-vip ${version}, load ${load}: medians of ${rounds}`,
    );
    report(found);
  }
  print(
    '(target: the address answers within 5000 ms with the probe, on two cores that have nothing else to do)',
  );
} finally {
  await lab.stop();
}
