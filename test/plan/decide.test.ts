import { describe, expect, it } from '@jest/globals';
import { annotations } from '../../src/api/metadata.ts';
import { set } from './field-owners.ts';
import { daemonSet, freshSnapshot, kubeVipConfig, lease, nowText, snapshot } from '../builders.ts';
import { node } from '../cluster-builders.ts';
import { decide } from '../pass.ts';

const taker = [node({ name: 'n2', address: '203.0.113.100' })];
const stepsOf = (plan: ReturnType<typeof decide>): readonly string[] =>
  plan.steps.map((step) => ('why' in step ? `${step.kind} ${step.why}` : step.kind));
const neverRan = kubeVipConfig({ metadata: { finalizers: [] } });
const running = [daemonSet(), daemonSet({ component: 'services' })];
const drifted = set(daemonSet(), ['spec', 'template', 'spec', 'hostNetwork'], false);
const changed = daemonSet({ metadata: { annotations: { [annotations.renderedHash]: 'old' } } });

describe('decide', () => {
  it('applies when every check passes', () => {
    expect(stepsOf(decide(freshSnapshot({ config: neverRan })))).toEqual([
      'add-finalizer',
      'apply missing',
      'apply missing',
    ]);
  });

  it.each([
    ['a check fails', freshSnapshot({ config: neverRan, nodes: taker }), 'PreflightFailed'],
    ['facts are missing', freshSnapshot({ config: neverRan, survey: undefined }), 'PreflightPending'],
  ])('does nothing at all while %s', (_, world, reason) => {
    const plan = decide(world);
    expect(stepsOf(plan)).toEqual([]);
    expect(plan.held?.reason).toBe(reason);
  });

  it('says that a check fails also while facts are missing', () => {
    expect(decide(freshSnapshot({ nodes: taker, survey: undefined })).held?.reason).toBe('PreflightFailed');
  });

  it('leaves what runs as it is, and does not call it held back', () => {
    const plan = decide(snapshot({ nodes: taker }));
    expect([stepsOf(plan), plan.held]).toEqual([[], undefined]);
  });

  it('repairs drift of what was applied', () => {
    const plan = decide(
      snapshot({ nodes: taker, daemonSets: [drifted, daemonSet({ component: 'services' })] }),
    );
    expect(stepsOf(plan)).toEqual(['apply drifted']);
  });

  it.each([
    ['changes', snapshot({ nodes: taker, daemonSets: [changed, daemonSet({ component: 'services' })] })],
    [
      'takes away',
      snapshot({
        nodes: taker,
        config: kubeVipConfig({ spec: { services: undefined } }),
        daemonSets: running,
      }),
    ],
    ['makes again', snapshot({ nodes: taker, daemonSets: [daemonSet()] })],
  ])('%s nothing while a check fails', (_, world) => {
    const plan = decide(world);
    expect([stepsOf(plan), plan.held?.reason]).toEqual([[], 'PreflightFailed']);
  });

  it('puts the finalizer back on what runs', () => {
    const plan = decide(snapshot({ nodes: taker, config: neverRan }));
    expect(stepsOf(plan)).toEqual(['add-finalizer']);
  });

  it('deletes whatever the checks say', () => {
    const config = kubeVipConfig({ metadata: { deletionTimestamp: nowText } });
    const world = { config, nodes: taker, daemonSets: running };
    const made = lease({ holder: '', parkedFrom: '', neverHeld: true });
    expect(stepsOf(decide(snapshot({ ...world, leases: [] })))).toEqual(['park-lease', 'delete']);
    expect(stepsOf(decide(snapshot({ ...world, leases: [made] })))).toEqual(['delete', 'delete']);
  });
});
