// Addresses that run here and that somebody else has, too: what no policy can see or could refuse any more.
import type { Reason } from '../api/conditions.ts';
import { componentName, type ComponentKind } from '../api/metadata.ts';
import { isRunning } from '../observed/owned.ts';
import type { ServiceClaim } from '../observed/service-claims.ts';
import { servicesWithVip, sharedAddresses, type Sharing } from '../observed/service-conflicts.ts';
import type { Snapshot } from '../observed/snapshot.ts';
import type { Component } from '../observed/component.ts';
import type { NewCondition } from './set-condition.ts';
import { formerHolderIsThere } from '../modes/arp/two-owners.ts';

const shown = 3;

const named = ({ service, loadBalancerClass, field, isBound }: ServiceClaim): string =>
  `Service ${service} (${isBound ? `${loadBalancerClass === undefined ? 'no class' : `class ${loadBalancerClass}`}, ` : ''}${field})`;

const sayVip = (snapshot: Snapshot, claim: ServiceClaim): string =>
  `${claim.address}: expected it for the API servers alone, as KubeVipConfig ${snapshot.config.metadata.name} holds it, found it in ${named(claim)}; give the Service another address`;

function saySharing({ address, port, services: [mine, other] }: Sharing): string {
  const both = `${named(mine)} and ${named(other)}`;
  return port === undefined
    ? `${address}: expected Services of one class to have it, found ${both}: two processes that each bind it; give one of them another address`
    : `${address} ${port}: expected one Service to have it, found ${both}: traffic reaches only one of them; give one of them another port or address`;
}

const runs = (snapshot: Snapshot, component: ComponentKind): boolean =>
  isRunning(snapshot, componentName(snapshot.config.metadata.name, component));

/** One way for an address to have two owners. */
export interface Duplicate {
  readonly reason: Extract<Reason, 'ServiceHasAddress' | 'ServicesShareAddress' | 'NotLetGo'>;
  /** A sentence for each address. */
  readonly find: (snapshot: Snapshot, states: readonly Component[]) => readonly string[];
}

export const serviceHasVip: Duplicate = {
  reason: 'ServiceHasAddress',
  find: (snapshot) =>
    runs(snapshot, 'control-plane') ? servicesWithVip(snapshot).map((claim) => sayVip(snapshot, claim)) : [],
};

export const servicesShare: Duplicate = {
  reason: 'ServicesShareAddress',
  find: (snapshot) => (runs(snapshot, 'services') ? sharedAddresses(snapshot).map(saySharing) : []),
};

/** Not of a Service: two nodes. */
export const formerHolderShares: Duplicate = {
  reason: 'NotLetGo',
  find: (_, states) =>
    states.flatMap((state) => formerHolderIsThere(state)?.message.replace(/\.$/, '') ?? []),
};

/** In the order in which they are said; the first gives the reason. */
export const duplicates: readonly Duplicate[] = [serviceHasVip, servicesShare, formerHolderShares];

/** Present while an address that runs here is also somebody else's. */
export function duplicateOwner(
  snapshot: Snapshot,
  states: readonly Component[],
  rows = duplicates,
): NewCondition | undefined {
  const found = rows.flatMap(({ reason, find }) => find(snapshot, states).map((text) => ({ reason, text })));
  const more = found.length > shown ? `; and ${found.length - shown} more` : '';
  const said = found.slice(0, shown).map(({ text }) => text);
  return (
    found[0] && {
      type: 'DuplicateOwner',
      status: 'True',
      reason: found[0].reason,
      message: `${said.join('; ')}${more}.`,
    }
  );
}
