// What the spec of a KubeVipConfig renders to, and how that differs from what runs.
import type { V1DaemonSet } from '@kubernetes/client-node';
import type { Component } from '../observed/component.ts';
import { renderedHash } from '../observed/daemon-set.ts';
import { allocateMetricsPorts, type MetricsPorts } from '../observed/metrics-ports.ts';
import type { Observed } from '../observed/observed.ts';
import { isTerminating } from '../observed/pods.ts';
import { renderDaemonSet } from '../render/daemon-set.ts';
import type { StepOnDaemonSet } from '../steps/step.ts';
import { compare, keepingRestarts } from './drift.ts';

function renderComponent(
  { snapshot: { namespace, config }, spec }: Observed,
  { kind: component, daemonSet, recorded }: Component,
  ports: readonly number[],
): readonly V1DaemonSet[] {
  const uid = config.metadata.uid ?? '';
  const choices = ports.map((metricsPort) =>
    renderDaemonSet({ spec, component, namespace, metricsPort, uid }),
  );
  const live = daemonSet ?? recorded[0]?.object;
  // A port that somebody edited must not become ours: the hash tells which one was rendered.
  const rendered = choices.find((object) => live && renderedHash(object) === renderedHash(live));
  return rendered ? [rendered] : choices.slice(0, 1);
}

/** The metrics ports of the components that the spec asks for. */
export function portsFor({ snapshot, asked }: Observed): MetricsPorts {
  return allocateMetricsPorts(
    snapshot,
    asked.map(({ kind }) => kind),
  );
}

/** The DaemonSets that the spec asks for, without those for which no port is left. */
export function renderAll(observed: Observed, ports = portsFor(observed)): readonly V1DaemonSet[] {
  return observed.asked.flatMap((component) =>
    renderComponent(observed, component, ports[component.kind] ?? []),
  );
}

/** What puts back what was applied before: whatever differs is drift, also where the live one names another rendering. */
export const stepsBack = (object: V1DaemonSet, live: V1DaemonSet | undefined): readonly StepOnDaemonSet[] =>
  stepsTo(object, live).map((step) => ('path' in step ? { ...step, why: 'drifted' } : step));

/** What makes a live DaemonSet the one that should exist; none where it is. */
export function stepsTo(object: V1DaemonSet, live: V1DaemonSet | undefined): readonly StepOnDaemonSet[] {
  if (live === undefined) {
    return [{ kind: 'apply', object, why: 'missing' }];
  }
  // One that is on its way out is written again when it is gone.
  const difference = isTerminating(live) ? undefined : compare(object, live);
  if (difference === undefined) {
    return [];
  }
  const { kind: why, path } = difference;
  return why === 'drifted' && difference.added
    ? [{ kind: 'replace-spec', object: keepingRestarts(object, live), why, path }]
    : [{ kind: 'apply', object, why, path }];
}
