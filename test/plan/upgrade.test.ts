// A new rendering of an unchanged spec is no drift: it waits until a person takes it or edits the spec.
import { describe, expect, it } from '@jest/globals';
import type { V1DaemonSet } from '@kubernetes/client-node';
import { annotations } from '../../src/api/metadata.ts';
import type { KubeVipConfig } from '../../src/api/types.ts';
import type { Snapshot } from '../../src/observed/snapshot.ts';
import { recordOf, revisionOf } from '../../src/cluster/records.ts';
import { newerRenderingsOf, stepsOf } from '../../src/plan/plan.ts';
import { kubeVipConfig, nowText, snapshot } from '../builders.ts';
import { decide } from '../pass.ts';
import { recorded } from '../recorded.ts';
import { byEarlier, controlPlane, edge, edited, say, services, world } from './applied-before.ts';
import { set } from './field-owners.ts';

describe('an upgrade of the operator', () => {
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

  // Until f976760 and after it pods were replaced by the DaemonSet controller.
  const rolling = [controlPlane, services].map((object) =>
    set(object, ['spec', 'updateStrategy'], {
      type: 'RollingUpdate',
      rollingUpdate: { maxUnavailable: 1, maxSurge: 0 },
    }),
  );

  it.each([
    ['nothing', []],
    [
      'what it applied',
      rolling.map((object) => recordOf(revisionOf(edge, recorded({ object }))) ?? recorded()),
    ],
  ])('takes over the strategy of one that recorded %s, and ends no pod for it', (_, kept) => {
    const of = world({ config: settled, daemonSets: rolling, recorded: kept, pods: snapshot().pods });
    const plan = decide(of);
    expect(say(of)).toEqual(['apply edge-control-plane drifted', 'apply edge-services drifted']);
    expect(newerRenderingsOf(plan)).toEqual([]);
    const [step] = stepsOf(plan);
    expect(step && 'object' in step && step.object.spec?.updateStrategy).toEqual({ type: 'OnDelete' });
    expect(step && 'object' in step && step.object.spec?.template).toEqual(controlPlane.spec?.template);
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
    ['of the witness, not', edited({ spec: { witness: 'Off', remedy: 'Report' } }), []],
    [
      'of the pools, which no DaemonSet has, not',
      edited({
        spec: { services: { pools: [{ name: 'a', addresses: ['192.0.2.64/27'], autoAssign: false }] } },
      }),
      [],
    ],
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
