// What the API server must refuse of tolerations, node selectors and resources, so that every DaemonSet can be applied.
import { specWith, type AnySpec } from './builders.ts';
import type { Breach } from './breach.ts';

const parts = ['controlPlane', 'services'] as const;
type Part = (typeof parts)[number];

const specOf = (part: Part, fields: AnySpec): AnySpec =>
  part === 'services'
    ? { version: 'v1.1.2', mode: 'ARP', services: fields }
    : specWith({ controlPlane: { addresses: ['203.0.113.1'], ...fields } });

interface Bad {
  readonly fields: AnySpec;
  readonly says: string;
}

const bad: Readonly<Record<string, Bad>> = {
  'node-selector-has-label-keys': {
    fields: { nodeSelector: { 'not a key': 'x', rack: '1' } },
    says: 'nodeSelector: expected label keys such as example.org/rack, found a key that is none; look for blanks and second slashes',
  },
  'toleration-exists-has-no-value': {
    fields: { tolerations: [{ key: 'a', operator: 'Exists', value: 'b' }] },
    says: 'tolerations: expected no value with operator Exists, found one; take it out or use operator Equal',
  },
  'toleration-without-key-exists': {
    fields: { tolerations: [{ operator: 'Equal', value: 'b' }] },
    says: 'tolerations: expected operator Exists without a key (it tolerates every taint), found another; name a key',
  },
  'toleration-seconds-need-no-execute': {
    fields: { tolerations: [{ key: 'a', effect: 'NoSchedule', tolerationSeconds: 5 }] },
    says: 'tolerations: expected effect NoExecute with tolerationSeconds, found another; take tolerationSeconds out',
  },
  'cpu-request-fits-limit': {
    fields: { resources: { requests: { cpu: 2, memory: '64Mi' }, limits: { cpu: '1999m', memory: '64Mi' } } },
    says: 'resources: expected requests.cpu up to limits.cpu, found more; raise the limit',
  },
  'memory-request-fits-limit': {
    fields: { resources: { requests: { memory: '64Mi' }, limits: { memory: 67_108_863 } } },
    says: 'resources: expected requests.memory up to limits.memory, found more; raise the limit',
  },
  'ephemeral-storage-request-fits-limit': {
    fields: {
      resources: { requests: { 'ephemeral-storage': '1Ki' }, limits: { 'ephemeral-storage': '1k' } },
    },
    says: 'resources: expected requests.ephemeral-storage up to limits.ephemeral-storage, found more; raise the limit',
  },
};

/** By id of the rule. */
export const podBreaches: Readonly<Record<string, Breach>> = Object.fromEntries(
  parts.flatMap((part) =>
    Object.entries(bad).map(([id, { fields, says }]) => [
      `${part}-${id}`,
      { spec: specOf(part, fields), says: `spec.${part}.${says}` },
    ]),
  ),
);

const ofControlPlane = (fields: AnySpec): AnySpec => specOf('controlPlane', fields);
const at = (path: string, value: string): string => `spec.controlPlane.${path}: Invalid value: ${value}`;
const limits = (memory: unknown): AnySpec => ofControlPlane({ resources: { limits: { memory } } });

/** What the schema refuses by itself, in the API server's words. */
export const podSchemaRefusals: readonly (readonly [what: string, spec: AnySpec, says: string])[] = [
  ['a memory limit that is no quantity', limits('lots'), at('resources.limits.memory', '"lots"')],
  ['a memory limit below zero', limits('-1'), at('resources.limits.memory', '"-1"')],
  ['a memory limit below zero, as a number', limits(-1), at('resources.limits.memory', '-1')],
  ['a memory limit beyond all memory', limits('9E'), at('resources.limits.memory', '"9E"')],
  ['a memory limit with half an exponent', limits('1e1.5'), at('resources.limits.memory', '"1e1.5"')],
  [
    'a resource that kube-vip has no use for',
    ofControlPlane({ resources: { limits: { 'hugepages-2Mi': '2Mi' } } }),
    'unknown field "spec.controlPlane.resources.limits.hugepages-2Mi"',
  ],
  [
    'a node selector whose value is no label value',
    ofControlPlane({ nodeSelector: { rack: 'not a value' } }),
    at('nodeSelector.rack', '"not a value"'),
  ],
  [
    'a toleration of a taint that cannot be',
    ofControlPlane({ tolerations: [{ key: 'a/b/c', operator: 'Exists' }] }),
    at('tolerations[0].key', '"a/b/c"'),
  ],
  [
    'a toleration of a value that cannot be',
    ofControlPlane({ tolerations: [{ key: 'a', value: 'b c' }] }),
    at('tolerations[0].value', '"b c"'),
  ],
  [
    'a toleration of an effect that is none',
    ofControlPlane({ tolerations: [{ key: 'a', operator: 'Exists', effect: 'Never' }] }),
    'spec.controlPlane.tolerations[0].effect: Unsupported value: "Never"',
  ],
];
