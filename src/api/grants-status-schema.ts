// What status says of grants: the Services that wait, and how full the pools are.
import type { JsonSchema } from './json-schema.ts';

/** Characters of the message of a Service that waits, at most. */
export const longestWait = 300;

/** Schema of what is counted of the Services of the class. It is written at most every five seconds. */
export const grantsSchema = {
  waiting: {
    type: 'integer',
    description: 'Services of the class that have not got an address that they want.',
  },
  waitingServices: {
    type: 'array',
    description: 'The first three of them, with what their events say.',
    'x-kubernetes-list-type': 'atomic',
    maxItems: 3,
    items: {
      type: 'object',
      required: ['service', 'reason', 'message'],
      properties: {
        service: { type: 'string', description: 'namespace/name' },
        reason: { type: 'string', description: 'Reason of its event, see docs/services.md.' },
        message: { type: 'string', maxLength: longestWait },
      },
    },
  },
  pools: {
    type: 'array',
    description: 'How full each pool is, of each family that it has.',
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['name', 'family'],
    maxItems: 32,
    items: {
      type: 'object',
      required: ['name', 'family', 'size', 'used', 'free'],
      properties: {
        name: { type: 'string' },
        family: { type: 'string', enum: ['IPv4', 'IPv6'] },
        size: {
          type: 'string',
          description: 'Addresses of its ranges, as text: an IPv6 pool has more than an integer holds.',
        },
        used: { type: 'integer', description: 'Addresses that Services have.' },
        free: {
          type: 'string',
          description: 'Addresses that no Service has, and that reserved and avoidBuggyIPs do not leave out.',
        },
      },
    },
  },
} as const satisfies Record<string, JsonSchema>;
