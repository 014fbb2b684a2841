// Carries out a plan, step by step, and says how that ended. All the writes but status are here.
import type { Logger } from 'pino';
import type { KubeVipConfig } from '../api/types.ts';
import type { ClusterWriter } from '../cluster/cluster.ts';
import { explain } from '../cluster/errors.ts';
import type { Plan, Step } from '../plan/step.ts';
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
    ...('why' in step && { why: step.why }),
    ...('path' in step && { path: step.path }),
  };
}

/** Stops at the first step that fails: the steps after it may rest on it. */
export async function carryOut(
  writer: ClusterWriter,
  config: KubeVipConfig,
  plan: Plan,
  log: Logger,
): Promise<Outcome> {
  for (const step of plan.steps) {
    try {
      await act(writer, step, config);
      log.info(fieldsOf(step), 'step done');
    } catch (error) {
      const { cause, todo } = explain(error);
      log.warn({ ...fieldsOf(step), cause, todo }, 'step failed');
      return { kind: 'failed', error: new Error(`${cause}; ${todo}`) };
    }
  }
  return { kind: 'done' };
}
