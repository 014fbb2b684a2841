import { describe, expect, it } from '@jest/globals';
import type { Snapshot } from '../../src/observed/snapshot.ts';
import { daemonSet, freshSnapshot, kubeVipConfig, snapshot } from '../builders.ts';
import { managedBy, set } from './field-owners.ts';
import { makePlan, outline } from '../pass.ts';
import { decidedOf, stepsOf } from '../../src/plan/plan.ts';
import type { Step } from '../../src/steps/step.ts';

const config = kubeVipConfig({ spec: { suspend: true } });
const asking = (spec: Parameters<typeof kubeVipConfig>[0]) =>
  kubeVipConfig({ spec: { suspend: true, ...spec?.spec } });
const [controlPlane, services] = [daemonSet(), daemonSet({ component: 'services' })];
const image = set(controlPlane, ['spec', 'template', 'spec', 'containers', '0', 'image'], 'x');
const hostPid = set(controlPlane, ['spec', 'template', 'spec', 'hostPID'], true);
const managedFields = [managedBy('kubectl-edit', hostPid.spec)];
const added = { ...hostPid, metadata: { ...hostPid.metadata, managedFields } };

/** A step that is not done, as a line. */
const say = (step: Step): string =>
  [
    step.kind,
    ...('object' in step ? [step.object.metadata?.name] : []),
    ...('why' in step ? [step.why] : []),
    ...('path' in step ? [step.path] : []),
  ].join(' ');

describe('a suspended config', () => {
  it.each<readonly [string, Partial<Snapshot>, readonly string[]]>([
    ['what is missing', { daemonSets: [controlPlane] }, ['apply edge-services missing']],
    [
      'what somebody changed',
      { daemonSets: [image, services] },
      ['apply edge-control-plane drifted spec.template.spec.containers[0].image'],
    ],
    [
      'what somebody added',
      { daemonSets: [added, services] },
      ['replace-spec edge-control-plane drifted f:template.f:spec.f:hostPID'],
    ],
    [
      'what the spec asks for otherwise',
      { config: asking({ spec: { version: 'v1.0.4' } }) },
      [
        'apply edge-control-plane changed spec.template.spec.containers[0].image',
        'apply edge-services changed spec.template.spec.containers[0].image',
      ],
    ],
    [
      'what the spec does not ask for any more',
      { config: asking({ spec: { services: undefined } }) },
      ['delete edge-services'],
    ],
    ['the removal of a control plane', { config: asking({ spec: { controlPlane: undefined } }) }, []],
  ])('does nothing, and keeps as data: %s', (_, of, withheld) => {
    const plan = makePlan(snapshot({ config, daemonSets: [controlPlane, services], ...of }));
    const rows = decidedOf(plan);
    const isLeaving = rows.find(
      ({ kind, component }) => kind === 'removing' && component === 'control-plane',
    );
    const left = rows.filter((row) => row !== isLeaving).flatMap((row) => ('steps' in row ? row.steps : []));
    expect([stepsOf(plan), left.map(say)]).toEqual([[], withheld]);
    expect(isLeaving && 'why' in isLeaving && isLeaving.why).toBe(
      withheld.length === 0 ? 'the spec does not ask for it any more' : undefined,
    );
  });

  it('is judged all the same', () => {
    const refused = asking({ spec: { version: 'v9.9.9' } });
    const world = freshSnapshot({ config: refused });
    expect(makePlan(world).kind).toBe('suspended');
    expect(outline(world)).toEqual({
      steps: [],
      desired: [],
      rejection: expect.objectContaining({ reason: 'SpecInvalid' }),
    });
  });

  it('leaves nothing so when all runs as asked', () => {
    const plan = makePlan(snapshot({ config }));
    expect(decidedOf(plan).map(({ kind }) => kind)).toEqual(['keep', 'keep']);
    expect([plan.kind, stepsOf(plan)]).toEqual(['suspended', []]);
  });
});
