// Control planes on three played nodes, where tests of rollouts begin.
import type { V1DaemonSet } from '@kubernetes/client-node';
import type { KubeVipConfigStatus } from '../../../src/api/types.ts';
import { stretched } from '../../stretched.ts';
import { podName } from '../actors.ts';
import { paths } from '../cluster.ts';
import { PlayedNodes } from '../played-nodes.ts';
import { until } from '../until.ts';
import { address, startFaultStage, type FaultStage } from './stage.ts';

/** What runs before, what works, and what crashes. */
export const [old, next, broken] = ['v1.1.2', 'v1.1.1', 'v1.0.4'] as const;
const nodes = ['n1', 'n2', 'n3'] as const;

export const imageOf = ({ spec }: V1DaemonSet): string => spec?.template.spec?.containers[0]?.image ?? '';

/** A fault stage with nodes, and what is done to rollouts there. */
export class RolloutStage {
  readonly stage: FaultStage;
  readonly played: PlayedNodes;
  #octet = 0;

  private constructor(stage: FaultStage) {
    this.stage = stage;
    this.played = new PlayedNodes(stage, nodes);
    this.played.broken.add(broken);
  }

  static async start(): Promise<RolloutStage> {
    const started = new RolloutStage(await startFaultStage());
    await started.played.start();
    return started;
  }

  async stop(): Promise<void> {
    await this.played.stop();
    await this.stage.stop();
  }

  async status(name: string): Promise<KubeVipConfigStatus | undefined> {
    return (await this.stage.config(name))?.status;
  }

  live(name: string): Promise<V1DaemonSet> {
    const path = `${paths.daemonSets}/${name}-control-plane`;
    return this.stage.admin.expect<V1DaemonSet>({ method: 'GET', path });
  }

  /** Whether every node runs a release, and nothing is left to do. */
  async isOver(name: string, version: string): Promise<boolean> {
    const status = await this.status(name);
    return status?.version?.running === version && status.rollout === undefined;
  }

  untilOver(name: string, version: string, ms = 40_000): Promise<unknown> {
    return until(`${name} to run ${version}`, () => this.isOver(name, version), stretched(ms));
  }

  /** A control plane that n3 holds. */
  async held(name: string, controlPlane: object = {}, rollout: object = {}): Promise<void> {
    this.#octet += 1;
    await this.stage.create(name, this.#octet, {
      version: old,
      rollout: { observeSeconds: 0, progressDeadlineSeconds: 120, ...rollout },
      controlPlane: { addresses: [address(this.#octet)], ...controlPlane },
    });
    await this.untilOver(name, old);
    const isHeld = async (): Promise<boolean> => (await this.status(name))?.controlPlane?.holder === 'n3';
    await until('a holder', isHeld, stretched(20_000));
  }

  /** Nodes in the order in which their pods were ended. */
  ended(name: string): readonly string[] {
    return this.played.ended
      .filter(({ daemonSet }) => daemonSet === `${name}-control-plane`)
      .map(({ node, isHolder }) => (isHolder ? `${node} holds` : node));
  }

  /** Resolves when so many pods were ended. */
  untilEnded(name: string, count: number): Promise<unknown> {
    return until(`${count} pods to be ended`, () => this.ended(name).length >= count, stretched(30_000));
  }

  /** How an address leaves the nodes is no matter of these tests, and takes half a minute. */
  async gone(name: string): Promise<void> {
    const { admin } = this.stage;
    const path = `${paths.configs}/${name}`;
    await this.stage.remove(name);
    await admin.send({ method: 'PATCH', path, body: { metadata: { finalizers: null } }, type: 'merge' });
    await admin.send({ method: 'DELETE', path: `${paths.daemonSets}/${name}-control-plane` });
    await admin.send({ method: 'DELETE', path: `${paths.leases}/${name}-control-plane` });
    for (const node of this.played.nodes) {
      const pod = `${paths.pods}/${podName(`${name}-control-plane`, node)}?gracePeriodSeconds=0`;
      await admin.send({ method: 'DELETE', path: pod });
    }
  }
}
