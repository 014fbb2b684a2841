// What a person writes: the one source of the CRD's spec and, through FromSchema, of its type.
import { defaultTiming, longestLeaseSeconds } from './election-timing.ts';
import type { JsonSchema } from './json-schema.ts';
import { nodeSelectorSchema, resourcesSchema, tolerationsSchema } from './pod-schema.ts';
import { poolsSchema } from './pool-schema.ts';
import { rolloutSchema } from './rollout-schema.ts';

// Linux allows 15 characters; a slash, white space or colon cannot be in an interface name.
const interfaceSchema = {
  type: 'string',
  minLength: 1,
  maxLength: 15,
  pattern: '^[a-zA-Z0-9._-]+$',
} as const satisfies JsonSchema;

const imageSchema = {
  type: 'object',
  description: 'Where to pull kube-vip from. The tag always comes from spec.version.',
  properties: {
    repository: {
      type: 'string',
      description: 'Repository of a mirror, without tag or digest. Default: ghcr.io/kube-vip/kube-vip.',
      maxLength: 255,
      pattern: '^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?(/[a-z0-9]+([._-]+[a-z0-9]+)*)+$',
    },
    digest: {
      type: 'string',
      description:
        'Digest of the image in a mirror that rebuilds manifests. Status then reports PinUnverified. It needs repository.',
      pattern: '^sha256:[a-f0-9]{64}$',
      maxLength: 71,
    },
    pullSecrets: {
      type: 'array',
      description: 'Names of Secrets in the namespace of the operator.',
      maxItems: 8,
      'x-kubernetes-list-type': 'set',
      items: { type: 'string', maxLength: 253, pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$' },
    },
  },
} as const satisfies JsonSchema;

const controlPlaneSchema = {
  type: 'object',
  description: 'A virtual address for the API servers, held by one control-plane node at a time.',
  required: ['addresses'],
  properties: {
    addresses: {
      type: 'array',
      description:
        'The virtual address: one literal unicast address, or one per family. To change it, take controlPlane out, wait until the address has gone, and put controlPlane in again. A KubeVipConfig without services is deleted and created again instead.',
      minItems: 1,
      maxItems: 2,
      'x-kubernetes-list-type': 'set',
      items: { type: 'string', minLength: 2, maxLength: 45 },
    },
    port: {
      type: 'integer',
      description: 'Port of the API servers on the nodes, and so of the virtual address.',
      minimum: 1,
      maximum: 65535,
      default: 6443,
    },
    interface: {
      ...interfaceSchema,
      description: 'Network interface that gets the address. Omitted: the interface of the default route.',
    },
    apiAccess: {
      type: 'string',
      description:
        'Local: the pod talks to the API server of its own node, so the address moves when that API server dies. Service: the pod talks through the kubernetes Service, so the address stays on a node whose API server is dead.',
      enum: ['Local', 'Service'],
      default: 'Local',
    },
    nodeSelector: {
      ...nodeSelectorSchema,
      description: 'Default: nodes with the label node-role.kubernetes.io/control-plane.',
    },
    tolerations: { ...tolerationsSchema, description: 'Default: the taints of control-plane nodes.' },
    resources: resourcesSchema,
  },
} as const satisfies JsonSchema;

const servicesSchema = {
  type: 'object',
  description: 'Virtual addresses for Services of type LoadBalancer that name the class.',
  properties: {
    pools: poolsSchema,
    loadBalancerClass: {
      type: 'string',
      description: 'The only class that is served. Default: kubevip.dev/<name>. Immutable.',
      maxLength: 120,
      pattern:
        '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$',
    },
    namespace: {
      type: 'string',
      description: 'Serve only Services of this namespace. Omitted: all namespaces.',
      maxLength: 63,
      pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$',
    },
    interface: {
      ...interfaceSchema,
      description: 'Network interface that gets the addresses. Omitted: the interface of the default route.',
    },
    nodeSelector: {
      ...nodeSelectorSchema,
      description:
        'Default: all Linux nodes. Taints keep Services off a node, as off most control planes, unless tolerations lets them on.',
    },
    tolerations: { ...tolerationsSchema, description: 'Default: none.' },
    resources: resourcesSchema,
  },
} as const satisfies JsonSchema;

const leaderElectionSchema = {
  type: 'object',
  description: 'Timing of the leader election. Under ARP there is always an election.',
  default: { ...defaultTiming },
  properties: {
    leaseDurationSeconds: {
      type: 'integer',
      description:
        'How long a crashed holder keeps the Lease. Above 2 x renewDeadlineSeconds + retryPeriodSeconds, so that an API server that hangs leaves one owner.',
      minimum: 5,
      maximum: longestLeaseSeconds,
      default: defaultTiming.leaseDurationSeconds,
    },
    renewDeadlineSeconds: {
      type: 'integer',
      description:
        'How long a holder tries to renew before it gives the address up. A longer outage of its API server moves the address.',
      minimum: 1,
      maximum: 59,
      default: defaultTiming.renewDeadlineSeconds,
    },
    retryPeriodSeconds: {
      type: 'integer',
      description: 'Pause between two attempts to acquire or renew.',
      minimum: 1,
      maximum: 30,
      default: defaultTiming.retryPeriodSeconds,
    },
  },
} as const satisfies JsonSchema;

/** Everything but `version`, whose enum is the catalogue: crd.ts adds it. */
export const specSchema = {
  type: 'object',
  description: 'The desired kube-vip installation.',
  required: ['version', 'mode'],
  properties: {
    version: {
      type: 'string',
      description:
        'kube-vip release to run, from the catalogue, pinned by digest. No default: an upgrade of the operator never moves an address.',
    },
    mode: {
      type: 'string',
      description: 'How addresses are announced: ARP is layer 2, with gratuitous ARP and unsolicited NDP.',
      enum: ['ARP'],
    },
    image: imageSchema,
    controlPlane: controlPlaneSchema,
    services: servicesSchema,
    leaderElection: leaderElectionSchema,
    arp: {
      type: 'object',
      description: 'Settings of ARP mode.',
      default: { announceIntervalSeconds: 3 },
      properties: {
        announceIntervalSeconds: {
          type: 'integer',
          description: 'Pause between two announcements of an address by its holder.',
          minimum: 1,
          maximum: 60,
          default: 3,
        },
      },
    },
    preflight: {
      type: 'object',
      description: 'What is looked at before anything is applied.',
      default: { nodeProbe: 'BestEffort' },
      properties: {
        nodeProbe: {
          type: 'string',
          description:
            'A short-lived, unprivileged pod on every selected node looks at what only a node can tell. BestEffort: the operator waits at most 20 s, and a node that does not answer is a warning. Required: nothing is applied before every node has answered. "Off": nodes are not asked. Write it in quotes, because YAML reads it as false without them.',
          enum: ['BestEffort', 'Required', 'Off'],
          default: 'BestEffort',
        },
      },
    },
    rollout: rolloutSchema,
    witness: {
      type: 'string',
      description:
        'On: two small pods on each network of the nodes ask who answers for the addresses, so that a second owner, an orphan and an outsider are seen. All KubeVipConfigs share them. "Off": nothing is asked for this KubeVipConfig. Write both in quotes, because YAML reads them as true and false without them.',
      enum: ['On', 'Off'],
      default: 'On',
    },
    remedy: {
      type: 'string',
      description:
        'What is done about a second owner that is a kube-vip of ours. RestartPod: the operator deletes the pod that does not hold the Lease, and its next start takes the address off. Report: the operator only says it. It needs a witness.',
      enum: ['RestartPod', 'Report'],
      default: 'RestartPod',
    },
    suspend: {
      type: 'boolean',
      description: 'Stop applying changes and repairing drift. What runs keeps running.',
      default: false,
    },
  },
} as const satisfies JsonSchema;
