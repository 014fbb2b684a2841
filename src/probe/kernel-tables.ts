// Reads the kernel's text tables below /proc/net. Pure: text in, facts out.
import ipaddr from 'ipaddr.js';

const rows = (text: string): readonly (readonly string[])[] =>
  text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields.length > 1);

const gatewayFlag = 0x2;

/** Interface of the default route with the lowest metric, from /proc/net/route; undefined without one. */
export function defaultRouteInterface(route: string): string | undefined {
  // Iface Destination Gateway Flags RefCnt Use Metric Mask …
  const [best] = rows(route)
    .filter(([, destination, , , , , , mask]) => destination === '00000000' && mask === '00000000')
    .sort((a, b) => Number(a[6]) - Number(b[6]));
  return best?.[0];
}

/** The same of IPv6, from /proc/net/ipv6_route. */
export function defaultRouteInterface6(route: string): string | undefined {
  // destination length source length next-hop metric references use flags device, all in hexadecimal.
  const [best] = rows(route)
    .filter(
      ([destination = '', length, , , , , , , flags]) =>
        /^0+$/.test(destination) && length === '00' && (Number.parseInt(flags ?? '', 16) & gatewayFlag) !== 0,
    )
    .sort((a, b) => Number.parseInt(a[5] ?? '', 16) - Number.parseInt(b[5] ?? '', 16));
  return best?.[9];
}

const bytesOf = (hex: string): readonly number[] =>
  hex.match(/../g)?.map((byte) => Number.parseInt(byte, 16)) ?? [];

/** Next hops of the default routes, from /proc/net/route. */
export function defaultGateways(route: string): readonly string[] {
  const found = rows(route).filter(
    ([, destination, , flags, , , , mask]) =>
      destination === '00000000' &&
      mask === '00000000' &&
      (Number.parseInt(flags ?? '', 16) & gatewayFlag) !== 0,
  );
  // The kernel prints the bytes of an address from the last to the first.
  return [...new Set(found.map(([, , gateway = '']) => bytesOf(gateway).toReversed().join('.')))];
}

/** The same of IPv6, from /proc/net/ipv6_route, in canonical form. */
export function defaultGateways6(route: string): readonly string[] {
  const found = rows(route).filter(
    ([destination = '', length, , , , , , , flags]) =>
      /^0+$/.test(destination) && length === '00' && (Number.parseInt(flags ?? '', 16) & gatewayFlag) !== 0,
  );
  return [
    ...new Set(found.map(([, , , , hop = '']) => new ipaddr.IPv6([...bytesOf(hop)]).toRFC5952String())),
  ];
}

/** IPv4 addresses that are this node's, from /proc/net/fib_trie: also those that no interface list shows. */
export function localAddresses(fibTrie: string): readonly string[] {
  const found = fibTrie.matchAll(/\|-- (\d+\.\d+\.\d+\.\d+)\n\s+\/32 host LOCAL/g);
  return [...new Set([...found].map((match) => match[1] ?? ''))];
}

/** IPv6 addresses that are this node's, from /proc/net/if_inet6, in canonical form. */
export function localAddresses6(ifInet6: string): readonly string[] {
  return rows(ifInet6).map(([hex = '']) => {
    const bytes = hex.match(/../g)?.map((byte) => Number.parseInt(byte, 16)) ?? [];
    return new ipaddr.IPv6(bytes).toRFC5952String();
  });
}

const complete = 0x2;

/** Who answers ARP for an address, from /proc/net/arp; undefined when nobody did. */
export function neighbour(arp: string, address: string): string | undefined {
  // IP address, HW type, Flags, HW address, Mask, Device
  const row = rows(arp).find(
    ([ip, , flags, mac]) => ip === address && (Number(flags) & complete) !== 0 && mac !== '00:00:00:00:00:00',
  );
  return row?.[3]?.toLowerCase();
}
