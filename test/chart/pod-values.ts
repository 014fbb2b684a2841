// Where and how the pods of the operator run, and from which image.
import {
  containerResources,
  digest,
  labelMap,
  onOff,
  repository,
  secretList,
  tag,
  tolerationList,
} from './schema.ts';
import { inDeployment, pod, type ValueRow } from './value-row.ts';

/** Values about the pods of the operator. */
export const podValues: readonly ValueRow[] = [
  {
    value: 'replicas',
    schema: { type: 'integer', minimum: 1, maximum: 5 },
    standard: 2,
    meaning: 'Replicas of the operator. One leads, and the others stand by. Addresses need none of them.',
    places: [inDeployment('spec.replicas')],
  },
  {
    value: 'resources',
    schema: containerResources,
    standard: { requests: { cpu: '20m', memory: '128Mi' }, limits: { memory: '256Mi' } },
    meaning: 'Requests and limits of the operator. `limits: null` takes a part away.',
    places: [inDeployment(`${pod}.containers.0.resources`)],
  },
  {
    value: 'priorityClassName',
    schema: { type: 'string', minLength: 1 },
    standard: 'system-cluster-critical',
    meaning: 'Priority class of the operator.',
    places: [inDeployment(`${pod}.priorityClassName`)],
  },
  {
    value: 'nodeSelector',
    schema: labelMap,
    standard: {},
    meaning: 'Labels of the nodes on which the operator may run.',
    places: [inDeployment(`${pod}.nodeSelector`, 'add')],
  },
  {
    value: 'tolerations',
    schema: tolerationList,
    standard: [
      { key: 'node-role.kubernetes.io/control-plane', operator: 'Exists' },
      { key: 'CriticalAddonsOnly', operator: 'Exists' },
    ],
    meaning: 'Taints of nodes that do not keep the operator away.',
    places: [inDeployment(`${pod}.tolerations`)],
  },
];

const image = '{{ include "kube-vip-operator.image" . }}';

/** Values about the image of the operator. */
export const imageValues: readonly ValueRow[] = [
  {
    value: 'image.repository',
    schema: repository,
    standard: 'ghcr.io/kube-vip-operator/kube-vip-operator',
    meaning: 'Where the image of the operator is. A mirror has it under another name.',
    places: [inDeployment(`${pod}.containers.0.image`, 'replace', image)],
  },
  {
    value: 'image.tag',
    schema: tag,
    standard: '',
    meaning: 'Tag of the image. Empty: the version of the chart, or no tag where there is a digest.',
  },
  {
    value: 'image.digest',
    schema: digest,
    standard: '',
    meaning: 'Digest of the image, `sha256:` and 64 digits. The nodes then run this image and no other.',
  },
  {
    value: 'image.requireDigest',
    schema: onOff,
    standard: false,
    meaning: 'Refuses an install whose images have no digest.',
  },
  {
    value: 'image.pullPolicy',
    schema: { type: 'string', enum: ['IfNotPresent', 'Always', 'Never'] },
    standard: 'IfNotPresent',
    meaning: 'When a node pulls the image.',
    places: [inDeployment(`${pod}.containers.0.imagePullPolicy`)],
  },
  {
    value: 'image.pullSecrets',
    schema: secretList,
    standard: [],
    meaning: 'Secrets in kube-vip-system with which nodes pull the image, also for the probes of nodes.',
    places: [inDeployment(`${pod}.imagePullSecrets`, 'add')],
  },
];
