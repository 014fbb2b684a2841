// What was applied is kept: whatever holds a change back, whatever the operator renders today.
import { describe, expect, it } from '@jest/globals';
import type { V1DaemonSet } from '@kubernetes/client-node';
import { annotations, componentKinds } from '../../src/api/metadata.ts';
import type { Snapshot } from '../../src/observed/snapshot.ts';
import { isEdited, specMark } from '../../src/plan/applied.ts';
import { emptySurvey } from '../../src/observed/neighbours/survey.ts';
import { decidedOf, stepsOf } from '../../src/plan/plan.ts';
import { withRevision } from '../../src/render/daemon-set.ts';
import { applied, daemonSet, freshSnapshot, kubeVipConfig, rendering } from '../builders.ts';
import { node, service } from '../cluster-builders.ts';
import { decide, makePlan } from '../pass.ts';
import { recorded } from '../recorded.ts';
import {
  byEarlier,
  controlPlane,
  edge,
  edited,
  nodes,
  records,
  refusedPods,
  say,
  services,
  upgrade,
  worker,
  world,
} from './applied-before.ts';
import { set } from './field-owners.ts';

const withVip = [node({ name: 'n2', address: '203.0.113.100' }), worker];
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

  // A mark restarts nothing: pods are replaced in a rollout alone.
  it('as it was, and marked, when the spec goes back to it', () => {
    const newer = rendering(upgrade).map((object) => withRevision(object));
    const later = newer.map((object) => recorded({ object, config: upgrade, revision: 2 }));
    const daemonSets = newer.map((object) => applied(object));
    const back = kubeVipConfig({ metadata: { generation: 3 } });
    const steps = stepsOf(decide(world({ config: back, daemonSets, recorded: [...later, ...records] })));
    expect(steps.map((step) => 'object' in step && step.object)).toEqual(
      records.map(({ object }) => withRevision(object)),
    );
  });

  it('with a metrics port that another config does not take meanwhile', () => {
    const other = kubeVipConfig({ name: 'other', spec: { controlPlane: undefined } });
    const alone = freshSnapshot({ config: other, configs: [edge, other], recorded: records });
    const [step] = stepsOf(makePlan(alone)).filter(({ kind }) => kind === 'apply');
    const port = step && 'object' in step && step.object.spec?.template.spec?.containers[0]?.ports?.[0];
    expect(port && port.containerPort).toBe(29102);
  });

  it('whatever is noted on what is there: a note says nothing of the rest', () => {
    const wrong = set(services, ['spec', 'template', 'spec', 'hostNetwork'], false);
    const { object } = recorded({ object: byEarlier(services), revision: 2 });
    const noted = {
      ...wrong,
      metadata: { ...wrong.metadata, annotations: object.metadata?.annotations ?? {} },
    };
    const of = world({
      daemonSets: [controlPlane, noted],
      recorded: [...records, recorded({ object, revision: 0 })],
    });
    const [step] = stepsOf(decide(of));
    expect(say(of)).toEqual(['apply edge-services drifted']);
    expect(step && 'object' in step && step.object.spec?.template.spec?.priorityClassName).toBe(
      services.spec?.template.spec?.priorityClassName,
    );
  });

  it('unless another KubeVipConfig has it meanwhile', () => {
    const older = kubeVipConfig({ name: 'older', metadata: { creationTimestamp: '2026-11-24T09:00:00Z' } });
    const taken = { configs: [older, edge], daemonSets: [daemonSet({ config: older }), services] };
    expect(say(world(taken))).not.toContain('apply edge-control-plane missing');
  });
});

describe('a finding', () => {
  const tenant = { services: [greedy] };
  const blind = { ...emptySurvey, unread: [{ what: 'Deployments', why: '500 from the API server' }] };

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
      'that cannot be judged holds back no edit of what runs',
      world({ config: upgrade, survey: blind }),
      ['apply', 'apply'],
    ],
    [
      'that cannot be judged holds back every start',
      freshSnapshot({ survey: blind, nodes }),
      ['held', 'held'],
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
