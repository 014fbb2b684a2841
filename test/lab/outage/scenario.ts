// What the outage needs beside kube-vip: another controller that writes node addresses into a Service's
// status, as ServiceLB of k3s does, and eyes on every node's own address.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from '../lab.ts';
import type { OwnershipRecord } from '../../timeline/timeline.ts';

/** Writes the nodes' addresses into a Service's status, once. */
export function publishNodeAddresses(lab: Lab, service: string, round = 0): Promise<string> {
  const patch = ['--subresource=status', '--type=merge', '-p', statusOf(lab, round)];
  return lab.kubectl('patch', 'service', service, ...patch);
}

/** Whether a policy would refuse to let them be written; nothing is. */
export function refusesNodeAddresses(lab: Lab, service: string): Promise<boolean> {
  const patch = ['--subresource=status', '--type=merge', '--dry-run=server', '-p', statusOf(lab, 0)];
  return lab.kubectl('patch', 'service', service, ...patch).then(
    () => false,
    (error: unknown) => String(error).includes('status.loadBalancer.ingress: expected'),
  );
}

// A changing port keeps each write a change: an equal status is no event for anybody.
function statusOf(lab: Lab, round: number): string {
  const ports = [{ port: 80 + (round % 2), protocol: 'TCP' }];
  return JSON.stringify({
    status: { loadBalancer: { ingress: lab.nodes.map(({ address }) => ({ ip: address, ports })) } },
  });
}

/** Writes the nodes' addresses into a Service's status, again and again, until stopped. */
export function startServiceLb(lab: Lab, service: string, everyMs: number): { stop: () => Promise<number> } {
  const end = new AbortController();
  const run = async (): Promise<number> => {
    let round = 0;
    for (; !end.signal.aborted; round += 1) {
      // The API server may be out of reach: that is what the outage does.
      await publishNodeAddresses(lab, service, round).catch(() => undefined);
      await sleep(everyMs);
    }
    return round;
  };
  const running = run();
  return {
    stop: () => {
      end.abort();
      return running;
    },
  };
}

/** Addresses of a node's NIC with prefix, for example `203.0.113.11/24`. */
export async function addressesOn(lab: Lab, node: string): Promise<readonly string[]> {
  const printed = await lab.exec(node, ['ip', '-o', '-4', 'address', 'show', 'dev', 'eth0']);
  return [...printed.matchAll(/inet (\S+)/g)].map(([, address = '']) => address);
}

/** Nodes whose NIC no longer has its own address with its own prefix. */
export async function nodesWithoutTheirAddress(lab: Lab): Promise<readonly string[]> {
  const found = await Promise.all(
    lab.nodes.map(async ({ name, address }) => ({
      name,
      isThere: (await addressesOn(lab, name)).includes(`${address}/24`),
    })),
  );
  return found.filter(({ isThere }) => !isThere).map(({ name }) => name);
}

/** Every moment at which a node's address was not on exactly its node, in words. */
export function thefts(lab: Lab, record: OwnershipRecord): readonly string[] {
  const ownerOf = new Map(lab.nodes.map(({ name, address }) => [address, name]));
  return record.changes
    .filter(({ vip }) => ownerOf.has(vip))
    .filter(({ vip, owners }) => owners.length !== 1 || owners[0] !== ownerOf.get(vip))
    .map(
      ({ t, vip, owners }) =>
        `${(t - record.from).toFixed(0)} ms: ${vip} on ${owners.join(', ') || 'no node'}`,
    );
}
