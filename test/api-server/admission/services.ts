// Services as a person, the operator and kube-vip write them.
import type { V1Service, V1ServicePort } from '@kubernetes/client-node';
import type { Write } from './fence.ts';

/** Where the Services of these tests are. */
export const servicesPath = '/api/v1/namespaces/default/services';

/** The accounts whose writes the policies know. */
export const accounts = {
  operator: 'system:serviceaccount:kube-vip-system:kube-vip-operator',
  kubeVip: 'system:serviceaccount:kube-vip-system:kube-vip-services',
} as const;

/** What a Service of these tests is made of. */
export interface ServiceParts {
  readonly annotations?: Readonly<Record<string, string>>;
  /** Of class `kubevip.dev/edge` when it has no type of its own. */
  readonly spec?: V1Service['spec'];
}

/** The spec of a load balancer of a class. */
export const ofClass = (loadBalancerClass: string): NonNullable<V1Service['spec']> => ({
  type: 'LoadBalancer',
  loadBalancerClass,
});

/** A write that makes a Service. */
export function makes(name: string, { annotations = {}, spec = {} }: ServiceParts = {}): Write {
  const rest = spec.type === undefined && !spec.externalIPs ? ofClass('kubevip.dev/edge') : {};
  return {
    method: 'POST',
    path: servicesPath,
    body: { metadata: { name, annotations }, spec: { ports: [{ port: 80 }], ...rest, ...spec } },
  };
}

/** A merge patch of a Service. */
export const changes = (name: string, body: object, as?: string): Write => ({
  method: 'PATCH',
  path: `${servicesPath}/${name}`,
  body,
  type: 'merge',
  ...(as !== undefined && { as }),
});

/** A merge patch of annotations; null takes one away. */
export const annotates = (
  name: string,
  annotations: Readonly<Record<string, string | null>>,
  as?: string,
): Write => changes(name, { metadata: { annotations } }, as);

/** A write of the addresses that a Service publishes. */
export const publishes = (name: string, addresses: readonly string[], as = 'some-controller'): Write =>
  changes(`${name}/status`, { status: { loadBalancer: { ingress: addresses.map((ip) => ({ ip })) } } }, as);

/** So many different addresses of 10.0.0.0/8. */
export const someAddresses = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, n) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`);

/** So many annotations of others. */
export const someAnnotations = (count: number): Readonly<Record<string, string>> =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`n${n}`, '']));

/** One annotation of so many bytes, its key with it. */
export const paddedTo = (bytes: number): Readonly<Record<string, string>> => ({ p: 'x'.repeat(bytes - 1) });

/** So many ports. */
export const somePorts = (count: number): V1ServicePort[] =>
  Array.from({ length: count }, (_, n) => ({ name: `p${n}`, port: n + 1 }));
