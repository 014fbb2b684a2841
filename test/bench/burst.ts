// Many Services at once: `npm run bench:burst [SERVICES PER-SECOND NAMESPACES HELD]`. A played kube-vip publishes what is granted. Prints
// from the create of a Service to its annotation, by the API server's clock, and fails above a target. With `dial` as fifth word
// addresses are asked about on the network: run that in a network namespace where none of them answers.
import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { KubeConfig, Watch, type V1Service } from '@kubernetes/client-node';
import { operatorUser, type AuditEvent } from '../api-server/audit.ts';
import { specWith } from '../api-server/builders.ts';
import { each } from '../api-server/each.ts';
import { metadata, store, type Stored } from '../api-server/faults/seed.ts';
import { prepareCluster } from '../api-server/prepare.ts';
import { removePrepared } from '../api-server/prepared.ts';
import { startStage, type Stage } from '../api-server/stage.ts';
import { until } from '../api-server/until.ts';
import { expectUnder, memoryMiB, print } from './figures.ts';

const [, , burstText = '1000', rateText = '100', spacesText = '100', heldText = '20000', dial = ''] =
  process.argv;
const [burst, perSecond] = [Number(burstText), Number(rateText)];
const [spaces, held] = [Number(spacesText), Number(heldText)];
const isDialling = dial === 'dial';
const loadBalancerClass = 'kubevip.dev/edge';
const grant = 'kube-vip.io/loadbalancerIPs';
const account = 'system:serviceaccount:kube-vip-system:kube-vip-services';
const memoryLimitMiB = 256; // of config/manager
const oneLimitMs = 100;
// Nothing is known of what was given up before the start, so every free address rests for a minute.
const restMs = 62_000;
const range = (length: number): number[] => Array.from({ length }, (_, index) => index);

const publishedIn = ({ status }: V1Service): readonly (string | undefined)[] =>
  (status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip);

/** Publishes what is granted to a Service, as kube-vip does. */
async function publish(stage: Stage, service: V1Service): Promise<void> {
  const { name, namespace, annotations = {} } = service.metadata ?? {};
  const wanted = annotations[grant]?.split(',') ?? [];
  const has = publishedIn(service);
  if (wanted.some((ip) => !has.includes(ip))) {
    const path = `/api/v1/namespaces/${namespace}/services/${name}/status`;
    // The account of kube-vip may update, and not patch.
    const body = { ...service, status: { loadBalancer: { ingress: wanted.map((ip) => ({ ip })) } } };
    await stage.admin.send({ method: 'PUT', path, body, as: account });
  }
}

function playKubeVip(stage: Stage): { stop(): void } {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromFile(stage.api.kubeconfig);
  const lease = setInterval(() => void stage.play.hold('edge-services', { holder: 'n1' }), 2000);
  const watch: Pick<Watch, 'watch'> = Object.assign(new Watch(kubeConfig), { requestTimeoutMs: 1_200_000 });
  const opened = watch.watch(
    '/api/v1/services',
    {},
    (_, object: V1Service) => void publish(stage, object),
    () => undefined,
  );
  return {
    stop: () => {
      clearInterval(lease);
      void opened.then((controller) => controller.abort());
    },
  };
}

async function make(stage: Stage, name: string, space: string): Promise<void> {
  await stage.admin.expect({
    method: 'POST',
    path: `/api/v1/namespaces/${space}/services`,
    body: { metadata: { name }, spec: { type: 'LoadBalancer', loadBalancerClass, ports: [{ port: 80 }] } },
  });
}

/** When each Service was asked for, and when its grant was answered, in milliseconds since the epoch. */
function timesOf(
  { api }: Stage,
  prefix: string,
): ReadonlyMap<string, readonly [made: number, granted: number]> {
  const events = readFileSync(api.auditLog, 'utf8')
    .split('\n')
    .filter((line) => line.includes(`"name":"${prefix}`) && line.includes('"ResponseComplete"'))
    .map((line) => JSON.parse(line) as AuditEvent)
    .filter(({ objectRef, responseStatus }) => {
      const { resource, subresource } = objectRef ?? {};
      return resource === 'services' && subresource === undefined && (responseStatus?.code ?? 500) < 300;
    });
  const made = new Map(
    events
      .filter(({ verb }) => verb === 'create')
      .map((row) => [row.objectRef?.name ?? '', Date.parse(row.requestReceivedTimestamp)]),
  );
  const grants = events.filter(({ verb, user }) => verb === 'patch' && user.username === operatorUser);
  return new Map(
    grants.toReversed().flatMap(({ objectRef: { name = '' } = {}, stageTimestamp }) => {
      const at = made.get(name);
      return at === undefined ? [] : [[name, [at, Date.parse(stageTimestamp)] as const]];
    }),
  );
}

const sorted = (numbers: readonly number[]): readonly number[] => [...numbers].sort((a, b) => a - b);
const part = (numbers: readonly number[], share: number): number =>
  sorted(numbers)[Math.min(numbers.length - 1, Math.floor(numbers.length * share))] ?? Number.NaN;

