// What status says of a cluster, a row per situation that a person would recognise. Together the rows
// produce every reason there is.
import type { Snapshot } from '../../src/observed/snapshot.ts';
import type { Outcome } from '../../src/status/outcome.ts';
import { everyPortTaken } from '../observed/ports-taken.ts';
import { diagnosisRows } from '../observed/pod-problem-cases.ts';
import { duplicateRows } from './duplicate-cases.ts';
import { formerRows } from '../modes/arp/former-cases.ts';
import { leftRows } from '../modes/arp/left-cases.ts';
import { hazardRows } from './known-hazard-cases.ts';
import { admissionRows } from './admission-cases.ts';
import { progressRows } from './progress-cases.ts';
import { preflightRows, type Row } from './preflight-cases.ts';
import { rolloutRows } from './rollout-cases.ts';
import { suspendedRows } from './suspended-cases.ts';
import { trafficRows } from './traffic-cases.ts';
import { twoFunctionRows } from './two-functions-cases.ts';
import { uncoveredRows } from './uncovered-cases.ts';
import { witnessRows } from './witness-cases.ts';
import { daemonSet, freshSnapshot, kubeVipConfig, lease, pod, snapshot } from '../builders.ts';

export const alone = kubeVipConfig({ spec: { services: undefined } });
const failed: Outcome = { kind: 'failed', error: new Error('PATCH x: 403 forbidden'), todo: 'grant it' };

