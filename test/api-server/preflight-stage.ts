// A stage on which clusters come and go around one KubeVipConfig `edge`.
import { afterAll, afterEach, beforeAll, jest } from '@jest/globals';
import type { EventsV1Event, V1DaemonSet } from '@kubernetes/client-node';
import type { KubeVipConfig } from '../../src/api/types.ts';
import { certify } from '../lab/credentials.ts';
import { conditionsOf, specWith, type AnySpec } from './builders.ts';
import { install, type ClusterObject } from './cluster-objects.ts';
import { paths } from './cluster.ts';
import { servers } from './distributions.ts';
import { playHttps, type HttpsServer } from './https-server.ts';
import { installNeighbours } from './neighbours.ts';
import { startStage, type Stage } from './stage.ts';
import { settled, until } from './until.ts';

export const vip = '203.0.113.100';

export class PreflightStage {
  readonly stage: Stage;
  readonly #apiServers: HttpsServer;
  #undo: (() => Promise<void>)[] = [];

  private constructor(stage: Stage, apiServers: HttpsServer) {
    this.stage = stage;
    this.#apiServers = apiServers;
  }

  static async start(): Promise<PreflightStage> {
    const stage = await startStage();
    await installNeighbours(stage);
    // API servers of the nodes of distributions.ts, with a certificate that names what it should.
    const names = [vip, ...servers].map((address) => `IP:${address}`).join(',');
    const args = ['-subj', '/CN=node', '-addext', `subjectAltName=${names}`];
    await certify(stage.api.dir, 'node', args);
    const played = await playHttps(stage.api.dir, () => ({ status: 404, body: '' }), 0, 'node');
    return new PreflightStage(stage, played);
  }

  async stop(): Promise<void> {
    await this.#apiServers.stop();
    await this.stage.stop();
  }

  /** Objects that are there until {@link clear}. */
  async install(objects: readonly ClusterObject[]): Promise<void> {
    this.#undo.push(await install(this.stage.admin, objects));
  }

  /** A cluster first, then the config: by default with both functions, and with the port of its API servers. */
  async prepare(
    objects: readonly ClusterObject[],
    spec: AnySpec = specWith({ services: {} }),
  ): Promise<void> {
    await this.install(objects);
    const { controlPlane } = spec as { readonly controlPlane?: object };
    const port = this.#apiServers.port;
    await this.stage.create(
      'edge',
      controlPlane ? { ...spec, controlPlane: { port, ...controlPlane } } : spec,
    );
  }

  /** The config when preflight has come to a result. */
  judged(): Promise<KubeVipConfig> {
    return until(
      'preflight to have facts',
      async () => {
        const config = await this.stage.config('edge');
        const verdict = conditionsOf(config)['PreflightPassed'];
        return verdict !== undefined && !verdict.startsWith('Unknown') ? config : undefined;
      },
      15_000,
    );
  }

  /** Every finding as soon as they are the wanted ones, for example `pool-has-vip Warned IPAddressPool/x/y`. */
  findings(wanted: readonly string[]): Promise<readonly string[]> {
    const read = async (): Promise<readonly string[]> =>
      ((await this.judged()).status?.preflight ?? []).map(
        (row) => `${row.check} ${row.result} ${row.object}`,
      );
    return settled(read, wanted);
  }

  /** What events of the present config say for one reason. */
  async notes(reason: string): Promise<readonly string[]> {
    const uid = (await this.stage.config('edge'))?.metadata.uid;
    const path = '/apis/events.k8s.io/v1/namespaces/default/events';
    const { items } = await this.stage.admin.expect<{ items: EventsV1Event[] }>({ method: 'GET', path });
    const ours = items.filter((event) => event.regarding?.uid === uid && event.reason === reason);
    return ours.map(({ note = '' }) => note);
  }

  /** Names of the DaemonSets in our namespace. */
  async daemonSets(): Promise<readonly (string | undefined)[]> {
    const path = paths.daemonSets;
    const { items } = await this.stage.admin.expect<{ items: V1DaemonSet[] }>({ method: 'GET', path });
    return items.map(({ metadata }) => metadata?.name);
  }

  /** Takes the config and the cluster away. */
  async clear(): Promise<void> {
    const { stage } = this;
    if ((await stage.config('edge')) !== undefined) {
      await stage.remove('edge');
      await until(
        'it to be gone',
        async () => {
          await stage.play.collectGarbage();
          return (await stage.config('edge')) === undefined;
        },
        40_000,
      );
    }
    for (const undo of this.#undo.splice(0).toReversed()) {
      await undo();
    }
    await until('nodes to be gone', async () => {
      const path = '/api/v1/nodes';
      const { items } = await stage.admin.expect<{ items: unknown[] }>({ method: 'GET', path });
      return items.length === 0;
    });
  }
}

/** One stage for all tests of a file, empty before each. */
export function onPreflightStage(): () => PreflightStage {
  let scene: PreflightStage | undefined;
  jest.setTimeout(90_000);
  beforeAll(async () => {
    scene = await PreflightStage.start();
  }, 90_000);
  afterAll(() => scene?.stop());
  afterEach(() => scene?.clear());
  return () => {
    if (scene === undefined) {
      throw new Error('the stage is not there yet');
    }
    return scene;
  };
}
