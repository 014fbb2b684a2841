// Which node has which address, and whether a range has one.
import type { V1Node } from '@kubernetes/client-node';
import ipaddr from 'ipaddr.js';
import { addressInService } from '../api/addresses.ts';
import { addressRange, addressValue } from '../api/address-range.ts';

/** One address of a Node object. */
export interface NodeAddress {
  readonly node: string;
  /** `InternalIP` or `ExternalIP`. */
  readonly type: string;
}

// An index of a list that outlives a reconcile: it is the same list until one of 5,000 nodes changes.
const remembered = new WeakMap<readonly V1Node[], ReadonlyMap<string, NodeAddress>>();

function indexNodes(nodes: readonly V1Node[]): ReadonlyMap<string, NodeAddress> {
  const rows = nodes.flatMap(({ metadata, status }) =>
    (status?.addresses ?? [])
      .filter(({ type }) => type === 'InternalIP' || type === 'ExternalIP')
      .map(
        ({ address, type }) =>
          [addressInService(address) ?? address, { node: metadata?.name ?? '', type }] as const,
      ),
  );
  return new Map(rows);
}

/** Address to node, for every address that a Node object names. */
export function nodeAddresses(nodes: readonly V1Node[]): ReadonlyMap<string, NodeAddress> {
  const known = remembered.get(nodes) ?? indexNodes(nodes);
  remembered.set(nodes, known);
  return known;
}

type Network = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

// Parsed once for a node, which outlives a reconcile: it keeps its ranges, and is the same object until it changes.
const parsedRanges = new WeakMap<V1Node, readonly (readonly [text: string, network: Network])[]>();

function podRangesOf(node: V1Node): readonly (readonly [string, Network])[] {
  const parsed =
    parsedRanges.get(node) ??
    (node.spec?.podCIDRs ?? [])
      .filter((text) => ipaddr.isValidCIDR(text))
      .map((text) => [text, ipaddr.parseCIDR(text)] as const);
  parsedRanges.set(node, parsed);
  return parsed;
}

/** The range of a node for its pods that has an address, or undefined. */
export function podRangeWith(nodes: readonly V1Node[], address: string): string | undefined {
  if (!ipaddr.isValid(address)) {
    return undefined;
  }
  const wanted = ipaddr.parse(address);
  for (const node of nodes) {
    for (const [text, [network, bits]] of podRangesOf(node)) {
      if (network.kind() === wanted.kind() && wanted.match(network, bits)) {
        return text;
      }
    }
  }
  return undefined;
}

/** Whether a CIDR, or a range `from-to`, has an address. What cannot be read has none. */
export function contains(range: string, address: string): boolean {
  const [row, wanted] = [addressRange(range.trim()), addressValue(address)];
  return (
    row !== undefined &&
    wanted !== undefined &&
    row.family === wanted.family &&
    row.first <= wanted.value &&
    wanted.value <= row.last
  );
}
