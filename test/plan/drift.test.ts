import { describe, expect, it } from '@jest/globals';
import type { V1DaemonSet } from '@kubernetes/client-node';
import { annotations } from '../../src/api/metadata.ts';
import { compare, firstAddition, firstDifference } from '../../src/plan/drift.ts';
import { sameQuantity } from '../../src/api/quantity.ts';
import { applied, kubeVipConfig, rendering } from '../builders.ts';
import { managedBy, set } from './field-owners.ts';

const [desired = {}] = rendering(kubeVipConfig());
const live = applied(desired);
const podSpec = ['spec', 'template', 'spec'];

describe('firstDifference', () => {
  it.each([
    ['is none between equals', { a: [1, { b: 'c' }] }, { a: [1, { b: 'c' }] }, undefined],
    ['does not mind what the live object has besides', { a: 1 }, { a: 1, b: 2 }, undefined],
    ['does not mind a field that is undefined', { a: undefined }, {}, undefined],
    ['names a value', { a: { b: 1 } }, { a: { b: 2 } }, 'a.b'],
    ['names an item', { a: [1, 2] }, { a: [1, 3] }, 'a[1]'],
    ['names a list of another length', { a: [1] }, { a: [1, 2] }, 'a'],
    ['names a list that is something else', { a: [1] }, { a: { 0: 1 } }, 'a'],
    ['names a field below what is missing', { a: { b: 1 } }, {}, 'a.b'],
    ['tells a number from text', { a: 1 }, { a: '1' }, 'a'],
    [
      'takes quantities for what they mean',
      { x: { resources: { limits: { cpu: '1000m' } } } },
      { x: { resources: { limits: { cpu: '1' } } } },
      undefined,
    ],
    [
      'names a quantity that means something else',
      { x: { resources: { limits: { cpu: '1' } } } },
      { x: { resources: { limits: { cpu: '2' } } } },
      'x.resources.limits.cpu',
    ],
  ])('%s', (_, a, b, expected) => {
    expect(firstDifference(a, b)).toBe(expected);
  });
});

describe('sameQuantity', () => {
  it.each([
    ['1', 1, true],
    ['1Ki', '1024', true],
    ['0.5Gi', '512Mi', true],
    ['1e3', '1k', true],
    ['1E', '1e18', true],
    ['.5', '500m', true],
    ['5.', '5', true],
    ['-1', '-1000m', true],
    ['-1', '1', false],
    ['0.1n', '1n', true],
    ['64Mi', '64M', false],
    ['1x', '1x', true],
    ['1x', '1y', false],
    ['', '0', false],
    ['1', undefined, false],
    [undefined, undefined, true],
  ])('%s and %s: %s', (a, b, expected) => {
    expect(sameQuantity(a, b)).toBe(expected);
  });
});

