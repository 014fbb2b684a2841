// What each check finds wrong, in words.
import type { Component } from '../../src/observed/component.ts';
import type { Snapshot } from '../../src/observed/snapshot.ts';
import { node, silentNode } from '../cluster-builders.ts';
import { hanging, lettingGoRow, type Said } from '../modes/arp/former-cases.ts';
import * as network from './network-check-cases.ts';
import { heard } from './traffic-cases.ts';
import { byFormerDefault } from '../former-default.ts';
import { daemonSet, lease, pod, snapshot, type DaemonSetOverrides } from '../builders.ts';
import { componentOf } from '../pass.ts';

export const state = (overrides: Partial<Snapshot> = {}): Component =>
  componentOf(snapshot(overrides), 'control-plane');
export const withSet = (overrides: DaemonSetOverrides): Component =>
  state({ daemonSets: [daemonSet(overrides)] });
export const withLease = (...[overrides]: Parameters<typeof lease>): Component =>
  state({ leases: [lease(overrides)] });
const bad = pod({ node: 'n2', isReady: false });
const services = componentOf(
  snapshot({ daemonSets: [daemonSet({ component: 'services', desired: 0 })] }),
  'services',
);

const ofEarlier = componentOf(
  snapshot({ daemonSets: [byFormerDefault(daemonSet({ component: 'services', desired: 0 }))] }),
  'services',
);

