// Who has the turn of all KubeVipConfigs of a cluster.
import { describe, expect, it } from '@jest/globals';
import type { KubeVipConfig } from '../../src/api/types.ts';
import { whoseTurn } from '../../src/rollout/blocks.ts';
import { kubeVipConfig, nowText, snapshot } from '../builders.ts';
import { rolloutStatus, type RolloutStatus } from './rollout-status.ts';

const other = (of: Partial<RolloutStatus>, metadata = {}, spec = {}): KubeVipConfig =>
  kubeVipConfig({ name: 'other', status: { rollout: rolloutStatus(of) }, metadata, spec });

describe('the turn', () => {
  it.each<[string, KubeVipConfig, string | undefined]>([
    ['is that of who changes a node', other({}), 'other'],
    ['is kept while a gate is waited for', other({ waitingFor: 'the pod on n1 is not ready' }), 'other'],
    ['is kept on the way back', other({ phase: 'RollingBack' }), 'other'],
    ['is given up by who waits', other({ phase: 'Waiting', nodes: [] }), undefined],
    ['is given up by who is paused', other({ phase: 'Paused' }), undefined],
    ['is given up by who has gone back', other({ phase: 'RolledBack', nodes: [] }), undefined],
    [
      'is given up by who cannot go back yet',
      other({ phase: 'RollingBack', waitingFor: 'no node that has passed can take over' }),
      undefined,
    ],
    ['is given up by who is deleted', other({}, { deletionTimestamp: nowText }), undefined],
    ['is given up by who is suspended', other({}, {}, { suspend: true }), undefined],
  ])('%s', (_, config, expected) => {
    const edge = kubeVipConfig({ status: { rollout: rolloutStatus() } });
    expect(whoseTurn(snapshot({ config: edge, configs: [edge, config] }))).toBe(expected);
  });
});
