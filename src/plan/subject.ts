// What is decided about one component: what runs, what should, and what keeps it from that.
import type { V1DaemonSet } from '@kubernetes/client-node';
import type { Component } from '../observed/component.ts';
import { renderedHash } from '../observed/daemon-set.ts';
import type { Observed } from '../observed/observed.ts';
import { withRevision } from '../render/daemon-set.ts';
import type { Hold, Rejection } from '../steps/step.ts';
import { isEdited, isTaken, specMark, type Applied } from './applied.ts';
import { firstDifference } from './drift.ts';
import { hasPortOfOther } from './metrics-port.ts';
import type { ComponentPlan, WaitingRendering } from './plan.ts';

/** What is decided about. */
export interface Subject {
  readonly observed: Observed;
  readonly component: Component;
  /** Why the spec is refused; undefined: it is accepted. */
  readonly rejection: Rejection | undefined;
  /** What was applied last; undefined: nothing is there. */
  readonly applied: Applied | undefined;
  /** What should exist, by the spec or because it was applied; undefined: nothing, or the spec is refused. */
  readonly goal: V1DaemonSet | undefined;
  /** The goal is another than what was applied last. */
  readonly isChange: boolean;
  /** What a newer operator would render, and is not the goal. */
  readonly newer: WaitingRendering | undefined;
  /** Why nothing new may be applied; undefined: it may. */
  readonly hold: Hold | undefined;
  /** What was decided about the components before. */
  readonly before: readonly ComponentPlan[];
}

// Fields of a pod that a rendering leaves out where there is nothing to say. The rest is in every one.
const mayBeLeftOut = ['affinity', 'imagePullSecrets', 'tolerations'] as const;

/** The first field in which one rendering differs from what was applied: one that it has, or one that it has no more. */
function differingField(desired: V1DaemonSet, applied: V1DaemonSet): string {
  const [before, after] = [applied, desired].map(({ spec }) => spec?.template.spec);
  const gone = mayBeLeftOut.find((name) => before?.[name] !== undefined && after?.[name] === undefined);
  return (
    firstDifference({ spec: desired.spec }, applied) ??
    (gone === undefined ? 'spec' : `spec.template.spec.${gone}`)
  );
}

/** Where a newer operator renders an unchanged spec otherwise. A port that belongs to another is no such rendering. */
function newerOf(observed: Observed, component: Component, applied: Applied, desired: V1DaemonSet) {
  const { config } = observed.snapshot;
  const hash = renderedHash(desired) ?? '';
  return hash === applied.hash ||
    isEdited(applied.mark, specMark(config, component.kind)) ||
    isTaken(config, hash) ||
    hasPortOfOther(observed, component, applied.object)
    ? undefined
    : { hash, path: differingField(desired, applied.object) };
}

/**
 * What is decided about, with what should exist.
 * @param desired What the spec renders to.
 */
export function subjectOf(
  base: Pick<Subject, 'observed' | 'component' | 'rejection' | 'applied'>,
  desired: V1DaemonSet | undefined,
): Omit<Subject, 'hold' | 'before'> {
  const { observed, component, applied } = base;
  if (applied === undefined || desired === undefined) {
    const isNew = desired !== undefined;
    return { ...base, goal: desired, isChange: isNew, newer: undefined };
  }
  const newer = newerOf(observed, component, applied, desired);
  return newer || renderedHash(desired) === applied.hash
    ? { ...base, goal: applied.object, isChange: false, newer }
    : { ...base, goal: desired, isChange: true, newer };
}

/** What is applied for a goal that is another than before: as it was applied earlier, if it was. */
export const toApply = (goal: V1DaemonSet, { recorded }: Component): V1DaemonSet =>
  withRevision(recorded.find(({ hash }) => hash === renderedHash(goal))?.object ?? goal);
