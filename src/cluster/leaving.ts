// Where addresses have to leave from, as a Lease remembers it: `203.0.113.100:6443,[2001:db8::1]:6443`.
import type { Target } from '../observed/snapshot.ts';

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
