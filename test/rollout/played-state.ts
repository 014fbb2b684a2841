// What is stored in a played cluster, what a person does to it, and what is read of it.
import { isDeepStrictEqual } from 'node:util';
import type { V1DaemonSet, V1Node, V1Pod } from '@kubernetes/client-node';
import { annotations, componentName, labels, type ComponentKind } from '../../src/api/metadata.ts';
import type { KubeVipConfig, KubeVipConfigSpec, KubeVipConfigStatus } from '../../src/api/types.ts';
import { formerHolders, rolloutOf } from '../../src/controller/gather.ts';
import type { LeaseView, Snapshot } from '../../src/observed/snapshot.ts';
import type { WitnessView } from '../../src/observed/witness/witnessed.ts';
import type { RecordedRendering } from '../../src/observed/recorded.ts';
import { emptySnapshot, now as start } from '../builders.ts';
import { node, silentNode } from '../cluster-builders.ts';
import { witnessView } from '../witness-world.ts';
import { homeOf, revisionOfPod } from './played-nodes.ts';

export class PlayedState {
  readonly configs = new Map<string, KubeVipConfig>();
  readonly nodes = new Map<string, V1Node>();
  readonly daemonSets = new Map<string, V1DaemonSet>();
  readonly recorded = new Map<string, RecordedRendering>();
  readonly pods = new Map<string, V1Pod>();
  readonly leases = new Map<string, LeaseView>();
  now = start;
  /** Without a subnet of the nodes no witness can run. */
  witness: WitnessView = witnessView([], {
    coverage: { because: 'expected the subnets of the nodes, found none', segments: [] },
  });
  /** For how long the operator has seen changes without a break. */
  seenForMs = Infinity;

  join(name: string): void {
    this.nodes.set(name, node({ name, address: `192.0.2.${this.nodes.size + 1}` }));
  }

  /** Its kubelet does not report any more, and its kube-vip does not renew. */
  die(name: string): void {
    this.nodes.set(name, silentNode(name));
  }

  /** A person asks a node to give its addresses up, or not any more. */
  handOver(name: string, isAsked = true): void {
    const row = this.nodes.get(name) ?? {};
    const own = isAsked ? { [annotations.handOver]: 'true' } : {};
    this.nodes.set(name, { ...row, metadata: { ...row.metadata, annotations: own } });
  }

  edit(name: string, spec: Partial<KubeVipConfigSpec>, notes: Record<string, string> = {}): void {
    const config = this.configs.get(name);
    if (config) {
      const { metadata } = config;
      const changed = { ...config.spec, ...spec };
      const generation = (metadata.generation ?? 0) + (isDeepStrictEqual(changed, config.spec) ? 0 : 1);
      this.configs.set(name, {
        ...config,
        metadata: { ...metadata, generation, annotations: notes },
        spec: changed,
      });
    }
  }

  podsOf(config: string, component: ComponentKind): readonly V1Pod[] {
    return [...this.pods.values()].filter(
      ({ metadata }) =>
        metadata?.labels?.[labels.config] === config && metadata.labels[labels.component] === component,
    );
  }

  daemonSet(config: string, component: ComponentKind): V1DaemonSet | undefined {
    return this.daemonSets.get(componentName(config, component));
  }

  holder(config: string, component: ComponentKind): string {
    return this.leases.get(componentName(config, component))?.holder ?? '';
  }

  rollout(config: string): KubeVipConfigStatus['rollout'] {
    return this.configs.get(config)?.status?.rollout;
  }

  /** Revisions that run, by node. */
  revisions(config: string, component: ComponentKind): Readonly<Record<string, string>> {
    return Object.fromEntries(this.podsOf(config, component).map((pod) => [homeOf(pod), revisionOfPod(pod)]));
  }

  snapshot(config: KubeVipConfig): Snapshot {
    const { name } = config.metadata;
    return {
      ...emptySnapshot(config),
      configs: [...this.configs.values()],
      daemonSets: [...this.daemonSets.values()],
      recorded: [...this.recorded.values()],
      pods: [...this.pods.values()].filter(({ metadata }) => metadata?.labels?.[labels.config] === name),
      nodes: [...this.nodes.values()],
      leases: [...this.leases.values()].map((row) => ({ ...row })),
      rollout: rolloutOf(config),
      formerHolders: formerHolders(config),
      witness: this.witness,
      seenForMs: this.seenForMs,
      now: this.now,
    };
  }
}