/** Writes of the status of the config, so far. */
const statusWrites = ({ api }: Stage): number =>
  readFileSync(api.auditLog, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"subresource":"status"') && line.includes('"name":"edge"'))
    .filter((line) => line.includes(operatorUser) && line.includes('"ResponseComplete"')).length;

async function untilGranted(stage: Stage, prefix: string, count: number, ms: number): Promise<void> {
  await until(
    `${count} grants`,
    async () => {
      await sleep(500);
      return timesOf(stage, prefix).size >= count;
    },
    ms,
  );
}

async function oneByOne(stage: Stage, prefix: string): Promise<number> {
  const count = 30;
  for (const index of range(count)) {
    await make(stage, `${prefix}${index}`, `team-${index % spaces}`);
    await sleep(isDialling ? 0 : 150);
  }
  await untilGranted(stage, prefix, count, 600_000);
  const took = [...timesOf(stage, prefix).values()].map(([made, granted]) => granted - made);
  const median = part(took, 0.5);
  print(
    `one after the other, ${count}: median ${median} ms, p99 ${part(took, 0.99)} ms from create to annotation`,
  );
  return median;
}

async function atOnce(stage: Stage): Promise<void> {
  const before = statusWrites(stage);
  const start = performance.now();
  await each(range(burst), async (index) => {
    await sleep(Math.max(0, start + (index * 1000) / perSecond - performance.now()));
    await make(stage, `burst-${index}`, `team-${index % spaces}`);
  });
  const offered = (performance.now() - start) / 1000;
  await untilGranted(stage, 'burst-', burst, 1_800_000);
  const times = [...timesOf(stage, 'burst-').values()];
  const took = times.map(([made, granted]) => granted - made);
  const first = Math.min(...times.map(([made]) => made));
  const seconds = (Math.max(...times.map(([, granted]) => granted)) - first) / 1000;
  print(
    `${burst} Services in ${spaces} namespaces, made within ${offered.toFixed(1)} s (${(burst / offered).toFixed(0)} a second): all granted after ${seconds.toFixed(1)} s (${(burst / seconds).toFixed(0)} a second), median ${part(took, 0.5)} ms, p99 ${part(took, 0.99)} ms, at most ${part(took, 1)} ms`,
  );
  print(`status of the KubeVipConfig was written ${statusWrites(stage) - before} times meanwhile`);
}

/** A Service that the operator gave an address, and that kube-vip published. */
function heldService(index: number): Stored {
  const [name, namespace] = [`held-${index}`, `team-${index % spaces}`];
  const ip = `10.${100 + Math.floor(index / 62_500)}.${Math.floor(index / 250) % 250}.${(index % 250) + 1}`;
  const annotations = { [grant]: ip, 'kubevip.dev/assigned': 'main' };
  const fieldsV1 = { 'f:metadata': { 'f:annotations': { [`f:${grant}`]: {} } } };
  const managedFields = [{ manager: 'kube-vip-operator', operation: 'Apply', apiVersion: 'v1', fieldsV1 }];
  return [
    `services/specs/${namespace}/${name}`,
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: metadata(name, { namespace, annotations, managedFields, labels: { app: name } }),
      spec: {
        type: 'LoadBalancer',
        loadBalancerClass,
        clusterIP: 'None',
        clusterIPs: ['None'],
        ipFamilies: ['IPv4'],
        ipFamilyPolicy: 'SingleStack',
        ports: [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' }],
      },
      status: { loadBalancer: { ingress: [{ ip }] } },
    },
  ];
}

function sayMemory(stage: Stage, when: string): void {
  const { now, peak } = memoryMiB(stage.operator);
  print(`memory of the operator ${when}: ${now.toFixed(0)} MiB, ${peak.toFixed(0)} at most`);
  expectUnder(memoryLimitMiB, peak, `MiB of the operator ${when}`);
}

async function prepare(stage: Stage): Promise<void> {
  const pools = [{ name: 'main', addresses: ['10.100.0.0/15'] }];
  const body = { metadata: { name: 'n1', labels: { 'kubernetes.io/os': 'linux' } } };
  await stage.admin.expect({ method: 'POST', path: '/api/v1/nodes', body });
  const status = { addresses: [{ type: 'InternalIP', address: '10.99.0.11' }] };
  await stage.admin.expect({
    method: 'PATCH',
    path: '/api/v1/nodes/n1/status',
    body: { status },
    type: 'merge',
  });
  await each(range(spaces), (index) =>
    stage.admin.expect({
      method: 'POST',
      path: '/api/v1/namespaces',
      body: { metadata: { name: `team-${index}` } },
    }),
  );
  await stage.create('edge', specWith({ controlPlane: undefined, services: { pools } }));
  await stage.untilRuns('edge-services');
  await stage.play.runHealthy('edge-services', 'n1');
}

await prepareCluster();
const stage = await startStage({ args: isDialling ? ['--probe-addresses', 'on'] : [] });
let kubeVip: { stop(): void } | undefined;
try {
  print(
    `${availableParallelism()} processors, load ${loadavg()[0]?.toFixed(1)}, addresses are ${isDialling ? '' : 'not '}asked about`,
  );
  await prepare(stage);
  kubeVip = playKubeVip(stage);
  await sleep(restMs);
  const few = await oneByOne(stage, 'one-');
  if (!isDialling) {
    expectUnder(oneLimitMs, few, 'ms from create to annotation');
  }
  await atOnce(stage);
  sayMemory(stage, `with ${burst} Services`);
  if (held > 0) {
    const start = performance.now();
    await store(stage, range(held).map(heldService));
    await sleep(15_000);
    print(`${held} more Services with an address in ${((performance.now() - start) / 1000).toFixed(0)} s`);
    sayMemory(stage, `with ${held} more`);
    const many = await oneByOne(stage, 'among-');
    if (!isDialling) {
      expectUnder(oneLimitMs, many, `ms from create to annotation among ${held} Services`);
    }
    sayMemory(stage, 'after that');
  }
  const { services } = (await stage.config('edge'))?.status ?? {};
  print(`status: ${JSON.stringify({ waiting: services?.waiting, pools: services?.pools })}`);
} finally {
  kubeVip?.stop();
  await stage.stop();
  removePrepared();
}
