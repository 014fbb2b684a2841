// What each check finds wrong, in words.
import type { Problem } from '../../src/status/checks.ts';
import type { Component } from '../../src/observed/component.ts';
import type { Snapshot } from '../../src/observed/snapshot.ts';
import { node, silentNode } from '../cluster-builders.ts';
import { hanging, lettingGoRow } from '../modes/arp/former-cases.ts';
import { heard } from './traffic-cases.ts';
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

type Example = readonly [sentence: string, state: Component, problem: Problem];
const passing = true;
const acts = 'look at kube-controller-manager, which acts upon DaemonSet edge-control-plane';
const isMade: Problem = {
  reason: 'Applying',
  message: 'DaemonSet edge-control-plane is being created.',
  passing,
  late: acts,
};
const holderIs = (what: string): Problem => ({
  reason: 'HolderNotReady',
  message: `203.0.113.100: held by n1, where pod edge-control-plane-n1 on n1 is ${what}; when that lasts, see kubectl -n kube-vip-system describe pod edge-control-plane-n1.`,
  passing,
});
const matchesNone = (name: string, todo: string): Problem => ({
  reason: 'NoNodeMatches',
  message: `DaemonSet ${name} matches no node: expected at least one, found 0; ${todo}.`,
  passing: false,
});
const describeSet = 'see kubectl -n kube-vip-system describe ds edge-control-plane';
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
          'DaemonSet edge-control-plane has no node that reports; pod edge-control-plane-n1 on n1 is not heard of, because the kubelet of its node does not report; start that, or delete the Node when it is gone for good.',
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
        'label control-plane nodes with node-role.kubernetes.io/control-plane or set spec.controlPlane.nodeSelector',
      ),
    ],
    [
      'no node for services matches',
      services,
      matchesNone(
        'edge-services',
        'add nodes that are not control plane or set spec.services.nodeSelector and tolerations',
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
          'DaemonSet edge-control-plane: 2 of 3 pods are ready; pod edge-control-plane-n2 on n2 is starting; when that lasts, see kubectl -n kube-vip-system describe pod edge-control-plane-n2.',
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
  nobodyHoldsTheLease: [
    [
      'there is no Lease',
      state({ leases: [] }),
      {
        reason: 'NoHolder',
        message:
          '203.0.113.100: no node holds Lease edge-control-plane, waiting for an election; when that lasts, see kubectl -n kube-vip-system logs ds/edge-control-plane.',
        passing,
      },
    ],
    [
      'the Lease was given back, and a pod is in trouble',
      state({ leases: [lease({ holder: '' })], pods: [bad] }),
      {
        reason: 'NoHolder',
        message:
          '203.0.113.100: no node holds Lease edge-control-plane; pod edge-control-plane-n2 on n2 is starting; when that lasts, see kubectl -n kube-vip-system describe pod edge-control-plane-n2.',
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
          '203.0.113.100: Lease edge-control-plane is held by thief: expected a node of this cluster, found none of that name; find who writes it (kubectl -n kube-vip-system get lease edge-control-plane -o yaml --show-managed-fields) and stop that, kube-vip takes it back when it runs out.',
        passing,
      },
    ],
  ],
  leaseIsStale: [
    [
      'the holder did not renew',
      withLease({ ageSeconds: 16 }),
      {
        reason: 'LeaseStale',
        message:
          '203.0.113.100: Lease edge-control-plane of n1: expected a renewal every 15 s, found the last at 2026-11-24T11:59:44.000Z; look at pod edge-control-plane-n1 and the API server on n1, and delete that pod when no other node takes over.',
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
          '203.0.113.100: Lease edge-control-plane names n9, which runs no pod of this KubeVipConfig; look there for another kube-vip that uses this Lease, for example a static pod.',
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
  apiServerIsDead: [
    [
      'a connection is refused',
      state({ reach: heard('dead', '/livez says HTTP 500') }),
      {
        reason: 'ApiServerDead',
        message:
          '203.0.113.100 on n1: expected a live API server at 203.0.113.100:6443, found that /livez says HTTP 500; look at the API server of n1; kube-vip there gives the address up within a lease duration once it cannot reach it.',
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
          '203.0.113.100: n1 renews the Lease and its pod is ready, but nobody answers at 203.0.113.100:6443 (no answer in time): either the address is not on it, or the network between the operator and it is broken; look for the address on n1 (ip address show) and at the log of its kube-vip pod.',
        passing,
      },
    ],
  ],
  formerHolderLetsGo: [lettingGoRow],
  addressIsUnproven: [
    [
      'it was not asked yet',
      state({ reach: heard('unknown') }),
      {
        reason: 'AddressUnproven',
        message: '203.0.113.100: held by n1, waiting for the first answer at 203.0.113.100:6443.',
        passing,
      },
    ],
  ],
};
