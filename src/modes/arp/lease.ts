// What a Lease says of ownership under ARP: who renews it has the addresses.
import type { Component } from '../../observed/component.ts';
import type { LeaseView } from '../../observed/snapshot.ts';

/** The identity that holds a Lease, as kube-vip writes it; empty while none does. */
export const holderOf = (lease: LeaseView | undefined): string => lease?.holder ?? '';

/** The node that holds the Lease of a component: a release before v0.8.0 leads under the host name of its node. */
export function holderIn({
  lease,
  nodes,
  hostNames,
}: Pick<Component, 'lease' | 'nodes' | 'hostNames'>): string {
  const identity = holderOf(lease);
  const own = hostNames.find(({ hostName }) => hostName === identity.toLowerCase());
  return own === undefined || nodes.includes(identity) ? identity : own.node;
}

/** Milliseconds since the last renewal; below zero by a clock that is ahead. Undefined: it was never renewed. */
export const ageMs = ({ renewedAt }: LeaseView, now: number): number | undefined =>
  renewedAt === 0 ? undefined : now - renewedAt;

/** Whether its holder did not renew it in time, so that another node may take it. */
export const isStale = ({ renewedAt, durationSeconds }: LeaseView, now: number): boolean =>
  now - renewedAt > durationSeconds * 1000;

// A moment later, so that it is stale by then.
const staleForSeconds = 0.25;
// That of a component without Lease; kube-vip's default.
const usualSeconds = 15;

/**
 * Seconds until ownership is to be looked at again though nothing happens: twice in a lease duration, and when a Lease
 * that is fresh now goes stale.
 */
export function secondsToLook(components: readonly Pick<Component, 'lease' | 'now'>[]): number {
  const leases = components.flatMap(({ lease, now }) => (lease ? [{ lease, now }] : []));
  const durations = leases.map(({ lease }) => lease.durationSeconds);
  const untilStale = leases
    .filter(({ lease, now }) => !isStale(lease, now))
    .map(({ lease, now }) => lease.durationSeconds - (now - lease.renewedAt) / 1000 + staleForSeconds);
  return Math.min(Math.min(usualSeconds, ...durations) / 2, ...untilStale);
}

/**
 * The same where nothing but renewals can have happened since; undefined: a Lease is missing or has gone stale, and that is to be
 * looked at now.
 */
export const secondsAtRest = (leases: readonly (LeaseView | undefined)[], now: number): number | undefined =>
  leases.every((lease) => lease !== undefined && !isStale(lease, now))
    ? secondsToLook(leases.map((lease) => ({ lease, now })))
    : undefined;
