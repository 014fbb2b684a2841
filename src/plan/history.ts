// What is kept of the renderings that are applied, decided with the plan that applies them.
import type { Component } from '../observed/component.ts';
import { renderedHash } from '../observed/daemon-set.ts';
import { isTerminating } from '../observed/pods.ts';
import { mostRecorded } from '../observed/recorded.ts';
import type { HistoryStep } from '../steps/step.ts';
import { isLastGoodLost, specMark, type Applied } from './applied.ts';
import type { ComponentPlan } from './plan.ts';
import type { Subject } from './subject.ts';

/** A component, and what becomes of it; undefined: nothing is asked for, and nothing is there. */
export interface Decision {
  readonly subject: Subject;
  readonly plan: ComponentPlan | undefined;
}

/** Keeps what was applied, as the last one, and no more than so many. */
function keepRecord({ name, recorded }: Component, applied: Applied): readonly HistoryStep[] {
  const known = recorded.find(({ hash }) => hash === applied.hash);
  const [last] = recorded;
  const isLast = known !== undefined && known === last;
  const surplus = recorded.filter((row) => row !== known).slice(mostRecorded - 1);
  const forget = surplus.map((row) => ({ kind: 'forget', revision: row.name }) as const);
  if (isLast && known.mark === applied.mark) {
    return forget;
  }
  const { hash, mark, object } = applied;
  const revision = (last?.revision ?? 0) + (isLast ? 0 : 1);
  const record = { name: `${name}-${hash}`, daemonSet: name, hash, mark, object: known?.object ?? object };
  return [{ kind: 'record', record: { ...record, revision }, isNew: known === undefined }, ...forget];
}

/** Forgets a component that is taken away: when it comes again it is new. */
export const forgetAll = ({ recorded }: Component): readonly HistoryStep[] =>
  recorded.map(({ name }) => ({ kind: 'forget', revision: name }));

const isGoing = ({ owned }: Component): boolean => owned === undefined || isTerminating(owned);

const deletes = (plan: ComponentPlan): boolean =>
  'steps' in plan && plan.steps.some(({ kind }) => kind === 'delete');

/** What stays applied, with the spec of today where that asks for it still. An edit that is not carried out stays one. */
export function keepApplied({
  observed,
  component,
  applied,
  isChange,
  rejection,
}: Subject): readonly HistoryStep[] {
  if (applied === undefined || (isGoing(component) && component.recorded.length === 0)) {
    return [];
  }
  const mark = specMark(observed.snapshot.config, component.kind);
  return keepRecord(component, rejection !== undefined || isChange ? applied : { ...applied, mark });
}

/** What is kept of a component when its plan is carried out. What stands and was never proven is not. */
export const historyOf = (decision: Decision): readonly HistoryStep[] =>
  isLastGoodLost(decision.subject.observed, decision.subject.component) ? [] : keptOf(decision);

function keptOf({ subject, plan }: Decision): readonly HistoryStep[] {
  const { component } = subject;
  if (plan === undefined) {
    return forgetAll(component);
  }
  if (plan.kind === 'removing' || deletes(plan)) {
    return isGoing(component) || deletes(plan) ? forgetAll(component) : [];
  }
  // What was applied in a pass that ended before this is kept now.
  if ((plan.kind === 'apply' || plan.kind === 'keep') && subject.isChange) {
    const mark = specMark(subject.observed.snapshot.config, component.kind);
    return keepRecord(component, { hash: renderedHash(plan.object) ?? '', mark, object: plan.object });
  }
  return keepApplied(subject);
}
