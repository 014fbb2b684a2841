// IP addresses as the API server's CEL library sees them, so that both judge a text alike.
import ipaddr from 'ipaddr.js';

/** The two families of IP, spelled as Kubernetes spells them. */
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

// `unspecified` is all of 0.0.0.0/8, which no host may have (RFC 1122, 3.2.1.3), and `::`.
const notUnicast = new Set(['broadcast', 'multicast', 'linkLocal', 'loopback', 'unspecified']);

// ipaddr.js takes 0.1 ms for one address, and a cluster may have 60,000 in its Services.
const ipv4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

// ipaddr.js takes `::192.0.2.1`, which is an address of its own, for IPv4 in IPv6.
const inHex = (text: string): string =>
  text.replace(/(?<=:)\d+\.\d+\.\d+\.\d+$/, (dotted: string) => {
    const [a = 0, b = 0, c = 0, d = 0] = dotted.split('.').map(Number);
    return ipv4.test(dotted) ? `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}` : dotted;
  });

/** A literal address in canonical form, IPv4 in IPv6 as IPv4, for which kube-vip takes it; undefined for what is none. */
export function canonicalAddress(text: string): string | undefined {
  if (ipv4.test(text)) {
    return text;
  }
  const written = inHex(text);
  if (!written.includes(':') || written.includes('%') || !ipaddr.IPv6.isValid(written)) {
    return undefined;
  }
  const address = ipaddr.IPv6.parse(written);
  return address.isIPv4MappedAddress() ? address.toIPv4Address().toString() : address.toRFC5952String();
}

// A zero at the front of a group, the last of its digits apart.
const leadingZeros = /(^|[.:])0+(?=[\da-f])/gi;

// A prefix length, or a zone, from its first character on.
const tail = /[/%].*$/s;

/**
 * The address that a text in an object of the cluster denotes, as Go reads it in Kubernetes: as {@link canonicalAddress},
 * and with any number of leading zeros (`203.0.113.010`, `2001:00db8::1`), which Kubernetes before 1.36 stores, and kube-proxy
 * takes for nothing. A prefix length and a zone are cut off, as the policy service-addresses does it, so that both judge a
 * Service alike. That is more than kube-vip reads: it takes such a text for a name, resolves `/32` to nothing, and fails at the
 * zone (FetchServiceAddresses in pkg/instance/instance.go and NewConfig in pkg/vip/address.go@v1.2.3, fetchServiceAddress and
 * NewConfig@v0.6.4). What comes from the cluster goes through here once, and then is compared.
 */
export function addressInService(text: string): string | undefined {
  return ipv4.test(text) ? text : canonicalAddress(text.replace(tail, '').replaceAll(leadingZeros, '$1'));
}

/** An address as {@link addressInService} reads it; a name, and what else is no address, as it is. */
export const addressOrName = (text: string): string => addressInService(text) ?? text;

/** True for a literal in canonical form that can be given to a network interface as a virtual address. */
export function isVirtualAddress(text: string): boolean {
  const address = parse(text);
  if (address === undefined) {
    return false;
  }
  const canonical = address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString();
  return canonical === text && !notUnicast.has(address.range());
}

/** Prefix length that makes an address a host route: the only one that kube-vip is ever given. */
export function hostPrefix(family: Family): number {
  return family === 'IPv4' ? 32 : 128;
}
