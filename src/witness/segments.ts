// Segments: networks of layer 2. Subnets that sit together on one interface of nodes are one segment, because whoever hears one of
// them hears all.
import type { V1Node } from '@kubernetes/client-node';
import { addressValue } from '../api/address-range.ts';
import { addressInService } from '../api/addresses.ts';
import { effectiveSpec } from '../api/defaults.ts';
import { contains } from '../observed/addresses.ts';
import { nodesOf, placementOf } from '../observed/placement.ts';
import { nameOf } from '../observed/pods.ts';
import { fingerprint } from '../render/hash.ts';
import type { KnownSubnets } from './known-subnets.ts';
import { SubnetIndex } from './subnet-index.ts';

/** A network of layer 2. */
export interface Segment {
  /** Eight hexadecimal digits, the same for the same subnets. */
  readonly id: string;
  /** In canonical form, in order. */
  readonly subnets: readonly string[];
  /** Nodes with an address in it. */
  readonly nodes: readonly V1Node[];
}

/** Name of the segment that has these subnets. */
export const segmentId = (subnets: readonly string[]): string => fingerprint([...subnets].sort()).slice(0, 8);

type Inhabitants = ReadonlyMap<string, readonly V1Node[]>;

interface Found {
  /** Nodes by subnet. */
  readonly inside: Inhabitants;
  /** Subnets that one node has addresses in, each combination once. */
  readonly together: readonly (readonly string[])[];
}

function homesOf({ status }: V1Node, index: SubnetIndex<string>): readonly string[] {
  const homes = (status?.addresses ?? [])
    .filter(({ type }) => type === 'InternalIP')
    .map(({ address }) => addressValue(addressInService(address) ?? ''))
    .flatMap((value) => (value && index.find(value)) ?? []);
  return [...new Set(homes)].sort();
}

function lookInside(subnets: ReadonlySet<string>, nodes: readonly V1Node[]): Found {
  const index = new SubnetIndex([...subnets].map((subnet) => [subnet, subnet] as const));
  const inside = new Map<string, V1Node[]>();
  const together = new Map<string, readonly string[]>();
  for (const node of nodes) {
    const homes = homesOf(node, index);
    together.set(homes.join(' '), homes);
    for (const subnet of homes) {
      const nodesThere = inside.get(subnet) ?? [];
      inside.set(subnet, nodesThere);
      nodesThere.push(node);
    }
  }
  return { inside, together: [...together.values()] };
}

const familyOf = (subnet: string): string => (subnet.includes(':') ? 'IPv6' : 'IPv4');
const isOnePerFamily = (subnets: readonly string[]): boolean =>
  new Set(subnets.map(familyOf)).size === subnets.length;

/** Groups that have something in common become one. */
class Groups {
  readonly #of = new Map<string, Set<string>>();

  constructor(subnets: Iterable<string>) {
    for (const subnet of subnets) {
      this.#of.set(subnet, new Set([subnet]));
    }
  }

  join(subnets: readonly string[]): void {
    const all = new Set(subnets.flatMap((subnet) => [...(this.#of.get(subnet) ?? [])]));
    all.forEach((subnet) => this.#of.set(subnet, all));
  }

  of(subnets: readonly string[]): readonly ReadonlySet<string>[] {
    return [...new Set(subnets.flatMap((subnet) => this.#of.get(subnet) ?? []))];
  }

  all(): readonly (readonly string[])[] {
    return [...new Set(this.#of.values())].map((group) => [...group].sort());
  }
}

/**
 * No Node object tells of a subnet: for example IPv6 in a cluster of IPv4. It is on the interface of its component, and so in
 * the one segment that this interface is known to be in. Where there are several, it stays alone.
 */
function joinSilent(groups: Groups, { subnets }: KnownSubnets, inside: Inhabitants): void {
  const silent = subnets.filter((subnet) => !inside.has(subnet));
  const known = groups.of(subnets.filter((subnet) => inside.has(subnet)));
  if (known.length === 1 || (known.length === 0 && isOnePerFamily(silent))) {
    groups.join([...silent, ...known.flatMap((group) => [...group])]);
  }
}

function groupsOf(known: readonly KnownSubnets[], { inside, together }: Found): Groups {
  const groups = new Groups(known.flatMap(({ subnets }) => subnets));
  for (const { subnets } of known) {
    const here = new Set(subnets);
    // Two addresses of a node may be on two interfaces: only a component that names both subnets says that they are on one.
    together.forEach((homes) => groups.join(homes.filter((subnet) => here.has(subnet))));
  }
  known.forEach((row) => joinSilent(groups, row, inside));
  return groups;
}

/** Nodes of the components that named a subnet of the group. */
function selected(
  group: readonly string[],
  known: readonly KnownSubnets[],
  nodes: readonly V1Node[],
): readonly V1Node[] {
  const named = known.filter(({ subnets }) => subnets.some((subnet) => group.includes(subnet)));
  const found = named.flatMap(({ config, component }) => {
    const placed = placementOf(effectiveSpec(config), component);
    return placed ? nodesOf(nodes, component, placed) : [];
  });
  return [...new Set(found)];
}

/** Segments of the nodes, in order of their ids. */
export function segmentsOf(known: readonly KnownSubnets[], nodes: readonly V1Node[]): readonly Segment[] {
  const found = lookInside(new Set(known.flatMap(({ subnets }) => subnets)), nodes);
  return groupsOf(known, found)
    .all()
    .map((subnets) => {
      const inside = new Set(subnets.flatMap((subnet) => found.inside.get(subnet) ?? []));
      const members = inside.size > 0 ? [...inside] : selected(subnets, known, nodes);
      return { id: segmentId(subnets), subnets, nodes: members };
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** How many nodes are asked for, so that a machine that answers for everything is known as that. */
const mostNodesAsked = 2;

const internalIn = ({ status }: V1Node, subnets: readonly string[]): string | undefined =>
  (status?.addresses ?? [])
    .filter(({ type }) => type === 'InternalIP')
    .map(({ address }) => addressInService(address))
    .find((address) => address !== undefined && subnets.some((subnet) => contains(subnet, address)));

/** Addresses of nodes of a segment, the same wherever its witnesses are. */
export const nodesToAsk = ({ nodes, subnets }: Segment): readonly string[] =>
  nodes
    .toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
    .flatMap((node) => internalIn(node, subnets) ?? [])
    .slice(0, mostNodesAsked);
