// What status says when both components are in trouble: the worst first, and neither hides the other.
import { daemonSet, lease, now, pod, snapshot } from '../builders.ts';
import { ailing, ended } from '../observed/pod-problem-cases.ts';
import type { Row } from './preflight-cases.ts';
import { heard } from './traffic-cases.ts';

const ofServices = { component: 'services' } as const;
const [well, alsoWell] = [daemonSet(), daemonSet(ofServices)];
const rolling = daemonSet({ updated: 2 });
const pulling = {
  ...ailing({ state: { waiting: { reason: 'ErrImagePull' } } }),
  metadata: pod(ofServices).metadata ?? {},
};
const stale = lease({ name: 'edge-services', ageSeconds: 16 });
const services = lease({ name: 'edge-services' });

const rollingAndPulling = snapshot({
  daemonSets: [rolling, daemonSet({ ...ofServices, ready: 2 })],
  pods: [pod(), pulling],
});
const rollingAndNowhere = snapshot({ daemonSets: [rolling, daemonSet({ ...ofServices, desired: 0 })] });
const crashingAndNowhere = snapshot({
  daemonSets: [daemonSet({ ready: 2 }), daemonSet({ ...ofServices, desired: 0 })],
  pods: [ailing(ended(1))],
});
const rolled = 'DaemonSet edge-control-plane: 2 of 3 nodes run the current revision';

export const twoFunctionRows: readonly Row[] = [
  [
    'says an image that cannot be pulled before a rollout that goes on',
    rollingAndPulling,
    'Programmed',
    `False ImagePull: Pod edge-services-n1 on n1 cannot pull its image. DaemonSet edge-services: 2 of 3 pods are ready. Check spec.image and that its node reaches the registry. ${rolled}.`,
  ],
  [
    'says the same while it reconciles',
    rollingAndPulling,
    'Reconciling',
    'True ImagePull: Pod edge-services-n1 on n1 cannot pull its image. DaemonSet edge-services: 2 of 3 pods are ready. Check spec.image and that its node reaches the registry. DaemonSet edge-control-plane: 2 of 3 nodes run the current revision.',
  ],
  [
    'asks for a person though the other function is only rolling out',
    rollingAndNowhere,
    'Stalled',
    'True NoNodeMatches: DaemonSet edge-services matches no node. Expected at least one, found 0. Take the taint off a node, or set spec.services.nodeSelector and tolerations. DaemonSet edge-control-plane: 2 of 3 nodes run the current revision.',
  ],
  ['is not reconciling then', rollingAndNowhere, 'Reconciling', 'absent'],
  [
    'asks for a person though the other function crashes',
    crashingAndNowhere,
    'Stalled',
    'True NoNodeMatches',
  ],
  [
    'says both crashes',
    snapshot({
      daemonSets: [daemonSet({ ready: 2 }), daemonSet({ ...ofServices, ready: 2 })],
      pods: [ailing(ended(1)), pulling],
    }),
    'Programmed',
    'False CrashLoop: Pod edge-control-plane-n1 on n1 crashes with exit code 1. DaemonSet edge-control-plane: 2 of 3 pods are ready. Read on with kubectl -n kube-vip-system logs edge-control-plane-n1 --previous. Pod edge-services-n1 on n1 cannot pull its image. DaemonSet edge-services: 2 of 3 pods are ready. Check spec.image and that its node reaches the registry.',
  ],
  [
    'says a stale Lease before an address that was just taken',
    snapshot({ leases: [lease(), stale], reach: heard('unknown') }),
    'Ready',
    'False LeaseStale: class kubevip.dev/edge: n1 does not renew Lease edge-services. Expected a renewal every 15 s, found the last at 2026-11-24T11:59:44.000Z. Look at pod edge-services-n1 and the API server on n1. Delete that pod when no other node takes over. 203.0.113.100: held by n1, waiting for the first answer. The operator asks at 203.0.113.100:6443.',
  ],
  [
    'says a Lease that nobody holds before an address that was just taken',
    snapshot({ leases: [lease()], reach: heard('unknown') }),
    'Ready',
    'False NoHolder: class kubevip.dev/edge: no node holds Lease edge-services. Wait for an election. When that lasts, see kubectl -n kube-vip-system logs ds/edge-services. 203.0.113.100: held by n1, waiting for the first answer. The operator asks at 203.0.113.100:6443.',
  ],
  [
    'says both when the address is silent and the Lease of Services stale',
    snapshot({ leases: [lease(), stale], reach: heard('silent', 'no answer') }),
    'Ready',
    'False AddressSilent: 203.0.113.100: no answer, though n1 holds the Lease. Expected an answer at 203.0.113.100:6443, found none (no answer). n1 renews the Lease and its pod is ready. Either the address is not on it, or the network between the operator and it is broken. Look for the address on n1 (ip address show) and at the log of its kube-vip pod. class kubevip.dev/edge: n1 does not renew Lease edge-services. Expected a renewal every 15 s, found the last at 2026-11-24T11:59:44.000Z. Look at pod edge-services-n1 and the API server on n1. Delete that pod when no other node takes over.',
  ],
  [
    'says what ails the second function beside who holds both',
    snapshot({ ...rollingAndPulling, pods: [...snapshot().pods, pulling], leases: [lease(), services] }),
    'Ready',
    'True Held: 203.0.113.100 on n1, class kubevip.dev/edge on n1, but kube-vip on n1 cannot pull its image. 203.0.113.100 on n1, class kubevip.dev/edge on n1, but pod edge-services-n1 on n1 cannot pull its image. DaemonSet edge-services: 2 of 3 pods are ready. Check spec.image and that its node reaches the registry.',
  ],
  [
    'is silent about a function that is well',
    snapshot({ daemonSets: [well, daemonSet({ ...ofServices, updated: 1 })] }),
    'Programmed',
    'False RollingOut: DaemonSet edge-services: 1 of 3 nodes run the current revision.',
  ],
  [
    'counts for both how long nothing got further',
    snapshot({
      config: { ...snapshot().config, status: { observedGeneration: 1 } },
      daemonSets: [daemonSet({ updated: 0 }), daemonSet({ ...ofServices, updated: 0 })],
      lastProgress: { at: now - 601_000, text: '2026-11-24T11:49:59Z' },
    }),
    'Stalled',
    'True RollingOut: DaemonSet edge-control-plane: 0 of 3 nodes run the current revision. DaemonSet edge-services: 0 of 3 nodes run the current revision. Nothing got further since 2026-11-24T11:49:59Z, for more than 600 s. See kubectl -n kube-vip-system describe ds edge-control-plane. See kubectl -n kube-vip-system describe ds edge-services.',
  ],
  [
    'says what is left so before what is wrong beside it',
    snapshot({
      config: { ...snapshot().config, spec: { ...snapshot().config.spec, suspend: true } },
      daemonSets: [rolling],
    }),
    'Programmed',
    `False Suspended: DaemonSet edge-services is missing. It is left so while spec.suspend is true. Set spec.suspend to false. ${rolled}.`,
  ],
  ['is content when both are well', snapshot({ daemonSets: [well, alsoWell] }), 'Stalled', 'absent'],
];
