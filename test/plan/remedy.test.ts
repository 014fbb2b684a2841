// Which pods are ended because of an address, and every limit.
import { describe, expect, it } from '@jest/globals';
import type { Remedied, Snapshot } from '../../src/observed/snapshot.ts';
import type { OwnerSight } from '../../src/observed/witness/witnessed.ts';
import { remedyOf } from '../../src/plan/plan.ts';
import { kubeVipConfig, lease, now, nowText, pod } from '../builders.ts';
import { makePlan } from '../pass.ts';
import { heardWorld } from '../status/witness-cases.ts';
import { heardBy, outsider, owner, sight, silent, statement, witnessView } from '../witness-world.ts';

const alone = { services: undefined };
const withSpec = (spec: object, metadata: object = {}) =>
  kubeVipConfig({ spec: { ...alone, ...spec }, metadata });
const two = (overrides: Partial<Snapshot> = {}): Snapshot => heardWorld(heardBy('n1', 'n2'), overrides);
/** As a witness wrote it this moment. */
const heardNow = (...owners: readonly (OwnerSight | string)[]) =>
  witnessView([statement([sight(owners)], { ageMs: 0 })]);
const done = (node: string, secondsAgo: number, address = '203.0.113.100'): readonly Remedied[] => [
  { component: 'control-plane', address, node, at: { at: now - secondsAgo * 1000 } },
];
const endedIn = (world: Snapshot): readonly string[] => remedyOf(makePlan(world)).map((step) => step.pod);

describe('the pod that is ended is', () => {
  it.each<[string, Snapshot, readonly string[]]>([
    ['that of the node that does not hold the Lease', two(), ['edge-control-plane-n2']],
    [
      'that of the former holder, when another node took the Lease',
      two({ leases: [lease({ holder: 'n2' })] }),
      ['edge-control-plane-n1'],
    ],
    [
      'one of two, where three nodes answer',
      heardWorld(heardBy('n1', 'n2', 'n3')),
      ['edge-control-plane-n2'],
    ],
    ['none where one node answers', heardWorld(heardBy('n1')), []],
    ['none within a hand-over', heardWorld(heardNow('n1', owner('n2', { sinceMs: 700 }))), []],
    ['none before that has lasted', heardWorld(heardNow('n1', owner('n2', { sinceMs: 900 }))), []],
    [
      'that of the node, when it has',
      heardWorld(heardNow('n1', owner('n2', { sinceMs: 1000 }))),
      ['edge-control-plane-n2'],
    ],
    [
      'none that has not started, which takes a left-over off as it does',
      two({ pods: [pod(), pod({ node: 'n2', status: { phase: 'Pending' } })] }),
      [],
    ],
    ['none while witnesses are silent', heardWorld(witnessView([silent()])), []],
    ['none where a stranger answers', heardWorld(heardBy('n1', outsider)), []],
    ['none where the holder is silent and another answers', heardWorld(heardBy('n2')), []],
    ['none where no node holds the Lease', two({ leases: [lease({ holder: '' })] }), []],
    ['none where the Lease is stale', two({ leases: [lease({ ageSeconds: 16 })] }), []],
    ['none where the operator has the Lease', two({ leases: [lease({ holder: '', parkedFrom: 'n1' })] }), []],
    ['none where the Lease names no node', two({ leases: [lease({ holder: 'thief' })] }), []],
    ['none where no pod of ours is there', two({ pods: [pod()] }), []],
    ['none where spec.remedy is Report', two({ config: withSpec({ remedy: 'Report' }) }), []],
    ['none while spec.suspend is true', two({ config: withSpec({ suspend: true }) }), []],
    [
      'none while the KubeVipConfig is deleted',
      two({ config: withSpec({}, { deletionTimestamp: nowText }) }),
      [],
    ],
    ['none where that of the node was ended four minutes ago', two({ remedies: done('n2', 240) }), []],
    ['the same again after five minutes', two({ remedies: done('n2', 301) }), ['edge-control-plane-n2']],
    ['none where another of the address was ended a moment ago', two({ remedies: done('n3', 10) }), []],
    [
      'the next of the address when that has had its time',
      two({ remedies: done('n3', 21) }),
      ['edge-control-plane-n2'],
    ],
    ['none where the clock was set back meanwhile', two({ remedies: done('n2', -60) }), []],
  ])('%s', (_, world, expected) => {
    expect(endedIn(world)).toEqual(expected);
  });

  it('told with its node, its addresses and the holder', () => {
    expect(remedyOf(makePlan(two()))).toEqual([
      {
        kind: 'delete-pod',
        why: 'second-owner',
        pod: 'edge-control-plane-n2',
        uid: '',
        component: 'control-plane',
        node: 'n2',
        addresses: ['203.0.113.100'],
        holder: 'n1',
      },
    ]);
  });

  it('ended after everything else of a pass', () => {
    const plan = makePlan(two({ daemonSets: [] }));
    expect([plan.kind, remedyOf(plan).length]).toEqual(['running', 1]);
  });
});
