// Services that have what belongs to a KubeVipConfig, or that cannot share what they both have.
import type { EffectiveServices, EffectiveSpec } from '../api/defaults.ts';
import type { ServiceClaim, ServiceIndex } from './services.ts';

/** Two Services with one address that only one of them can have. */
export interface Sharing {
  readonly address: string;
  /** Protocol and port that both have; undefined: their classes differ, and each would bind the address on a node of its own. */
  readonly port: string | undefined;
  readonly services: readonly [ServiceClaim, ServiceClaim];
}

// By code unit: localeCompare takes a hundred times as long.
const byService = (a: ServiceClaim, b: ServiceClaim): number => (a.service < b.service ? -1 : 1);

/** Services that have a control-plane address of a spec, in whatever field, class or type. */
export function servicesWithVip(
  { controlPlane }: EffectiveSpec,
  { byAddress }: ServiceIndex,
): readonly ServiceClaim[] {
  const addresses = controlPlane?.addresses ?? [];
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

const isOfClass = ({ isBound, loadBalancerClass }: ServiceClaim, served: EffectiveServices): boolean =>
  isBound && loadBalancerClass === served.loadBalancerClass;

const isServed = (claim: ServiceClaim, served: EffectiveServices): boolean =>
  isOfClass(claim, served) && (served.namespace ?? claim.namespace) === claim.namespace;

function sharingOf(
  address: string,
  claims: readonly ServiceClaim[],
  served: EffectiveServices,
): Sharing | undefined {
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
 * Addresses of Services of a spec that another Service cannot have as well. Different ports of one address are what
 * kube-vip allows: all Services of a class are announced by one process, under one Lease.
 */
export function sharedAddresses(
  { services: served }: EffectiveSpec,
  { byAddress, shared }: ServiceIndex,
): readonly Sharing[] {
  if (served === undefined) {
    return [];
  }
  return [...(shared.get(served.loadBalancerClass) ?? [])]
    .sort()
    .flatMap(
      (address) => sharingOf(address, [...(byAddress.get(address) ?? [])].sort(byService), served) ?? [],
    );
}
