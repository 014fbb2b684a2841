// What an administrator does about the outage: takes away what causes it, then puts each node's network back by hand at
// its console, because a node without its address hears nobody.
import type { Lab } from '../lab.ts';
import { switchAddress, type NodeAddress } from '../network.ts';
import { waitFor } from '../process.ts';
import { foreignNamespace } from './manifests.ts';
import { addressesOn, nodesWithoutTheirAddress } from './scenario.ts';

const pods = { namespace: foreignNamespace, selector: 'app=kube-vip' };

/** Gives a node its own address and routes, and takes every other address off its NIC. */
async function repair(lab: Lab, node: NodeAddress): Promise<void> {
  const own = `${node.address}/24`;
  const ip = (...args: string[]) => lab.exec(node.name, ['ip', ...args]);
  const found = await addressesOn(lab, node.name);
  if (!found.includes(own)) {
    // What is left of kube-vip there would take it away again.
    await lab.signalPods(node.name, pods, 'SIGKILL');
    await ip('address', 'add', own, 'dev', 'eth0');
    await ip('route', 'replace', 'default', 'via', switchAddress);
    for (const { podRange, address } of lab.nodes.filter(({ name }) => name !== node.name)) {
      await ip('route', 'replace', podRange, 'via', address);
    }
  }
  for (const address of found.filter((text) => text !== own)) {
    await ip('address', 'delete', address, 'dev', 'eth0');
  }
}

const podsLeft = (lab: Lab): Promise<string> =>
  lab.kubectl('-n', foreignNamespace, 'get', 'pods', '-o', 'name');

/** Whether every kubelet has been heard since: a node stays Ready for 40 s after it was last heard. */
async function areHeard(lab: Lab, since: number): Promise<boolean> {
  const path = 'jsonpath={.items[*].spec.renewTime}';
  const times = await lab.kubectl('-n', 'kube-node-lease', 'get', 'leases', '-o', path);
  return times.split(' ').every((text) => Date.parse(text) > since);
}

async function isWell(lab: Lab, since: number): Promise<boolean> {
  const path = 'jsonpath={.items[*].status.conditions[?(@.type=="Ready")].status}';
  const ready = await lab.kubectl('get', 'nodes', '-o', path);
  return (
    ready === lab.nodes.map(() => 'True').join(' ') &&
    (await areHeard(lab, since)) &&
    (await podsLeft(lab)) === '' &&
    (await nodesWithoutTheirAddress(lab)).length === 0
  );
}

/** Resolves when the cause is gone, every node is heard and Ready with its own address, and nothing of kube-vip runs. */
export async function repairCluster(lab: Lab, service: string): Promise<void> {
  await lab.kubectl('delete', 'service', service);
  await lab.kubectl('-n', foreignNamespace, 'delete', 'daemonset', 'kube-vip', '--wait=false');
  const since = Date.now();
  await waitFor(
    'the cluster to be well again',
    async () => {
      await Promise.all(lab.nodes.map((node) => repair(lab, node)));
      return isWell(lab, since);
    },
    { seconds: 180, everyMs: 1000 },
  );
  // The last of kube-vip ended while the addresses were put back: once more, and nothing may be left.
  await Promise.all(lab.nodes.map((node) => repair(lab, node)));
}
