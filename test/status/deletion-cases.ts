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
const begins = 'Removing the control plane: waiting for kube-vip on n1 to give up 203.0.113.100.';
const waits =
  'It waits for kube-vip on n1 to give up 203.0.113.100 (its Lease was taken from it), DaemonSet edge-control-plane.';
const unasked = `${begins} It leaves because the spec does not ask for it any more. ${waits}`;

const failed: Outcome = { kind: 'failed', error: new Error('PATCH x: 403 forbidden'), todo: 'grant it' };
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
  'Pod edge-services-n1 on n1 cannot pull its image. DaemonSet edge-services: 2 of 3 pods are ready. Check spec.image and that its node reaches the registry.';

export const deletionRows: readonly Row[] = [
  [
    'says what a deletion waits for',
    snapshot({ config: deleted }),
    'Ready',
    'False Deleting: Deleting: waiting for Lease edge-control-plane. Since 2026-11-24T12:00:00Z it waits for Lease edge-control-plane (it is being taken from n1), DaemonSet edge-control-plane, pod edge-control-plane-n1 on n1 and 2 more.',
  ],
  [
    'says what a person can do about what a deletion waits for',
    snapshot({ config: deleted, daemonSets: [], pods: [pod()], nodes: [deadNode] }),
    'Reconciling',
    'True Deleting: Deleting: waiting for pod edge-control-plane-n1 on n1. Since 2026-11-24T12:00:00Z it waits for pod edge-control-plane-n1 on n1 (n1 is NotReady, and its kubelet ends no pod). Bring n1 back. When it is switched off, delete Node n1, or run kubectl annotate --overwrite kubevipconfig edge kubevip.dev/abandon=n1.',
  ],
  [
    'asks for a person when a deletion takes too long',
    overdue,
    'Stalled',
    'True DeletionOverdue: Deleting: waiting for pod edge-control-plane-n1 on n1. Since 2026-11-24T12:00:00Z it waits for pod edge-control-plane-n1 on n1. See kubectl -n kube-vip-system describe pod edge-control-plane-n1 and the log of the kubelet on n1.',
  ],
  ['is not under way any more then', overdue, 'Reconciling', 'absent'],
  [
    'says the same in Ready',
    overdue,
    'Ready',
    'False Deleting: Deleting: waiting for pod edge-control-plane-n1 on n1. Since 2026-11-24T12:00:00Z it waits for pod edge-control-plane-n1 on n1. See kubectl -n kube-vip-system describe pod edge-control-plane-n1 and the log of the kubelet on n1.',
  ],
  [
    'says what the API server refused of a deletion, behind what that waits for',
    overdue,
    'Stalled',
    'True DeletionOverdue: Deleting: waiting for pod edge-control-plane-n1 on n1. Since 2026-11-24T12:00:00Z it waits for pod edge-control-plane-n1 on n1. See kubectl -n kube-vip-system describe pod edge-control-plane-n1 and the log of the kubelet on n1. PATCH x: 403 forbidden. Grant it.',
    failed,
  ],
  [
    'says what the API server refused of its last step',
    ends,
    'Ready',
    'False ApplyFailed: PATCH x: 403 forbidden. Grant it.',
    failed,
  ],
  [
    'says whose finalizer keeps the object when ours is gone',
    snapshot({ config: letGo, daemonSets: [], pods: [], leases: [] }),
    'Ready',
    'False Deleting: Deleting: waiting for finalizer example.org/audit. Since 2026-11-24T12:00:00Z it waits for finalizer example.org/audit (it is not ours).',
  ],
  [
    'says what a removal of the control plane waits for',
    removing(),
    'Reconciling',
    `True Removing: ${unasked}`,
  ],
  [
    'does not say that all is applied while the control plane is removed',
    removing(),
    'Programmed',
    'False Removing: Removing the control plane: waiting for kube-vip on n1 to give up 203.0.113.100. It leaves because the spec does not ask for it any more. It waits for kube-vip on n1 to give up 203.0.113.100 (its Lease was taken from it), DaemonSet edge-control-plane.',
  ],
  [
    'says what ails the Services before a control plane that leaves',
    illServices(),
    'Programmed',
    `False ImagePull: ${noImage} ${unasked}`,
  ],
  [
    'says behind a removal what will pass as well',
    { ...removing(), daemonSets: [controlPlane, daemonSet({ component: 'services', updated: 2 })] },
    'Programmed',
    `False Removing: ${unasked} DaemonSet edge-services: 2 of 3 nodes run the current revision.`,
  ],
  [
    'says that Services are not held before an old address that leaves',
    { ...illServices(elsewhere), leases: [taken(5), lease({ name: 'edge-services', ageSeconds: 16 })] },
    'Ready',
    'False LeaseStale: class kubevip.dev/edge: n1 does not renew Lease edge-services. Expected a renewal every 15 s, found the last at 2026-11-24T11:59:44.000Z. Look at pod edge-services-n1 and the API server on n1. Delete that pod when no other node takes over. Removing the control plane: waiting for kube-vip on n1 to give up 203.0.113.100. It leaves because its address or interface changes. It waits for kube-vip on n1 to give up 203.0.113.100 (its Lease was taken from it), DaemonSet edge-control-plane.',
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
    'True RemovalOverdue: Removing the control plane: waiting for a look at 203.0.113.100:6443. It leaves because the spec does not ask for it any more. It waits for a look at 203.0.113.100:6443, DaemonSet edge-control-plane. Look at the log of the operator, which should have asked there (docs/deletion.md). Where the operator cannot ask, start it with --probe-addresses off.',
  ],
  ['is not under way any more then', { ...removing(without, 181), heard: [] }, 'Reconciling', 'absent'],
  [
    'is not ready while the old address leaves',
    removing(elsewhere),
    'Ready',
    `False Removing: ${begins} It leaves because its address or interface changes. ${waits}`,
  ],
  [
    'says beside a conflict how far the second owner is',
    second,
    'Ready',
    'False NotAccepted: spec.controlPlane.addresses: 203.0.113.100 belongs to KubeVipConfig older. Nothing of the spec is rendered. Expected an address that no other KubeVipConfig has, found 203.0.113.100. Change it here or delete KubeVipConfig older. Removing the control plane: waiting for kube-vip on n1 to give up its address. It leaves because KubeVipConfig older has what it holds. It waits for kube-vip on n1 to give up its address (its Lease was taken from it), DaemonSet edge-control-plane.',
  ],
  ['has a second owner under way', second, 'Reconciling', 'True Removing: '],
  ['does not ask for a person before that is done', second, 'Stalled', 'absent'],
];
