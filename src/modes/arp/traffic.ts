// Whether a held address carries traffic: who holds it, and what the operator hears there.
import type { AddressState } from '../../observed/snapshot.ts';
import { isNode } from '../../observed/pods.ts';
import type { Component } from '../../observed/component.ts';
import type { Check } from '../../modes/check.ts';
import { unheardFormerHolders } from './two-owners.ts';

/** The Lease names somebody that is no node: kube-vip would never write that. */
export const holderIsNoNode: Check = ({ lease, nodes, holds, name }) =>
  lease === undefined || nodes.length === 0 || nodes.some((node) => isNode(lease.holder, node))
    ? undefined
    : {
        reason: 'LeaseStolen',
        message: `${holds}: Lease ${name} is held by ${lease.holder}: expected a node of this cluster, found none of that name; find who writes it (kubectl -n kube-vip-system get lease ${name} -o yaml --show-managed-fields) and stop that, kube-vip takes it back when it runs out.`,
        passing: true,
      };

const placeOf = ({ address, port }: AddressState): string => `${address}:${port}`;
const found = (state: Component, ...kinds: readonly AddressState['state'][]): AddressState | undefined =>
  state.reach?.find((row) => kinds.includes(row.state));

const nextStep = (holder: string | undefined) =>
  ({
    Local: `look at the API server of ${holder}; kube-vip there gives the address up within a lease duration once it cannot reach it`,
    Service: `with spec.controlPlane.apiAccess: Service the address stays there and leads to a dead API server; mend it, delete the pod of ${holder}, or set apiAccess: Local`,
  }) as const;

/** The address leads to a node, and nobody serves there. */
export const apiServerIsDead: Check = (state) => {
  const dead = found(state, 'dead');
  const { lease, apiAccess } = state;
  return (
    dead && {
      reason: 'ApiServerDead',
      message: `${dead.address} on ${lease?.holder}: expected a live API server at ${placeOf(dead)}, found that ${dead.detail}; ${nextStep(lease?.holder)[apiAccess]}.`,
      passing: true,
    }
  );
};

/** Held, by all that the API server knows, and nobody answers. */
export const addressIsSilent: Check = (state) => {
  const silent = found(state, 'silent');
  const { lease, operatorNode = '' } = state;
  const isHere = isNode(lease?.holder ?? '', operatorNode);
  const blame = isHere
    ? 'the operator runs there itself, so the address is not on it'
    : `either the address is not on it, or the network between the operator${operatorNode && ` on ${operatorNode}`} and it is broken`;
  return (
    silent && {
      reason: 'AddressSilent',
      message: `${silent.address}: ${lease?.holder} renews the Lease and its pod is ready, but nobody answers at ${placeOf(silent)} (${silent.detail}): ${blame}; look for the address on ${lease?.holder} (ip address show) and at the log of its kube-vip pod.`,
      passing: true,
    }
  );
};

/** Just taken: the first answer is still to come. What was ready stays so meanwhile. */
export const addressIsUnproven: Check = (state) => {
  const unknown = state.wasReady ? undefined : found(state, 'unknown');
  return (
    unknown && {
      reason: 'AddressUnproven',
      message: `${unknown.address}: held by ${state.lease?.holder}, waiting for the first answer at ${placeOf(unknown)}.`,
      passing: true,
    }
  );
};

/** For example `203.0.113.100 on n1`, and what the operator could not prove of it. */
export function sayHeld(state: Component): string {
  const { holds, lease, operatorNode, reach = [] } = state;
  const unheard = unheardFormerHolders(state);
  const doubt =
    unheard.length === 0
      ? ''
      : ` (${unheard.join(', ')}, which had it before, does not report: make sure that it is off or has lost the address)`;
  const held = `${holds} on ${lease?.holder}${doubt}`;
  const blind = found(state, 'blind');
  if (blind) {
    return `${held} (the operator cannot tell whether it answers: ${blind.detail})`;
  }
  const isHere = operatorNode !== undefined && isNode(lease?.holder ?? '', operatorNode);
  return isHere && reach.length > 0
    ? `${held} (asked from ${operatorNode} itself: no proof of the network)`
    : held;
}
