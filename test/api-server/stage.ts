// A cluster with the operator at work and the controllers played by hand: where most of these tests begin.
import type { V1Container } from '@kubernetes/client-node';
import { freePorts } from '../free-ports.ts';
import { stretched } from '../stretched.ts';
import { Actors } from './actors.ts';
import { conditionsOf, written, type AnySpec } from './builders.ts';
import { paths, startCluster, type ClusterOptions, type TestCluster } from './cluster.ts';
import { health, startOperator, type Operator } from './operator.ts';
import { settled, until } from './until.ts';

export type Conditions = Readonly<Record<string, string>>;

export interface Stage extends TestCluster {
  readonly operator: Operator;
  readonly play: Actors;
  /** A page of the operator's port for metrics. */
  page(path: string): Promise<Response>;
  create(name: string, spec: AnySpec): Promise<void>;
  /** Merges into the spec; null takes a field out. */
  change(name: string, spec: AnySpec): Promise<void>;
  remove(name: string): Promise<void>;
  /** The conditions as soon as they are the wanted ones, else the last ones. */
  conditions(name: string, wanted: Conditions, ms?: number): Promise<Conditions>;
  /** Resolves when a DaemonSet is there and not about to go. */
  untilRuns(daemonSet: string, ms?: number): Promise<void>;
  /** The one container of a DaemonSet. */
  container(daemonSet: string): Promise<V1Container | undefined>;
}

export interface StageOptions extends ClusterOptions {
  /** More flags of the operator. */
  readonly args?: readonly string[];
  /** Environment of the operator. */
  readonly env?: Readonly<Record<string, string>>;
}

const pathOf = (name: string): string => `${paths.configs}/${name}`;

function verbs(cluster: TestCluster) {
  const { admin } = cluster;
  return {
    async create(name: string, spec: AnySpec) {
      await admin.expect({ method: 'POST', path: paths.configs, body: written(name, spec) });
    },
    async change(name: string, spec: AnySpec) {
      await admin.expect({ method: 'PATCH', path: pathOf(name), body: { spec }, type: 'merge' });
    },
    async remove(name: string) {
      await admin.expect({ method: 'DELETE', path: pathOf(name) });
    },
    conditions: (name: string, wanted: Conditions, ms?: number) =>
      settled(async () => conditionsOf(await cluster.config(name)), wanted, ms),
    async untilRuns(daemonSet: string, ms?: number) {
      await until(
        `DaemonSet ${daemonSet} to be there`,
        async () => {
          const found = await cluster.daemonSet(daemonSet);
          return found !== undefined && found.metadata?.deletionTimestamp === undefined;
        },
        ms,
      );
    },
    container: async (daemonSet: string) =>
      (await cluster.daemonSet(daemonSet))?.spec?.template.spec?.containers[0],
  };
}

/** Starts everything; resolves when the operator has seen the whole cluster. */
export async function startStage(options: StageOptions = {}): Promise<Stage> {
  const cluster = await startCluster(options);
  const [port = 0, metricsPort = 0] = await freePorts(2);
  // The network of the machine that tests run on says nothing about these addresses, and may answer for all.
  const ports = ['--health-port', String(port), '--metrics-port', String(metricsPort)];
  const args = [...ports, '--probe-addresses', 'off', ...(options.args ?? [])];
  const operator = startOperator({ kubeconfig: cluster.kubeconfig, args, env: options.env ?? {} });
  await until(
    'the operator to be ready',
    async () => (await health(port, '/readyz')) === '200 ok',
    stretched(30_000),
  );
  return {
    ...cluster,
    ...verbs(cluster),
    operator,
    play: new Actors(cluster.admin),
    page: (path) => fetch(`http://127.0.0.1:${metricsPort}${path}`),
    async stop() {
      await operator.stop();
      await cluster.stop();
    },
  };
}
