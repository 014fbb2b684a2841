// The lab's network: one switch namespace with a bridge, one namespace for each node on it. The root
// namespace gets no link, address or route: its own addresses may lie in the same documentation ranges.
import { run } from './process.ts';

export interface NodeAddress {
  readonly name: string;
  readonly address: string;
  readonly podRange: string;
  readonly podGateway: string;
  readonly controlPlane: boolean;
  readonly netns: string;
  /** The name that the machine gives itself, where its Node has another: `--hostname-override` of the kubelet. */
  readonly hostName?: string;
}

/** Address of the switch, where the control plane listens; the nodes' default route. */
export const switchAddress = '203.0.113.1';
export const serviceRange = '198.51.100.0/24';
/** First address of the service range: the `kubernetes` Service. */
export const kubernetesService = '198.51.100.1';
export const podRange = '198.18.0.0/16';
export const apiPort = 6443;

export interface NodePlan {
  readonly nodes: number;
  readonly controlPlanes: number;
  /** Each machine gives itself another name than its Node has. */
  readonly otherHostNames: boolean;
}

/** Names and addresses of the nodes n1, n2, …; the first ones are control-plane nodes. */
export function planNodes(id: string, { nodes, controlPlanes, otherHostNames }: NodePlan): NodeAddress[] {
  return Array.from({ length: nodes }, (_, index) => ({
    ...(otherHostNames && { hostName: `host-${index + 1}.example.org` }),
    name: `n${index + 1}`,
    address: `203.0.113.${11 + index}`,
    podRange: `198.18.${index + 1}.0/24`,
    podGateway: `198.18.${index + 1}.1`,
    controlPlane: index < controlPlanes,
    netns: `kvl-${id}-n${index + 1}`,
  }));
}

export const switchNetns = (id: string) => `kvl-${id}-switch`;

/** Makes the namespaces, the bridge, the nodes' NICs and the routes between pod ranges. */
export async function makeNetwork(id: string, nodes: readonly NodeAddress[]): Promise<void> {
  const hub = switchNetns(id);
  await batch(
    [],
    [hub, ...nodes.map((node) => node.netns)].map((netns) => `netns add ${netns}`),
  );
  await batch(
    ['-n', hub],
    [
      'link set lo up',
      'link add br0 type bridge forward_delay 0',
      `address add ${switchAddress}/24 dev br0`,
      'link set br0 up',
      // Made in the switch with the far end put into the node: the root namespace never holds either.
      ...nodes.flatMap(({ name, netns }) => [
        `link add ${name} type veth peer name eth0 netns ${netns}`,
        `link set ${name} master br0 up`,
      ]),
    ],
  );
  await Promise.all(nodes.map((node) => batch(['-n', node.netns], nodeCommands(node, nodes))));
  await batch(['-n', hub], nodes.map(routeTo));
}

const routeTo = (node: NodeAddress) => `route add ${node.podRange} via ${node.address}`;

function nodeCommands(node: NodeAddress, nodes: readonly NodeAddress[]): string[] {
  return [
    'link set lo up',
    `address add ${node.address}/24 dev eth0`,
    'link set eth0 up',
    `route add default via ${switchAddress}`,
    ...nodes.filter((other) => other !== node).map(routeTo),
  ];
}

async function batch(options: readonly string[], commands: readonly string[]): Promise<void> {
  await run(['ip', ...options, '-batch', '-'], { input: `${commands.join('\n')}\n` });
}

/** Takes a node's cable out, or puts it back. */
export async function setLink(id: string, node: string, state: 'up' | 'down'): Promise<void> {
  await run(['ip', '-n', switchNetns(id), 'link', 'set', node, state]);
}

/** Network namespaces of a run that exist now. */
export async function namespacesOf(id: string): Promise<string[]> {
  const printed = await run(['ip', 'netns', 'list']);
  const names = printed.split('\n').map((line) => line.split(' ')[0] ?? '');
  return names.filter((name) => name.startsWith(`kvl-${id}-`));
}

/** Deletes every network namespace of a run; links and routes go with them. */
export async function deleteNetwork(id: string): Promise<void> {
  for (const netns of await namespacesOf(id)) {
    // Two ends of one lab may meet here; only a namespace that stays is an error.
    const failure = await run(['ip', 'netns', 'delete', netns]).catch((error: unknown) => error);
    if (failure instanceof Error && (await namespacesOf(id)).includes(netns)) throw failure;
  }
}
