// Carries out a plan, step by step, and says how that ended. All the writes but status are here.
import type { Logger } from 'pino';
import type { KubeVipConfig } from '../api/types.ts';
import type { ClusterWriter } from '../cluster/cluster.ts';
import { explain } from '../cluster/errors.ts';
import { stepsOf, type Plan } from '../plan/plan.ts';
import type { Step } from '../steps/step.ts';
import type { Outcome } from '../status/outcome.ts';

type StepOf<K extends Step['kind']> = Extract<Step, { readonly kind: K }>;
type Acts = {
  readonly [K in Step['kind']]: (
    writer: ClusterWriter,
    step: StepOf<K>,
    config: KubeVipConfig,
  ) => Promise<void>;
};

/** One write for each kind of step. */
const acts: Acts = {
  'add-finalizer': (writer, _, config) => writer.addFinalizer(config),
  apply: (writer, { object }) => writer.applyDaemonSet(object),
  'replace-spec': (writer, { object }) => writer.replaceSpec(object),
  delete: (writer, { object }) => writer.deleteDaemonSet(object),
  record: (writer, step, config) => writer.record(config, step),
  forget: (writer, { revision }) => writer.forget(revision),
  'park-lease': (writer, step) => writer.parkLease(step),
  'return-lease': (writer, step) => writer.returnLease(step),
  'delete-pod': (writer, step) => writer.deletePod(step),
  'delete-lease': (writer, { name }) => writer.deleteLease(name),
  'remove-finalizer': (writer, _, config) => writer.removeFinalizer(config),
};

const act = <K extends Step['kind']>(
  writer: ClusterWriter,
  step: StepOf<K>,
  config: KubeVipConfig,
): Promise<void> => acts[step.kind](writer, step, config);

/** Kind and name of what a step is about; undefined: the KubeVipConfig. */
function objectOf(step: Step): string | undefined {
  if ('object' in step) {
    return `DaemonSet/${step.object.metadata?.name}`;
  }
  if ('pod' in step) {
    return `Pod/${step.pod}`;
  }
  if ('name' in step) {
    return `Lease/${step.name}`;
  }
  return step.kind === 'record' || step.kind === 'forget'
    ? `ControllerRevision/${step.kind === 'record' ? step.record.name : step.revision}`
    : undefined;
}

/** What a log line says of a step. */
function fieldsOf(step: Step): object {
  const object = objectOf(step);
  return {
    step: step.kind,
    ...(object !== undefined && { object }),
    ...('node' in step && { node: step.node }),
    ...('from' in step && { from: step.from }),
    ...('to' in step && { to: step.to }),
    ...('unseen' in step && step.unseen.length > 0 && { unseen: step.unseen }),
    ...('addresses' in step && { addresses: step.addresses, holder: step.holder }),
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
  for (const step of [...stepsOf(plan), ...plan.history]) {
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