describe('compare', () => {
  const owned = (object: V1DaemonSet, ...managedFields: ReturnType<typeof managedBy>[]): V1DaemonSet => ({
    ...object,
    metadata: { ...object.metadata, managedFields },
  });
  const selected = set(live, [...podSpec, 'nodeSelector'], { 'kubernetes.io/os': 'linux', rack: 'a' });
  const tolerant = set(live, [...podSpec, 'tolerations', '0', 'effect'], 'NoSchedule');
  const narrowed = set(
    live,
    [
      ...podSpec,
      'affinity',
      'nodeAffinity',
      'requiredDuringSchedulingIgnoredDuringExecution',
      'nodeSelectorTerms',
      '0',
      'matchFields',
    ],
    [{ key: 'metadata.name', operator: 'In', values: ['n1'] }],
  );
  const restarting = (key: string) =>
    set(live, ['spec', 'template', 'metadata', 'annotations'], { [key]: 'now' });

  it.each([
    ['a node label in the selector, which is owned as a whole', selected, 'nodeSelector'],
    ['an effect in a toleration, which is owned as a whole', tolerant, 'tolerations'],
    ['a term in the affinity, which is owned as a whole', narrowed, 'affinity'],
    [
      'an AppArmor profile, which an annotation of the pods sets',
      restarting('container.apparmor.security.beta.kubernetes.io/kube-vip'),
      'annotations',
    ],
    ['an annotation of the pods in our name', restarting('kubevip.dev/note'), 'annotations'],
  ])('sees %s', (_, edited, name) => {
    expect(compare(desired, owned(edited, managedBy('kubectl-edit', edited.spec)))).toEqual({
      kind: 'drifted',
      path: expect.stringContaining(name),
      added: true,
    });
  });

  it.each([
    ['a restart by kubectl', 'kubectl.kubernetes.io/restartedAt'],
    ['a restart by Rancher', 'cattle.io/timestamp'],
    ['a restart by a tool of somebody', 'example.org/restart'],
  ])('leaves %s alone', (_, key) => {
    const object = restarting(key);
    const { annotations: notes } = object.spec?.template.metadata ?? {};
    const ofTool = managedBy('a-tool', { template: { metadata: { annotations: notes } } });
    expect(compare(desired, owned(object, ofTool))).toBeUndefined();
  });

  it.each([
    ['what the operator itself owns', owned(selected, managedBy('kube-vip-operator', selected.spec))],
    [
      'what the DaemonSet controller writes into status',
      owned(live, { ...managedBy('kube-controller-manager', { added: 1 }), subresource: 'status' }),
    ],
    [
      'a manager that owns nothing of the spec',
      owned(live, { manager: 'x', fieldsV1: { 'f:metadata': {} } }),
    ],
    [
      'a manager that owns an item of a set, which is ours',
      owned(live, {
        manager: 'x',
        fieldsV1: {
          'f:spec': {
            'f:template': {
              'f:spec': { 'f:containers': { 'k:{"name":"kube-vip"}': { 'f:args': { 'v:"manager"': {} } } } },
            },
          },
        },
      }),
    ],
    ['a manager without fields', owned(live, { manager: 'x' })],
    ['an object without managers', live],
  ])('sees no addition in %s', (_, object) => {
    expect(firstAddition(desired, object)).toBeUndefined();
  });

  const otherHash = (object: V1DaemonSet) => ({
    ...object,
    metadata: {
      ...object.metadata,
      annotations: { ...object.metadata?.annotations, [annotations.renderedHash]: 'x' },
    },
  });

  it.each([
    [
      'calls another rendering a change',
      otherHash(set(live, [...podSpec, 'hostNetwork'], false)),
      { kind: 'changed', path: 'spec.template.spec.hostNetwork' },
    ],
    [
      'calls a hash that somebody edited a change: it is written again',
      otherHash(live),
      { kind: 'changed', path: `metadata.annotations.${annotations.renderedHash}` },
    ],
    [
      'calls an edited value drift',
      set(live, [...podSpec, 'hostNetwork'], false),
      { kind: 'drifted', path: 'spec.template.spec.hostNetwork', added: false },
    ],
    [
      'calls an edited label drift',
      set(live, ['metadata', 'labels', 'app.kubernetes.io/name'], 'x'),
      { kind: 'drifted', path: 'metadata.labels.app.kubernetes.io/name', added: false },
    ],
    ['does not mind labels of others', set(live, ['metadata', 'labels', 'example.org/team'], 'x'), undefined],
  ])('%s', (_, object, expected) => {
    expect(compare(desired, object)).toEqual(expected);
  });
});

describe('owner references', () => {
  const owned = (...uids: string[]): V1DaemonSet => ({
    ...live,
    metadata: {
      ...live.metadata,
      ownerReferences: uids.flatMap((uid) =>
        (live.metadata?.ownerReferences ?? []).map((owner) => ({ ...owner, uid })),
      ),
    },
  });
  const ours = live.metadata?.ownerReferences?.[0]?.uid ?? '';

  it.each([
    ['of others are let alone', owned(ours, 'another'), undefined],
    [
      'of ours are put back',
      owned('another'),
      { kind: 'drifted', path: 'metadata.ownerReferences', added: false },
    ],
  ])('%s', (_, object, expected) => {
    expect(compare(desired, object)).toEqual(expected);
  });
});
