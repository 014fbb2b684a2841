// How the servers and agents of k3s and RKE2 were started, as they note it on their Node, and what follows from that.
import type { V1Node } from '@kubernetes/client-node';
import { itemsOf } from '../../api/words.ts';
import { oncePer } from '../../observed/once.ts';
import { flagsOf, valuesOf, type Flag } from './flags.ts';

type Program = 'k3s' | 'rke2';

interface Started {
  readonly node: V1Node;
  readonly program: Program;
}

/** A server; one without an agent has no Node and is not seen. */
export interface Server extends Started {
  readonly flags: readonly Flag[];
}

const programs: readonly Program[] = ['k3s', 'rke2'];

// Config files are in it too, and `--a=b` is noted as `--a`, `b` (pkg/nodeconfig/nodeconfig.go of k3s).
const noted = ({ metadata }: V1Node, program: Program): string | undefined =>
  metadata?.annotations?.[`${program}.io/node-args`];

function argumentsOf(node: V1Node, program: Program): readonly string[] {
  const text = noted(node, program);
  if (text === undefined) {
    return [];
  }
  try {
    const args: unknown = JSON.parse(text);
    return Array.isArray(args) ? args.map(String) : [];
  } catch {
    return [];
  }
}

/** How each node was started; the first word says whether as a server or as an agent. */
const startedOf = oncePer((nodes: readonly V1Node[]) =>
  nodes.flatMap((node) =>
    programs
      .filter((program) => noted(node, program) !== undefined)
      .map((program) => {
        const [command, ...args] = argumentsOf(node, program);
        return { node, program, command, args };
      }),
  ),
);

/** The servers of k3s and RKE2 among the nodes, with their flags. */
export const serversOf = oncePer((nodes: readonly V1Node[]): readonly Server[] =>
  startedOf(nodes)
    .filter(({ command }) => command === 'server')
    .map(({ node, program, args }) => ({ node, program, flags: flagsOf(args) })),
);

const isNoted = (node: V1Node): boolean => programs.some((program) => noted(node, program) !== undefined);

/** Whether a node belongs to a cluster of k3s or RKE2, as its own annotation or the version of its kubelet says. */
const runsK3s = (node: V1Node): boolean =>
  isNoted(node) || /\+(k3s|rke2)/.test(node.status?.nodeInfo?.kubeletVersion ?? '');

/** Nodes of a cluster of k3s or RKE2, as their own annotation or the version of their kubelet says. */
export const k3sNodes = oncePer((nodes: readonly V1Node[]) => nodes.filter(runsK3s));

/** Items of a flag that may be given several times and lists them between commas. */
export const listOf = (flags: readonly Flag[], name: string): readonly string[] =>
  valuesOf(flags, name).flatMap(itemsOf);

// A switch in a config file has a value; the command line comes last, and wins.
const isOn = (flags: readonly Flag[], name: string): boolean => {
  const value = valuesOf(flags, name).at(-1);
  return value !== undefined && !/^(0|f|false)$/i.test(value);
};

/**
 * Why ServiceLB is on at a server, or undefined. k3s has it unless it is disabled, also with --disable-cloud-controller: the
 * cloud controller then runs for ServiceLB alone (k3s: docs/adrs/servicelb-ccm.md, v1.26 and later). RKE2 has it when asked.
 */
export function serviceLbOn({ program, flags }: Server): string | undefined {
  if (program === 'rke2') {
    return isOn(flags, '--enable-servicelb') ? 'a RKE2 server with --enable-servicelb' : undefined;
  }
  return listOf(flags, '--disable').includes('servicelb')
    ? undefined
    : 'a k3s server that was started without --disable servicelb';
}

/** The label that lets ServiceLB run on this node and others that have it, but not on the rest. */
export const serviceLbLabelOf = ({ metadata }: V1Node): string | undefined =>
  programs
    .map((program) => `svccontroller.${program}.cattle.io/enablelb`)
    .find((label) => metadata?.labels?.[label] === 'true');

const kubeProxyArg = '--kube-proxy-arg';

// Each value has a flag of kube-proxy, which may have its hyphens, and is true without a value (pkg/util/args.go of k3s).
function kubeProxyFlagsOf(args: readonly string[]): Readonly<Record<string, string>> {
  const values = args.flatMap((text, index) => {
    const value = text === kubeProxyArg ? args[index + 1] : text.split(`${kubeProxyArg}=`)[1];
    return value === undefined ? [] : [value.replace(/^--/, '').split('=')];
  });
  return Object.fromEntries(values.map(([name = '', value = 'true']) => [name, value]));
}

/** Whether the servers of k3s or RKE2 turn kube-proxy off on every node. */
export const isKubeProxyOff = (nodes: readonly V1Node[]): boolean =>
  serversOf(nodes).some(({ flags }) => isOn(flags, '--disable-kube-proxy'));

/** The nodes of k3s and RKE2 that tell how their kube-proxy was started. */
export const kubeProxyOfNodes = oncePer((nodes: readonly V1Node[]): readonly Started[] =>
  startedOf(nodes).filter(({ command }) => command !== undefined),
);

/**
 * The nodes of k3s or RKE2 in a cluster of which no server tells how it was started, and nodes that note that in a way that
 * cannot be read. A server without an agent has no Node.
 */
export const unnotedK3sNodes = oncePer((nodes: readonly V1Node[]): readonly V1Node[] => {
  const told = new Set(kubeProxyOfNodes(nodes).map(({ node }) => node));
  const isServerTold = serversOf(nodes).length > 0;
  return k3sNodes(nodes).filter((node) => (isServerTold ? isNoted(node) && !told.has(node) : true));
});

/** Nodes whose kube-proxy was told to use IPVS and not told to keep quiet. The servers can turn it off for all of them. */
export const ipvsWithoutStrictArp = oncePer((nodes: readonly V1Node[]): readonly Started[] => {
  return isKubeProxyOff(nodes)
    ? []
    : startedOf(nodes).filter(({ args }) => {
        const told = kubeProxyFlagsOf(args);
        return told['proxy-mode'] === 'ipvs' && !/^(1|t|true)$/i.test(told['ipvs-strict-arp'] ?? '');
      });
});
