// A cluster in memory with what a rollout meets: a DaemonSet controller, kubelets, kube-vip that elects, and an operator that may be
// killed at each of its writes. It has no opinion about order: that is what the tests are about.
import { isDeepStrictEqual } from 'node:util';
import type { V1DaemonSet } from '@kubernetes/client-node';
import { componentKinds, componentName, labels, type ComponentKind } from '../../src/api/metadata.ts';
import type { KubeVipConfig } from '../../src/api/types.ts';
import { nameOf } from '../../src/observed/pods.ts';
import { stepsOf } from '../../src/plan/plan.ts';
import type { ReplacedPod, Step } from '../../src/steps/step.ts';
import { applied, kubeVipConfig, lease } from '../builders.ts';
import { computeStatus, makePlan } from '../pass.ts';
import {
  electedOf,
  homeOf,
  isEnding,
  isHeard,
  isPlaced,
  isReady,
  makePod,
  revisionIn,
  revisionOfPod,
  runPod,
  withGeneration,
  type Works,
} from './played-nodes.ts';
import { PlayedState } from './played-state.ts';

/** A pod that was ended by the operator, and what was true then. */
export interface Ending {
  readonly config: string;
  readonly component: ComponentKind;
  readonly node: string;
  readonly why: 'rollout' | 'rollback';
  readonly isHolder: boolean;
  /** Nodes that report and run the same as the holder. */
  readonly others: readonly { readonly node: string; readonly revision: string; readonly isReady: boolean }[];
  /** What the next pod there runs. */
  readonly revision: string;
  /** Pods of any component that are being replaced at that moment, as `config component`. */
  readonly busy: readonly string[];
}

export interface PlayedOptions {
  readonly nodes: number;
  readonly configs?: readonly KubeVipConfig[];
  readonly works?: Works;
}

const keyOf = (config: string, component: ComponentKind): string => `${config} ${component}`;

export class PlayedCluster extends PlayedState {
  readonly endings: Ending[] = [];
  /** How often the Lease of a component went to another node, or was taken anew. */
  readonly moves = new Map<string, number>();
  readonly #works: Works;
  #count = 0;

  constructor({ nodes, configs = [kubeVipConfig()], works = () => 'ready' }: PlayedOptions) {
    super();
    this.#works = works;
    for (let index = 1; index <= nodes; index += 1) {
      this.join(`n${index}`);
    }
    configs.forEach((config) => this.configs.set(config.metadata.name, config));
    this.settle();
    this.moves.clear();
    this.endings.length = 0;
  }

  /** A person edits the template of a DaemonSet. */
  tamper(name: string): void {
    const old = this.daemonSets.get(name);
    const edited = structuredClone(old);
    Object.assign(edited?.spec?.template.spec ?? {}, { hostPID: true, dnsPolicy: 'ClusterFirst' });
    if (edited) {
      this.#apply(edited);
    }
  }

  /** One pass of the operator. @param writes after how many it is killed; undefined: it is not. */
  pass(name: string, writes?: number): void {
    const config = this.configs.get(name);
    if (config === undefined) {
      return;
    }
    const snapshot = this.snapshot(config);
    const plan = makePlan(snapshot);
    const all = [...stepsOf(plan), ...plan.history];
    all.slice(0, writes).forEach((step) => this.#carryOut(step, config));
    if (writes === undefined || writes > all.length) {
      const now = new Date(this.now).toISOString().replace(/\.\d+Z$/, 'Z');
      const status = computeStatus({ snapshot, plan, acted: { kind: 'done' }, now });
      this.configs.set(name, { ...(this.configs.get(name) ?? config), status });
    }
  }

  #carryOut(step: Step, config: KubeVipConfig): void {
    switch (step.kind) {
      case 'apply':
      case 'replace-spec':
        this.#apply(step.object);
        break;
      case 'delete-pod':
        if (step.why !== 'second-owner') this.#end(step, config.metadata.name);
        break;
      case 'record':
        this.recorded.set(step.record.name, step.record);
        break;
      case 'forget':
        this.recorded.delete(step.revision);
        break;
      default:
    }
  }

