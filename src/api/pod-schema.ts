// The parts of a pod that a KubeVipConfig may set, in the shape that Kubernetes itself uses, and as strict as it is:
// what is admitted here must not be refused in a DaemonSet.
import type { JsonSchema } from './json-schema.ts';

/** A label key: a DNS subdomain and a slash may stand before a name of at most 63 characters. In RE2 and JavaScript alike. */
export const labelKeyPattern =
  '^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$';

/** Kubernetes allows 317 characters, of which 253 before the slash; this bounds both. */
export const longestLabelKey = 253;

const labelValueSchema = {
  type: 'string',
  maxLength: 63,
  pattern: '^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$',
} as const satisfies JsonSchema;

/** Schema of a node selector: at most 16 labels. */
export const nodeSelectorSchema = {
  type: 'object',
  additionalProperties: labelValueSchema,
  maxProperties: 16,
} as const satisfies JsonSchema;

/** Schema of a list of at most 32 tolerations, as a pod has them. */
export const tolerationsSchema = {
  type: 'array',
  maxItems: 32,
  'x-kubernetes-list-type': 'atomic',
  items: {
    type: 'object',
    properties: {
      key: { type: 'string', maxLength: longestLabelKey, pattern: `^$|${labelKeyPattern}` },
      operator: { type: 'string', enum: ['Exists', 'Equal'] },
      value: labelValueSchema,
      effect: { type: 'string', enum: ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] },
      tolerationSeconds: { type: 'integer', format: 'int64' },
    },
  },
} as const satisfies JsonSchema;

// Below 2^63, which Kubernetes cuts larger ones down to, but not all (seen with v1.36: 9999…E is more than its limit).
const quantitySchema = {
  'x-kubernetes-int-or-string': true,
  minimum: 0,
  maximum: 1e15,
  maxLength: 24,
  pattern: '^([0-9]{1,15}|([0-9]{1,9}([.][0-9]{0,9})?|[.][0-9]{1,9})([KMG]i|[numkMG]|[eE][+-]?[0-9])?)$',
} as const satisfies JsonSchema;

/** What a container without devices or huge pages can be given. */
export const resourceNames = ['cpu', 'memory', 'ephemeral-storage'] as const;

const quantitiesSchema = {
  type: 'object',
  properties: { cpu: quantitySchema, memory: quantitySchema, 'ephemeral-storage': quantitySchema },
} as const satisfies JsonSchema;

/** Schema of requests and limits. Quantities are bounded so that CEL can afford to compare them. */
export const resourcesSchema = {
  type: 'object',
  description: 'Requests and limits of the kube-vip container.',
  properties: { limits: quantitiesSchema, requests: quantitiesSchema },
} as const satisfies JsonSchema;
