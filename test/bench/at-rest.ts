// What many KubeVipConfigs cost while nothing changes: `npm run bench:rest [CONFIGS NODES SERVICES SECONDS]`. Everything
// runs and is held; kube-vip is played, and each Lease is renewed every 2 s, as it would do. The processor time of the
// operator counts, which other work on the machine does not change.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { V1DaemonSet } from '@kubernetes/client-node';
import { namespace, paths } from '../api-server/cluster.ts';
import { each } from '../api-server/each.ts';
import type { Seen } from '../api-server/faults/proxy.ts';
import { addressOf, metadata, node, ready, service, store, type Stored } from '../api-server/faults/seed.ts';
import { address, since, startFaultStage, type FaultStage } from '../api-server/faults/stage.ts';
import { prepareCluster } from '../api-server/prepare.ts';
import { removePrepared } from '../api-server/prepared.ts';
import { until } from '../api-server/until.ts';

const [, , mostConfigs = '200', mostNodes = '500', mostServices = '5000', windowText = '60'] = process.argv;
const windowSeconds = Number(windowText);
const renewMs = 2000;
const limitPercent = 2;
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const range = (first: number, last: number): number[] =>
  Array.from({ length: Math.max(0, last - first) }, (_, index) => first + index);

// Of every process: utime and stime, in hundredths of a second.
const cpuMs = ({ pid }: { readonly pid: number }): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
};

const holder = 'node-0';
const nameOf = (index: number): string => `many-${index}`;
const setsOf = (index: number): readonly string[] =>
  ['control-plane', 'services'].map((component) => `${nameOf(index)}-${component}`);

/** The first is of the control plane, and the second runs Services. */
function nodeOf(index: number): Stored {
  const [key, object] = node(index);
  const role = 'node-role.kubernetes.io/control-plane';
  const {
    metadata: meta,
    spec,
    status,
  } = object as { metadata: { labels: object }; spec: object; status: object };
  const labels = { ...meta.labels, ...(index === 0 && { [role]: '' }) };
  // The operator asks an API server there for its certificate: no packet may leave this machine.
  const addresses = [{ type: 'InternalIP', address: '127.0.0.1' }];
  return [
    key,
    {
      ...object,
      metadata: { ...meta, labels },
      spec: index < 2 ? {} : spec,
      status: index === 0 ? { ...status, addresses } : status,
    },
  ];
}

const microTime = (): string => new Date().toISOString().replace('Z', '000Z');

// As the API server notes who wrote a Lease: half of what comes with each renewal.
const own = ['acquireTime', 'holderIdentity', 'leaseDurationSeconds', 'leaseTransitions', 'renewTime'];
const managedFields = [
  {
    manager: 'kube-vip',
    operation: 'Update',
    apiVersion: 'coordination.k8s.io/v1',
    time: '2026-11-24T12:00:00Z',
    fieldsType: 'FieldsV1',
    fieldsV1: { 'f:spec': Object.fromEntries(own.map((field) => [`f:${field}`, {}])) },
  },
];

/** Renews every Lease over and over, as every kube-vip does. */
class Renewals {
  readonly #stage: FaultStage;
  readonly #leases = new Map<string, object>();
  #isOver = false;
  #running: Promise<void> = Promise.resolve();

  constructor(stage: FaultStage) {
    this.#stage = stage;
  }

  add(name: string): void {
    const acquireTime = microTime();
    const spec = { holderIdentity: holder, leaseDurationSeconds: 24, leaseTransitions: 0, acquireTime };
    this.#leases.set(name, { metadata: metadata(name, { namespace, managedFields }), spec });
  }

  async once(): Promise<void> {
    const rows = [...this.#leases].map(([name, lease]): Stored => {
      const { spec } = lease as { spec: object };
      const object = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', ...lease };
      return [`leases/${namespace}/${name}`, { ...object, spec: { ...spec, renewTime: microTime() } }];
    });
    await store(this.#stage, rows);
  }

  start(): void {
    this.#running = (async () => {
      while (!this.#isOver) {
        await Promise.all([this.once(), sleep(renewMs)]);
      }
    })();
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#running;
  }
}

