// An example for each rule about tolerations, node selectors and resources, and what it is told.
import type { KubeVipConfig } from '../../src/api/types.ts';
import { kubeVipConfig } from '../builders.ts';

const parts = ['controlPlane', 'services'] as const;

const bad = {
  'node-selector-has-label-keys': [
    { nodeSelector: { 'b c': '', 'a b': '', rack: '1' } },
    'nodeSelector: expected label keys such as example.org/rack, found a key that is none; look for blanks and second slashes',
  ],
  'toleration-exists-has-no-value': [
    {
      tolerations: [
        { operator: 'Exists', value: '' },
        { key: 'a', operator: 'Exists', value: 'b' },
      ],
    },
    'tolerations: expected no value with operator Exists, found one; take it out or use operator Equal',
  ],
  'toleration-without-key-exists': [
    { tolerations: [{ key: '' }] },
    'tolerations: expected operator Exists without a key (it tolerates every taint), found another; name a key',
  ],
  'toleration-seconds-need-no-execute': [
    { tolerations: [{ key: 'a', tolerationSeconds: 0 }] },
    'tolerations: expected effect NoExecute with tolerationSeconds, found another; take tolerationSeconds out',
  ],
  'cpu-request-fits-limit': [
    { resources: { requests: { cpu: 2 }, limits: { cpu: '1999m' } } },
    'resources: expected requests.cpu up to limits.cpu, found more; raise the limit',
  ],
  'memory-request-fits-limit': [
    { resources: { requests: { cpu: 1, memory: '1025' }, limits: { cpu: '1000m', memory: '1Ki' } } },
    'resources: expected requests.memory up to limits.memory, found more; raise the limit',
  ],
  'ephemeral-storage-request-fits-limit': [
    { resources: { requests: { 'ephemeral-storage': '1Ki' }, limits: { 'ephemeral-storage': '1k' } } },
    'resources: expected requests.ephemeral-storage up to limits.ephemeral-storage, found more; raise the limit',
  ],
} as const;

/** By id of the rule, in the order of the rules. */
export const podExamples: Readonly<
  Record<string, { readonly broken: KubeVipConfig; readonly says: string }>
> = Object.fromEntries(
  parts.flatMap((part) =>
    Object.entries(bad).map(([id, [fields, says]]) => {
      const base = part === 'services' ? {} : { addresses: ['192.0.2.1'] };
      const spec = { [part]: { ...base, ...structuredClone(fields) } };
      return [`${part}-${id}`, { broken: kubeVipConfig({ spec }), says: `spec.${part}.${says}` }];
    }),
  ),
);