export const only = (overrides: Partial<Snapshot>): Snapshot => snapshot({ config: alone, ...overrides });
const older = kubeVipConfig({ name: 'old', metadata: { creationTimestamp: '2026-11-24T09:00:00Z' } });
const stranger = { ...daemonSet({ config: alone, metadata: { labels: {}, ownerReferences: [] } }) };
const pulling = pod({
  status: {
    containerStatuses: [
      {
        name: 'kube-vip',
        image: '',
        imageID: '',
        ready: false,
        restartCount: 0,
        state: { waiting: { reason: 'ImagePullBackOff', message: 'no such host' } },
      },
    ],
  },
});
const pending = pod({
  status: { conditions: [{ type: 'PodScheduled', status: 'False', message: '0/3 nodes are available' }] },
});
export const rows: readonly Row[] = [
  ['accepts a good spec', snapshot(), 'Accepted', 'True Accepted: The spec is accepted.'],
  ['is programmed when every node runs it', snapshot(), 'Programmed', 'True Applied: Every selected node'],
  [
    'is ready when a fresh Lease names a node whose pod runs',
    only({}),
    'Ready',
    'True Held: 203.0.113.100 on n1.',
  ],
  ['matches a holder whatever the case', only({ leases: [lease({ holder: 'N1' })] }), 'Ready', 'True Held'],
  [
    'matches a holder by its full host name',
    only({ leases: [lease({ holder: 'n1.example.org' })] }),
    'Ready',
    'True Held',
  ],
  [
    'is applying before the DaemonSet is there',
    freshSnapshot(),
    'Programmed',
    'False Applying: DaemonSet edge-control-plane is being created',
  ],
  ['is reconciling meanwhile', freshSnapshot(), 'Reconciling', 'True Applying'],
  ['is not ready meanwhile', freshSnapshot(), 'Ready', 'False Applying'],
  [
    'is applying while the DaemonSet is not acted upon',
    only({ daemonSets: [daemonSet({ config: alone, generation: 2, observed: 1 })] }),
    'Programmed',
    'False Applying: DaemonSet edge-control-plane is written, not yet acted upon.',
  ],
  [
    'is rolling out while a node runs an old revision',
    only({ daemonSets: [daemonSet({ config: alone, updated: 2 })] }),
    'Programmed',
    'False RollingOut: DaemonSet edge-control-plane: 2 of 3 nodes run the current revision.',
  ],
  [
    'names the pod that is not ready and why',
    only({ daemonSets: [daemonSet({ config: alone, ready: 2 })], pods: [pulling] }),
    'Programmed',
    'False ImagePull: Pod edge-control-plane-n1 on n1 cannot pull its image (no such host). DaemonSet edge-control-plane: 2 of 3 pods are ready. Check spec.image and that its node reaches the registry.',
  ],
  [
    'says why a pod is not scheduled',
    only({ daemonSets: [daemonSet({ config: alone, ready: 2 })], pods: [pending] }),
    'Programmed',
    'False Unschedulable: Pod edge-control-plane-n1 on n1 is not scheduled (0/3 nodes are available). DaemonSet edge-control-plane: 2 of 3 pods are ready. Make room on its node, or change resources, tolerations or nodeSelector in the spec.',
  ],
  [
    'says that no node matches and what to do',
    only({ daemonSets: [daemonSet({ config: alone, desired: 0 })] }),
    'Ready',
    'False NoNodeMatches: DaemonSet edge-control-plane matches no node. Expected at least one, found 0. Label control-plane nodes with node-role.kubernetes.io/control-plane or set spec.controlPlane.nodeSelector.',
  ],
  [
    'is stalled then',
    only({ daemonSets: [daemonSet({ config: alone, desired: 0 })] }),
    'Stalled',
    'True NoNodeMatches',
  ],
  [
    'has no holder without a Lease',
    only({ leases: [] }),
    'Ready',
    'False NoHolder: 203.0.113.100: no node holds Lease edge-control-plane. Wait for an election. When that lasts, see kubectl -n kube-vip-system logs ds/edge-control-plane.',
  ],
  ['has no holder after a release', only({ leases: [lease({ holder: '' })] }), 'Ready', 'False NoHolder'],
  [
    'sees a Lease that nobody renews',
    only({ leases: [lease({ ageSeconds: 16 })] }),
    'Ready',
    'False LeaseStale: 203.0.113.100: n1 does not renew Lease edge-control-plane. Expected a renewal every 15 s, found the last at 2026-11-24T11:59:44.000Z. Look at pod edge-control-plane-n1 and the API server on n1. Delete that pod when no other node takes over.',
  ],
  [
    'still trusts a Lease of its full age',
    only({ leases: [lease({ ageSeconds: 15 })] }),
    'Ready',
    'True Held',
  ],
  [
    'sees a holder that runs no pod of ours',
    only({ leases: [lease({ holder: 'n9' })] }),
    'Ready',
    'False HolderWithoutPod: 203.0.113.100: Lease edge-control-plane names n9, which runs no pod of this KubeVipConfig',
  ],
  [
    'sees a holder whose pod is not ready',
    only({ pods: [pod({ isReady: false })] }),
    'Ready',
    'False HolderNotReady: 203.0.113.100: pod edge-control-plane-n1 on n1 is starting. n1 holds Lease edge-control-plane. When that lasts, see kubectl -n kube-vip-system describe pod edge-control-plane-n1.',
  ],
  [
    'sees a holder whose pod is ending',
    only({ pods: [pod({ metadata: { deletionTimestamp: new Date(0) } })] }),
    'Ready',
    'False HolderNotReady: 203.0.113.100: pod edge-control-plane-n1 on n1 is ending. n1 holds Lease edge-control-plane. When that lasts, see kubectl -n kube-vip-system describe pod edge-control-plane-n1.',
  ],
  [
    'says what the API server refused',
    freshSnapshot(),
    'Programmed',
    'False ApplyFailed: PATCH x: 403 forbidden. Grant it.',
    failed,
  ],
  [
    'says it also where people look first, when nothing runs for it',
    freshSnapshot(),
    'Ready',
    'False ApplyFailed: PATCH x: 403 forbidden. Grant it.',
    failed,
  ],
  [
    'goes on to say who holds what runs for it',
    snapshot(),
    'Ready',
    'True Held: 203.0.113.100 on n1',
    failed,
  ],
  [
    'refuses an address of another',
    freshSnapshot({ config: alone, configs: [alone, older] }),
    'Accepted',
    'False AddressConflict: spec.controlPlane.addresses: 203.0.113.100 belongs to KubeVipConfig old. Expected an address that no other KubeVipConfig has, found 203.0.113.100. Change it here or delete KubeVipConfig old.',
  ],
  [
    'renders nothing of it',
    freshSnapshot({ config: alone, configs: [alone, older] }),
    'Ready',
    'False NotAccepted: spec.controlPlane.addresses: 203.0.113.100 belongs to KubeVipConfig old. Nothing of the spec is rendered. Expected an address that no other KubeVipConfig has, found 203.0.113.100. Change it here or delete KubeVipConfig old.',
  ],
  [
    'is stalled by it',
    freshSnapshot({ config: alone, configs: [alone, older] }),
    'Stalled',
    'True AddressConflict',
  ],
  [
    'refuses a class of another',
    (() => {
      const mine = kubeVipConfig({
        spec: { controlPlane: undefined, services: { loadBalancerClass: 'kubevip.dev/old' } },
      });
      return freshSnapshot({ config: mine, configs: [mine, older] });
    })(),
    'Accepted',
    'False ClassConflict: spec.services.loadBalancerClass',
  ],
  [
    'refuses a stored spec that the rules refuse',
    freshSnapshot({ config: kubeVipConfig({ spec: { version: 'v9.9.9' } }) }),
    'Accepted',
    'False SpecInvalid: spec.version',
  ],
  [
    'leaves the DaemonSet of a stranger alone',
    freshSnapshot({ config: alone, daemonSets: [stranger] }),
    'Accepted',
    'False ObjectNotOwned: DaemonSet kube-vip-system/edge-control-plane',
  ],
  [
    'says that no port for metrics is left',
    freshSnapshot({ config: alone, daemonSets: everyPortTaken }),
    'Accepted',
    'False MetricsPortsExhausted: No metrics port is free. Expected one from 29100 to 29899 for each DaemonSet, found every one taken. Delete a KubeVipConfig that is not needed.',
  ],
  [
    'says that a digest of the spec is not the catalogue’s',
    freshSnapshot({
      config: kubeVipConfig({
        spec: { image: { repository: 'a.io/b', digest: `sha256:${'a'.repeat(64)}` } },
      }),
    }),
    'PinUnverified',
    'True DigestFromSpec',
  ],
  [
    'says that a namespace is opted out',
    snapshot({ openNamespaces: ['b', 'a'] }),
    'Unguarded',
    'True NamespaceOptedOut: An unsafe kube-vip is let through in namespace a, b. Remove the label kubevip.dev/unsafe-kube-vip there when it is no longer needed.',
  ],
  ...hazardRows,
  [
    'says that a policy is missing, and that a namespace is opted out',
    snapshot({ missingPolicies: ['a', 'b', 'c', 'd'], openNamespaces: ['x'] }),
    'Unguarded',
    'True PolicyMissing: Admission policies are not in force: a, b, c and 1 more. Expected all to refuse. Run kubectl apply -k config/admission. An unsafe kube-vip is let through in namespace x.',
  ],
  ...preflightRows,
  ...diagnosisRows,
  ...trafficRows,
  ...witnessRows,
  ...uncoveredRows,
  ...duplicateRows,
  ...formerRows,
  ...leftRows,
  ...rolloutRows,
  ...progressRows,
  ...admissionRows,
  ...suspendedRows,
  ...twoFunctionRows,
];
