import { describe, expect, it } from '@jest/globals';
import { componentKinds } from '../../src/api/metadata.ts';
import { allocateMetricsPorts } from '../../src/observed/metrics-ports.ts';
import type { Snapshot } from '../../src/observed/snapshot.ts';
import { applied, daemonSet, freshSnapshot, kubeVipConfig, rendering, snapshot } from '../builders.ts';
import { set } from '../plan/field-owners.ts';
import { everyPortTaken } from './ports-taken.ts';

const container = ['spec', 'template', 'spec', 'containers', '0'];
const portOf = (port: number) => [{ name: 'metrics', containerPort: port, hostPort: port, protocol: 'TCP' }];
const other = kubeVipConfig({ name: 'other' });
const own = daemonSet();

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
      freshSnapshot({ daemonSets: [daemonSet({ config: other, component: 'services' })] }),
      { 'control-plane': [29100], services: [29102] },
    ],
    [
      'offers both ports when they differ: one was edited',
      snapshot({ daemonSets: [set(own, [...container, 'ports'], portOf(29105))] }),
      { 'control-plane': [29105, 29100], services: [29101] },
    ],
    [
      'puts a port last that another DaemonSet says as well',
      snapshot({
        daemonSets: [set(own, [...container, 'ports'], portOf(29101)), daemonSet({ component: 'services' })],
      }),
      { 'control-plane': [29100, 29101], services: [29102, 29101] },
    ],
    [
      'does not take a port that is not one of ours',
      snapshot({ daemonSets: [set(own, [...container, 'ports'], portOf(22))] }),
      { 'control-plane': [29100], services: [29101] },
    ],
  ])('%s', (_, world, expected) => {
    expect(allocateMetricsPorts(world, componentKinds)).toEqual(expected);
  });

  it('has none when all are taken', () => {
    const full = freshSnapshot({ daemonSets: everyPortTaken });
    expect(allocateMetricsPorts(full, componentKinds)).toEqual({ 'control-plane': [], services: [] });
  });

  it('needs none for a function that is not asked for', () => {
    const oneLeft = freshSnapshot({ daemonSets: everyPortTaken.slice(1) });
    expect(allocateMetricsPorts(oneLeft, ['services'])).toEqual({ services: [29100] });
  });
});
