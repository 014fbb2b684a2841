import { describe, expect, it } from '@jest/globals';
import type { Snapshot } from '../../src/observed/snapshot.ts';
import { daemonSet, freshSnapshot, kubeVipConfig, lease, now, nowText, pod, snapshot } from '../builders.ts';
import {
  abandoning,
  config,
  controlPlane,
  deleted,
  ending,
  node,
  parked,
  services,
  unscheduled,
} from './deleting.ts';
import { outline } from '../pass.ts';

describe('planDeletion', () => {
  it.each<readonly [string, Snapshot, unknown]>([
    [
      'deletes the DaemonSet of services at once when there is no Lease',
      snapshot({ config, daemonSets: [services], pods: [], leases: [] }),
      {
        steps: [{ kind: 'delete', object: services }],
        desired: [],
        waitingFirst: 'DaemonSet edge-services',
        waitingFor: 'DaemonSet edge-services',
      },
    ],
    [
      'waits for a DaemonSet that is on its way out',
      snapshot({ config, daemonSets: [ending], pods: [] }),
      {
        steps: [],
        desired: [],
        waitingFirst: 'DaemonSet edge-control-plane',
        waitingFor: 'DaemonSet edge-control-plane',
      },
    ],
    [
      'waits for pods, which may hold addresses',
      snapshot({ config, daemonSets: [], pods: [pod({ node: 'n2' })] }),
      {
        steps: [],
        desired: [],
        waitingFirst: 'pod edge-control-plane-n2 on n2',
        waitingFor: 'pod edge-control-plane-n2 on n2',
      },
    ],
    [
      'waits for a pod that has no node',
      snapshot({ config, daemonSets: [], pods: [unscheduled] }),
      { steps: [], desired: [], waitingFirst: 'pod lost on no node', waitingFor: 'pod lost on no node' },
    ],
    [
      'names three of many and counts the rest',
      snapshot({ config, daemonSets: [] }),
      {
        steps: [],
        desired: [],
        waitingFirst: 'pod edge-control-plane-n1 on n1',
        waitingFor:
          'pod edge-control-plane-n1 on n1, pod edge-control-plane-n2 on n2, pod edge-control-plane-n3 on n3 and 3 more',
      },
    ],
    [
      'deletes the Leases and lets go when all pods are gone',
      freshSnapshot({
        config,
        leases: [lease(), lease({ name: 'edge-services' }), lease({ name: 'other-services' })],
      }),
      {
        steps: [
          { kind: 'delete-lease', name: 'edge-control-plane' },
          { kind: 'delete-lease', name: 'edge-services' },
          { kind: 'remove-finalizer', unseen: ['203.0.113.100'] },
        ],
        desired: [],
      },
    ],
    [
      'does not touch a DaemonSet of the name that somebody else made',
      freshSnapshot({
        config,
        daemonSets: [daemonSet({ metadata: { labels: {}, ownerReferences: undefined } })],
      }),
      { steps: [{ kind: 'remove-finalizer', unseen: [] }], desired: [] },
    ],
    [
      'says what keeps the object once it let go',
      snapshot({ config: deleted({ finalizers: ['somebody/else'] }), deletedAt: now - 181_000 }),
      {
        steps: [],
        desired: [],
        waitingFirst: 'finalizer somebody/else',
        waitingFor: 'finalizer somebody/else (it is not ours)',
        todo: 'look at what set finalizer somebody/else, or take it off',
        overdue: true,
      },
    ],
    [
      'has nothing to do without finalizers',
      snapshot({ config: deleted({ finalizers: undefined }) }),
      { steps: [], desired: [] },
    ],
    [
      'goes on while suspended',
      freshSnapshot({
        config: kubeVipConfig({ metadata: { deletionTimestamp: nowText }, spec: { suspend: true } }),
      }),
      { steps: [{ kind: 'remove-finalizer', unseen: [] }], desired: [] },
    ],
  ])('%s', (_, world, expected) => {
    expect(outline(world)).toEqual(expected);
  });
});

describe('a node that is gone', () => {
  const stuck = pod({ node: 'n2' });
  const dead = { nodes: [node('n1', 'True'), node('n2', 'Unknown')] };

  it('is named, with the ways out', () => {
    const plan = outline(snapshot({ config, daemonSets: [], pods: [stuck], ...dead }));
    expect(plan.waitingFor).toBe(
      'pod edge-control-plane-n2 on n2 (n2 is NotReady, and its kubelet ends no pod)',
    );
    expect(plan.todo).toBe(
      'bring n2 back. When it is switched off, delete Node n2, or run kubectl annotate --overwrite kubevipconfig edge kubevip.dev/abandon=n2',
    );
  });

  it('is added to what was given up before', () => {
    const world = snapshot({ config: abandoning('n7, n8'), daemonSets: [], pods: [stuck], ...dead });
    expect(outline(world).todo).toContain('kubevip.dev/abandon=n7,n8,n2');
  });

  it('is not waited for when it was given up, nor is the DaemonSet that its pod keeps', () => {
    const world = snapshot({
      config: abandoning('n2'),
      daemonSets: [ending],
      pods: [stuck],
      leases: [],
      ...dead,
    });
    expect(outline(world).steps).toEqual([{ kind: 'remove-finalizer', unseen: [] }]);
  });

  it('does not hide pods on other nodes', () => {
    const pods = [stuck, pod({ node: 'n1' })];
    const world = snapshot({ config: abandoning('n2'), daemonSets: [ending], pods, ...dead });
    expect(outline(world).waitingFor).toBe('DaemonSet edge-control-plane, pod edge-control-plane-n1 on n1');
  });

  it('does not keep a DaemonSet from being deleted', () => {
    const world = snapshot({
      config: abandoning('n2'),
      daemonSets: [controlPlane],
      pods: [stuck],
      leases: [{ ...parked(1, ''), neverHeld: true }],
      ...dead,
    });
    expect(outline(world).steps).toEqual([{ kind: 'delete', object: controlPlane }]);
  });
});

describe('a deletion that takes too long', () => {
  it.each([
    [180, undefined],
    [181, true],
  ])('after %d s is overdue: %s', (seconds, expected) => {
    const world = snapshot({ config, daemonSets: [], deletedAt: now - seconds * 1000 });
    expect(outline(world).overdue).toBe(expected);
  });
});
