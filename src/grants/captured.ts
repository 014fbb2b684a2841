// Where something else than its own machine answers for an address. kube-proxy captures, on every node, each port of a Service that
// has the address of a machine in spec.externalIPs or in its status, and anybody who may create a Service may write that. It leaves
// the other ports to the machine.
import type { Holding } from './book.ts';
import { isOurByName } from './standing.ts';

/** Ports of an address that Services have, for example `TCP/80`; `all`: no port of it is known to lead to its machine. */
export type Captured = 'all' | ReadonlySet<string>;

/** Of a Service with more not all are kept (cluster/trim.ts). */
const mostPorts = 256;

/** A kube-vip of ours puts the address itself on a node, with every port. */
const isOnNode = (
  { isBound, isLeftBehind, holder: { loadBalancerClass = '' } }: Holding,
  isServed: (loadBalancerClass: string) => boolean,
): boolean => isLeftBehind || (isBound && (isOurByName(loadBalancerClass) || isServed(loadBalancerClass)));

/** What of an address Services have. */
export function capturedBy(
  holdings: Iterable<Holding>,
  isServed: (loadBalancerClass: string) => boolean,
): Captured {
  const ports = new Set<string>();
  for (const holding of holdings) {
    const { ports: own } = holding.holder;
    if (own.length > mostPorts || isOnNode(holding, isServed)) {
      return 'all';
    }
    own.forEach((port) => ports.add(port));
  }
  return ports;
}

// That of the kubelet is open on every node, and that of the health of kube-proxy on most. At any other port a machine refuses,
// which is an answer, too, if no firewall is in between.
const known = [10_250, 10_256];
const lastPort = 65_535;

/** A TCP port at which the machine itself answers, or refuses; undefined: there is none. */
export function portOfMachine(captured: Captured): number | undefined {
  if (captured === 'all') {
    return undefined;
  }
  const isFree = (port: number): boolean => !captured.has(`TCP/${port}`);
  let other = lastPort;
  while (other > 0 && !isFree(other)) {
    other -= 1;
  }
  return known.find(isFree) ?? (other > 0 ? other : undefined);
}
