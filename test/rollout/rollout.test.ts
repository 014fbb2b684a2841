// One rollout after the other, from the first node to the last.
import { describe, expect, it } from '@jest/globals';
import { annotations } from '../../src/api/metadata.ts';
import { kubeVipConfig } from '../builders.ts';
import { cluster, controlPlane, order, upgrade } from './three-nodes.ts';

describe('a change where nodes run', () => {
  it('comes to one node after the other, and to the holder last', () => {
    const played = cluster();
    expect(played.holder('edge', 'control-plane')).toBe('n3');
    played.edit('edge', upgrade);
    played.settle();
    expect(order(played)).toEqual(['n1', 'n2', 'n3']);
    expect(played.moves.get('edge control-plane')).toBe(1);
    expect(new Set(Object.values(played.revisions('edge', 'control-plane'))).size).toBe(1);
    expect(played.rollout('edge')).toBeUndefined();
  });

  it('stops at the first node when that crashes, and goes back', () => {
    const played = cluster({ works: (version) => (version === 'v1.2.3' ? 'crashes' : 'ready') });
    const before = played.revisions('edge', 'control-plane');
    played.edit('edge', upgrade);
    played.settle();
    expect(order(played)).toEqual(['n1', 'n1']);
    expect(played.revisions('edge', 'control-plane')).toEqual(before);
    expect(played.moves.get('edge control-plane')).toBeUndefined();
    expect(played.rollout('edge')).toMatchObject({
      phase: 'RolledBack',
      from: 'v1.1.2',
      to: 'v1.2.3',
      failure: { gate: 'pod-stays', node: 'n1' },
    });
  });

  it('stops at the first node when that never gets ready', () => {
    const played = cluster({ works: (version) => (version === 'v1.2.3' ? 'never ready' : 'ready') });
    played.edit('edge', upgrade);
    played.settle();
    expect(order(played)).toEqual(['n1', 'n1']);
    expect(played.rollout('edge')?.failure).toMatchObject({ gate: 'pod-is-ready', node: 'n1' });
  });

  it('is not tried again until a person asks, and then once', () => {
    const played = cluster({ works: (version) => (version === 'v1.2.3' ? 'crashes' : 'ready') });
    played.edit('edge', upgrade);
    played.settle();
    const { revision = '', attempt } = played.rollout('edge') ?? {};
    expect(attempt).toBe(1);
    played.edit('edge', {}, { [annotations.retryRollout]: `${revision}-1` });
    played.settle();
    expect(played.rollout('edge')).toMatchObject({ phase: 'RolledBack', attempt: 2 });
    expect(order(played)).toEqual(['n1', 'n1', 'n1', 'n1']);
  });

  it('stays half done where onFailure says so', () => {
    const played = cluster({ works: (version) => (version === 'v1.2.3' ? 'crashes' : 'ready') });
    played.edit('edge', { ...upgrade, rollout: { onFailure: 'Pause' } });
    played.settle();
    expect([order(played), played.rollout('edge')?.phase]).toEqual([['n1'], 'Failed']);
    played.edit('edge', {}, { [annotations.rollout]: 'abort' });
    played.settle();
    expect([order(played), played.rollout('edge')?.phase]).toEqual([['n1', 'n1'], 'RolledBack']);
  });

  it('is stopped by an annotation, and goes on without it', () => {
    const played = cluster();
    played.edit('edge', upgrade, { [annotations.rollout]: 'pause' });
    played.settle();
    expect([order(played), played.rollout('edge')?.phase]).toEqual([[], 'Paused']);
    played.edit('edge', {});
    played.settle();
    expect(order(played)).toEqual(['n1', 'n2', 'n3']);
  });

  it('goes back when a person aborts it', () => {
    const played = cluster();
    played.edit('edge', upgrade);
    for (let round = 0; round < 8; round += 1) {
      played.pass('edge');
      played.tick();
    }
    expect(order(played)).toEqual(['n1']);
    played.edit('edge', {}, { [annotations.rollout]: 'abort' });
    played.settle();
    expect(order(played)).toEqual(['n1', 'n1']);
    expect(played.rollout('edge')?.failure?.gate).toBe('aborted');
  });

  it('happens in place where there is one node', () => {
    const played = cluster({ nodes: 1 });
    played.edit('edge', upgrade);
    played.settle();
    expect(order(played)).toEqual(['n1']);
    expect(played.rollout('edge')).toBeUndefined();
  });

  it('leaves out a node that does not report, and comes to it when it returns', () => {
    const played = cluster();
    played.die('n2');
    played.edit('edge', upgrade);
    played.settle();
    expect(order(played)).toEqual(['n1', 'n3']);
    played.join('n2');
    played.settle();
    expect(order(played)).toEqual(['n1', 'n3', 'n2']);
  });

  it('does not touch the holder while no other node reports', () => {
    const played = cluster();
    played.die('n1');
    played.die('n2');
    played.edit('edge', upgrade);
    played.settle();
    expect(order(played)).toEqual([]);
    expect(played.rollout('edge')).toMatchObject({
      phase: 'Waiting',
      waitingFor: 'no node that has passed can take over',
    });
  });

  it('takes one of two configs at a time', () => {
    const other = kubeVipConfig({
      name: 'other',
      spec: { controlPlane: { addresses: ['203.0.113.101'] }, services: undefined },
    });
    const played = cluster({ configs: [controlPlane, other] });
    played.edit('edge', upgrade);
    played.edit('other', upgrade);
    played.settle();
    expect(played.endings.length).toBe(6);
    expect(new Set(played.endings.map(({ config }) => config).slice(0, 3)).size).toBe(1);
  });

  it('goes to the newest of two edits, from what worked last', () => {
    const played = cluster();
    played.edit('edge', { version: 'v1.0.4' });
    for (let round = 0; round < 3; round += 1) {
      played.pass('edge');
      played.tick();
    }
    played.edit('edge', upgrade);
    played.settle();
    expect(new Set(Object.values(played.revisions('edge', 'control-plane'))).size).toBe(1);
    expect(played.configs.get('edge')?.status?.version).toEqual({ desired: 'v1.2.3', running: 'v1.2.3' });
  });

  it('goes back where the spec goes back', () => {
    const played = cluster();
    const before = played.revisions('edge', 'control-plane');
    played.edit('edge', upgrade);
    for (let round = 0; round < 6; round += 1) {
      played.pass('edge');
      played.tick();
    }
    expect(played.revisions('edge', 'control-plane')).not.toEqual(before);
    played.edit('edge', { version: 'v1.1.2' });
    played.settle();
    expect(played.revisions('edge', 'control-plane')).toEqual(before);
  });

  it('gives a node that joins what worked last, and changes it in its turn', () => {
    const played = cluster();
    const [old = ''] = Object.values(played.revisions('edge', 'control-plane'));
    played.edit('edge', upgrade);
    for (let round = 0; round < 6; round += 1) {
      played.pass('edge');
      played.tick();
    }
    played.join('n4');
    played.tick();
    expect(played.revisions('edge', 'control-plane')['n4']).toBe(old);
    played.settle();
    expect(order(played).toSorted()).toEqual(['n1', 'n2', 'n3', 'n4']);
  });

  it('narrows the nodes last, and does not change those that lose their pod', () => {
    const played = cluster({ nodes: 4 });
    expect(played.holder('edge', 'control-plane')).toBe('n4');
    for (const name of ['n1', 'n2']) {
      const row = played.nodes.get(name) ?? {};
      const labels = { ...row.metadata?.labels, pair: 'yes' };
      played.nodes.set(name, { ...row, metadata: { ...row.metadata, labels } });
    }
    played.edit('edge', {
      ...upgrade,
      controlPlane: { addresses: ['203.0.113.100'], nodeSelector: { pair: 'yes' } },
    });
    played.settle();
    // The holder is among those that are not chosen any more: its pod ends when others can take over, and not before.
    expect(order(played)).toEqual(['n1', 'n2']);
    expect(Object.keys(played.revisions('edge', 'control-plane')).sort()).toEqual(['n1', 'n2']);
    expect(played.moves.get('edge control-plane')).toBe(1);
    expect(played.rollout('edge')).toBeUndefined();
  });

  it('replaces a pod that was made while the template was edited, and no other', () => {
    const played = cluster();
    const before = [...played.pods.keys()];
    played.tamper('edge-control-plane');
    const [first = ''] = before;
    played.pods.delete(first);
    played.tick();
    const edited = [...played.pods.keys()].filter((name) => !before.includes(name));
    played.settle();
    const after = [...played.pods.keys()];
    expect(edited).toHaveLength(1);
    expect(after.filter((name) => edited.includes(name))).toEqual([]);
    expect(after.filter((name) => before.includes(name)).sort()).toEqual(before.slice(1).sort());
    expect(played.rollout('edge')).toBeUndefined();
  });
});