/** The DaemonSet controller, the kubelet and kube-vip of a DaemonSet on one node. */
async function play(stage: FaultStage, name: string): Promise<void> {
  const { spec } = await stage.admin.expect<V1DaemonSet>({
    method: 'GET',
    path: `${paths.daemonSets}/${name}`,
  });
  const status = {
    phase: 'Running',
    podIP: addressOf(0),
    conditions: ready,
    containerStatuses: [
      {
        name: 'kube-vip',
        containerID: `containerd://${name}`,
        ready: true,
        restartCount: 0,
        state: { running: { startedAt: '2026-11-24T12:00:00Z' } },
      },
    ],
  };
  const { labels } = spec?.template.metadata ?? {};
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadata(`${name}-0`, { namespace, labels }),
    spec: { ...spec?.template.spec, nodeName: holder },
    status,
  };
  await store(stage, [[`pods/${namespace}/${name}-0`, pod]]);
  await stage.play.observe(name, { desired: 1, updated: 1, ready: 1 });
}

async function addConfigs(stage: FaultStage, renewals: Renewals, first: number, last: number): Promise<void> {
  await each(range(first, last), async (index) => {
    // Service: the node that is played has no API server whose certificate could be looked at.
    const controlPlane = { addresses: [address(index + 1)], apiAccess: 'Service' };
    await stage.create(nameOf(index), index + 1, { controlPlane, services: {} });
  });
  await each(range(first, last), async (index) => {
    for (const name of setsOf(index)) {
      await stage.untilRuns(name, 600_000);
      renewals.add(name);
      await play(stage, name);
    }
  });
}

async function reasons(stage: FaultStage): Promise<string> {
  const rows = await Promise.all(
    (
      await stage.admin.expect<{ items: { metadata: { name: string } }[] }>({
        method: 'GET',
        path: paths.configs,
      })
    ).items.map(({ metadata: { name } }) => stage.ready(name)),
  );
  return JSON.stringify(
    Object.fromEntries([...Map.groupBy(rows, (row) => row ?? '')].map(([key, all]) => [key, all.length])),
  );
}

const isOwnLease = ({ path }: Seen): boolean => /\/leases\/kube-vip-operator/.test(path);

/** Prints the percentage of a core within the window, and fails the run when it is too much. */
async function measure(stage: FaultStage, what: string): Promise<void> {
  // The facts are read again every half minute, whatever happens.
  const isWrite = (row: Seen): boolean => row.method !== 'GET' && !isOwnLease(row);
  await until('35 s without a write', () => !since(stage, Date.now() - 35_000).some(isWrite), 600_000);
  const [before, from] = [cpuMs(stage.operator()), Date.now()];
  await sleep(windowSeconds * 1000);
  const percent = (100 * (cpuMs(stage.operator()) - before)) / (Date.now() - from);
  const asked = since(stage, from).filter((row) => !row.isWatch && !isOwnLease(row)).length;
  print(
    `${what}: ${percent.toFixed(2)} % of a core, ${asked} requests in ${windowSeconds} s; ${await reasons(stage)}`,
  );
  if (!(percent < limitPercent)) {
    print(`MISSED: ${what}: expected under ${limitPercent} % of a core, found ${percent.toFixed(2)}`);
    process.exitCode = 1;
  }
}

await prepareCluster();
// For example --cpu-prof, which shows where the time goes, and takes some itself.
const options = process.env['AT_REST_NODE_OPTIONS'];
const stage = await startFaultStage(options === undefined ? {} : { env: { NODE_OPTIONS: options } });
try {
  const renewals = new Renewals(stage);
  renewals.start();
  await store(stage, range(0, 3).map(nodeOf));
  await measure(stage, 'none');
  const few = Math.round(Number(mostConfigs) / 4);
  await addConfigs(stage, renewals, 0, few);
  await measure(stage, `${few} configs`);
  await addConfigs(stage, renewals, few, Number(mostConfigs));
  await measure(stage, `${mostConfigs} configs`);
  await store(stage, [
    ...range(3, Number(mostNodes)).map(nodeOf),
    ...range(0, Number(mostServices)).map(service),
  ]);
  await measure(stage, `${mostConfigs} configs, ${mostNodes} nodes, ${mostServices} Services`);
  await renewals.stop();
} finally {
  await stage.stop();
  removePrepared();
}
