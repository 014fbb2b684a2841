// The addresses of Services: one reader of a Service, and one index of all of them.
import type { V1Service } from '@kubernetes/client-node';
import { addressInService } from '../api/addresses.ts';
import type { EffectiveServices } from '../api/defaults.ts';
import { serviceAnnotations } from '../api/metadata.ts';
import { oncePer } from './once.ts';

/** One address of one Service. */
export interface ServiceClaim {
  readonly address: string;
  /** The first field that has it, for example `spec.externalIPs`. */
  readonly field: string;
  /** `namespace/name`. */
  readonly service: string;
  readonly namespace: string;
  readonly loadBalancerClass: string | undefined;
  /** For example `TCP/80`. */
  readonly ports: readonly string[];
  /** A load balancer binds it on a node; else kube-proxy alone captures its traffic. */
  readonly isBound: boolean;
}

/** The addresses of a list of Services, by what is asked of them. */
export interface ServiceIndex {
  readonly byAddress: ReadonlyMap<string, readonly ServiceClaim[]>;
  /** Service, as `namespace/name`, by the address that it has inside the cluster. */
  readonly byClusterIp: ReadonlyMap<string, string>;
  /** Load balancers by their class; those without one under undefined. */
  readonly byClass: ReadonlyMap<string | undefined, readonly V1Service[]>;
  /** By load balancer class: addresses that one of its Services shares with another Service. */
  readonly shared: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Name of the annotation in which a Service asks kube-vip for addresses, as {@link ServiceClaim.field} has it. */
export const annotationField = `annotation ${serviceAnnotations.addresses}`;
/** Name of the field that kube-proxy alone captures, as {@link ServiceClaim.field} has it. */
export const externalField = 'spec.externalIPs';

/** `namespace/name`, as messages have it. */
export const serviceKey = ({ metadata }: V1Service): string => `${metadata?.namespace}/${metadata?.name}`;

/** `Service/namespace/name`, as findings have it. */
export const serviceName = (service: V1Service): string => `Service/${serviceKey(service)}`;

type Place = readonly [field: string, texts: readonly string[], isBound: boolean];

/** Whether a Service is a load balancer. */
export const isLoadBalancer = ({ spec }: V1Service): boolean => spec?.type === 'LoadBalancer';

const publishedTexts = ({ status }: V1Service): readonly string[] =>
  (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []);

/**
 * kube-vip takes the annotation, and without one spec.loadBalancerIP and, from v0.7.0 on, the status, whoever wrote it
 * (pkg/instance/instance.go@v1.2.3).
 */
function placesOfLoadBalancer(service: V1Service): readonly Place[] {
  const asked = service.metadata?.annotations?.[serviceAnnotations.addresses] ?? '';
  const isRead = asked === '';
  return [
    [annotationField, asked.split(','), true],
    ['spec.loadBalancerIP', [service.spec?.loadBalancerIP ?? ''], isRead],
    ['status.loadBalancer.ingress', publishedTexts(service), isRead],
  ];
}

const portText = oncePer(
  ({ protocol = 'TCP', port }: { readonly protocol?: string; readonly port: number }) =>
    `${protocol}/${port}`,
);

/** `TCP/80` for each port. */
export const portsOf = oncePer(({ spec }: V1Service): readonly string[] => (spec?.ports ?? []).map(portText));

/** Addresses in canonical form; what is none is left out. */
export const addressesIn = (texts: readonly string[]): readonly string[] =>
  texts.flatMap((text) => addressInService(text.trim()) ?? []);

function readClaims(service: V1Service): readonly ServiceClaim[] {
  const { metadata: { namespace = '' } = {}, spec } = service;
  const common = {
    service: serviceKey(service),
    namespace,
    loadBalancerClass: spec?.loadBalancerClass,
    ports: portsOf(service),
  };
  const ofLoadBalancer = isLoadBalancer(service) ? placesOfLoadBalancer(service) : [];
  const places: readonly Place[] = [...ofLoadBalancer, [externalField, spec?.externalIPs ?? [], false]];
  const claims = places.flatMap(([field, texts, isBound]) =>
    addressesIn(texts).map((address) => ({ ...common, address, field, isBound })),
  );
  // The last of equal keys stays in a Map, and the first field is the one that counts.
  return [...new Map(claims.toReversed().map((claim) => [claim.address, claim])).values()].toReversed();
}

/** Every address that a Service has or asks for outside the cluster, each once, in the first field that has it. */
export const claimsOfService = oncePer(readClaims);

const clusterIpsOf = oncePer((service: V1Service) =>
  addressesIn(service.spec?.clusterIPs ?? []).map((address) => [address, serviceKey(service)] as const),
);

/** Addresses that a Service publishes as a load balancer. */
export const publishedBy = (service: V1Service): readonly string[] => addressesIn(publishedTexts(service));

/** Addresses of a Service that a load balancer may have put on a node: all but those that only kube-proxy captures. */
export const loadBalancerAddresses = (service: V1Service): readonly string[] =>
  claimsOfService(service)
    .filter(({ field }) => field !== externalField)
    .map(({ address }) => address);

function sharedIn(byAddress: ServiceIndex['byAddress']): ServiceIndex['shared'] {
  const shared = new Map<string, Set<string>>();
  for (const [address, claims] of byAddress) {
    for (const { loadBalancerClass: name, isBound } of claims.length > 1 ? claims : []) {
      if (name !== undefined && isBound) {
        shared.set(name, (shared.get(name) ?? new Set()).add(address));
      }
    }
  }
  return shared;
}

function makeIndex(services: readonly V1Service[]): ServiceIndex {
  const byAddress = Map.groupBy(services.flatMap(claimsOfService), ({ address }) => address);
  return {
    byAddress,
    byClusterIp: new Map(services.flatMap(clusterIpsOf)),
    byClass: Map.groupBy(services.filter(isLoadBalancer), ({ spec }) => spec?.loadBalancerClass),
    shared: sharedIn(byAddress),
  };
}

/** The index of a list of Services; the same list, which it is until a Service changes, gives the same index. */
export const indexServices = oncePer(makeIndex);

const none: readonly V1Service[] = [];

// The same list where every namespace is served, so that what was computed from it is still good.
const inNamespace = (
  services: readonly V1Service[] = none,
  { namespace }: EffectiveServices,
): readonly V1Service[] =>
  namespace === undefined ? services : services.filter(({ metadata }) => metadata?.namespace === namespace);

/** Load balancers of the class that a spec serves, in the namespace that it serves. */
export const servedServices = (
  { byClass }: ServiceIndex,
  served: EffectiveServices | undefined,
): readonly V1Service[] => (served ? inNamespace(byClass.get(served.loadBalancerClass), served) : []);

/** Load balancers without a class, in the namespace that a spec serves. No kube-vip of ours serves them. */
export const classlessServices = (
  { byClass }: ServiceIndex,
  served: EffectiveServices | undefined,
): readonly V1Service[] => (served ? inNamespace(byClass.get(undefined), served) : []);
