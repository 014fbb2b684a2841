// What the operator reports: the one source of the CRD's status and of its type.
import type { JsonSchema } from './json-schema.ts';
import { grantsSchema } from './grants-status-schema.ts';
import { componentKinds } from './metadata.ts';
import { handOverSchema, rolloutStatusSchema } from './rollout-schema.ts';
import { historySchema, orphansSchema, ownersSchema, remediesSchema } from './witness-status-schema.ts';

const nodesSchema = {
  type: 'object',
  description: 'Nodes that should run the pod, run the current revision, and have it ready.',
  required: ['desired', 'updated', 'ready'],
  properties: {
    desired: { type: 'integer' },
    updated: { type: 'integer' },
    ready: { type: 'integer' },
  },
} as const satisfies JsonSchema;

const holderSchema = {
  holder: { type: 'string', description: 'Node that the Lease names. Empty while no node holds it.' },
  holderSince: { type: 'string', format: 'date-time', description: 'When that node acquired the Lease.' },
  holderContainer: {
    type: 'string',
    description: 'The container of that node. A former holder lets go when it ends.',
  },
  holderVersion: { type: 'string', description: 'The release that this container runs.' },
  formerHolders: {
    type: 'array',
    description: 'Nodes that lost the Lease and were not seen to let the address go.',
    'x-kubernetes-list-type': 'atomic',
    items: {
      type: 'object',
      required: ['node', 'container', 'since'],
      properties: {
        node: { type: 'string' },
        container: { type: 'string', description: 'In which it held the Lease.' },
        version: { type: 'string', description: 'The release that it ran.' },
        since: { type: 'string', format: 'date-time', description: 'When it was seen to have lost it.' },
      },
    },
  },
  owners: ownersSchema,
  handOver: handOverSchema,
  nodes: nodesSchema,
} as const satisfies Record<string, JsonSchema>;

/** Schema of one condition, in the shape of metav1.Condition. */
export const conditionSchema = {
  type: 'object',
  required: ['type', 'status', 'reason', 'message', 'lastTransitionTime'],
  properties: {
    type: { type: 'string', maxLength: 316 },
    status: { type: 'string', enum: ['True', 'False', 'Unknown'] },
    observedGeneration: { type: 'integer', format: 'int64', minimum: 0 },
    lastTransitionTime: { type: 'string', format: 'date-time' },
    reason: {
      type: 'string',
      maxLength: 1024,
      minLength: 1,
      pattern: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$',
    },
    message: { type: 'string', maxLength: 32768 },
  },
} as const satisfies JsonSchema;

const nodeProbeSchema = {
  type: 'object',
  required: ['function', 'request', 'startedAt', 'asked', 'answered', 'findings'],
  properties: {
    function: { type: 'string', enum: componentKinds },
    request: { type: 'string', description: 'Hash of what was asked: another one is asked anew.' },
    startedAt: { type: 'string', format: 'date-time' },
    finishedAt: {
      type: 'string',
      format: 'date-time',
      description: 'Earlier than startedAt while the same is being asked again.',
    },
    asked: { type: 'integer', description: 'Nodes that should answer.' },
    answered: { type: 'integer' },
    gateways: {
      type: 'array',
      description: 'Default gateways of the nodes: no Service gets such an address.',
      'x-kubernetes-list-type': 'atomic',
      items: { type: 'string' },
    },
    subnets: {
      type: 'array',
      description: 'Subnets of the nodes: no Service gets their first or their last address.',
      'x-kubernetes-list-type': 'atomic',
      items: { type: 'string' },
    },
    areNetworksOmitted: {
      type: 'boolean',
      description: 'The nodes have more gateways or subnets than a status can hold: nothing new is granted.',
    },
    hostNames: {
      type: 'array',
      description:
        'What nodes call themselves that have another name: before v0.8.0 kube-vip leads under it.',
      'x-kubernetes-list-type': 'atomic',
      items: {
        type: 'object',
        required: ['node', 'hostName'],
        properties: { node: { type: 'string' }, hostName: { type: 'string' } },
      },
    },
    findings: {
      type: 'array',
      description: 'Judged like all findings of preflight: see status.preflight.',
      'x-kubernetes-list-type': 'atomic',
      items: {
        type: 'object',
        required: ['check', 'object', 'expected', 'found'],
        properties: {
          check: { type: 'string' },
          object: { type: 'string' },
          expected: { type: 'string' },
          found: { type: 'string' },
          todo: { type: 'string' },
        },
      },
    },
  },
} as const satisfies JsonSchema;

