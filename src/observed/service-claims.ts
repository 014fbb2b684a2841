// Which Service has or asks for which address: one index per list of Services, which is the same list until one changes.
import type { V1Service } from '@kubernetes/client-node';
import { addressInService } from '../api/addresses.ts';

/** One address of one Service. */
export interface ServiceClaim {
  readonly address: string;
  /** Where it stands, for example `spec.externalIPs`. */
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

export interface ServiceIndex {
  readonly byAddress: ReadonlyMap<string, readonly ServiceClaim[]>;
  /** By load balancer class: addresses that one of its Services shares with another Service. */
  readonly shared: ReadonlyMap<string, ReadonlySet<string>>;
}

const annotation = 'kube-vip.io/loadbalancerIPs';

type Place = readonly [field: string, texts: readonly string[], isBound: boolean];

/**
 * kube-vip takes the annotation, and without one spec.loadBalancerIP and, from v0.7.0 on, the status, whoever wrote it
 * (pkg/instance/instance.go@v1.2.3).
 */
function placesOfLoadBalancer({ metadata, spec, status }: V1Service): readonly Place[] {
  const asked = metadata?.annotations?.[annotation] ?? '';
  const published = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []);
  const isRead = asked === '';
  return [
    [`annotation ${annotation}`, asked.split(','), true],
    ['spec.loadBalancerIP', [spec?.loadBalancerIP ?? ''], isRead],
    ['status.loadBalancer.ingress', published, isRead],
  ];
}

function placesOf(service: V1Service): readonly Place[] {
  const ofLoadBalancer = service.spec?.type === 'LoadBalancer' ? placesOfLoadBalancer(service) : [];
  return [...ofLoadBalancer, ['spec.externalIPs', service.spec?.externalIPs ?? [], false]];
}

function readClaims(service: V1Service): readonly ServiceClaim[] {
  const { metadata: { namespace = '', name = '' } = {}, spec } = service;
  const common = {
    service: `${namespace}/${name}`,
    namespace,
    loadBalancerClass: spec?.loadBalancerClass,
    ports: (spec?.ports ?? []).map(({ protocol = 'TCP', port }) => `${protocol}/${port}`),
  };
  const claims = placesOf(service).flatMap(([field, texts, isBound]) =>
    texts
      .map((text) => addressInService(text.trim()))
      .filter((address) => address !== undefined)
      .map((address) => ({ ...common, address, field, isBound })),
  );
  // The last of equal keys stays in a Map, and the first field is the one that counts.
  return [...new Map(claims.toReversed().map((claim) => [claim.address, claim])).values()].toReversed();
}

// Of 20,000 Services one changes at a time: the others are read once.
const readBefore = new WeakMap<V1Service, readonly ServiceClaim[]>();

/** Every address of a Service, each once, in the first field that has it. */
export function claimsOfService(service: V1Service): readonly ServiceClaim[] {
  const claims = readBefore.get(service) ?? readClaims(service);
  readBefore.set(service, claims);
  return claims;
}

function makeIndex(services: readonly V1Service[]): ServiceIndex {
  const byAddress = new Map<string, ServiceClaim[]>();
  for (const claim of services.flatMap(claimsOfService)) {
    const list = byAddress.get(claim.address);
    if (list === undefined) {
      byAddress.set(claim.address, [claim]);
    } else {
      list.push(claim);
    }
  }
  const shared = new Map<string, Set<string>>();
  for (const [address, claims] of byAddress) {
    for (const { loadBalancerClass: name, isBound } of claims.length > 1 ? claims : []) {
      if (name !== undefined && isBound) {
        shared.set(name, (shared.get(name) ?? new Set()).add(address));
      }
    }
  }
  return { byAddress, shared };
}

const indexed = new WeakMap<readonly V1Service[], ServiceIndex>();

/** The index of a list of Services; the same list gives the same index. */
export function indexServices(services: readonly V1Service[]): ServiceIndex {
  const index = indexed.get(services) ?? makeIndex(services);
  indexed.set(services, index);
  return index;
}
