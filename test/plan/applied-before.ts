// Two DaemonSets of edge that run as they were applied and recorded, and what comes after.
import type { V1DaemonSet } from '@kubernetes/client-node';
import { annotations } from '../../src/api/metadata.ts';
import type { KubeVipConfig } from '../../src/api/types.ts';
import { emptySurvey } from '../../src/observed/neighbours/survey.ts';
import type { Snapshot } from '../../src/observed/snapshot.ts';
import { stepsOf } from '../../src/plan/plan.ts';
import { daemonSet, kubeVipConfig, rendering, snapshot } from '../builders.ts';
import { node } from '../cluster-builders.ts';
import { decide } from '../pass.ts';
import { recorded } from '../recorded.ts';
import { set } from './field-owners.ts';

export const edge = kubeVipConfig();
export const [controlPlane, services] = [daemonSet(), daemonSet({ component: 'services' })];
export const records = rendering(edge).map((object) => recorded({ object }));

/** An edit that came after the records. */
export const edited = (spec: Parameters<typeof kubeVipConfig>[0], metadata = {}): KubeVipConfig =>
  kubeVipConfig({ ...spec, metadata: { generation: 2, ...metadata } });
export const upgrade = edited({ spec: { version: 'v1.0.4' } });

/** Facts with which preflight holds back every change. */
export const refusedPods = {
  ...emptySurvey,
  namespaceLabels: { 'pod-security.kubernetes.io/enforce': 'baseline' },
};

export const worker = node({ name: 'w1', labels: {}, address: '192.0.2.3' });
export const nodes = [node({ name: 'n1', address: '192.0.2.1' }), worker];

export const world = (overrides: Partial<Snapshot>): Snapshot =>
  snapshot({ daemonSets: [controlPlane, services], recorded: records, nodes, pods: [], ...overrides });

/** The steps of a plan, as lines. */
export const say = (of: Snapshot, plan = decide(of)): readonly string[] =>
  stepsOf(plan).map((step) =>
    'object' in step
      ? `${step.kind} ${step.object.metadata?.name} ${'why' in step ? step.why : ''}`.trim()
      : step.kind,
  );

/** As an operator applied it that rendered one field otherwise. */
export const byEarlier = (object: V1DaemonSet): V1DaemonSet =>
  set(
    set(object, ['spec', 'template', 'spec', 'priorityClassName'], 'earlier'),
    ['metadata', 'annotations', annotations.renderedHash],
    'of-earlier',
  );
