// A host on the lab's network that is no node: it has an address and answers for it.
import { isIPv6 } from 'node:net';
import type { Lab } from './lab.ts';
import { switchNetns } from './network.ts';
import { run } from './process.ts';

export interface Outsider {
  readonly mac: string;
  readonly netns: string;
  leave(): Promise<void>;
}

const macIn = async (netns: string, link: string): Promise<string> => {
  const shown = await run(['ip', '-n', netns, '-j', 'link', 'show', link]);
  const [found] = JSON.parse(shown) as { address: string }[];
  return found?.address ?? '';
};

/**
 * A second NIC of a node in the segment of the first, with an address of its own. It answers ARP for every address of the
 * node, as Linux does by default, and the first one is silent: which of two answers a neighbour believes is a race.
 * @returns its MAC address.
 */
export async function addNic(lab: Lab, node: string, address: string): Promise<string> {
  const { netns = '' } = lab.nodes.find(({ name }) => name === node) ?? {};
  const [hub, link] = [switchNetns(lab.id), `${node}-second`];
  await run(['ip', '-n', hub, 'link', 'add', link, 'type', 'veth', 'peer', 'name', 'eth1', 'netns', netns]);
  await run(['ip', '-n', hub, 'link', 'set', link, 'master', 'br0', 'up']);
  await lab.exec(node, ['sysctl', '-qw', 'net.ipv4.conf.all.rp_filter=0', 'net.ipv4.conf.eth1.rp_filter=0']);
  // The route to the segment stays that of the first.
  await lab.exec(node, ['ip', 'address', 'add', `${address}/24`, 'dev', 'eth1', 'noprefixroute']);
  await lab.exec(node, ['ip', 'link', 'set', 'eth1', 'up']);
  await lab.exec(node, ['sysctl', '-qw', 'net.ipv4.conf.eth0.arp_ignore=8']);
  return macIn(netns, 'eth1');
}

/**
 * Gives the NIC of a node another MAC while it is up, as when a bond changes to its other card or a virtual machine moves. It tells its
 * neighbours, as a bond does.
 * @returns the new MAC address.
 */
export async function changeMac(lab: Lab, node: string): Promise<string> {
  const mac = '02:cc:00:00:00:01';
  await lab.exec(node, [
    'sysctl',
    '-qw',
    'net.ipv4.conf.eth0.arp_notify=1',
    'net.ipv6.conf.eth0.ndisc_notify=1',
  ]);
  await lab.exec(node, ['ip', 'link', 'set', 'eth0', 'address', mac]);
  return mac;
}

/** Lets the NIC of a node that {@link addNic} made silent answer again, beside the second one. */
export const answerWithBoth = (lab: Lab, node: string): Promise<string> =>
  lab.exec(node, ['sysctl', '-qw', 'net.ipv4.conf.eth0.arp_ignore=0']);

/** Takes out what {@link addNic} has put in. */
export async function removeNic(lab: Lab, node: string): Promise<void> {
  await lab.exec(node, ['sysctl', '-qw', 'net.ipv4.conf.eth0.arp_ignore=0']);
  await lab.exec(node, ['ip', 'link', 'delete', 'eth1']);
}

/** Plugs a host with an address into the bridge. What is left of it goes with the lab. */
export async function plugIn(lab: Lab, address: string): Promise<Outsider> {
  // With the lab's prefix, so that it is deleted with the lab's other namespaces.
  const netns = `kvl-${lab.id}-outsider`;
  const hub = switchNetns(lab.id);
  await run(['ip', 'netns', 'add', netns]);
  await run(
    ['ip', '-n', hub, 'link', 'add', 'outsider', 'type', 'veth'].concat(
      'peer',
      'name',
      'eth0',
      'netns',
      netns,
    ),
  );
  await run(['ip', '-n', hub, 'link', 'set', 'outsider', 'master', 'br0', 'up']);
  // Without the kernel's own search for duplicates it answers at once.
  const added = isIPv6(address) ? [`${address}/64`, 'nodad'] : [`${address}/24`];
  await run(['ip', '-n', netns, 'address', 'add', 'dev', 'eth0', ...added]);
  await run(['ip', '-n', netns, 'link', 'set', 'eth0', 'up']);
  const mac = await macIn(netns, 'eth0');
  return {
    mac,
    netns,
    leave: async () => {
      await run(['ip', '-n', hub, 'link', 'delete', 'outsider']);
      await run(['ip', 'netns', 'delete', netns]);
    },
  };
}
