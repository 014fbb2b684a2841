// Rollouts that are stopped, by a person or by what is seen, and what stands in the DaemonSet then.
import { describe, expect, it } from '@jest/globals';
import { annotations } from '../../src/api/metadata.ts';
import { stepsOf } from '../../src/plan/plan.ts';
import { kubeVipConfig, nowText } from '../builders.ts';
import { makePlan } from '../pass.ts';
import { heardBy } from '../witness-world.ts';
import type { PlayedCluster } from './played-cluster.ts';
import { revisionIn } from './played-nodes.ts';
import { cluster, order, upgrade } from './three-nodes.ts';

describe('a rollout', () => {
  it.each<[string, readonly string[], readonly string[], string | undefined]>([
    ['goes on where witnesses hear the holder alone', ['n3'], ['n1'], undefined],
    [
      'does not begin while witnesses hear two nodes',
      ['n3', 'n2'],
      [],
      '203.0.113.100: n2 and n3 answer for it',
    ],
  ])('%s', (_, owners, ended, waitingFor) => {
    const played = cluster();
    played.witness = heardBy(...owners);
    played.edit('edge', { ...upgrade, remedy: 'Report' });
    for (let round = 0; round < 6; round += 1) {
      played.pass('edge');
      played.tick();
    }
    expect([order(played), played.rollout('edge')?.waitingFor]).toEqual([ended, waitingFor]);
  });

  /** Stops right after the new rendering was put where new pods are made from. */
  function untilOffered(played: PlayedCluster): string {
    const standing = (): string => revisionIn(played.daemonSet('edge', 'control-plane'));
    const good = standing();
    for (let round = 0; round < 20; round += 1) {
      played.pass('edge');
      if (standing() !== good) return good;
      played.tick();
    }
    throw new Error('expected the new rendering to stand, found that it never did');
  }

  it.each<[string, (played: PlayedCluster) => void]>([
    ['suspended', (played) => played.edit('edge', { suspend: true })],
    ['paused', (played) => played.edit('edge', {}, { [annotations.rollout]: 'pause' })],
    ['aborted', (played) => played.edit('edge', {}, { [annotations.rollout]: 'abort' })],
    ['edited into what is refused', (played) => played.edit('edge', { version: 'v9.9.9' })],
  ])('that is %s while the new rendering stands leaves what worked last for new nodes', (_, stop) => {
    const played = cluster();
    played.edit('edge', upgrade);
    const good = untilOffered(played);
    stop(played);
    played.pass('edge');
    played.pass('edge');
    played.join('n4');
    played.tick();
    expect(played.revisions('edge', 'control-plane')['n4']).toBe(good);
  });

  /** A rollout of which a person deletes the records after so many rounds. */
  function withoutRecords(rounds: number): PlayedCluster {
    const played = cluster();
    played.edit('edge', upgrade);
    for (let round = 0; round < rounds; round += 1) {
      played.pass('edge');
      if (round < rounds - 1) played.tick();
    }
    played.recorded.clear();
    return played;
  }

  it.each([0, 1, 4, 5, 6, 8, 10])(
    'goes on where what worked last stands without a record, after %i rounds',
    (rounds) => {
      const played = withoutRecords(rounds);
      played.settle();
      expect(played.rollout('edge')).toBeUndefined();
      expect(order(played)).toEqual(['n1', 'n2', 'n3']);
    },
  );

  it.each([2, 3, 12])(
    'ends no further node when nothing is left to go back to, after %i rounds',
    (rounds) => {
      const played = withoutRecords(rounds);
      const ended = played.endings.length;
      played.settle();
      expect(played.rollout('edge')).toMatchObject({
        phase: 'Failed',
        failure: { gate: 'last-good-is-known' },
      });
      expect(played.endings.length).toBe(ended);
      played.edit('edge', { version: 'v1.1.2' });
      played.settle();
      expect(played.rollout('edge')).toBeUndefined();
      expect(new Set(Object.values(played.revisions('edge', 'control-plane'))).size).toBe(1);
      expect(played.configs.get('edge')?.status?.version?.running).toBe('v1.1.2');
    },
  );

  it('that is paused is deleted with its KubeVipConfig', () => {
    const played = cluster();
    played.edit('edge', upgrade, { [annotations.rollout]: 'pause' });
    played.settle();
    expect(played.rollout('edge')?.phase).toBe('Paused');
    const [config = kubeVipConfig()] = played.configs.values();
    const metadata = { ...config.metadata, deletionTimestamp: nowText };
    const plan = makePlan(played.snapshot({ ...config, metadata }));
    expect([plan.kind, stepsOf(plan).map(({ kind }) => kind)]).toEqual(['deleting', ['park-lease']]);
  });

  it('writes nothing over an edit of a person while it is suspended', () => {
    const played = cluster();
    played.edit('edge', { suspend: true });
    played.pass('edge');
    played.tamper('edge-control-plane');
    const edited = played.daemonSet('edge', 'control-plane');
    played.pass('edge');
    expect(played.daemonSet('edge', 'control-plane')?.spec).toEqual(edited?.spec);
  });

  it.each<[string, number, readonly string[]]>([
    ['fails a step that takes too long', Infinity, ['n1', 'n1']],
    ['counts no time in which nothing was seen', 0, ['n1']],
  ])('%s', (_, seenForMs, ended) => {
    const played = cluster({ works: (version) => (version === 'v1.2.3' ? 'never ready' : 'ready') });
    played.seenForMs = seenForMs;
    played.edit('edge', upgrade);
    played.settle();
    expect(order(played)).toEqual(ended);
  });
});
