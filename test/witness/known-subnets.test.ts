import { describe, expect, it } from '@jest/globals';
import type { KubeVipConfig } from '../../src/api/types.ts';
import { subnetsOf, type SubnetMemory } from '../../src/witness/known-subnets.ts';
import { kubeVipConfig } from '../builders.ts';
import { run } from './world.ts';

type Run = ReturnType<typeof run>;

const withRuns = (...nodeProbe: readonly Run[]): KubeVipConfig =>
  kubeVipConfig({ status: { observedGeneration: 1, nodeProbe } });
const { finishedAt: _, ...open } = run();
const nothing: SubnetMemory = new Map();
const before: SubnetMemory = new Map([['edge/control-plane', ['203.0.113.0/24']]]);

describe('subnetsOf', () => {
  it.each<[string, readonly [KubeVipConfig, SubnetMemory], readonly (readonly string[])[], boolean]>([
    [
      'are those of the probe, in canonical form',
      [withRuns(run({ subnets: ['2001:db8::b/64', '203.0.113.11/24', '203.0.113.12/24', 'x'] })), nothing],
      [['2001:db8::/64', '203.0.113.0/24']],
      false,
    ],
    [
      'are those of each component',
      [
        withRuns(
          run({ subnets: ['203.0.113.11/24'] }),
          run({ function: 'services', subnets: ['198.51.100.1/24'] }),
        ),
        nothing,
      ],
      [['203.0.113.0/24'], ['198.51.100.0/24']],
      false,
    ],
    ['are none before a probe has run', [kubeVipConfig(), nothing], [], false],
    ['are none where nodes said none', [withRuns(run()), before], [], false],
    ['may come while nodes are asked for the first time', [withRuns(open), nothing], [], true],
    ['stay as they were while nodes are asked anew', [withRuns(open), before], [['203.0.113.0/24']], false],
    [
      'stay while the same is asked again',
      [withRuns(run({ startedAt: '2026-11-24T12:00:00Z', subnets: ['198.51.100.1/24'] })), before],
      [['198.51.100.0/24']],
      false,
    ],
  ])('%s', (_, [config, memory], subnets, isOpen) => {
    const known = subnetsOf([config], memory);
    expect(known.rows.map((row) => row.subnets)).toEqual(subnets);
    expect(known.isOpen).toBe(isOpen);
  });

  it('remembers them by config and component, and forgets a config that is gone', () => {
    const { memory } = subnetsOf([withRuns(run({ subnets: ['203.0.113.11/24'] }))], nothing);
    expect(memory).toEqual(before);
    expect(subnetsOf([], memory).memory.size).toBe(0);
  });

  it('says that there are more than a status holds', () => {
    expect(subnetsOf([withRuns(run({ areNetworksOmitted: true }))], nothing).isOmitted).toBe(true);
  });
});
