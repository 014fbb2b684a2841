// A second network of a lab's nodes, and a client in it that is no node: no kube-proxy answers it on the spot.
import type { Lab } from './lab.ts';
import { switchNetns } from './network.ts';
import { run } from './process.ts';

/** A client in one of the lab's networks. What is left of it goes with the lab. */
export interface Client {
  /** What it gets from a URL. */
  get(url: string): Promise<string>;
}

const bridge = 'br1';

/** Gives every node an eth1 in a segment of its own: 192.0.2.11 for the first node, and so on. */
export async function addSecondNetwork(lab: Lab): Promise<void> {
  const hub = switchNetns(lab.id);
  await run(['ip', '-n', hub, 'link', 'add', bridge, 'type', 'bridge', 'forward_delay', '0']);
  await run(['ip', '-n', hub, 'link', 'set', bridge, 'up']);
  for (const [index, { name, netns }] of lab.nodes.entries()) {
    const link = `${name}-second`;
    await run(['ip', '-n', hub, 'link', 'add', link, 'type', 'veth', 'peer', 'name', 'eth1', 'netns', netns]);
    await run(['ip', '-n', hub, 'link', 'set', link, 'master', bridge, 'up']);
    await lab.exec(name, ['ip', 'address', 'add', `192.0.2.${11 + index}/24`, 'dev', 'eth1']);
    await lab.exec(name, ['ip', 'link', 'set', 'eth1', 'up']);
  }
}

/** Plugs a client into the first network of a lab or into the second, by its address. */
export async function plugInClient(lab: Lab, address: string): Promise<Client> {
  const isSecond = address.startsWith('192.0.2.');
  const [hub, link] = [switchNetns(lab.id), isSecond ? 'client2' : 'client1'];
  // With the lab's prefix, so that it is deleted with the lab's other namespaces.
  const netns = `kvl-${lab.id}-${link}`;
  await run(['ip', 'netns', 'add', netns]);
  await run(['ip', '-n', hub, 'link', 'add', link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', netns]);
  await run(['ip', '-n', hub, 'link', 'set', link, 'master', isSecond ? bridge : 'br0', 'up']);
  await run(['ip', '-n', netns, 'address', 'add', `${address}/24`, 'dev', 'eth0']);
  await run(['ip', '-n', netns, 'link', 'set', 'eth0', 'up']);
  return {
    get: (url) => run(['ip', 'netns', 'exec', netns, 'curl', '-sk', '--max-time', '5', url]),
  };
}
