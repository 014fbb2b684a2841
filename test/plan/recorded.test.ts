// What was applied is kept: whatever holds a change back, whatever the operator renders today.
import { describe, expect, it } from '@jest/globals';
import type { V1DaemonSet } from '@kubernetes/client-node';
import { annotations, componentKinds } from '../../src/api/metadata.ts';
import type { KubeVipConfig } from '../../src/api/types.ts';
import type { Snapshot } from '../../src/observed/snapshot.ts';
import { emptySurvey } from '../../src/observed/neighbours/survey.ts';
import { isEdited, specMark } from '../../src/plan/applied.ts';
import { decidedOf, newerRenderingsOf, stepsOf } from '../../src/plan/plan.ts';
import { daemonSet, freshSnapshot, kubeVipConfig, nowText, rendering, snapshot } from '../builders.ts';
import { node, service } from '../cluster-builders.ts';
import { decide, makePlan } from '../pass.ts';
import { recorded } from '../recorded.ts';
import { set } from './field-owners.ts';

const edge = kubeVipConfig();
const [controlPlane, services] = [daemonSet(), daemonSet({ component: 'services' })];
const records = rendering(edge).map((object) => recorded({ object }));
/** An edit that came after the records. */
const edited = (spec: Parameters<typeof kubeVipConfig>[0], metadata = {}): KubeVipConfig =>
  kubeVipConfig({ ...spec, metadata: { generation: 2, ...metadata } });
const upgrade = edited({ spec: { version: 'v1.0.4' } });
const worker = node({ name: 'w1', labels: {}, address: '192.0.2.3' });
const nodes = [node({ name: 'n1', address: '192.0.2.1' }), worker];
const withVip = [node({ name: 'n2', address: '203.0.113.100' }), worker];
const refusedPods = { ...emptySurvey, namespaceLabels: { 'pod-security.kubernetes.io/enforce': 'baseline' } };
/** A tenant's Service that asks kube-vip for the address of a node. */
const greedy = service({
  name: 'greedy',
  loadBalancerClass: 'kubevip.dev/edge',
  annotations: { 'kube-vip.io/loadbalancerIPs': '192.0.2.1' },
});

const env = ['spec', 'template', 'spec', 'containers', '0', 'env'];
const indexOf = (object: V1DaemonSet, name: string): string =>
  String(object.spec?.template.spec?.containers[0]?.env?.findIndex((row) => row.name === name));
const everyClass = set(services, [...env, indexOf(services, 'lb_class_only'), 'value'], 'false');

const world = (overrides: Partial<Snapshot>): Snapshot =>
  snapshot({ daemonSets: [controlPlane, services], recorded: records, nodes, ...overrides });

const say = (of: Snapshot, plan = decide(of)): readonly string[] =>
  stepsOf(plan).map((step) =>
    'object' in step
      ? `${step.kind} ${step.object.metadata?.name} ${'why' in step ? step.why : ''}`.trim()
      : step.kind,
  );
const kinds = (of: Snapshot): readonly string[] => decidedOf(decide(of)).map(({ kind }) => kind);
const imageOf = (object: V1DaemonSet | undefined): string | undefined =>
  object?.spec?.template.spec?.containers[0]?.image;

describe('what was applied is put back', () => {
  it.each<[string, Partial<Snapshot>, readonly string[]]>([
    [
      'while an edit is held: a value',
      { daemonSets: [controlPlane, everyClass] },
      ['apply edge-services drifted'],
    ],
    ['while an edit is held: a DaemonSet', { daemonSets: [services] }, ['apply edge-control-plane missing']],
  ])('%s', (_, overrides, expected) => {
    const held = world({ ...overrides, config: upgrade, survey: refusedPods });
    expect([say(held), kinds(held)]).toEqual([expected, ['held', 'held']]);
    const [step] = stepsOf(decide(held));
    expect(step && 'object' in step && imageOf(step.object)).toContain(':v1.1.2@');
  });

  it.each<[string, Partial<Snapshot>]>([
    ['while facts are missing', { survey: undefined }],
    ['while a check fails', { survey: refusedPods }],
    ['while a Service has the address', { services: [service({ published: ['203.0.113.100'] })] }],
    [
      'while the spec breaks a rule, as when a newer operator avoids its release',
      { config: edited({ spec: { version: 'v0.7.2' } }) },
    ],
  ])('%s', (_, overrides) => {
    expect(say(world({ daemonSets: [everyClass], ...overrides }))).toEqual([
      'apply edge-control-plane missing',
      'apply edge-services drifted',
    ]);
  });

  it('with a metrics port that another config does not take meanwhile', () => {
    const other = kubeVipConfig({ name: 'other', spec: { controlPlane: undefined } });
    const alone = freshSnapshot({ config: other, configs: [edge, other], recorded: records });
    const [step] = stepsOf(makePlan(alone)).filter(({ kind }) => kind === 'apply');
    const port = step && 'object' in step && step.object.spec?.template.spec?.containers[0]?.ports?.[0];
    expect(port && port.containerPort).toBe(29102);
  });

  it('unless another KubeVipConfig has it meanwhile', () => {
    const older = kubeVipConfig({ name: 'older', metadata: { creationTimestamp: '2026-11-24T09:00:00Z' } });
    const taken = { configs: [older, edge], daemonSets: [daemonSet({ config: older }), services] };
    expect(say(world(taken))).not.toContain('apply edge-control-plane missing');
  });
});

