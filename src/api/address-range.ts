// Ranges of addresses as a pool lists them: a CIDR, or `first-last`. Numbers, so that ranges are compared and no texts.
import ipaddr from 'ipaddr.js';
import { canonicalAddress, familyOf, isVirtualAddress, type Family } from './addresses.ts';

/** An address as a number of its family. */
export interface AddressValue {
  readonly family: Family;
  readonly value: bigint;
}

/** From the first address to the last, both included. */
export interface AddressRange {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
}

const bitsOf = (family: Family): number => (family === 'IPv4' ? 32 : 128);

const numberOf = (bytes: readonly number[]): bigint =>
  bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);

const numberOfV4 = (text: string): number =>
  text.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);

/** The number of a literal address in whatever spelling; undefined for what is none. */
export function addressValue(text: string): AddressValue | undefined {
  const canonical = canonicalAddress(text);
  if (canonical === undefined) {
    return undefined;
  }
  // ipaddr.js takes a hundred times as long, and a cluster may have 20,000 of them.
  return canonical.includes(':')
    ? { family: 'IPv6', value: numberOf(ipaddr.IPv6.parse(canonical).toByteArray()) }
    : { family: 'IPv4', value: BigInt(numberOfV4(canonical)) };
}

// ipaddr.js is not asked for IPv4: whoever looks for a free address says thousands of them.
function textOfV4(value: bigint): string {
  const number = Number(value);
  return [24, 16, 8, 0].map((bits) => (number >>> bits) & 255).join('.');
}

function textOfV6(value: bigint): string {
  const bytes = Array.from({ length: 16 }, (_, at) => Number((value >> BigInt(120 - 8 * at)) & 255n));
  return new ipaddr.IPv6(bytes).toRFC5952String();
}

/** The canonical text of the address that a number of its family is. */
export const addressOf = ({ family, value }: AddressValue): string =>
  family === 'IPv4' ? textOfV4(value) : textOfV6(value);

/** The range of a CIDR; bits behind the prefix are ignored. Undefined for what is none. */
export function cidrRange(text: string): AddressRange | undefined {
  const [address = '', length = '', ...rest] = text.split('/');
  const found = addressValue(address);
  if (found === undefined || rest.length > 0 || !/^\d{1,3}$/.test(length)) {
    return undefined;
  }
  const { family, value } = found;
  const bits = bitsOf(family);
  if (Number(length) > bits) {
    return undefined;
  }
  const size = 1n << BigInt(bits - Number(length));
  const first = value - (value % size);
  return { family, first, last: first + size - 1n };
}

/** A CIDR without bits behind its prefix, in canonical form, for example `203.0.113.0/24`; undefined for what is none. */
export function canonicalSubnet(text: string): string | undefined {
  const [address = '', length] = text.split('/');
  const [range, literal] = [cidrRange(text), canonicalAddress(address)];
  if (range === undefined || literal === undefined) {
    return undefined;
  }
  const network =
    range.family === 'IPv4'
      ? ipaddr.IPv4.networkAddressFromCIDR(`${literal}/${length}`).toString()
      : ipaddr.IPv6.networkAddressFromCIDR(`${literal}/${length}`).toRFC5952String();
  return `${network}/${Number(length)}`;
}

/** The range of a CIDR, of `first-last`, or of one address; undefined for what is none. */
export function addressRange(text: string): AddressRange | undefined {
  if (text.includes('/')) {
    return cidrRange(text.trim());
  }
  const [from = '', to = from, ...rest] = text.split('-').map((part) => part.trim());
  const [first, last] = [addressValue(from), addressValue(to)];
  if (first === undefined || last === undefined || rest.length > 0) {
    return undefined;
  }
  const isOrdered = first.family === last.family && first.value <= last.value;
  return isOrdered ? { family: first.family, first: first.value, last: last.value } : undefined;
}

// IPv6 has no broadcast. The first address of a subnet there is that of any of its routers (RFC 4291, 2.6.1).
const endNames = { IPv4: ['network', 'broadcast'], IPv6: ['first', 'last'] } as const;

/** What the first and the last address of a subnet are called; none in /31, /32, /127 and /128, where hosts may have both. */
export function endsOf(
  subnet: string,
): readonly { readonly value: AddressValue; readonly called: (typeof endNames)[Family][number] }[] {
  const range = cidrRange(subnet);
  if (range === undefined || range.last - range.first < 2n) {
    return [];
  }
  const { family, first, last } = range;
  const [ofFirst, ofLast] = endNames[family];
  return [
    { value: { family, value: first }, called: ofFirst },
    { value: { family, value: last }, called: ofLast },
  ];
}

/** Whether two ranges have an address in common. */
export function overlap(a: AddressRange, b: AddressRange): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}

/** Networks that no pool may touch: unspecified, loopback, link-local, multicast, broadcast, IPv4 in IPv6. */
export const forbiddenNetworks: readonly string[] = [
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '255.255.255.255/32',
  '::/80',
  'fe80::/10',
  'ff00::/8',
];

const forbidden = forbiddenNetworks.map((text) => cidrRange(text)).filter((range) => range !== undefined);

const touchesForbidden = (range: AddressRange): boolean =>
  forbidden.some((network) => overlap(network, range));

/** Prefix lengths of the networks that a `first-last` range stays inside: 65,536 addresses. */
export const rangePrefix = { IPv4: 16, IPv6: 112 } as const satisfies Record<Family, number>;

// As netip.ParsePrefix takes it: no zone, no leading zero, no IPv4 in IPv6.
function isPlainCidr(text: string): boolean {
  const [address = '', length = ''] = text.split('/');
  const range = cidrRange(text);
  const isPlain = /^(0|[1-9]\d*)$/.test(length) && familyOf(address) !== undefined;
  return (
    range !== undefined &&
    isPlain &&
    canonicalAddress(address) === address &&
    addressValue(address)?.value === range.first
  );
}

function isPoolCidr(text: string): boolean {
  const range = cidrRange(text);
  return range !== undefined && isPlainCidr(text) && !touchesForbidden(range);
}

function isPoolRange(text: string): boolean {
  const parts = text.split('-');
  const range = addressRange(text);
  const isPlain = parts.length === 2 && parts.every((part) => isVirtualAddress(part));
  if (!isPlain || range === undefined || touchesForbidden(range)) {
    return false;
  }
  const network = cidrRange(`${parts[0]}/${rangePrefix[range.family]}`);
  return network !== undefined && range.last <= network.last;
}

/** Whether a text may stand in a pool: a CIDR without bits behind its prefix, or `first-last`, of unicast addresses. */
export function isPoolEntry(text: string): boolean {
  return text.includes('/') ? isPoolCidr(text) : isPoolRange(text);
}

/** Whether a text may be left out of a pool: a canonical address, or a CIDR without bits behind its prefix. */
export function isReservedEntry(text: string): boolean {
  return text.includes('/')
    ? isPlainCidr(text)
    : familyOf(text) !== undefined && canonicalAddress(text) === text;
}
