// IP addresses as the API server's CEL library sees them, so that both judge a text alike.
import ipaddr from 'ipaddr.js';

export type Family = 'IPv4' | 'IPv6';

/** The address that a text denotes as CEL's `ip()` parses it, or undefined. No zones, no IPv4-mapped IPv6, no octal. */
function parse(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) {
    return ipaddr.IPv4.parse(text);
  }
  if (text.includes('%') || !text.includes(':') || !ipaddr.IPv6.isValid(text)) {
    return undefined;
  }
  const address = ipaddr.IPv6.parse(text);
  return address.isIPv4MappedAddress() ? undefined : address;
}

/** The family of a literal address, or undefined when the text is not one. */
export function familyOf(text: string): Family | undefined {
  return parse(text)?.kind() === 'ipv4' ? 'IPv4' : parse(text) && 'IPv6';
}

const notUnicast = new Set(['broadcast', 'multicast', 'linkLocal', 'loopback']);
// Not the range of that name: ipaddr.js has all of 0.0.0.0/8 in it, the API server this one address.
const unspecified = new Set(['0.0.0.0', '::']);

/** True for a literal in canonical form that can be given to a network interface as a virtual address. */
export function isVirtualAddress(text: string): boolean {
  const address = parse(text);
  if (address === undefined) {
    return false;
  }
  const canonical = address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString();
  return canonical === text && !unspecified.has(text) && !notUnicast.has(address.range());
}

/** Prefix length that makes an address a host route: the only one that kube-vip is ever given. */
export function hostPrefix(family: Family): number {
  return family === 'IPv4' ? 32 : 128;
}
