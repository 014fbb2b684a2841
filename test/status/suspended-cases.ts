// What status says while spec.suspend is true: what is left so is named, and nobody is told to wait or to mend it.
import type { Snapshot } from '../../src/observed/snapshot.ts';
import { daemonSet, kubeVipConfig, lease, now, snapshot } from '../builders.ts';
import { managedBy, set } from '../plan/field-owners.ts';
import { ailing, ended } from '../observed/pod-problem-cases.ts';
import type { Row } from './preflight-cases.ts';

const config = kubeVipConfig({ spec: { suspend: true } });
const [controlPlane, services] = [daemonSet(), daemonSet({ component: 'services' })];
const image = ['spec', 'template', 'spec', 'containers', '0', 'image'];
const edited = set(controlPlane, image, 'example.org/other:latest');
const hostPid = set(controlPlane, ['spec', 'template', 'spec', 'hostPID'], true);
const added = {
  ...hostPid,
  metadata: { ...hostPid.metadata, managedFields: [managedBy('kubectl-edit', hostPid.spec)] },
};
const going = daemonSet({ metadata: { deletionTimestamp: new Date(0) } });
const suspended = (overrides: Partial<Snapshot> = {}): Snapshot => snapshot({ config, ...overrides });
const asking = (spec: NonNullable<Parameters<typeof kubeVipConfig>[0]>['spec']): Snapshot =>
  suspended({
    config: kubeVipConfig({ spec: { suspend: true, ...spec } }),
    daemonSets: [controlPlane, services],
  });

const without = suspended({ daemonSets: [controlPlane] });
/** The same, eleven minutes later. */
const longWithout = {
  ...without,
  config: { ...config, status: { observedGeneration: 1 } },
  lastProgress: { at: now - 660_000, text: '2026-11-24T11:49:00Z' },
};
const drifted = suspended({ daemonSets: [edited, services] });
const leftSo = 'It is left so while spec.suspend is true. Set spec.suspend to false.';
const missing = `DaemonSet edge-services is missing. ${leftSo}`;
const changed = `DaemonSet edge-control-plane was changed by hand (spec.template.spec.containers[0].image). ${leftSo}`;
const crashing = suspended({
  daemonSets: [daemonSet({ ready: 2 })],
  pods: [ailing(ended(1))],
  leases: [lease()],
});

export const suspendedRows: readonly Row[] = [
  ['says that it is suspended', suspended(), 'Suspended', 'True Suspended'],
  ['is programmed while suspended when all runs as asked', suspended(), 'Programmed', 'True Applied'],
  ['names a DaemonSet that is missing while suspended', without, 'Programmed', `False Suspended: ${missing}`],
  [
    'is not ready without it',
    without,
    'Ready',
    'False Suspended: DaemonSet edge-services is missing and is left so. Set spec.suspend to false.',
  ],
  ['does not ask to wait for it', without, 'Reconciling', 'absent'],
  ['does not ask a person to mend it', without, 'Stalled', 'absent'],
  ['nor does it later', longWithout, 'Stalled', 'absent'],
  [
    'says that one is on its way out for good',
    suspended({ daemonSets: [going, services] }),
    'Programmed',
    'False Suspended: DaemonSet edge-control-plane terminates and is not made again. Set spec.suspend to false.',
  ],
  ['names the field that somebody changed', drifted, 'Programmed', `False Suspended: ${changed}`],
  ['says that this is drift', drifted, 'Drifted', `True Drifted: ${changed}`],
  ['is not under way to repair it', drifted, 'Reconciling', 'absent'],
  [
    'names the field that somebody added',
    suspended({ daemonSets: [added, services] }),
    'Drifted',
    'True Drifted: DaemonSet edge-control-plane has spec.template.spec.hostPID, which was added by hand. It is left so while spec.suspend is true. Set spec.suspend to false.',
  ],
  [
    'names every DaemonSet that differs',
    suspended({ daemonSets: [edited] }),
    'Programmed',
    'False Suspended: DaemonSet edge-control-plane was changed by hand (spec.template.spec.containers[0].image). DaemonSet edge-services is missing. They are left so while spec.suspend is true. Set spec.suspend to false.',
  ],
  [
    'names the field that the spec asks for otherwise',
    asking({ services: undefined, arp: { announceIntervalSeconds: 7 } }),
    'Programmed',
    'False Suspended: DaemonSet edge-control-plane is not yet as the spec asks. spec.template.spec.containers[0].env[3].value. DaemonSet edge-services is not asked for any more. They are left so while spec.suspend is true. Set spec.suspend to false.',
  ],
  ['does not call that drift', asking({ arp: { announceIntervalSeconds: 7 } }), 'Drifted', 'absent'],
  [
    'names what the spec does not ask for any more',
    asking({ services: undefined }),
    'Programmed',
    'False Suspended: DaemonSet edge-services is not asked for any more. It is left so while spec.suspend is true. Set spec.suspend to false.',
  ],
  [
    'names a control plane that is not removed',
    asking({ controlPlane: undefined }),
    'Programmed',
    'False Suspended: The control plane runs, though the spec does not ask for it any more. It is left so while spec.suspend is true. Set spec.suspend to false.',
  ],
  [
    'names a control plane that would have to go first',
    asking({ controlPlane: { addresses: ['203.0.113.101'] } }),
    'Programmed',
    'False Suspended: The control plane runs, though its address or interface changes. It is left so while spec.suspend is true. Set spec.suspend to false.',
  ],
  ['still says what else is wrong', crashing, 'Reconciling', 'True CrashLoop: '],
  ['does not call drift what is repaired at once', snapshot({ daemonSets: [edited] }), 'Drifted', 'absent'],
];