describe('an upgrade of the operator', () => {
  /** As an operator applied it that rendered one field otherwise. */
  const byEarlier = (object: V1DaemonSet): V1DaemonSet =>
    set(
      set(object, ['spec', 'template', 'spec', 'priorityClassName'], 'earlier'),
      ['metadata', 'annotations', annotations.renderedHash],
      'of-earlier',
    );
  const earlier = [byEarlier(controlPlane), byEarlier(services)];
  const status = {
    observedGeneration: 1,
    conditions: [
      { type: 'Programmed', status: 'True', reason: 'Applied', message: '', lastTransitionTime: nowText },
    ],
  } as const;
  const settled = kubeVipConfig({ status });

  it('restarts nothing where the earlier one recorded nothing', () => {
    const plan = decide(world({ config: settled, daemonSets: earlier, recorded: [] }));
    expect(stepsOf(plan)).toEqual([]);
    expect(plan.history.map((step) => 'record' in step && step.record.name)).toEqual([
      'edge-control-plane-of-earlier',
      'edge-services-of-earlier',
    ]);
    expect(newerRenderingsOf(plan).map(({ path }) => path)).toEqual([
      'spec.template.spec.priorityClassName',
      'spec.template.spec.priorityClassName',
    ]);
  });

  it('records what it renders itself alike, and nothing waits', () => {
    const plan = decide(world({ recorded: [] }));
    expect([stepsOf(plan), newerRenderingsOf(plan), plan.history.length]).toEqual([[], [], 2]);
  });

  const kept = earlier.map((object) => recorded({ object }));
  const upgraded = (config: KubeVipConfig): Snapshot =>
    world({ config, daemonSets: earlier, recorded: kept });
  const [first] = newerRenderingsOf(decide(upgraded(edge)));

  it('restarts nothing where it was recorded', () => {
    expect([say(upgraded(edge)), first?.component]).toEqual([[], 'control-plane']);
  });

  it('repairs to what was applied, not to what it renders', () => {
    const wrong = set(earlier[1] as V1DaemonSet, ['spec', 'template', 'spec', 'hostNetwork'], false);
    const [step] = stepsOf(decide({ ...upgraded(edge), daemonSets: [earlier[0] as V1DaemonSet, wrong] }));
    expect(step).toMatchObject({
      kind: 'apply',
      why: 'drifted',
      object: { spec: { template: { spec: { priorityClassName: 'earlier', hostNetwork: true } } } },
    });
  });

  it('waits for an annotation, which takes one of two', () => {
    const taking = kubeVipConfig({
      metadata: { annotations: { [annotations.takeRendering]: first?.hash ?? '' } },
    });
    expect(say(upgraded(taking))).toEqual(['apply edge-control-plane changed']);
  });

  it.each<[string, KubeVipConfig, readonly string[]]>([
    [
      'of both',
      edited({
        spec: {
          leaderElection: { leaseDurationSeconds: 20, renewDeadlineSeconds: 8, retryPeriodSeconds: 2 },
        },
      }),
      ['apply edge-control-plane changed', 'apply edge-services changed'],
    ],
    ['of one', edited({ spec: { services: { interface: 'eth1' } } }), ['apply edge-services changed']],
    ['of something else', edited({ spec: { preflight: { nodeProbe: 'Off' } } }), []],
  ])('is taken by an edit %s', (_, config, expected) => {
    expect(say(upgraded(config))).toEqual(expected);
  });

  it.each([
    ['has not applied yet', { observedGeneration: 0, conditions: status.conditions }],
    ['held back', { ...status, conditions: [{ ...status.conditions[0], reason: 'PreflightFailed' }] }],
  ])('goes on with an edit that the earlier one %s', (_, open) => {
    const of = world({ config: kubeVipConfig({ status: open }), daemonSets: earlier, recorded: [] });
    expect(say(of)).toEqual(['apply edge-control-plane changed', 'apply edge-services changed']);
  });
});

describe('a finding', () => {
  const tenant = { services: [greedy] };

  it.each<[string, Snapshot, readonly string[]]>([
    [
      'of a tenant holds back no edit of what runs',
      world({ ...tenant, config: upgrade }),
      ['apply', 'apply'],
    ],
    [
      'of a tenant about Services holds back the start of Services, and nothing else',
      freshSnapshot({ ...tenant, nodes }),
      ['apply', 'held'],
    ],
    [
      'about an address of the control plane holds back nothing of Services',
      world({ config: upgrade, nodes: withVip }),
      ['held', 'apply'],
    ],
    [
      'is let pass by an override',
      world({
        config: edited(
          { spec: { version: 'v1.0.4' } },
          { annotations: { [annotations.override]: 'vip-is-node-address' } },
        ),
        nodes: withVip,
      }),
      ['apply', 'apply'],
    ],
    [
      'holds back what would end a component on every node',
      world({ config: edited({ spec: { services: { nodeSelector: { nowhere: 'x' } } } }) }),
      ['keep', 'held'],
    ],
  ])('%s', (_, of, expected) => {
    expect(kinds(of)).toEqual(expected);
  });
});

describe('specMark', () => {
  it.each(componentKinds)('knows an edit by generation and content: %s', (kind) => {
    const now = specMark(edge, kind);
    const other = specMark(upgrade, kind);
    const later = specMark(edited({}), kind);
    expect([isEdited(now, other), isEdited(now, later), isEdited(undefined, now)]).toEqual([
      true,
      false,
      true,
    ]);
    expect(isEdited(now, specMark({ ...upgrade, metadata: edge.metadata }, kind))).toBe(false);
  });
});
