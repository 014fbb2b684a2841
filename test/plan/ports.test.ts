import { describe, expect, it } from '@jest/globals';
import { allocateMetricsPorts } from '../../src/plan/ports.ts';
import type { Snapshot } from '../../src/plan/snapshot.ts';
import { applied, daemonSet, freshSnapshot, kubeVipConfig, rendering, snapshot } from '../builders.ts';
import { set } from './field-owners.ts';

const container = ['spec', 'template', 'spec', 'containers', '0'];
const portOf = (port: number) => [{ name: 'metrics', containerPort: port, hostPort: port, protocol: 'TCP' }];
const other = kubeVipConfig({ name: 'other' });
const own = daemonSet();
const many = Array.from({ length: 800 }, (_, index) =>
  set(set(own, ['metadata', 'name'], `x${index}-services`), [...container, 'ports'], portOf(29100 + index)),
).map((row) => set(row, [...container, 'env'], []));

describe('allocateMetricsPorts', () => {
  it.each<readonly [string, Snapshot, Readonly<Record<string, readonly number[]>>]>([
    ['gives the lowest ports first', freshSnapshot(), { 'control-plane': [29100], services: [29101] }],
    [
      'leaves the ports of others alone',
      freshSnapshot({ daemonSets: rendering(other).map((row) => applied(row)) }),
      { 'control-plane': [29102], services: [29103] },
    ],
    ['keeps the ports that a config has', snapshot(), { 'control-plane': [29100], services: [29101] }],
    [
      'gives a port that became free',
      freshSnapshot({ daemonSets: [daemonSet({ config: other, operand: 'services' })] }),
      { 'control-plane': [29100], services: [29102] },
    ],
    [
      'offers both ports when they differ: one was edited',
      snapshot({ daemonSets: [set(own, [...container, 'ports'], portOf(29105))] }),
      { 'control-plane': [29105, 29100], services: [29101] },
    ],
    [
      'does not take a port that is not one of ours',
      snapshot({ daemonSets: [set(own, [...container, 'ports'], portOf(22))] }),
      { 'control-plane': [29100], services: [29101] },
    ],
  ])('%s', (_, world, expected) => {
    expect(allocateMetricsPorts(world)).toEqual(expected);
  });

  it('says what to do when none is left', () => {
    expect(() => allocateMetricsPorts(freshSnapshot({ daemonSets: many }))).toThrow(
      new RangeError(
        'metrics ports: expected one free from 29100 to 29899, found none; delete a KubeVipConfig',
      ),
    );
  });
});
