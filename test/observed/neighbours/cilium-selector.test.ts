import { describe, expect, it } from '@jest/globals';
import type { ServiceSelector } from '../../../src/observed/neighbours/survey.ts';
import { isSelective, selects } from '../../../src/observed/neighbours/cilium-selector.ts';
import { service } from '../../cluster-builders.ts';

const web = service({ name: 'web', namespace: 'team', labels: { app: 'web', tier: 'front' } });
const expression = (key: string, operator: string, ...values: readonly string[]): ServiceSelector => ({
  matchExpressions: [{ key, operator, values }],
});

describe('a selector of Cilium', () => {
  it.each<[string, ServiceSelector | undefined, boolean]>([
    ['that is not there selects every Service', undefined, true],
    ['that is empty selects every Service', {}, true],
    ['selects by labels', { matchLabels: { app: 'web', tier: 'front' } }, true],
    ['wants all of them', { matchLabels: { app: 'web', tier: 'back' } }, false],
    ['selects by name', { matchLabels: { 'io.kubernetes.service.name': 'web' } }, true],
    ['selects by namespace', { matchLabels: { 'io.kubernetes.service.namespace': 'other' } }, false],
    ['selects by namespaces', expression('io.kubernetes.service.namespace', 'In', 'other', 'team'), true],
    ['selects what is none of several', expression('app', 'NotIn', 'db', 'cache'), true],
    ['selects what has no such label', expression('region', 'NotIn', 'eu'), true],
    ['leaves out one of several', expression('app', 'NotIn', 'web'), false],
    ['leaves out what has no such label', expression('region', 'In', 'eu'), false],
    ['selects by presence', expression('app', 'Exists'), true],
    ['selects by absence', expression('app', 'DoesNotExist'), false],
    ['that Cilium cannot read selects nothing', expression('app', 'Gt', '1'), false],
    ['is no property of an object', expression('app', 'toString'), false],
    [
      'wants labels and expressions',
      { matchLabels: { app: 'web' }, ...expression('tier', 'In', 'back') },
      false,
    ],
  ])('%s', (_, selector, expected) => {
    expect(selects(selector, web)).toBe(expected);
  });

  it.each<[string, ServiceSelector | undefined, boolean]>([
    ['none', undefined, false],
    ['an empty one', { matchLabels: {}, matchExpressions: [] }, false],
    ['one by labels', { matchLabels: { app: 'web' } }, true],
    ['one by expressions', expression('app', 'Exists'), true],
  ])('leaves Services out: %s', (_, selector, expected) => {
    expect(isSelective(selector)).toBe(expected);
  });
});
