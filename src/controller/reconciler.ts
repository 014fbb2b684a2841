// The loop: gather, decide, act, report. Start reading here.
import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import { operandNamespace } from '../api/metadata.ts';
import type { ClusterView, ClusterWriter } from '../cluster/cluster.ts';
import { explain } from '../cluster/errors.ts';
import { makePlan } from '../plan/plan.ts';
import type { Snapshot } from '../plan/snapshot.ts';
import type { Plan } from '../plan/step.ts';
import { nextLook } from '../status/conditions.ts';
import type { Outcome } from '../status/outcome.ts';
import { computeStatus, operandStates } from '../status/status.ts';
import { carryOut } from './act.ts';
import { gather } from './gather.ts';

export interface ReconcilerOptions {
  readonly view: ClusterView;
  readonly writer: ClusterWriter;
  readonly log: Logger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export class Reconciler {
  readonly #options: ReconcilerOptions;

  constructor(options: ReconcilerOptions) {
    this.#options = options;
  }

  /** One pass over one config. Never throws: what goes wrong is an outcome. */
  async reconcile(name: string): Promise<Outcome> {
    const { view, now } = this.#options;
    const log = this.#options.log.child({ kubeVipConfig: name });
    try {
      const snapshot = gather(view, name, { namespace: operandNamespace, now: now() });
      return snapshot === undefined ? { kind: 'done' } : await this.#converge(snapshot, log);
    } catch (error) {
      const { cause, todo } = explain(error);
      log.warn({ cause, todo }, 'reconcile failed');
      return { kind: 'failed', error: error instanceof Error ? error : new Error(cause) };
    }
  }

  async #converge(snapshot: Snapshot, log: Logger): Promise<Outcome> {
    const plan = makePlan(snapshot);
    const acted = await carryOut(this.#options.writer, snapshot.config, plan, log);
    if (acted.kind === 'done' && plan.steps.some(({ kind }) => kind === 'remove-finalizer')) {
      log.info('deleted');
      return acted;
    }
    await this.#report(snapshot, plan, acted);
    return nextLook(plan, operandStates(snapshot), acted);
  }

  /** The only writer of status. */
  async #report(snapshot: Snapshot, plan: Plan, acted: Outcome): Promise<void> {
    const { config, now } = snapshot;
    const status = computeStatus({ snapshot, plan, acted, now: toRfc3339(now) });
    if (!isDeepStrictEqual(status, config.status)) {
      await this.#options.writer.writeStatus(config, status);
    }
  }
}

// metav1.Time has whole seconds; more digits would be cut off and look like a change ever after.
function toRfc3339(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}
