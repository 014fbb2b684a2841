// A cluster as a list of events: configs come, change and go, the operator looks at them in any order.
// It has no rules of its own; what it may come to is what a plan says.
import type { V1DaemonSet } from '@kubernetes/client-node';
import { componentName } from '../../src/api/metadata.ts';
import type { KubeVipConfig, KubeVipConfigSpec } from '../../src/api/types.ts';
import { validate } from '../../src/catalog/validation.ts';
import type { LeaseView, Snapshot } from '../../src/observed/snapshot.ts';
import type { RecordedRendering } from '../../src/observed/recorded.ts';
import { stepsOf } from '../../src/plan/plan.ts';
import type { Step } from '../../src/steps/step.ts';
import { applied, emptySnapshot, kubeVipConfig, lease, nowText, now } from '../builders.ts';
import { makePlan } from '../pass.ts';

export type Event =
  | { readonly kind: 'write'; readonly name: string; readonly spec: Partial<KubeVipConfigSpec> }
  | { readonly kind: 'delete'; readonly name: string }
  | { readonly kind: 'reconcile'; readonly name: string }
  /** The first pod of a control plane asks for its Lease. */
  | { readonly kind: 'lead'; readonly name: string }
  /** The pods of what was deleted have ended. */
  | { readonly kind: 'end-pods' }
  /** A while, after which a kube-vip that lost its Lease has let go. */
  | { readonly kind: 'pass' }
  /** Somebody removes what the operator noted on a DaemonSet. */
  | { readonly kind: 'strip'; readonly name: string }
  /** Somebody deletes the DaemonSet of a control plane. */
  | { readonly kind: 'lose'; readonly name: string };

export interface Loss {
  readonly object: V1DaemonSet;
  readonly before: Snapshot;
}

export class World {
  readonly configs = new Map<string, KubeVipConfig>();
  readonly daemonSets = new Map<string, V1DaemonSet>();
  /** Of control planes. */
  readonly leases = new Map<string, LeaseView>();
  /** Every deletion that a plan asked for, with what it was decided on. */
  readonly losses: Loss[] = [];
  /** Renderings that were applied, by name. */
  readonly recorded = new Map<string, RecordedRendering>();
  /** What the pods of control planes that somebody deleted may hold on: their configs asked for it ever since. */
  readonly orphaned = new Map<string, readonly string[]>();
  #second = 0;
  #now = now;

  snapshot(config: KubeVipConfig): Snapshot {
    return {
      ...emptySnapshot(config),
      configs: [...this.configs.values()],
      daemonSets: [...this.daemonSets.values()],
      leases: [...this.leases.values()],
      recorded: [...this.recorded.values()],
      now: this.#now,
    };
  }

