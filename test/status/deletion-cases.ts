// What status says while a config is being deleted.
import { daemonSet, kubeVipConfig, lease, now, nowText, pod, snapshot } from '../builders.ts';
import type { Outcome } from '../../src/status/outcome.ts';
import { ailing } from '../observed/pod-problem-cases.ts';
import type { Row } from './preflight-cases.ts';

const deleted = kubeVipConfig({ metadata: { deletionTimestamp: nowText }, spec: { services: undefined } });
const deadNode = { metadata: { name: 'n1' }, status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } };
const overdue = snapshot({ config: deleted, daemonSets: [], pods: [pod()], deletedAt: now - 181_000 });

const without = kubeVipConfig({ spec: { controlPlane: undefined } });
const elsewhere = kubeVipConfig({ spec: { controlPlane: { addresses: ['203.0.113.101'] } } });
const older = kubeVipConfig({ name: 'older', metadata: { creationTimestamp: '2026-11-24T09:00:00Z' } });
const [controlPlane, services] = [daemonSet(), daemonSet({ component: 'services' })];
const servicesLease = lease({ name: 'edge-services' });
const taken = (secondsAgo: number) =>
  lease({ holder: '', parkedFrom: 'n1', acquiredAt: now - secondsAgo * 1000, ageSeconds: 1 });
const removing = (config = without, secondsAgo = 5) =>
  snapshot({
    config,
    daemonSets: [controlPlane, services],
    pods: [pod({ component: 'services' })],
    leases: [taken(secondsAgo), servicesLease],
  });
const second = {
  ...removing(kubeVipConfig()),
  configs: [older, kubeVipConfig()],
  daemonSets: [daemonSet({ config: older }), controlPlane, services],
};
const gaveUp =
  'waiting for kube-vip on n1 to give up 203.0.113.100, whose Lease was taken from it, DaemonSet edge-control-plane.';

const failed: Outcome = { kind: 'failed', error: new Error('PATCH x: 403 forbidden; grant it') };
const letGo = kubeVipConfig({
  metadata: { deletionTimestamp: nowText, finalizers: ['example.org/audit'] },
  spec: { suspend: true },
});
const ends = snapshot({ config: deleted, daemonSets: [], pods: [], leases: [] });
const pulling = {
  ...ailing({ state: { waiting: { reason: 'ErrImagePull' } } }),
  metadata: pod({ component: 'services' }).metadata ?? {},
};
const illServices = (config = without) => ({
  ...removing(config),
  daemonSets: [controlPlane, daemonSet({ component: 'services', ready: 2 })],
  pods: [pulling],
});
const noImage =
  'DaemonSet edge-services: 2 of 3 pods are ready; pod edge-services-n1 on n1 cannot pull its image; check spec.image';

export const deletionRows: readonly Row[] = [
  [
    'says what a deletion waits for',
    snapshot({ config: deleted }),
    'Ready',
    'False Deleting: Deleting since 2026-11-24T12:00:00Z: waiting for Lease edge-control-plane, which is being taken from n1, DaemonSet edge-control-plane, pod edge-control-plane-n1 on n1',
  ],
  [
    'says what a person can do about what a deletion waits for',
    snapshot({ config: deleted, daemonSets: [], pods: [pod()], nodes: [deadNode] }),
    'Reconciling',
    'True Deleting: Deleting since 2026-11-24T12:00:00Z: waiting for pod edge-control-plane-n1 on n1, which is NotReady: its kubelet ends no pod; bring n1 back;',
  ],
  [
    'asks for a person when a deletion takes too long',
    overdue,
    'Stalled',
    'True DeletionOverdue: Deleting since 2026-11-24T12:00:00Z: waiting for pod edge-control-plane-n1 on n1; see kubectl -n kube-vip-system describe pod edge-control-plane-n1 and the log of the kubelet on n1.',
  ],
  ['is not under way any more then', overdue, 'Reconciling', 'absent'],
  [
    'says the same in Ready',
    overdue,
    'Ready',
    'False Deleting: Deleting since 2026-11-24T12:00:00Z: waiting for pod edge-control-plane-n1 on n1; see kubectl',
  ],
  [
    'says what the API server refused of a deletion, behind what that waits for',
    overdue,
    'Stalled',
    'True DeletionOverdue: Deleting since 2026-11-24T12:00:00Z: waiting for pod edge-control-plane-n1 on n1; see kubectl -n kube-vip-system describe pod edge-control-plane-n1 and the log of the kubelet on n1. PATCH x: 403 forbidden; grant it.',
    failed,
  ],
  [
    'says what the API server refused of its last step',
    ends,
    'Ready',
    'False ApplyFailed: PATCH x: 403 forbidden; grant it.',
    failed,
  ],
  [
    'says whose finalizer keeps the object when ours is gone',
    snapshot({ config: letGo, daemonSets: [], pods: [], leases: [] }),
    'Ready',
    'False Deleting: Deleting since 2026-11-24T12:00:00Z: waiting for finalizer example.org/audit, which is not ours.',
  ],
  [
    'says what a removal of the control plane waits for',
    removing(),
    'Reconciling',
    `True Removing: Removing the control plane, which the spec does not ask for any more: ${gaveUp}`,
  ],
  [
    'does not say that all is applied while the control plane is removed',
    removing(),
    'Programmed',
    'False Removing: Removing the control plane, which',
  ],
  [
    'says what ails the Services before a control plane that leaves',
    illServices(),
    'Programmed',
    `False ImagePull: ${noImage} and that its node reaches the registry; Removing the control plane, which`,
  ],
  [
    'says behind a removal what will pass as well',
    { ...removing(), daemonSets: [controlPlane, daemonSet({ component: 'services', updated: 2 })] },
    'Programmed',
    `False Removing: Removing the control plane, which the spec does not ask for any more: ${gaveUp.replace(/\.$/, '')}; DaemonSet edge-services: 2 of 3 nodes run the current revision.`,
  ],
  [
    'says that Services are not held before an old address that leaves',
    { ...illServices(elsewhere), leases: [taken(5), lease({ name: 'edge-services', ageSeconds: 16 })] },
    'Ready',
    'False LeaseStale: class kubevip.dev/edge: Lease edge-services of n1: expected',
  ],
  [
    'judges what is left by itself while the control plane is removed',
    removing(),
    'Ready',
    'True Held: class kubevip.dev/edge on n1.',
  ],
  [
    'asks for a person when a removal takes too long',
    { ...removing(without, 181), heard: [] },
    'Stalled',
    'True RemovalOverdue: Removing the control plane, which the spec does not ask for any more: waiting for a look at 203.0.113.100:6443, DaemonSet edge-control-plane; look at the log of the operator, which should have asked there (docs/deletion.md);',
  ],
  ['is not under way any more then', { ...removing(without, 181), heard: [] }, 'Reconciling', 'absent'],
  [
    'is not ready while the old address leaves',
    removing(elsewhere),
    'Ready',
    `False Removing: Removing the control plane, before it starts with another address or interface: ${gaveUp}`,
  ],
  [
    'says beside a conflict how far the second owner is',
    second,
    'Ready',
    'False NotAccepted: Nothing of the spec is rendered: spec.controlPlane.addresses: expected one that no other KubeVipConfig has, found 203.0.113.100, which belongs to KubeVipConfig older; change it here or delete older. Removing the control plane, for KubeVipConfig older: waiting for',
  ],
  ['has a second owner under way', second, 'Reconciling', 'True Removing: '],
  ['does not ask for a person before that is done', second, 'Stalled', 'absent'],
];
