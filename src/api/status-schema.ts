// What the operator reports: the one source of the CRD's status and of its type.
import type { JsonSchema } from './json-schema.ts';

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
  holder: { type: 'string', description: 'Node that the Lease names. Empty while nobody holds it.' },
  holderSince: { type: 'string', format: 'date-time', description: 'When that node acquired the Lease.' },
  nodes: nodesSchema,
} as const satisfies Record<string, JsonSchema>;

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

export const statusSchema = {
  type: 'object',
  description: 'What is true in the cluster, written by the operator.',
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
          description: 'The version that every selected node runs; empty during a change.',
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
      properties: { loadBalancerClass: { type: 'string' }, ...holderSchema },
    },
    summary: {
      type: 'object',
      description: 'One line for kubectl get.',
      properties: { address: { type: 'string' }, holder: { type: 'string' }, nodes: { type: 'string' } },
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
