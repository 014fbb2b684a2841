// A change of what runs comes to the nodes one after the other. The policy about it, and who goes first.
import type { V1DaemonSet } from '@kubernetes/client-node';
import { arp } from '../modes/arp/arp.ts';
import { renderedHash } from '../observed/daemon-set.ts';
import { isTerminating } from '../observed/pods.ts';
import { isOfTemplate } from '../observed/revision.ts';
import { whoseTurn } from '../rollout/blocks.ts';
import { nextStep, nextStepBack, stopWithoutLastGood } from '../rollout/rollout.ts';
import type { RolloutStep } from '../rollout/stage.ts';
import type { ReplacedPod, Step } from '../steps/step.ts';
import { isLastGoodLost } from './applied.ts';
import type { ComponentPlan } from './plan.ts';
import { admissionChanges, stepsBack, stepsTo } from './rendering.ts';
import { toApply, type Subject } from './subject.ts';

/** What goes first, in half a sentence, by what was decided about the components before; undefined: nothing does. */
function whatIsFirst({ observed, before }: Subject): string | undefined {
  const earlier = before.find(({ kind }) => kind === 'rolling' || kind === 'removing');
  const other = whoseTurn(observed.snapshot);
  if (other !== undefined) {
    return `KubeVipConfig ${other} goes first`;
  }
  return (
    earlier && `the ${earlier.component === 'services' ? 'part for Services' : 'control plane'} goes first`
  );
}

/** Goes back, or has gone back, or stays half done: nothing of it is new. */
const isUndone = ({ rollout }: RolloutStep): boolean => rollout.failure !== undefined;

/** Pods that were made while a person had edited the template, as far as that is seen now. */
function madeFromEdit({ component, applied }: Subject): readonly string[] {
  const { daemonSet, pods } = component;
  const isEdited =
    applied !== undefined &&
    stepsBack(applied.object, component).some(
      (step) => 'path' in step && step.why === 'drifted' && step.path.includes('template'),
    );
  return isEdited
    ? pods
        .filter((pod) => isOfTemplate(pod, daemonSet) === true)
        .flatMap(({ metadata }) => metadata?.uid ?? [])
    : [];
}

/** One that begins, or goes on, towards what the spec asks for. Preflight may hold that back, and not the way back. */
function stepForward(subject: Subject, good: V1DaemonSet, goal: V1DaemonSet): RolloutStep | undefined {
  const { observed, component, hold } = subject;
  const first = whatIsFirst(subject);
  const step = nextStep({ observed, component, good, goal: toApply(goal, component), first });
  return hold && step && !isUndone(step) ? undefined : step;
}

/** What stands was never proven, and nothing else is known: nothing goes back to that. */
function stepWithoutLastGood(subject: Subject, goal: V1DaemonSet): RolloutStep | undefined {
  const { observed, component, applied } = subject;
  const good = toApply(goal, component);
  return renderedHash(goal) === applied?.hash
    ? stopWithoutLastGood({ observed, component, good, goal: good, first: undefined })
    : stepForward(subject, good, goal);
}

function stepOf(subject: Subject): RolloutStep | undefined {
  const { observed, component, applied, goal, isChange } = subject;
  if (applied === undefined || goal === undefined) {
    return undefined;
  }
  if (isLastGoodLost(observed, component)) {
    return stepWithoutLastGood(subject, goal);
  }
  const good = applied.object;
  return isChange
    ? stepForward(subject, good, goal)
    : nextStepBack({ observed, component, good }, madeFromEdit(subject));
}

const endsOf = ({ ends, rollout }: RolloutStep): readonly ReplacedPod[] =>
  ends.map(({ metadata, spec }) => ({
    kind: 'delete-pod',
    pod: metadata?.name ?? '',
    uid: metadata?.uid ?? '',
    component: rollout.component,
    node: spec?.nodeName ?? '',
    why: rollout.phase === 'RollingBack' ? 'rollback' : 'rollout',
  }));

/**
 * What puts the last good rendering back where a rollout was stopped while the next one stood there, because a new node would get
 * that. Only what the rollout itself wrote is taken back: a person may edit what is suspended.
 */
export function takeOfferBack({ observed, component, applied }: Subject): readonly Step[] {
  const { owned } = component;
  const { rollout } = observed.snapshot;
  const standing = owned && !isTerminating(owned) ? renderedHash(owned) : undefined;
  return applied !== undefined &&
    standing !== undefined &&
    standing !== applied.hash &&
    rollout?.component === component.kind &&
    rollout.revision === standing
    ? stepsTo(applied.object, component)
    : [];
}

/** A change where pods run, or a pod that does not run what was applied last. */
export function rolls(subject: Subject): ComponentPlan | undefined {
  const { observed, component } = subject;
  const { owned, pods, kind } = component;
  const isUndoing = kind === 'control-plane' && arp.withdrawal.undo(observed).length > 0;
  if (owned === undefined || isTerminating(owned) || pods.length === 0 || isUndoing) {
    return undefined;
  }
  const step = stepOf(subject);
  if (step === undefined) {
    return undefined;
  }
  const { stands: object, rollout } = step;
  const admission = admissionChanges(object, component);
  // What was not as it should be is looked at once more before a pod is made from it.
  const writes = subject.isChange ? stepsTo(object, component) : stepsBack(object, component);
  const steps: readonly Step[] = writes.length + admission.length > 0 ? writes : endsOf(step);
  return {
    kind: 'rolling',
    component: kind,
    object,
    steps,
    rollout,
    ...(admission.length > 0 && { admission }),
  };
}