type Example = readonly [sentence: string, state: Component, problem: Said];
const passing = true;
const acts = 'Look at kube-controller-manager, which acts upon DaemonSet edge-control-plane';
const isMade: Said = {
  reason: 'Applying',
  message: 'DaemonSet edge-control-plane is being created.',
  passing,
  late: acts,
};
const holderIs = (what: string): Said => ({
  reason: 'HolderNotReady',
  message: `203.0.113.100: pod edge-control-plane-n1 on n1 is ${what}. n1 holds Lease edge-control-plane. When that lasts, see kubectl -n kube-vip-system describe pod edge-control-plane-n1.`,
  passing,
});
const matchesNone = (name: string, todo: string): Said => ({
  reason: 'NoNodeMatches',
  message: `DaemonSet ${name} matches no node. Expected at least one, found 0. ${todo}.`,
  passing: false,
});
const describeSet = 'See kubectl -n kube-vip-system describe ds edge-control-plane';
export const examples: Readonly<Record<string, readonly Example[]>> = {
  daemonSetIsMissing: [
    ['it is not there', state({ daemonSets: [] }), isMade],
    ['it is on its way out', withSet({ metadata: { deletionTimestamp: new Date(0) } }), isMade],
  ],
  daemonSetIsNotObserved: [
    [
      'its status is about an older spec',
      withSet({ generation: 2, observed: 1 }),
      {
        reason: 'Applying',
        message: 'DaemonSet edge-control-plane is written, not yet acted upon.',
        passing,
        late: acts,
      },
    ],
  ],
  noNodeReports: [
    [
      'the only node does not report',
      state({ daemonSets: [daemonSet({ desired: 0 })], nodes: [silentNode('n1')] }),
      {
        reason: 'NodeUnheard',
        message:
          'Pod edge-control-plane-n1 on n1 is not heard of (the kubelet of its node does not report). DaemonSet edge-control-plane has no node that reports. Start that kubelet, or delete the Node when it is gone for good.',
        passing,
      },
    ],
  ],
  noNodeMatches: [
    [
      'no control-plane node matches',
      withSet({ desired: 0 }),
      matchesNone(
        'edge-control-plane',
        'Label control-plane nodes with node-role.kubernetes.io/control-plane or set spec.controlPlane.nodeSelector',
      ),
    ],
    [
      'no node for services matches',
      services,
      matchesNone(
        'edge-services',
        'Take the taint off a node, or set spec.services.nodeSelector and tolerations',
      ),
    ],
    [
      'no node matches a rendering of an earlier operator',
      ofEarlier,
      matchesNone(
        'edge-services',
        'Take the rendering that RenderingWaits names. What runs is for nodes that are not control plane, as an earlier operator had it',
      ),
    ],
  ],
  nodesRunAnOldRevision: [
    [
      'one node is updated',
      withSet({ updated: 1 }),
      {
        reason: 'RollingOut',
        message: 'DaemonSet edge-control-plane: 1 of 3 nodes run the current revision.',
        passing,
        late: describeSet,
      },
    ],
  ],
  podsAreNotReady: [
    [
      'a pod is starting',
      state({ daemonSets: [daemonSet({ ready: 2 })], pods: [pod(), bad] }),
      {
        reason: 'PodsNotReady',
        message:
          'DaemonSet edge-control-plane: 2 of 3 pods are ready. Pod edge-control-plane-n2 on n2 is starting. When that lasts, see kubectl -n kube-vip-system describe pod edge-control-plane-n2.',
        passing,
      },
    ],
    [
      'the pods are not seen yet',
      state({ daemonSets: [daemonSet({ ready: 2 })], pods: [] }),
      {
        reason: 'PodsNotReady',
        message: 'DaemonSet edge-control-plane: 2 of 3 pods are ready.',
        passing,
        late: describeSet,
      },
    ],
  ],
  noNodeHoldsTheLease: [
    [
      'there is no Lease',
      state({ leases: [] }),
      {
        reason: 'NoHolder',
        message:
          '203.0.113.100: no node holds Lease edge-control-plane. Wait for an election. When that lasts, see kubectl -n kube-vip-system logs ds/edge-control-plane.',
        passing,
      },
    ],
    [
      'the Lease was given back, and a pod is in trouble',
      state({ leases: [lease({ holder: '' })], pods: [bad] }),
      {
        reason: 'NoHolder',
        message:
          '203.0.113.100: no node holds Lease edge-control-plane. Pod edge-control-plane-n2 on n2 is starting. When that lasts, see kubectl -n kube-vip-system describe pod edge-control-plane-n2.',
        passing,
      },
    ],
  ],
  holderIsNoNode: [
    [
      'the Lease names no node',
      state({ nodes: [node()], leases: [lease({ holder: 'thief' })] }),
      {
        reason: 'LeaseStolen',
        message:
          '203.0.113.100: Lease edge-control-plane is held by thief, which is no node. Expected a node of this cluster, found none of that name. Find who writes the Lease (kubectl -n kube-vip-system get lease edge-control-plane -o yaml --show-managed-fields) and stop that. kube-vip takes the Lease back when it runs out.',
        passing,
      },
    ],
  ],
  strangerAnswers: network.strangerAnswers,
  twoNodesAnswer: network.twoNodesAnswer,
  anotherAnswers: network.anotherAnswers,
  leaseIsStale: [
    [
      'the holder did not renew',
      withLease({ ageSeconds: 16 }),
      {
        reason: 'LeaseStale',
        message:
          '203.0.113.100: n1 does not renew Lease edge-control-plane. Expected a renewal every 15 s, found the last at 2026-11-24T11:59:44.000Z. Look at pod edge-control-plane-n1 and the API server on n1. Delete that pod when no other node takes over.',
        passing,
      },
    ],
  ],
  holderHasNoPod: [
    [
      'the Lease names a node without pod',
      withLease({ holder: 'n9' }),
      {
        reason: 'HolderWithoutPod',
        message:
          '203.0.113.100: Lease edge-control-plane names n9, which runs no pod of this KubeVipConfig. Look on n9 for another kube-vip that uses this Lease, for example a static pod.',
        passing,
      },
    ],
  ],
  holderPodIsNotReady: [
    ['the pod of the holder is starting', state({ pods: [pod({ isReady: false })] }), holderIs('starting')],
    [
      'the pod of the holder is ending',
      state({ pods: [pod({ metadata: { deletionTimestamp: new Date(0) } })] }),
      holderIs('ending'),
    ],
  ],
  formerHolderIsThere: [hanging],
  nothingAnswers: network.nothingAnswers,
  apiServerIsDead: [
    [
      'a connection is refused',
      state({ reach: heard('dead', '/livez says HTTP 500') }),
      {
        reason: 'ApiServerDead',
        message:
          '203.0.113.100: the API server on n1 is dead. Expected a live API server at 203.0.113.100:6443, found that /livez says HTTP 500. Look at the API server of n1. kube-vip there gives the address up within a lease duration once it cannot reach it.',
        passing,
      },
    ],
  ],
  addressIsSilent: [
    [
      'nobody answers',
      state({ reach: heard('silent', 'no answer in time') }),
      {
        reason: 'AddressSilent',
        message:
          '203.0.113.100: no answer, though n1 holds the Lease. Expected an answer at 203.0.113.100:6443, found none (no answer in time). n1 renews the Lease and its pod is ready. Either the address is not on it, or the network between the operator and it is broken. Look for the address on n1 (ip address show) and at the log of its kube-vip pod.',
        passing,
      },
    ],
  ],
  formerHolderMayHoldStill: [lettingGoRow],
  addressIsUnproven: [
    [
      'it was not asked yet',
      state({ reach: heard('unknown') }),
      {
        reason: 'AddressUnproven',
        message:
          '203.0.113.100: held by n1, waiting for the first answer. The operator asks at 203.0.113.100:6443.',
        passing,
      },
    ],
  ],
};
