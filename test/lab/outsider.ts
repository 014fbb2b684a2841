// A host on the lab's network that is no node: it has an address and answers for it.
import { isIPv6 } from 'node:net';
import type { Lab } from './lab.ts';
import { switchNetns } from './network.ts';
import { run } from './process.ts';

export interface Outsider {
  readonly mac: string;
  leave(): Promise<void>;
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
  const [link] = JSON.parse(await run(['ip', '-n', netns, '-j', 'link', 'show', 'eth0'])) as {
    address: string;
  }[];
  return {
    mac: link?.address ?? '',
    leave: async () => {
      await run(['ip', '-n', hub, 'link', 'delete', 'outsider']);
      await run(['ip', 'netns', 'delete', netns]);
    },
  };
}
