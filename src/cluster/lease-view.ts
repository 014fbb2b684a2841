// A Lease in the form that the decisions use, with what the operator notes in it when it takes one: where addresses have to
// leave from, for example `203.0.113.100:6443,[2001:db8::1]:6443`.
import { annotations, parkedPrefix } from '../api/metadata.ts';
import type { LeaseView, Target } from '../observed/snapshot.ts';
import type { LeaseObject } from './lease-store.ts';

/** What stands there when no kube-vip ever had the Lease. */
export const nothingLeaves = 'none';

/** The text of the annotation `kubevip.dev/leaving`: addresses with ports, IPv6 in brackets. */
export const sayTargets = (targets: readonly Target[]): string =>
  targets.map(({ address, port }) => `${address.includes(':') ? `[${address}]` : address}:${port}`).join(',');

/** What cannot be read is left out. */
export function parseTargets(text: string): readonly Target[] {
  return [...text.matchAll(/\[?([0-9a-f.:]+?)\]?:(\d+)(?:,|$)/g)].map(([, address = '', port]) => ({
    address,
    port: Number(port),
  }));
}

/** Who holds a Lease: a kube-vip, or the operator, which says from whom it took it and what has to leave. */
export function holderOf({
  metadata,
  spec,
}: LeaseObject): Pick<LeaseView, 'holder' | 'parkedFrom' | 'neverHeld' | 'leaving'> {
  const { holderIdentity: identity = '' } = spec ?? {};
  const note = metadata.annotations?.[annotations.leaving] ?? '';
  return identity.startsWith(parkedPrefix)
    ? {
        holder: '',
        parkedFrom: identity.slice(parkedPrefix.length),
        neverHeld: note === nothingLeaves,
        leaving: parseTargets(note),
      }
    : { holder: identity, parkedFrom: undefined, neverHeld: false, leaving: [] };
}

/**
 * A Lease in the form that the decisions use.
 * @param seen when it was last seen to be renewed and to change hands, in milliseconds since the epoch.
 */
export function leaseView(object: LeaseObject, seen: Pick<LeaseView, 'renewedAt' | 'acquiredAt'>): LeaseView {
  const { metadata, spec } = object;
  const { renewTime = '', acquireTime } = spec ?? {};
  return {
    name: metadata.name,
    resourceVersion: metadata.resourceVersion ?? '',
    ...holderOf(object),
    durationSeconds: spec?.leaseDurationSeconds ?? 15,
    renewTime,
    renewedAt: renewTime === '' ? 0 : seen.renewedAt,
    acquireTime,
    acquiredAt: acquireTime === undefined ? 0 : seen.acquiredAt,
  };
}
