// Figures at scale: `npm run bench:scale [NODES SERVICES [SECONDS]]`, which fails when a target is missed. KWOK plays the
// kubelets of 5,000 nodes and their pods, which are put into etcd directly; a proxy counts what the operator asks for.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { V1Node } from '@kubernetes/client-node';
import { describeTraffic, type Seen } from '../api-server/faults/proxy.ts';
import {
  addressOf,
  created,
  metadata,
  node,
  ready,
  service,
  store,
  type Stored,
} from '../api-server/faults/seed.ts';
import { since, startFaultStage, untilWatching, type FaultStage } from '../api-server/faults/stage.ts';
import { namespace } from '../api-server/cluster.ts';
import { prepareCluster } from '../api-server/prepare.ts';
import { removePrepared } from '../api-server/prepared.ts';
import { until } from '../api-server/until.ts';
import { isAlive, startDaemon, stopDaemon, type Daemon } from '../lab/process.ts';
import { ensureTools } from '../lab/tools.ts';
import { expectUnder, memoryMiB, print } from './figures.ts';

const [, , mostNodes = '5000', mostServices = '20000', windowText = '120'] = process.argv;
const few = { nodes: 50, services: 200 };
const many = { nodes: Number(mostNodes), services: Number(mostServices) };
const windowSeconds = Number(windowText);

const memoryLimitMiB = 256; // of config/manager
const changeLimitMs = 2000;
// A round of the survey, which is due every ten minutes, may fall into the one window and not into the other.
const surveyRequests = 60 * Math.ceil(windowSeconds / 600);

/** Pods of the services function, as the DaemonSet controller makes one for each node. */
async function podOf(stage: FaultStage): Promise<(index: number) => Stored> {
  const template = (await stage.daemonSet('edge-services'))?.spec?.template;
  const { labels } = template?.metadata ?? {};
  return (index) => [
    `pods/${namespace}/edge-services-${index}`,
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: metadata(`edge-services-${index}`, { namespace, labels }),
      spec: { ...template?.spec, nodeName: `node-${index}` },
      status: { phase: 'Running', podIP: addressOf(index), conditions: ready },
    },
  ];
}

async function grow(stage: FaultStage, from: typeof few, to: typeof few): Promise<void> {
  const range = (first: number, last: number): number[] =>
    Array.from({ length: last - first }, (_, index) => first + index);
  const start = Date.now();
  const pod = await podOf(stage);
  await store(
    stage,
    range(from.nodes, to.nodes).map((index) => node(index)),
  );
  await store(stage, range(from.services, to.services).map(service));
  await store(stage, range(from.nodes, to.nodes).map(pod));
  const counts = { desired: to.nodes, updated: to.nodes, ready: to.nodes };
  await stage.play.observe('edge-services', counts);
  await stage.play.observe('edge-control-plane', { desired: 1, updated: 1, ready: 1 });
  const { items } = await stage.admin.expect<{ items: object[] }>({ method: 'GET', path: '/api/v1/nodes' });
  print(
    `${items.length} nodes, as many pods and ${to.services} Services made in ${((Date.now() - start) / 1000).toFixed(0)} s`,
  );
}

const isOwnLease = ({ path }: Seen): boolean => /\/leases\/kube-vip-operator/.test(path);

/** How often it asked within the window, while nothing changed. */
async function idle(stage: FaultStage, size: typeof few): Promise<number> {
  // What a change of the cluster makes the operator read for preflight is up to half a minute later.
  await until(
    '40 s without a request',
    () => !since(stage, Date.now() - 40_000).some((row) => !row.isWatch && !isOwnLease(row)),
    600_000,
  );
  const from = Date.now();
  await sleep(windowSeconds * 1000);
  const seen = since(stage, from).filter((row) => !isOwnLease(row));
  const hourly = (rows: readonly Seen[]): number => (rows.length * 3600) / windowSeconds;
  const plain = seen.filter(({ isWatch }) => !isWatch);
  print(`seen in ${windowSeconds} s: ${describeTraffic(plain)}`);
  const memory = memoryMiB(stage.operator());
  print(
    `idle with ${size.nodes} nodes, ${size.services} Services: ${hourly(plain)} requests and ${hourly(seen) - hourly(plain)} watches an hour (its own Lease not counted), resident ${memory.now.toFixed(0)} MiB, at most ${memory.peak.toFixed(0)} MiB (target: under ${memoryLimitMiB})`,
  );
  expectUnder(memoryLimitMiB, memory.peak, `MiB with ${size.nodes} nodes`);
  return plain.length;
}

