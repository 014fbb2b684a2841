// Addresses that run here and that somebody else has, too: what no policy can see or could refuse any more.
import type { Reason } from '../api/conditions.ts';
import type { ServiceClaim } from '../observed/services.ts';
import type { Sharing } from '../observed/service-conflicts.ts';
import type { Component } from '../observed/component.ts';
import type { Observed } from '../observed/observed.ts';
import { isTerminating } from '../observed/pods.ts';
import type { NewCondition } from './set-condition.ts';
import { arp } from '../modes/arp/arp.ts';

const shown = 3;

const named = ({ service, loadBalancerClass, field, isBound }: ServiceClaim): string =>
  `Service ${service} (${isBound ? `${loadBalancerClass === undefined ? 'no class' : `class ${loadBalancerClass}`}, ` : ''}${field})`;

const sayVip = ({ spec }: Observed, claim: ServiceClaim): string =>
  `${claim.address}: expected it for the API servers alone, as KubeVipConfig ${spec.name} holds it, found it in ${named(claim)}; give the Service another address`;

function saySharing({ address, port, services: [mine, other] }: Sharing): string {
  const both = `${named(mine)} and ${named(other)}`;
  return port === undefined
    ? `${address}: expected Services of one class to have it, found ${both}: two processes that each bind it; give one of them another address`
    : `${address} ${port}: expected one Service to have it, found ${both}: traffic reaches only one of them; give one of them another port or address`;
}

const runs = ({ owned }: Component): boolean => owned !== undefined && !isTerminating(owned);

/** One way for an address to have two owners. */
export interface Duplicate {
  readonly reason: Extract<Reason, 'ServiceHasAddress' | 'ServicesShareAddress' | 'NotLetGo'>;
  /** A sentence for each address. */
  readonly find: (observed: Observed, states: readonly Component[]) => readonly string[];
}

export const serviceHasVip: Duplicate = {
  reason: 'ServiceHasAddress',
  find: (observed) =>
    runs(observed.components['control-plane'])
      ? observed.servicesWithVip.map((claim) => sayVip(observed, claim))
      : [],
};

export const servicesShare: Duplicate = {
  reason: 'ServicesShareAddress',
  find: ({ components, sharedAddresses }) =>
    runs(components.services) ? sharedAddresses.map(saySharing) : [],
};

/** Not of a Service: two nodes. */
export const formerHolderShares: Duplicate = {
  reason: 'NotLetGo',
  find: (_, states) =>
    states.flatMap((state) => arp.readiness.formerHolderIsThere(state)?.message.replace(/\.$/, '') ?? []),
};

/** In the order in which they are said; the first gives the reason. */
export const duplicates: readonly Duplicate[] = [serviceHasVip, servicesShare, formerHolderShares];

/** Present while an address that runs here is also somebody else's. */
export function duplicateOwner(
  observed: Observed,
  states: readonly Component[],
  rows = duplicates,
): NewCondition | undefined {
  const found = rows.flatMap(({ reason, find }) => find(observed, states).map((text) => ({ reason, text })));
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
