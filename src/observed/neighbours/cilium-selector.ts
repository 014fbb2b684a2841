// Which Services a selector of Cilium selects.
import type { V1Service } from '@kubernetes/client-node';
import type { ServiceSelector } from './survey.ts';

/** Whether a selector can leave a Service out: an empty one is as good as none. */
export function isSelective({ matchLabels = {}, matchExpressions = [] }: ServiceSelector = {}): boolean {
  return Object.keys(matchLabels).length + matchExpressions.length > 0;
}

type Operator = (value: string | undefined, values: readonly string[]) => boolean;

const operators: Readonly<Record<string, Operator>> = {
  In: (value, values) => value !== undefined && values.includes(value),
  NotIn: (value, values) => value === undefined || !values.includes(value),
  Exists: (value) => value !== undefined,
  DoesNotExist: (value) => value === undefined,
};

/**
 * Whether a selector of Cilium selects a Service. Its name and namespace count as labels (docs.cilium.io, LB IPAM and L2
 * Announcements, "Service Selectors"; serviceNameLabel in operator/pkg/lbipam). None selects every Service, and what
 * Cilium cannot read selects none.
 */
export function selects(
  { matchLabels = {}, matchExpressions = [] }: ServiceSelector = {},
  { metadata }: V1Service,
): boolean {
  const labels: Readonly<Record<string, string | undefined>> = {
    ...metadata?.labels,
    'io.kubernetes.service.name': metadata?.name,
    'io.kubernetes.service.namespace': metadata?.namespace,
  };
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) =>
      Object.hasOwn(operators, operator) ? operators[operator]?.(labels[key], values) : false,
    )
  );
}
