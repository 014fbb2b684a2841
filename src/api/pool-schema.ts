// The schema of spec.services.pools.
import type { JsonSchema } from './json-schema.ts';
import { nodeSelectorSchema } from './pod-schema.ts';

/** Schema of a list of at most 16 pools. */
export const poolsSchema = {
  type: 'array',
  description:
    'What the operator may grant to Services of the class. It never grants an address outside the pools. Without pools it grants nothing new.',
  minItems: 1,
  maxItems: 16,
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['name'],
  items: {
    type: 'object',
    required: ['name', 'addresses'],
    properties: {
      name: { type: 'string', maxLength: 63, pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$' },
      addresses: {
        type: 'array',
        description:
          'CIDRs such as 192.0.2.64/27, with every address from the first to the last, and ranges first-last. No two entries of all pools overlap.',
        minItems: 1,
        maxItems: 32,
        'x-kubernetes-list-type': 'set',
        // Two IPv6 addresses and a dash.
        items: { type: 'string', minLength: 4, maxLength: 79 },
      },
      autoAssign: {
        type: 'boolean',
        description:
          'Whether Services that ask for nothing get an address of this pool. With false only those get one that ask with the annotation kubevip.dev/addresses or kubevip.dev/pool.',
        default: true,
      },
      namespaces: {
        type: 'array',
        description: 'Only Services of these namespaces get an address of this pool. Empty: all namespaces.',
        maxItems: 64,
        'x-kubernetes-list-type': 'set',
        items: { type: 'string', minLength: 1, maxLength: 63, pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$' },
      },
      serviceSelector: {
        ...nodeSelectorSchema,
        description:
          'Only Services with all of these labels get an address of this pool. Whoever may write a Service may label it, so namespaces are the fence.',
      },
      priority: {
        type: 'integer',
        description:
          'Pools with a higher number are looked through first, and pools with the same number by their names.',
        minimum: -1000,
        maximum: 1000,
        default: 0,
      },
      avoidBuggyIPs: {
        type: 'boolean',
        description:
          'Whether IPv4 addresses that end with .0 or .255 are left out. Old routers and firewalls drop their packets.',
        default: false,
      },
      reserved: {
        type: 'array',
        description:
          'Addresses and CIDRs of this pool that are left out, for example because a machine has them.',
        maxItems: 16,
        'x-kubernetes-list-type': 'set',
        // An IPv6 address and a length.
        items: { type: 'string', minLength: 2, maxLength: 43 },
      },
    },
  },
} as const satisfies JsonSchema;
