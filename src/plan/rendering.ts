// What the spec of a KubeVipConfig renders to, and how that differs from what runs.
import type { V1DaemonSet } from '@kubernetes/client-node';
import type { ComponentKind } from '../api/metadata.ts';
import type { Component } from '../observed/component.ts';
import { contentMark, renderedHash } from '../observed/daemon-set.ts';
import { leftOutIn, withoutNodes } from '../observed/hand-over.ts';
import { allocateMetricsPorts, type MetricsPorts } from '../observed/metrics-ports.ts';
import type { Observed } from '../observed/observed.ts';
import { oncePer, oncePerPair } from '../observed/once.ts';
import { isTerminating } from '../observed/pods.ts';
import { renderDaemonSet, type RenderInput } from '../render/daemon-set.ts';
import type { StepOnDaemonSet } from '../steps/step.ts';
import { changedOnAdmission, changesBetween, type AdmissionChange } from './admission.ts';
import { compare, keepingRestarts } from './drift.ts';
import { isPortOfOther } from './metrics-port.ts';

const renderedOf = oncePer<RenderInput['spec'], Map<string, V1DaemonSet>>(() => new Map());

/** The same object as long as a spec is the same, so that what was found out about it is still good. */
function render(input: RenderInput): V1DaemonSet {
  const { spec, component, namespace, metricsPort, uid } = input;
  const known = renderedOf(spec);
  const key = [component, namespace, metricsPort, uid].join(' ');
  const object = known.get(key) ?? renderDaemonSet(input);
  known.set(key, object);
  return object;
}

function renderComponent(
  { snapshot: { namespace, config }, spec }: Observed,
  { kind: component, daemonSet, recorded }: Component,
  ports: readonly number[],
): readonly V1DaemonSet[] {
  const uid = config.metadata.uid ?? '';
  const choices = ports.map((metricsPort) => render({ spec, component, namespace, metricsPort, uid }));
  const live = daemonSet ?? recorded[0]?.object;
  // A port that somebody edited must not become ours: the hash tells which one was rendered.
  const rendered = choices.find((object) => live && renderedHash(object) === renderedHash(live));
  return rendered ? [rendered] : choices.slice(0, 1);
}

/** The metrics ports of the components that the spec asks for. A port of another is better than none. */
export function portsFor(observed: Observed): MetricsPorts {
  const { snapshot, asked } = observed;
  const kinds = asked.map(({ kind }) => kind);
  const choices = allocateMetricsPorts(snapshot, kinds);
  const isOwn = (kind: ComponentKind, port: number): boolean => !isPortOfOther(observed, { kind }, port);
  return Object.fromEntries(
    kinds.map((kind) => {
      const all = choices[kind] ?? [];
      const own = all.filter((port) => isOwn(kind, port));
      return [kind, own.length > 0 ? own : all];
    }),
  );
}

/** The DaemonSets that the spec asks for, without those for which no port is left. */
export function renderAll(observed: Observed, ports = portsFor(observed)): readonly V1DaemonSet[] {
  return observed.asked.flatMap((component) =>
    renderComponent(observed, component, ports[component.kind] ?? []),
  );
}

type Live = Pick<Component, 'daemonSet' | 'answer' | 'now' | 'handOver'>;

/** What puts back what was applied before: whatever differs is drift, also where the live one names another rendering. */
export const stepsBack = (object: V1DaemonSet, component: Live): readonly StepOnDaemonSet[] =>
  stepsTo(object, component).map((step) =>
    'why' in step && step.why === 'changed' && !isHandedOver(component) ? { ...step, why: 'drifted' } : step,
  );

/** Whether other nodes are to be left out than are: that is no drift. */
const isHandedOver = ({ daemonSet, handOver }: Live): boolean =>
  daemonSet !== undefined &&
  !isTerminating(daemonSet) &&
  leftOutIn(daemonSet).join() !== handOver.away.join();

/** How what runs differs, or was changed on admission, where it is not on its way out. */
const differenceOf = oncePerPair((object: V1DaemonSet, live: V1DaemonSet) => {
  // One that is on its way out is written again when it is gone.
  const difference = isTerminating(live) ? undefined : compare(object, live);
  const admitted = difference?.kind === 'changed' ? undefined : changedOnAdmission(object, live);
  return { difference: admitted ? undefined : difference, admitted };
});

function stepsFrom(object: V1DaemonSet, live: V1DaemonSet): readonly StepOnDaemonSet[] {
  const { difference, admitted } = differenceOf(object, live);
  const [first] = admitted?.changes ?? [];
  if (first !== undefined) {
    return [{ kind: 'apply', object, why: 'admission', path: first.path }];
  }
  if (difference === undefined) {
    return [];
  }
  const { kind: why, path } = difference;
  return why === 'drifted' && difference.added
    ? [{ kind: 'replace-spec', object: keepingRestarts(object, live), why, path }]
    : [{ kind: 'apply', object, why, path }];
}

// What changes it on admission may be mended meanwhile, and nothing tells of that.
/** For how many milliseconds a step that had no effect is not taken again. */
export const triedAgainMs = 60_000;

/** Whether a step was taken a moment ago, and what came of it is what is there: to take it again would change nothing. */
function isFutile({ kind, object }: StepOnDaemonSet, { daemonSet, answer, now }: Live): boolean {
  return (
    answer !== undefined &&
    answer.by === kind &&
    daemonSet !== undefined &&
    Math.abs(now - answer.at) < triedAgainMs &&
    answer.asked === contentMark(object) &&
    answer.answered === contentMark(daemonSet)
  );
}

/** What makes a live DaemonSet the one that should exist; none where it is, or where that had no effect just now. */
export function stepsTo(
  object: V1DaemonSet,
  component: Live,
  applied: V1DaemonSet = object,
): readonly StepOnDaemonSet[] {
  const { daemonSet: live, handOver } = component;
  const wanted = withoutNodes(object, handOver.away);
  const written = withoutNodes(applied, handOver.away);
  if (live === undefined) {
    return [{ kind: 'apply', object: written, why: 'missing' }];
  }
  const steps: readonly StepOnDaemonSet[] = isHandedOver(component)
    ? [{ kind: 'apply', object: written, why: 'changed', path: 'spec.template.spec.affinity' }]
    : stepsFrom(wanted, live);
  return steps
    .map((step) => (applied === object ? step : { ...step, object: written }))
    .filter((step) => !isFutile(step, component));
}

/** What is changed on admission of a DaemonSet that should exist, and is not harmless. */
export function admissionChanges(rendered: V1DaemonSet, component: Live): readonly AdmissionChange[] {
  const { daemonSet: live, handOver } = component;
  const object = withoutNodes(rendered, handOver.away);
  if (live === undefined) {
    return [];
  }
  const known = differenceOf(object, live).admitted?.changes ?? [];
  const isTried = stepsFrom(object, live).some((step) => isFutile(step, component));
  return known.length > 0 || !isTried ? known : changesBetween(object, live);
}
