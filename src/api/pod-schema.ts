// The parts of a pod that a KubeVipConfig may set, in the shape that Kubernetes itself uses.
import type { JsonSchema } from './json-schema.ts';

export const nodeSelectorSchema = {
  type: 'object',
  additionalProperties: { type: 'string', maxLength: 63 },
  maxProperties: 16,
} as const satisfies JsonSchema;

export const tolerationsSchema = {
  type: 'array',
  maxItems: 32,
  'x-kubernetes-list-type': 'atomic',
  items: {
    type: 'object',
    properties: {
      key: { type: 'string', maxLength: 316 },
      operator: { type: 'string', enum: ['Exists', 'Equal'] },
      value: { type: 'string', maxLength: 63 },
      effect: { type: 'string', enum: ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] },
      tolerationSeconds: { type: 'integer', format: 'int64' },
    },
  },
} as const satisfies JsonSchema;

const quantitiesSchema = {
  type: 'object',
  maxProperties: 8,
  additionalProperties: {
    'x-kubernetes-int-or-string': true,
    maxLength: 32,
    pattern:
      '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$',
  },
} as const satisfies JsonSchema;

export const resourcesSchema = {
  type: 'object',
  description: 'Requests and limits of the kube-vip container.',
  properties: { limits: quantitiesSchema, requests: quantitiesSchema },
} as const satisfies JsonSchema;