/** Without a kubelet that reports, nothing would be measured of nodes that do. */
async function countBeats(stage: FaultStage, kwok: Daemon): Promise<void> {
  const { items } = await stage.admin.expect<{ items: V1Node[] }>({ method: 'GET', path: '/api/v1/nodes' });
  const beats = items.filter(
    ({ status }) =>
      String(status?.conditions?.find(({ type }) => type === 'Ready')?.lastHeartbeatTime) !== created,
  ).length;
  print(`${beats} of ${items.length} nodes have reported meanwhile`);
  if (beats < items.length / 2 || !isAlive(kwok)) {
    throw new Error(`KWOK: expected it to play kubelets, found ${beats} reports; see ${kwok.logFile}`);
  }
}

const rateOf = async (stage: FaultStage): Promise<string | undefined> => {
  const set = await stage.daemonSet('edge-control-plane');
  return set?.spec?.template.spec?.containers[0]?.env?.find(({ name }) => name === 'vip_arpRate')?.value;
};

async function timeChanges(stage: FaultStage): Promise<void> {
  const times: number[] = [];
  for (let change = 0; change < 10; change += 1) {
    const seconds = 4 + change;
    const start = performance.now();
    await stage.change('edge', { arp: { announceIntervalSeconds: seconds } });
    const isThere = async () => {
      if ((await rateOf(stage)) !== `${seconds}000`) {
        throw new Error(JSON.stringify((await stage.config('edge'))?.status?.conditions));
      }
      return true;
    };
    await until('the change', isThere, 180_000);
    times.push(performance.now() - start);
    await sleep(500);
  }
  times.sort((a, b) => a - b);
  print(
    `one change to its DaemonSet: median ${times[5]?.toFixed(0)} ms, max ${times[9]?.toFixed(0)} ms over 10 (target: under ${changeLimitMs})`,
  );
  expectUnder(changeLimitMs, times[9] ?? Number.NaN, 'ms until the slowest change was in its DaemonSet');
}

async function startAgain(stage: FaultStage): Promise<void> {
  await stage.operator().stop();
  const start = performance.now();
  await stage.start();
  await untilWatching(stage.proxy);
  const took = performance.now() - start;
  await sleep(20_000);
  const memory = memoryMiB(stage.operator());
  print(
    `started at full size: ready after ${took.toFixed(0)} ms, resident ${memory.now.toFixed(0)} MiB, at most ${memory.peak.toFixed(0)} MiB (target: under ${memoryLimitMiB})`,
  );
  expectUnder(memoryLimitMiB, memory.peak, 'MiB after a start at full size');
}

const { kwok = '' } = await ensureTools(['kwok'], print);
await prepareCluster();
const stage = await startFaultStage();
let kubelets: Daemon | undefined;
try {
  kubelets = startDaemon({
    name: 'kwok',
    command: [
      kwok,
      '--kubeconfig',
      stage.api.kubeconfig,
      '--config',
      join(import.meta.dirname, 'kwok.yaml'),
      '--manage-all-nodes',
      '--node-lease-duration-seconds',
      '600',
    ],
    logFile: join(stage.api.dir, 'kwok.log'),
    dieWithParent: true,
  });
  await stage.create('edge', 100, { services: {} });
  await stage.untilRuns('edge-services');
  await grow(stage, { nodes: 0, services: 0 }, few);
  const before = await idle(stage, few);
  await grow(stage, few, many);
  const after = await idle(stage, many);
  await countBeats(stage, kubelets);
  print(
    `requests in ${windowSeconds} s while nothing changes: ${before} with ${few.nodes} nodes, ${after} with ${many.nodes} (target: not more, but for one round of the survey)`,
  );
  expectUnder(before + surveyRequests, after, `requests in ${windowSeconds} s with ${many.nodes} nodes`);
  await timeChanges(stage);
  await startAgain(stage);
} finally {
  if (kubelets !== undefined) {
    await stopDaemon(kubelets);
  }
  await stage.stop();
  removePrepared();
}
