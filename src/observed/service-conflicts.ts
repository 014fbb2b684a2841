// Services that have what belongs to a KubeVipConfig, or that cannot share what they both have.
import { effectiveSpec, type EffectiveSpec } from '../api/defaults.ts';
import type { Snapshot } from './snapshot.ts';
import { indexServices, type ServiceClaim } from './service-claims.ts';

/** Two Services with one address that only one of them can have. */
export interface Sharing {
  readonly address: string;
  /** Protocol and port that both have; undefined: their classes differ, and each would bind the address on a node of its own. */
  readonly port: string | undefined;
  readonly services: readonly [ServiceClaim, ServiceClaim];
}

// By code unit: localeCompare takes a hundred times as long.
const byService = (a: ServiceClaim, b: ServiceClaim): number => (a.service < b.service ? -1 : 1);

/** Services that have a control-plane address of this config, in whatever field, class or type. */
export function servicesWithVip({ config, services }: Snapshot): readonly ServiceClaim[] {
  const { byAddress } = indexServices(services);
  const addresses = config.spec.controlPlane?.addresses ?? [];
  return addresses.flatMap((address) => [...(byAddress.get(address) ?? [])].sort(byService));
}

/** The first two that have one protocol and port. */
function samePort(address: string, claims: readonly ServiceClaim[]): Sharing | undefined {
  const first = new Map<string, ServiceClaim>();
  for (const claim of claims) {
    for (const port of new Set(claim.ports)) {
      const other = first.get(port);
      if (other !== undefined) {
        return { address, port, services: [other, claim] };
      }
      first.set(port, claim);
    }
  }
  return undefined;
}

type Served = NonNullable<EffectiveSpec['services']>;

const isOfClass = ({ isBound, loadBalancerClass }: ServiceClaim, served: Served): boolean =>
  isBound && loadBalancerClass === served.loadBalancerClass;

const isServed = (claim: ServiceClaim, served: Served): boolean =>
  isOfClass(claim, served) && (served.namespace ?? claim.namespace) === claim.namespace;

function sharingOf(address: string, claims: readonly ServiceClaim[], served: Served): Sharing | undefined {
  const ours = claims.filter((claim) => isServed(claim, served));
  const [mine] = ours;
  const stranger = claims.find((claim) => claim.isBound && !isOfClass(claim, served));
  if (mine !== undefined && stranger !== undefined) {
    return { address, port: undefined, services: [mine, stranger] };
  }
  const captured = claims.filter(({ isBound }) => !isBound);
  return mine === undefined ? undefined : samePort(address, [...ours, ...captured]);
}

/**
 * Addresses of Services of this config that another Service cannot have beside them. Different ports of one address are
 * what kube-vip allows: all Services of a class are announced by one process, under one Lease.
 */
export function sharedAddresses({ config, services }: Snapshot): readonly Sharing[] {
  const served = effectiveSpec(config).services;
  if (served === undefined) {
    return [];
  }
  const { byAddress, shared } = indexServices(services);
  return [...(shared.get(served.loadBalancerClass) ?? [])]
    .sort()
    .flatMap(
      (address) => sharingOf(address, [...(byAddress.get(address) ?? [])].sort(byService), served) ?? [],
    );
}