/** Schema of the whole status. Every list and text has a bound. */
export const statusSchema = {
  type: 'object',
  description: 'What is true in the cluster, written by the operator.',
  // While no operator has looked: without it kstatus takes an object without status for Current.
  default: { observedGeneration: -1 },
  properties: {
    observedGeneration: { type: 'integer', format: 'int64' },
    conditions: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['type'],
      items: conditionSchema,
    },
    version: {
      type: 'object',
      properties: {
        desired: { type: 'string', description: 'spec.version as last accepted.' },
        running: {
          type: 'string',
          description: 'The version that every selected node runs. Empty during a change.',
        },
      },
    },
    controlPlane: {
      type: 'object',
      properties: {
        addresses: { type: 'array', 'x-kubernetes-list-type': 'atomic', items: { type: 'string' } },
        ...holderSchema,
      },
    },
    services: {
      type: 'object',
      properties: { loadBalancerClass: { type: 'string' }, ...grantsSchema, ...holderSchema },
    },
    preflight: {
      type: 'array',
      description:
        'What checks of the live cluster found, failed ones first. At most 20, and of each check at least one. preflightCounts counts them all.',
      maxItems: 20,
      'x-kubernetes-list-type': 'atomic',
      items: {
        type: 'object',
        required: ['check', 'result', 'object', 'message'],
        properties: {
          check: { type: 'string', description: 'Id of the check, see docs/preflight.md.' },
          result: {
            type: 'string',
            description:
              'Failed: a component that it makes unsafe neither starts nor changes. Overridden: it would, and the annotation kubevip.dev/override names it. Warned. Acknowledged: a warning that the annotation kubevip.dev/acknowledge names.',
            enum: ['Failed', 'Overridden', 'Warned', 'Acknowledged'],
          },
          object: { type: 'string' },
          message: { type: 'string', maxLength: 4096 },
        },
      },
    },
    preflightCounts: {
      type: 'object',
      description: 'Findings of preflight, by result.',
      required: ['failed', 'warned', 'acknowledged'],
      properties: {
        failed: { type: 'integer' },
        overridden: { type: 'integer' },
        warned: { type: 'integer' },
        acknowledged: { type: 'integer' },
      },
    },
    nodeProbe: {
      type: 'array',
      description:
        'What the nodes of each component said when they were last asked. The operator reads it back, so that it asks nothing twice.',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['function'],
      items: nodeProbeSchema,
    },
    rollout: rolloutStatusSchema,
    orphans: orphansSchema,
    history: historySchema,
    remedies: remediesSchema,
    lastProgress: {
      type: 'string',
      format: 'date-time',
      description:
        'When a change that is under way last brought a node further. Absent while there is none. After ten minutes Reconciling becomes Stalled.',
    },
    summary: {
      type: 'object',
      description: 'One line for kubectl get.',
      properties: {
        address: { type: 'string' },
        holder: { type: 'string' },
        nodes: { type: 'string' },
        message: {
          type: 'string',
          description: 'The first clause of the condition Ready: at most 100 characters.',
        },
      },
    },
    inventory: {
      type: 'array',
      description: 'Every object that the operator applied for this KubeVipConfig.',
      'x-kubernetes-list-type': 'atomic',
      items: {
        type: 'object',
        required: ['apiVersion', 'kind', 'namespace', 'name'],
        properties: {
          apiVersion: { type: 'string' },
          kind: { type: 'string' },
          namespace: { type: 'string' },
          name: { type: 'string' },
        },
      },
    },
  },
} as const satisfies JsonSchema;
