// What a person reads when a deletion or removal takes too long: always something to do.
import { describe, expect, it } from '@jest/globals';
import type { V1DaemonSet } from '@kubernetes/client-node';
import fc from 'fast-check';
import type { Snapshot } from '../../src/observed/snapshot.ts';
import { daemonSet, lease, now, pod, snapshot } from '../builders.ts';
import {
  config,
  controlPlane,
  ending,
  heard,
  node,
  parked,
  services,
  unscheduled,
} from '../plan/deleting.ts';
import { taken, without } from '../modes/arp/removing.ts';
import { outline } from '../pass.ts';

const late = 181;
const kubectl = 'kubectl -n kube-vip-system';
const foreign: V1DaemonSet = daemonSet({
  metadata: { deletionTimestamp: new Date(0), finalizers: ['foregroundDeletion', 'example.org/hold'] },
});
const made = { ...parked(1, ''), neverHeld: true };
const leasesOf = [[], [lease()], [parked(5)], [parked(late)], [taken(late)], [made]] as const;
const answers = (['parked', 'ended'] as const).flatMap((stage) => [
  heard({ stage, answer: 'answers', quietMs: undefined }),
  heard({ stage, answer: 'silent' }),
]);

const worlds: fc.Arbitrary<Snapshot> = fc
  .record({
    config: fc.constantFrom(config, without),
    daemonSets: fc.constantFrom([], [controlPlane], [ending], [foreign], [ending, services], [services]),
    pods: fc.subarray([pod(), pod({ node: 'n2' }), pod({ component: 'services' }), unscheduled]),
    leases: fc.constantFrom(...leasesOf),
    nodes: fc.constantFrom([], [node('n1', 'True'), node('n2', 'Unknown')]),
    heard: fc.constantFrom(undefined, [], ...answers.map((row) => [row])),
  })
  .map((row) => snapshot({ ...row, deletedAt: now - late * 1000 }));

const deletion = (of: Partial<Snapshot>) =>
  outline(snapshot({ config, daemonSets: [], pods: [], leases: [], deletedAt: now - late * 1000, ...of }));

describe('a wait that is overdue', () => {
  it('always has a next step', () => {
    let overdue = 0;
    fc.assert(
      fc.property(worlds, (world) => {
        const plan = outline(world);
        for (const waiting of [plan, plan].filter((row) => row !== undefined)) {
          overdue += waiting.overdue ? 1 : 0;
          expect(waiting.overdue === true && waiting.todo === undefined).toBe(false);
        }
      }),
    );
    expect(overdue).toBeGreaterThan(0);
  });

  it.each<readonly [string, Partial<Snapshot>, string]>([
    [
      'a pod on a node that reports',
      { pods: [pod()] },
      `see ${kubectl} describe pod edge-control-plane-n1 and the log of the kubelet on n1`,
    ],
    [
      'a pod on no node',
      { pods: [unscheduled] },
      `run ${kubectl} delete pod lost: nothing of it runs. Look at kube-controller-manager, which should have deleted it`,
    ],
    [
      'a DaemonSet that waits for its pods',
      { daemonSets: [ending], pods: [pod({ node: 'n2' })] },
      `see ${kubectl} describe pod edge-control-plane-n2 and the log of the kubelet on n2`,
    ],
    [
      'a DaemonSet that somebody else keeps',
      { daemonSets: [foreign], pods: [pod()] },
      'look at what set finalizer example.org/hold on DaemonSet edge-control-plane, or take it off',
    ],
    [
      'a DaemonSet that nobody collects',
      { daemonSets: [ending] },
      `look at kube-controller-manager, which collects DaemonSet edge-control-plane, and see ${kubectl} get ds edge-control-plane -o yaml`,
    ],
    [
      'a Lease that is renewed all the time',
      { daemonSets: [controlPlane], leases: [lease()] },
      `see the log of the operator, and who else writes the Lease: ${kubectl} get lease edge-control-plane -o yaml --show-managed-fields`,
    ],
    [
      'a Lease that cannot be made',
      { daemonSets: [controlPlane] },
      `see the log of the operator, and who else writes the Lease: ${kubectl} get lease edge-control-plane -o yaml --show-managed-fields`,
    ],
    [
      'a kube-vip that has just lost its Lease',
      { daemonSets: [controlPlane], leases: [parked(5)] },
      'wait: that takes up to 15 s',
    ],
    [
      'an address that is not asked for',
      { leases: [parked(30)], heard: [] },
      'look at the log of the operator, which should have asked there (docs/deletion.md). Where the operator cannot ask, start it with --probe-addresses off',
    ],
    [
      'an address that is never silent for a minute',
      { leases: [parked(30)], heard: [heard({ stage: 'ended', answer: 'silent' })] },
      'look on the nodes for 203.0.113.100, the minute begins anew with every answer (docs/deletion.md). Where the operator cannot ask, start it with --probe-addresses off',
    ],
  ])('says what to do about %s', (_, of, todo) => {
    expect(deletion(of).todo).toBe(todo);
    expect(deletion({ ...of, deletedAt: now }).todo).toBeUndefined();
  });
});
