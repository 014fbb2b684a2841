// A cluster of Maps, and the keeper of witnesses on it.
import type { V1DaemonSet, V1Node, V1Service } from '@kubernetes/client-node';
import { jest } from '@jest/globals';
import { pino } from 'pino';
import type { KubeVipConfig } from '../../src/api/types.ts';
import { ApiError } from '../../src/cluster/errors.ts';
import type { WitnessLease } from '../../src/cluster/witness-access.ts';
import { WitnessKeeper } from '../../src/controller/witness-keeper.ts';
import { nameOf } from '../../src/observed/pods.ts';
import type { LeaseView } from '../../src/observed/snapshot.ts';
import { lease } from '../builders.ts';
import { image } from '../node-world.ts';
import { fiveNodes, probed } from '../witness/world.ts';

/** What is stored, and every request in order. */
export class World {
  readonly calls: string[] = [];
  configs: readonly KubeVipConfig[] = [probed(['203.0.113.11/24'])];
  nodes: readonly V1Node[] = fiveNodes;
  services: readonly V1Service[] = [];
  leaseViews: readonly LeaseView[] = [lease()];
  readonly questions = new Map<string, string>();
  readonly daemonSets = new Map<string, V1DaemonSet>();
  witnesses: readonly WitnessLease[] = [];
  refused: string | undefined;
  readonly said: object[] = [];

  readonly keeper = new WitnessKeeper({
    view: {
      configs: () => this.configs,
      nodes: () => this.nodes,
      services: () => this.services,
      daemonSets: () => [...this.daemonSets.values()],
      leases: () => this.leaseViews,
      lease: (name) => this.leaseViews.find((row) => row.name === name),
    },
    access: {
      readQuestions: async () => (this.#call('read'), new Map(this.questions)),
      writeQuestions: async (segment, text) => {
        this.#call(`questions ${segment}`);
        this.questions.set(segment, text);
      },
      deleteQuestions: async (segment) => {
        this.#call(`delete questions ${segment}`);
        this.questions.delete(segment);
      },
      makeWitnessLease: async (segment, node) => {
        this.#call(`lease ${segment} ${node}`);
        this.witnesses = [...this.witnesses, { segment, node, answers: undefined, ageMs: 0 }];
      },
    },
    writer: {
      applyDaemonSet: async (object) => {
        this.#call(`apply ${nameOf(object)}`);
        this.daemonSets.set(nameOf(object), object);
      },
      deleteDaemonSet: async (object) => {
        this.#call(`delete ${nameOf(object)}`);
        this.daemonSets.delete(nameOf(object));
      },
      deleteLease: async (name) => {
        this.#call(`delete ${name}`);
        this.witnesses = this.witnesses.filter(
          ({ segment, node }) => `kube-vip-witness.${segment}.${node}` !== name,
        );
      },
    },
    leases: () => this.witnesses,
    answered: () => undefined,
    image: () => image,
    log: pino({ enabled: false }),
    onLook: ({ coverage }) => void this.said.push(coverage),
    wallNow: Date.now,
    now: () => Date.now(),
  });

  #call(call: string): void {
    this.calls.push(call);
    if (call === this.refused) {
      throw new ApiError(403, call, 'forbidden');
    }
  }

  /** What was asked of the cluster until some seconds from now, and not told before. */
  async within(seconds: number): Promise<readonly string[]> {
    await jest.advanceTimersByTimeAsync(seconds * 1000);
    return this.calls.splice(0);
  }
}