  #apply(object: V1DaemonSet): void {
    const name = object.metadata?.name ?? '';
    const old = this.daemonSets.get(name);
    const next = withGeneration(applied(object), old);
    const isSame = old !== undefined && isDeepStrictEqual(old.spec, next.spec);
    const generation = (old?.metadata?.generation ?? 0) + (isSame ? 0 : 1);
    const status = old?.status ?? { ...next.status, observedGeneration: 0 };
    this.daemonSets.set(name, {
      ...next,
      metadata: { ...next.metadata, generation },
      status: status as NonNullable<V1DaemonSet['status']>,
    });
  }

  #end({ pod: name, why }: ReplacedPod, config: string): void {
    const pod = this.pods.get(name);
    if (pod?.metadata === undefined || pod.metadata.deletionTimestamp !== undefined) {
      return;
    }
    const component = pod.metadata.labels?.[labels.component] as ComponentKind;
    this.endings.push({
      config,
      component,
      node: homeOf(pod),
      why,
      isHolder: this.holder(config, component) === homeOf(pod),
      others: this.podsOf(config, component)
        .filter((row) => row !== pod && isHeard(this.nodes, row))
        .map((row) => ({ node: homeOf(row), revision: revisionOfPod(row), isReady: isReady(row) })),
      revision: revisionIn(this.daemonSet(config, component)),
      busy: [...this.pods.values()]
        .filter(isEnding)
        .map(({ metadata: of }) => `${of?.labels?.[labels.config]} ${of?.labels?.[labels.component]}`),
    });
    const metadata = { ...pod.metadata, deletionTimestamp: new Date(this.now) };
    this.pods.set(name, { ...pod, metadata });
  }

  /** Everything but the operator has its turn, and two seconds go by. */
  tick(): void {
    this.now += 2000;
    for (const [name, pod] of this.pods) {
      if (!this.nodes.has(homeOf(pod)) || (isHeard(this.nodes, pod) && isEnding(pod))) {
        this.pods.delete(name);
      }
    }
    for (const config of this.configs.values()) {
      componentKinds.forEach((component) => {
        // A pod that is made now is ready at the next turn: until then another node may lead.
        this.#runPods(config, component);
        this.#elect(config, component);
        this.#controlDaemonSet(config, component);
      });
    }
  }

  #controlDaemonSet(config: KubeVipConfig, component: ComponentKind): void {
    const name = componentName(config.metadata.name, component);
    const object = this.daemonSets.get(name);
    if (object === undefined) {
      return;
    }
    const names = [...this.nodes.values()].filter((row) => isPlaced(object, row)).map(nameOf);
    // As the real one does at once, whatever the strategy.
    this.podsOf(config.metadata.name, component)
      .filter((pod) => !names.includes(homeOf(pod)))
      .forEach(({ metadata }) => this.pods.delete(metadata?.name ?? ''));
    const taken = this.podsOf(config.metadata.name, component).map(homeOf);
    for (const home of names.filter((row) => !taken.includes(row))) {
      this.#count += 1;
      const pod = makePod(object, this.#count, home);
      this.pods.set(pod.metadata?.name ?? '', pod);
    }
    const { generation = 1 } = object.metadata ?? {};
    const status = {
      ...object.status,
      observedGeneration: generation,
      desiredNumberScheduled: names.length,
      currentNumberScheduled: names.length,
      updatedNumberScheduled: names.length,
      numberMisscheduled: 0,
      numberReady: this.podsOf(config.metadata.name, component).filter(isReady).length,
    };
    this.daemonSets.set(name, { ...object, status });
  }

  #runPods(config: KubeVipConfig, component: ComponentKind): void {
    for (const pod of this.podsOf(config.metadata.name, component)) {
      if (isHeard(this.nodes, pod)) {
        this.pods.set(pod.metadata?.name ?? '', runPod(pod, this.#works));
      }
    }
  }

  #elect({ metadata }: KubeVipConfig, component: ComponentKind): void {
    const name = componentName(metadata.name, component);
    const before = this.leases.get(name);
    const holder = electedOf(this.podsOf(metadata.name, component), this.nodes, before?.holder ?? '');
    if (holder === undefined) {
      return;
    }
    const renewTime = new Date(this.now).toISOString();
    const isSame = before?.holder === holder;
    if (!isSame) {
      const key = keyOf(metadata.name, component);
      this.moves.set(key, (this.moves.get(key) ?? 0) + 1);
    }
    const acquireTime = isSame ? before.acquireTime : renewTime;
    this.leases.set(name, { ...lease({ name, holder, acquireTime }), renewedAt: this.now, renewTime });
  }

  /** Passes and ticks until nothing changes any more. Resolves with how many it took. */
  settle(most = 600): number {
    const picture = (): string =>
      JSON.stringify([
        [...this.daemonSets.values()].map(({ spec, metadata }) => [spec, metadata?.annotations]),
        [...this.pods.keys()],
        [...this.configs.values()].map(({ status }) => [status?.rollout?.phase, status?.rollout?.nodes]),
        [...this.recorded.keys()],
      ]);
    let still = 0;
    for (let round = 1; round <= most; round += 1) {
      const before = picture();
      [...this.configs.keys()].forEach((name) => this.pass(name));
      this.tick();
      still = picture() === before ? still + 1 : 0;
      // Longer than what is observed, and than a step may take.
      if (still > 20) {
        return round - still;
      }
    }
    throw new Error('expected an end, found none');
  }
}
