// What status says of a change that gets no further.
import type { KubeVipConfigStatus } from '../../src/api/types.ts';
import type { Moment } from '../../src/observed/moment.ts';
import type { Snapshot } from '../../src/observed/snapshot.ts';
import { daemonSet, freshSnapshot, kubeVipConfig, now, snapshot } from '../builders.ts';
import { ailing, ended } from '../observed/pod-problem-cases.ts';
import type { Row } from './preflight-cases.ts';

const alone = kubeVipConfig({ spec: { services: undefined } });
const status = (updated = 3, observedGeneration = 1): KubeVipConfigStatus => ({
  observedGeneration,
  controlPlane: { nodes: { desired: 3, updated, ready: 2 } },
});
const ago = (seconds: number): Moment => ({
  at: now - seconds * 1000,
  text: new Date(now - seconds * 1000).toISOString().replace('.000', ''),
});

/** A pod crashes, and nothing got further for so many seconds. */
const stuck = (seconds: number, before = status(), of: Partial<Snapshot> = {}): Snapshot =>
  snapshot({
    config: { ...alone, status: before },
    daemonSets: [daemonSet({ config: alone, ready: 2 })],
    pods: [ailing(ended(1))],
    lastProgress: ago(seconds),
    ...of,
  });
const waiting = (seconds: number): Snapshot =>
  freshSnapshot({
    config: { ...alone, status: { observedGeneration: 1 } },
    survey: undefined,
    lastProgress: ago(seconds),
  });

export const progressRows: readonly Row[] = [
  ['is reconciling while a crash is young', stuck(600), 'Reconciling', 'True CrashLoop: '],
  ['is not stalled then', stuck(600), 'Stalled', 'absent'],
  [
    'is stalled when nothing got further for ten minutes, with the trouble as reason',
    stuck(601),
    'Stalled',
    'True CrashLoop: Pod edge-control-plane-n1 on n1 crashes with exit code 1. DaemonSet edge-control-plane: 2 of 3 pods are ready. Read on with kubectl -n kube-vip-system logs edge-control-plane-n1 --previous. Nothing got further since 2026-11-24T11:49:59Z, for more than 600 s.',
  ],
  ['is not reconciling any more then: tools would wait for ever', stuck(601), 'Reconciling', 'absent'],
  ['starts counting again when a node got further', stuck(601, status(2)), 'Reconciling', 'True CrashLoop'],
  ['starts counting again with another spec', stuck(601, status(3, 0)), 'Reconciling', 'True CrashLoop'],
  [
    'is stalled when facts do not come',
    waiting(601),
    'Stalled',
    'True PreflightPending: Nothing new is applied yet: the facts that preflight judges are being gathered. Nothing got further since 2026-11-24T11:49:59Z, for more than 600 s. Look at the log of the operator.',
  ],
  [
    'is stalled when the API server goes on refusing',
    stuck(601),
    'Stalled',
    'True ApplyFailed: PATCH x: 403 forbidden. Grant it. Nothing got further since 2026-11-24T11:49:59Z, for more than 600 s.',
    { kind: 'failed', error: new Error('PATCH x: 403 forbidden'), todo: 'grant it' },
  ],
];
