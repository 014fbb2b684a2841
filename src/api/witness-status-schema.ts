// What status says of the network: the part of it that rests on witnesses.
import type { JsonSchema } from './json-schema.ts';
import { componentKinds } from './metadata.ts';

/** Schema of who answers for addresses of a component. */
export const ownersSchema = {
  type: 'array',
  description:
    'Who answers for an address on the network, as witnesses heard it last. Of Services, the addresses that are not as they should be, at most 20.',
  'x-kubernetes-list-type': 'atomic',
  maxItems: 20,
  items: {
    type: 'object',
    required: ['address', 'since'],
    properties: {
      address: { type: 'string' },
      node: {
        type: 'string',
        description:
          'Without it and without a MAC, no machine answers. With a MAC alone, no node has told that it has this MAC.',
      },
      mac: { type: 'string' },
      since: { type: 'string', format: 'date-time' },
    },
  },
} as const satisfies JsonSchema;

/** Schema of the changes of owner. */
export const historySchema = {
  type: 'array',
  description:
    'The last ten times that others answered for an address than before, as witnesses heard it, the last first. It is written with what is written anyway.',
  'x-kubernetes-list-type': 'atomic',
  maxItems: 10,
  items: {
    type: 'object',
    required: ['address', 'at', 'owners'],
    properties: {
      address: { type: 'string' },
      at: { type: 'string', format: 'date-time' },
      owners: {
        type: 'array',
        description: 'Nodes, and MACs that no node has told. Empty while no machine answers.',
        'x-kubernetes-list-type': 'atomic',
        items: { type: 'string' },
      },
    },
  },
} as const satisfies JsonSchema;

/** Schema of the pods that were deleted. */
export const remediesSchema = {
  type: 'array',
  description:
    'Pods that the operator deleted because they had an address that they should not have, the last first. It reads them back, so that it deletes none too often.',
  'x-kubernetes-list-type': 'atomic',
  maxItems: 10,
  items: {
    type: 'object',
    required: ['function', 'address', 'node', 'at'],
    properties: {
      function: { type: 'string', enum: componentKinds },
      address: { type: 'string' },
      node: { type: 'string' },
      at: { type: 'string', format: 'date-time' },
    },
  },
} as const satisfies JsonSchema;

/** Schema of addresses that nothing claims. */
export const orphansSchema = {
  type: 'array',
  description: 'Addresses that a node answers for and nothing claims, at most 20.',
  'x-kubernetes-list-type': 'atomic',
  maxItems: 20,
  items: {
    type: 'object',
    required: ['address', 'node'],
    properties: {
      address: { type: 'string' },
      node: { type: 'string' },
      interface: { type: 'string' },
      command: { type: 'string', description: 'Takes the address off, on the node.' },
    },
  },
} as const satisfies JsonSchema;