  happen(event: Event): void {
    switch (event.kind) {
      case 'write':
        this.#write(event.name, event.spec);
        break;
      case 'delete':
        this.#change(event.name, (config) =>
          kubeVipConfig({ ...config, metadata: { ...config.metadata, deletionTimestamp: nowText } }),
        );
        break;
      case 'reconcile':
        this.#reconcile(event.name);
        break;
      case 'lead':
        this.#lead(event.name);
        break;
      case 'pass':
        this.#now += 20_000;
        break;
      case 'end-pods':
        this.#endPods();
        break;
      case 'strip':
        this.#strip(event.name);
        break;
      case 'lose':
        this.#lose(event.name);
    }
  }

  #lose(config: string): void {
    const name = componentName(config, 'control-plane');
    const object = this.daemonSets.get(name);
    this.daemonSets.delete(name);
    if (object && object.metadata?.deletionTimestamp === undefined) {
      this.orphaned.set(config, heldBy(object));
      this.#letGo(config);
    }
  }

  /** Who asks for something else gives up what it had. */
  #letGo(name: string): void {
    const { metadata, spec } = this.configs.get(name) ?? {};
    const asked = metadata?.deletionTimestamp === undefined ? (spec?.controlPlane?.addresses ?? []) : [];
    const held = this.orphaned.get(name) ?? [];
    this.orphaned.set(
      name,
      held.filter((value) => asked.includes(value)),
    );
  }

  #write(name: string, spec: Partial<KubeVipConfigSpec>): void {
    const old = this.configs.get(name);
    this.#second += 1;
    const creationTimestamp =
      old?.metadata.creationTimestamp ?? `2026-11-24T10:00:${String(this.#second % 60).padStart(2, '0')}Z`;
    const config = kubeVipConfig({
      name,
      metadata: { ...old?.metadata, creationTimestamp, generation: (old?.metadata.generation ?? 0) + 1 },
      spec: { controlPlane: undefined, services: undefined, ...spec },
    });
    if (validate(config, old).length === 0) {
      this.configs.set(name, config);
      this.#letGo(name);
    }
  }

  #change(name: string, change: (config: KubeVipConfig) => KubeVipConfig): void {
    const config = this.configs.get(name);
    if (config) {
      this.configs.set(name, change(config));
      this.#letGo(name);
    }
  }

  #reconcile(name: string): void {
    const config = this.configs.get(name);
    const before = config && this.snapshot(config);
    const plan = before && makePlan(before);
    for (const step of plan ? [...stepsOf(plan), ...plan.history] : []) {
      this.#carryOut(step, name);
      if (before && step.kind === 'delete') {
        this.losses.push({ object: step.object, before });
      }
    }
  }

  #carryOut(step: Step, name: string): void {
    if (step.kind === 'remove-finalizer') {
      this.configs.delete(name);
      this.#letGo(name);
    }
    if (step.kind === 'apply' || step.kind === 'replace-spec') {
      this.daemonSets.set(step.object.metadata?.name ?? '', applied(step.object));
    }
    this.#carryOutOnLease(step);
    this.#keep(step);
    if (step.kind === 'delete') {
      const { object } = step;
      const metadata = { ...object.metadata, deletionTimestamp: new Date(now) };
      this.daemonSets.set(object.metadata?.name ?? '', { ...object, metadata });
    }
  }

  #lead(config: string): void {
    const name = componentName(config, 'control-plane');
    if (this.daemonSets.has(name) && !this.leases.has(name)) {
      this.leases.set(name, lease({ name }));
    }
  }

  #carryOutOnLease(step: Step): void {
    if (step.kind === 'park-lease') {
      const { name, from, neverHeld, leaving, acquiredAt, renewedAt } = step;
      const parked = { name, holder: '', parkedFrom: from, neverHeld, leaving, acquiredAt };
      this.leases.set(name, { ...lease(parked), renewedAt });
    }
    if (step.kind === 'return-lease') {
      this.leases.set(step.name, lease({ name: step.name, holder: step.to }));
    }
    if (step.kind === 'delete-lease') {
      this.leases.delete(step.name);
    }
  }

  #keep(step: Step): void {
    if (step.kind === 'record') {
      this.recorded.set(step.record.name, step.record);
    }
    if (step.kind === 'forget') {
      this.recorded.delete(step.revision);
    }
  }

  #endPods(): void {
    for (const [name, { metadata }] of this.daemonSets) {
      if (metadata?.deletionTimestamp) {
        this.daemonSets.delete(name);
      }
    }
  }

  #strip(config: string): void {
    const name = componentName(config, 'control-plane');
    const object = this.daemonSets.get(name);
    if (object) {
      this.daemonSets.set(name, { ...object, metadata: { ...object.metadata, annotations: {} } });
    }
  }
}

/** What the pods of a DaemonSet are told to hold. */
export function heldBy({ spec }: V1DaemonSet): readonly string[] {
  const env = spec?.template.spec?.containers[0]?.env ?? [];
  return env
    .filter(({ name }) => name === 'address' || name === 'lb_class_name')
    .flatMap(({ value = '' }) => value.split(','));
}
