// Which node has which address, and whether a range has one.
import type { V1Node } from '@kubernetes/client-node';
import { addressOrName, familyOf } from '../api/addresses.ts';
import {
  addressRange,
  addressValue,
  cidrRange,
  type AddressRange,
  type AddressValue,
} from '../api/address-range.ts';
import { oncePer } from './once.ts';

/** One address of a Node object. */
export interface NodeAddress {
  readonly node: string;
  /** `InternalIP` or `ExternalIP`. */
  readonly type: string;
  /** The node has an internal address of its family before this one, by which it is known. */
  readonly isFurther: boolean;
}

function addressesOf({ metadata, status }: V1Node): readonly (readonly [string, NodeAddress])[] {
  const rows = (status?.addresses ?? [])
    .filter(({ type }) => type === 'InternalIP' || type === 'ExternalIP')
    .map(({ address, type }) => ({ type, address: addressOrName(address) }));
  const first = (of: string): string | undefined =>
    rows.find(({ type, address }) => type === 'InternalIP' && familyOf(address) === familyOf(of))?.address;
  return rows.map(({ address, type }) => {
    const known = first(address);
    const isFurther = known !== undefined && known !== address;
    return [address, { node: metadata?.name ?? '', type, isFurther }];
  });
}

const indexNodes = (nodes: readonly V1Node[]): ReadonlyMap<string, NodeAddress> =>
  new Map(nodes.flatMap(addressesOf));

/** Address to node, for every address that a Node object names; the same list gives the same index. */
export const nodeAddresses = oncePer(indexNodes);

type NamedRange = readonly [text: string, range: AddressRange];

const podRangesOf = oncePer(({ spec }: V1Node): readonly NamedRange[] =>
  (spec?.podCIDRs ?? []).flatMap((text) => {
    const range = cidrRange(text);
    return range ? [[text, range] as const] : [];
  }),
);

const isWithin = ({ family, first, last }: AddressRange, wanted: AddressValue): boolean =>
  family === wanted.family && first <= wanted.value && wanted.value <= last;

/** What was found for each address in one list of nodes. */
const foundIn = oncePer<readonly V1Node[], Map<string, string | undefined>>(() => new Map());

/** The range of a node for its pods that has an address, or undefined; of one list, each address is looked for once. */
export function podRangeWith(nodes: readonly V1Node[], address: string): string | undefined {
  const known = foundIn(nodes);
  if (!known.has(address)) {
    known.set(address, findPodRange(nodes, address));
  }
  return known.get(address);
}

function findPodRange(nodes: readonly V1Node[], address: string): string | undefined {
  const wanted = addressValue(address);
  if (wanted === undefined) {
    return undefined;
  }
  for (const node of nodes) {
    const found = podRangesOf(node).find(([, range]) => isWithin(range, wanted));
    if (found !== undefined) {
      return found[0];
    }
  }
  return undefined;
}

/** Whether a CIDR, or a range `from-to`, has an address. What cannot be read has none. */
export function contains(range: string, address: string): boolean {
  const [row, wanted] = [addressRange(range.trim()), addressValue(address)];
  return row !== undefined && wanted !== undefined && isWithin(row, wanted);
}
