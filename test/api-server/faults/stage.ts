// A cluster, the operator behind the fault proxy, and configs that are held: where tests of faults begin.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resources } from '../../../src/cluster/resources.ts';
import { freePorts } from '../../free-ports.ts';
import { stretched } from '../../stretched.ts';
import { Actors } from '../actors.ts';
import { conditionsOf, specWith, written } from '../builders.ts';
import { paths, startCluster, type ClusterOptions, type TestCluster } from '../cluster.ts';
import { health, startOperator, type Operator } from '../operator.ts';
import { until } from '../until.ts';
import { startFaultProxy, type FaultProxy, type Seen } from './proxy.ts';

export interface FaultStage extends TestCluster {
  readonly proxy: FaultProxy;
  readonly play: Actors;
  /** Starts another operator when the last one has ended; resolves when it is ready to work. */
  start(kubeconfig?: string): Promise<Operator>;
  operator(): Operator;
  create(name: string, octet: number, spec?: object): Promise<void>;
  change(name: string, spec: object): Promise<void>;
  remove(name: string): Promise<void>;
  untilRuns(daemonSet: string, ms?: number): Promise<void>;
  ready(name: string): Promise<string | undefined>;
}

export const address = (octet: number): string => `203.0.113.${octet}`;
export const pathOf = (name: string): string => `${paths.configs}/${name}`;
export const since = (stage: FaultStage, at: number): readonly Seen[] =>
  stage.proxy.seen.filter((row) => row.at >= at);

export function print(line: string): void {
  process.stdout.write(`faults: ${line}\n`);
}

/** The operator's kubeconfig, with its token in a file, as a pod has it. */
export function withTokenFile(stage: FaultStage, kubeconfig: string, tokenFile: string): string {
  const file = join(stage.api.dir, 'token-file.kubeconfig');
  const user = `"auth-provider": { name: tokenFile, config: { tokenFile: "${tokenFile}" } }`;
  writeFileSync(file, kubeconfig.replace(/token: .*/, user));
  return file;
}

// A process that was killed cannot give its Lease back; to wait until it runs out is not what is tested here.
async function forgetLeader({ admin }: TestCluster): Promise<void> {
  await admin.send({ method: 'DELETE', path: `${paths.leases}/kube-vip-operator` });
}

function verbs(cluster: TestCluster) {
  const { admin } = cluster;
  return {
    async create(name: string, octet: number, spec: object = {}) {
      const body = written(name, specWith({ controlPlane: { addresses: [address(octet)] }, ...spec }));
      await admin.expect({ method: 'POST', path: paths.configs, body });
    },
    async change(name: string, spec: object) {
      await admin.expect({ method: 'PATCH', path: pathOf(name), body: { spec }, type: 'merge' });
    },
    async remove(name: string) {
      await admin.expect({ method: 'DELETE', path: pathOf(name) });
    },
    untilRuns: async (name: string, ms = stretched(20_000)) => {
      const isThere = async () => {
        const found = await cluster.daemonSet(name);
        return found !== undefined && found.metadata?.deletionTimestamp === undefined;
      };
      await until(`DaemonSet ${name}`, isThere, ms);
    },
    ready: async (name: string) => conditionsOf(await cluster.config(name))['Ready'],
  };
}

const watchCount = Object.keys(resources).length;

/** Resolves when every watch is open: the operator is ready as soon as the lists are in. */
export async function untilWatching(proxy: FaultProxy): Promise<void> {
  await until('the watches to be open', () => proxy.openWatches() >= watchCount, stretched(30_000));
}

export interface FaultStageOptions extends ClusterOptions {
  /** Environment of the operator. */
  readonly env?: Readonly<Record<string, string>>;
  /** More flags of the operator. */
  readonly args?: readonly string[];
}

/** Starts everything; the operator's every request goes through `proxy`. */
export async function startFaultStage(options: FaultStageOptions = {}): Promise<FaultStage> {
  const cluster = await startCluster(options);
  const proxy = await startFaultProxy(cluster);
  let operator: Operator | undefined;
  const start = async (kubeconfig = proxy.kubeconfig): Promise<Operator> => {
    await forgetLeader(cluster);
    const [port = 0, metrics = 0] = await freePorts(2);
    const ports = ['--health-port', String(port), '--metrics-port', String(metrics)];
    const args = [...ports, '--probe-addresses', 'off', ...(options.args ?? [])];
    operator = startOperator({ kubeconfig, args, env: options.env ?? {} });
    await until(
      'the operator to be ready',
      async () => (await health(port, '/readyz')) === '200 ok',
      stretched(30_000),
    );
    await untilWatching(proxy);
    return operator;
  };
  const stop = async (): Promise<void> => {
    await operator?.stop();
    await proxy.close();
    await cluster.stop();
  };
  try {
    await start();
  } catch (error) {
    // Whoever has no stage cannot stop it.
    await stop();
    throw error;
  }
  return {
    ...cluster,
    ...verbs(cluster),
    proxy,
    play: new Actors(cluster.admin),
    start,
    operator: () => operator as Operator,
    stop,
  };
}
