import { describe, expect, it } from '@jest/globals';
import { annotations } from '../../src/api/metadata.ts';
import { set } from './field-owners.ts';
import { daemonSet, freshSnapshot, kubeVipConfig, lease, nowText, snapshot } from '../builders.ts';
import { node } from '../cluster-builders.ts';
import { decidedOf } from '../../src/plan/plan.ts';
import type { Snapshot } from '../../src/observed/snapshot.ts';
import { emptySurvey, type Survey } from '../../src/observed/neighbours/survey.ts';
import { decide, decided } from '../pass.ts';

// A fact about both components: no pod of ours would be let in.
const rejecting: Survey = {
  ...emptySurvey,
  namespaceLabels: { 'pod-security.kubernetes.io/enforce': 'baseline' },
};
const taker = [node({ name: 'n2', address: '203.0.113.100' })];
const stepsOf = (plan: ReturnType<typeof decided>): readonly string[] =>
  plan.steps.map((step) => ('why' in step ? `${step.kind} ${step.why}` : step.kind));
const neverRan = kubeVipConfig({ metadata: { finalizers: [] } });
const running = [daemonSet(), daemonSet({ component: 'services' })];
const drifted = set(daemonSet(), ['spec', 'template', 'spec', 'hostNetwork'], false);
const changed = daemonSet({ metadata: { annotations: { [annotations.renderedHash]: 'old' } } });

describe('decide', () => {
  it('applies when every check passes', () => {
    expect(stepsOf(decided(freshSnapshot({ config: neverRan })))).toEqual([
      'add-finalizer',
      'apply missing',
      'apply missing',
    ]);
  });

  it.each([
    ['a check of all fails', freshSnapshot({ config: neverRan, survey: rejecting }), 'PreflightFailed'],
    ['facts are missing', freshSnapshot({ config: neverRan, survey: undefined }), 'PreflightPending'],
  ])('does nothing at all while %s', (_, world, reason) => {
    const plan = decided(world);
    expect(stepsOf(plan)).toEqual([]);
    expect(plan.hold?.reason).toBe(reason);
  });

  it('says that a check fails also while facts are missing', () => {
    expect(decided(freshSnapshot({ nodes: taker, survey: undefined })).hold?.reason).toBe('PreflightFailed');
  });

  it('leaves what runs as it is, and does not call it held back', () => {
    const plan = decided(snapshot({ nodes: taker }));
    expect([stepsOf(plan), plan.hold]).toEqual([[], undefined]);
  });

  it('repairs drift of what was applied', () => {
    const plan = decided(
      snapshot({ nodes: taker, daemonSets: [drifted, daemonSet({ component: 'services' })] }),
    );
    expect(stepsOf(plan)).toEqual(['apply drifted']);
  });

  it.each([
    ['changes', snapshot({ survey: rejecting, daemonSets: [changed, daemonSet({ component: 'services' })] })],
    [
      'takes away',
      snapshot({
        survey: rejecting,
        config: kubeVipConfig({ spec: { services: undefined } }),
        daemonSets: running,
      }),
    ],
    ['begins', snapshot({ survey: rejecting, daemonSets: [daemonSet()] })],
  ])('%s nothing while a check fails', (_, world) => {
    const plan = decided(world);
    expect([stepsOf(plan), plan.hold?.reason]).toEqual([[], 'PreflightFailed']);
  });

  it.each<[string, Partial<Snapshot>]>([
    ['and is as asked', {}],
    ['and is held', { survey: rejecting, daemonSets: [changed, daemonSet({ component: 'services' })] }],
    [
      'and is refused',
      { config: kubeVipConfig({ ...neverRan, spec: { version: 'v9.9.9' } }), daemonSets: running },
    ],
  ])('puts the finalizer back on what runs %s', (_, world) => {
    const plan = decided(snapshot({ nodes: taker, config: neverRan, ...world }));
    expect(stepsOf(plan)).toEqual(['add-finalizer']);
  });

  it('deletes whatever the checks say', () => {
    const config = kubeVipConfig({ metadata: { deletionTimestamp: nowText } });
    const world = { config, nodes: taker, daemonSets: running };
    const made = lease({ holder: '', parkedFrom: '', neverHeld: true });
    expect(stepsOf(decided(snapshot({ ...world, leases: [] })))).toEqual(['park-lease', 'delete']);
    expect(stepsOf(decided(snapshot({ ...world, leases: [made] })))).toEqual(['delete', 'delete']);
  });

  it.each<[string, Snapshot, readonly string[]]>([
    ['runs', snapshot(), ['control-plane keep', 'services keep']],
    ['is new', freshSnapshot(), ['control-plane apply', 'services apply']],
    [
      'leaves while the other is changed',
      snapshot({
        config: kubeVipConfig({ spec: { controlPlane: undefined, version: 'v1.0.4' } }),
        daemonSets: running,
        pods: [],
      }),
      ['control-plane removing', 'services apply'],
    ],
    [
      'is put back while the other is held',
      snapshot({
        config: kubeVipConfig({ spec: { services: { interface: 'eth1' } } }),
        survey: rejecting,
        daemonSets: [drifted, daemonSet({ component: 'services' })],
      }),
      ['control-plane apply', 'services held'],
    ],
    [
      'is refused',
      freshSnapshot({ config: kubeVipConfig({ spec: { version: 'v9.9.9' } }) }),
      ['control-plane refused', 'services refused'],
    ],
    [
      'is not asked for, and not there',
      snapshot({ config: kubeVipConfig({ spec: { services: undefined } }) }),
      ['control-plane keep'],
    ],
  ])('says of each component what becomes of it: it %s', (_, world, expected) => {
    expect(decidedOf(decide(world)).map(({ component, kind }) => `${component} ${kind}`)).toEqual(expected);
  });
});
