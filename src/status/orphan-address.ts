// Addresses that a node answers for and nothing claims.
import { message, sentences, toText } from '../api/words.ts';
import type { KubeVipConfigStatus } from '../api/types.ts';
import { arp } from '../modes/arp/arp.ts';
import type { Component } from '../observed/component.ts';
import type { Orphan } from '../observed/witness/witnessed.ts';
import type { NewCondition } from './set-condition.ts';

const shown = 3;
const mostListed = 20;

/** A way in which an address is an orphan. */
export type FindOrphans = (component: Component) => readonly Orphan[];

/** Witnesses hear a node answer for what nothing claims. */
export const nodeAnswers: FindOrphans = ({ witnessed }) => witnessed?.orphans ?? [];

/** All of them. */
export const orphanWays: readonly FindOrphans[] = [nodeAnswers];

const orphansIn = (components: readonly Component[]): readonly Orphan[] =>
  components.flatMap((component) => orphanWays.flatMap((find) => find(component)));

// The name of the interface is told by a probe of the node.
const commandFor = ({ address, interface: nic = 'INTERFACE' }: Orphan): string =>
  arp.network.takeOff(address, nic);

function say(orphan: Orphan) {
  const { address, node, interface: nic } = orphan;
  return message(
    [
      `${address}: ${node} answers for it, and nothing claims it`,
      `${address}: a node answers, nothing claims it`,
    ],
    {
      detail: sentences(
        `Expected no machine to answer for an address that no Service and no KubeVipConfig has, found ${node}${nic === undefined ? '' : ` with it on ${nic}`}`,
        nic === undefined ? `Run ip address show to ${address} there to see the interface` : '',
      ),
      todo: `run on ${node}: ${commandFor(orphan)}. Or give the address to a Service again`,
    },
  );
}

/** The condition OrphanAddress: present while a node answers for an address that nothing claims. */
export function orphanAddress(components: readonly Component[]): NewCondition | undefined {
  const [first, ...others] = orphansIn(components);
  const more = others.length >= shown ? `And ${others.length - shown + 1} more` : undefined;
  const also = sentences(...others.slice(0, shown - 1).map((row) => toText(say(row))), more);
  return (
    first && {
      ...say(first),
      type: 'OrphanAddress',
      status: 'True',
      reason: 'AddressLeft',
      ...(also !== '' && { also }),
    }
  );
}

/** The same for status, with the command that takes each off. */
export function orphanStatus(components: readonly Component[]): Pick<KubeVipConfigStatus, 'orphans'> {
  const orphans = orphansIn(components)
    .slice(0, mostListed)
    .map((row) => ({
      address: row.address,
      node: row.node,
      ...(row.interface !== undefined && { interface: row.interface }),
      command: commandFor(row),
    }));
  return orphans.length === 0 ? {} : { orphans };
}
