// What a mutating webhook or policy changes on admission: told from drift by the object alone, and not asked for in a loop.
import type { WriteAnswer } from '../../src/observed/snapshot.ts';
import { describe, expect, it } from '@jest/globals';
import type { V1DaemonSet } from '@kubernetes/client-node';
import { contentMark } from '../../src/observed/daemon-set.ts';
import { changedOnAdmission } from '../../src/plan/admission.ts';
import { stepsTo } from '../../src/plan/rendering.ts';
import { applied, kubeVipConfig, now, rendering } from '../builders.ts';
import { appliedByUs, managedBy, set, type Path } from './field-owners.ts';

const [desired = {}] = rendering(kubeVipConfig());
const handOver = { away: [], waits: [] };
const live = appliedByUs(applied(desired), desired);
const podSpec = ['spec', 'template', 'spec'];
const container = [...podSpec, 'containers', '0'];
const image = desired.spec?.template.spec?.containers[0]?.image ?? '';
const mirrored = image.replace(/^[^/]+/, 'example.org');
const [first, second, ...others] = desired.spec?.template.spec?.containers[0]?.env ?? [];

/** As the API server keeps it when admission changes one value of what we apply. */
const mutated = (path: Path, value: unknown): V1DaemonSet => set(live, path, value);

/** As the API server keeps it when another manager changed one value: that is not ours any more. */
const takenFromUs = (object: V1DaemonSet): V1DaemonSet => {
  const { spec } = set(desired, [...container, 'image'], undefined);
  return {
    ...object,
    metadata: { ...object.metadata, managedFields: [managedBy('kube-vip-operator', spec)] },
  };
};

describe('changedOnAdmission', () => {
  it.each([
    ['an image', [...container, 'image'], 'example.org/other:v1', 'spec.template.spec.containers[0].image'],
    [
      'the policy by which it is pulled',
      [...container, 'imagePullPolicy'],
      'Always',
      'spec.template.spec.containers[0].imagePullPolicy',
    ],
    [
      'a variable more',
      [...container, 'env'],
      [first, second, ...others, { name: 'x', value: 'y' }],
      `spec.template.spec.containers[0].env[${others.length + 2}]`,
    ],
    [
      'a label in the node selector',
      [...podSpec, 'nodeSelector'],
      { a: 'b' },
      'spec.template.spec.nodeSelector',
    ],
    ['the PIDs of the host', [...podSpec, 'hostPID'], true, 'spec.template.spec.hostPID'],
    [
      'a liveness probe',
      [...container, 'livenessProbe'],
      { tcpSocket: { port: 6443 } },
      'spec.template.spec.containers[0].livenessProbe',
    ],
    [
      'a privileged container',
      [...container, 'securityContext', 'privileged'],
      true,
      'spec.template.spec.containers[0].securityContext.privileged',
    ],
    [
      'a label',
      ['metadata', 'labels', 'app.kubernetes.io/managed-by'],
      'x',
      'metadata.labels.app.kubernetes.io/managed-by',
    ],
  ])('is %s', (_, path, value, name) => {
    const changes = changedOnAdmission(desired, mutated(path, value))?.changes ?? [];
    expect(changes.map((row) => row.path)).toEqual([name]);
  });

  it('is harmless where only the registry of a pinned image is another', () => {
    expect(changedOnAdmission(desired, mutated([...container, 'image'], mirrored))).toEqual({ changes: [] });
  });

  it.each([
    ['what is as it was asked for', live],
    ['variables in another order', mutated([...container, 'env'], [second, first, ...others])],
    ['a default of the API server', mutated([...podSpec, 'restartPolicy'], 'Always')],
    ['a default of a newer API server', mutated([...podSpec, 'newerField'], 'x')],
    ['an image that another manager has changed', takenFromUs(mutated([...container, 'image'], mirrored))],
    ['an object without managers', set(live, ['metadata', 'managedFields'], undefined)],
    [
      'what another manager has added',
      set(mutated([...podSpec, 'hostPID'], true), ['metadata', 'managedFields', '1'], {
        ...managedBy('kubectl-edit', { template: { spec: { hostPID: true } } }),
      }),
    ],
  ])('is not %s', (_, object) => {
    expect(changedOnAdmission(desired, object)).toBeUndefined();
  });
});

describe('what makes it as it should be', () => {
  const changed = mutated([...container, 'imagePullPolicy'], 'Always');
  const answered = (secondsAgo: number, object = changed): WriteAnswer => ({
    at: now - secondsAgo * 1000,
    by: 'apply',
    asked: contentMark(desired),
    answered: contentMark(object),
  });
  const [path, byHand] = ['spec.template.spec.containers[0].imagePullPolicy', takenFromUs(live)];

  it.each([
    ['is an apply, where it was not tried', changed, undefined, [{ why: 'admission', path }]],
    ['is nothing a moment later', changed, answered(59), []],
    ['is nothing either by a clock that was set back', changed, answered(-59), []],
    ['is an apply after a minute', changed, answered(60), [{ why: 'admission', path }]],
    [
      'is an apply where something has changed since',
      set(changed, ['spec', 'revisionHistoryLimit'], 1),
      answered(1),
      [{ why: 'admission' }],
    ],
    [
      'is nothing where only the registry is another',
      mutated([...container, 'image'], mirrored),
      undefined,
      [],
    ],
    [
      'is an apply where a person wrote another registry',
      takenFromUs(mutated([...container, 'image'], mirrored)),
      undefined,
      [{ why: 'drifted', path: 'spec.template.spec.containers[0].image' }],
    ],
    [
      'is nothing where an apply had no effect for a reason that managedFields do not tell',
      set(byHand, [...container, 'imagePullPolicy'], 'Always'),
      answered(1, set(byHand, [...container, 'imagePullPolicy'], 'Always')),
      [],
    ],
  ])('%s', (_, daemonSet, answer, expected) => {
    const steps = stepsTo(desired, { daemonSet, answer, now, handOver });
    expect(steps).toEqual(expected.map((row) => expect.objectContaining({ kind: 'apply', ...row })));
  });

  it('is a replacement of what a person added, though an apply was answered with it a moment ago', () => {
    const added = set(live, ['spec', 'minReadySeconds'], 5);
    const byPerson = managedBy('kubectl-edit', { minReadySeconds: 5 });
    const managedFields = [...(live.metadata?.managedFields ?? []), byPerson];
    const daemonSet = { ...added, metadata: { ...added.metadata, managedFields } };
    const steps = stepsTo(desired, { daemonSet, answer: answered(1, daemonSet), now, handOver });
    expect(steps).toEqual([expect.objectContaining({ kind: 'replace-spec' })]);
    const replaced: WriteAnswer = { ...answered(1, daemonSet), by: 'replace-spec' };
    expect(stepsTo(desired, { daemonSet, answer: replaced, now, handOver })).toEqual([]);
  });
});
