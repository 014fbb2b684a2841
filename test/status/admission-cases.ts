// What status says of a DaemonSet that a webhook or policy changes on admission.
import type { V1DaemonSet } from '@kubernetes/client-node';
import { contentMark, renderedHash } from '../../src/observed/daemon-set.ts';
import type { Snapshot } from '../../src/observed/snapshot.ts';
import { withRevision } from '../../src/render/daemon-set.ts';
import { daemonSet, kubeVipConfig, nodeNames, now, pod, rendering, snapshot } from '../builders.ts';
import { appliedByUs, set } from '../plan/field-owners.ts';
import type { Row } from './preflight-cases.ts';

const alone = kubeVipConfig({ spec: { services: undefined } });
const [desired = {}] = rendering(alone).map(withRevision);
const container = ['spec', 'template', 'spec', 'containers', '0'];
const image = desired.spec?.template.spec?.containers[0]?.image ?? '';
const template = { labels: desired.spec?.template.metadata?.labels };
const live = appliedByUs(
  set(daemonSet({ config: alone }), ['spec', 'template', 'metadata'], template),
  desired,
);
const pulled = set(live, [...container, 'imagePullPolicy'], 'Always');

const world = (object: V1DaemonSet, of: Partial<Snapshot> = {}): Snapshot =>
  snapshot({
    config: alone,
    daemonSets: [object],
    pods: nodeNames.map((node) => pod({ node, revision: renderedHash(desired) })),
    ...of,
  });
const tried = {
  answers: {
    'edge-control-plane': {
      at: now,
      by: 'apply' as const,
      asked: contentMark(desired),
      answered: contentMark(pulled),
    },
  },
};
const says =
  'ChangedOnAdmission: DaemonSet edge-control-plane: containers[0].imagePullPolicy is changed on admission. ' +
  'Expected spec.template.spec.containers[0].imagePullPolicy to be IfNotPresent, found Always. ' +
  'Make the webhook or policy leave out DaemonSets of namespace kube-vip-system: see kubectl get mutatingwebhookconfigurations,mutatingadmissionpolicies. ' +
  'The operator tries again every minute.';

export const admissionRows: readonly Row[] = [
  ['names what is changed on admission', world(pulled, tried), 'Programmed', `False ${says}`],
  ['says the same by an operator that starts anew', world(pulled), 'Programmed', `False ${says}`],
  ['is stalled then: a person must act', world(pulled), 'Stalled', `True ${says}`],
  ['is not reconciling while it tries again', world(pulled), 'Reconciling', 'absent'],
  ['is as ready as before', world(pulled), 'Ready', 'True Held'],
  [
    'names every field, and a value that was not asked for',
    world(set(pulled, ['spec', 'template', 'spec', 'hostPID'], true)),
    'Programmed',
    'False ChangedOnAdmission: DaemonSet edge-control-plane: containers[0].imagePullPolicy is changed on admission. Expected spec.template.spec.containers[0].imagePullPolicy to be IfNotPresent, found Always. Also changed: hostPID. ',
  ],
  [
    'takes the same digest from another registry for the same image',
    world(set(live, [...container, 'image'], image.replace(/^[^/]+/, 'example.org'))),
    'Programmed',
    'True Applied',
  ],
];
