// Carries out a plan, step by step, and says how that ended. All the writes but status are here.
import type { Logger } from 'pino';
import type { KubeVipConfig } from '../api/types.ts';
import type { ClusterWriter } from '../cluster/cluster.ts';
import { explain } from '../cluster/errors.ts';
import { stepsOf, type Plan } from '../plan/plan.ts';
import type { Step } from '../steps/step.ts';
import type { Outcome } from '../status/outcome.ts';

type Act = (writer: ClusterWriter, step: Step, config: KubeVipConfig) => Promise<void>;

const act: Act = (writer, step, config) => {
  switch (step.kind) {
    case 'add-finalizer':
      return writer.addFinalizer(config);
    case 'apply':
      return writer.applyDaemonSet(step.object);
    case 'replace-spec':
      return writer.replaceSpec(step.object);
    case 'delete':
      return writer.deleteDaemonSet(step.object);
    case 'park-lease':
      return writer.parkLease(step);
    case 'return-lease':
      return writer.returnLease(step);
    case 'delete-lease':
      return writer.deleteLease(step.name);
    case 'remove-finalizer':
      return writer.removeFinalizer(config);
  }
};

/** What a log line says of a step. */
function fieldsOf(step: Step): object {
  return {
    step: step.kind,
    ...('object' in step && { object: `DaemonSet/${step.object.metadata?.name}` }),
    ...('name' in step && { object: `Lease/${step.name}` }),
    ...('from' in step && { from: step.from }),
    ...('to' in step && { to: step.to }),
    ...('unseen' in step && step.unseen.length > 0 && { unseen: step.unseen }),
    ...('why' in step && { why: step.why }),
    ...('path' in step && { path: step.path }),
  };
}

/** Who is told what was done. */
export interface StepListener {
  readonly log: Logger;
  readonly onStep?: ((step: Step) => void) | undefined;
}

/** Makes and deletes probes. A failure is logged and no more: a node that is not asked is a finding of preflight. */
export async function carryOutProbes(
  writer: ClusterWriter,
  config: KubeVipConfig,
  { probing }: Plan,
  log: Logger,
): Promise<void> {
  for (const step of probing.steps) {
    try {
      await act(writer, step, config);
      log.info(fieldsOf(step), 'step done');
    } catch (error) {
      log.warn({ ...fieldsOf(step), ...explain(error) }, 'probe step failed');
    }
  }
}

/** Stops at the first step that fails: the steps after it may rest on it. */
export async function carryOut(
  writer: ClusterWriter,
  config: KubeVipConfig,
  plan: Plan,
  { log, onStep }: StepListener,
): Promise<Outcome> {
  for (const step of stepsOf(plan)) {
    try {
      await act(writer, step, config);
      log.info(fieldsOf(step), 'step done');
      onStep?.(step);
    } catch (error) {
      const { cause, todo } = explain(error);
      log.warn({ ...fieldsOf(step), cause, todo }, 'step failed');
      return { kind: 'failed', error: new Error(cause), todo };
    }
  }
  return { kind: 'done' };
}
