// The kernel's tables as real nodes print them.
import { describe, expect, it } from '@jest/globals';
import {
  defaultGateways,
  defaultGateways6,
  defaultRouteInterface,
  defaultRouteInterface6,
  localAddresses,
  localAddresses6,
  neighbour,
} from '../../src/probe/kernel-tables.ts';

const route = `Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
wlan0	00000000	017100CB	0003	0	0	600	00000000	0	0	0
eth0	00000000	017100CB	0003	0	0	100	00000000	0	0	0
tun0	00000000	00000000	0001	0	0	50	00000080	0	0	0
eth0	007100CB	00000000	0001	0	0	100	00FFFFFF	0	0	0
`;
const route6 = `20010db8000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003     eth1
00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000064 00000001 00000000 00000003     eth0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo
`;
const trie = `Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
Local:
  +-- 0.0.0.0/0 3 0 5
     +-- 203.0.113.0/24 2 0 2
        |-- 203.0.113.0
           /24 link UNICAST
        |-- 203.0.113.11
           /32 host LOCAL
        |-- 203.0.113.100
           /32 host LOCAL
        |-- 203.0.113.255
           /32 link BROADCAST
`;
const inet6 = `20010db8000000000000000000000100 02 80 00 80     eth0
00000000000000000000000000000001 01 80 10 80       lo
`;
const arp = `IP address       HW type     Flags       HW address            Mask     Device
203.0.113.1      0x1         0x2         02:AA:00:00:00:01     *        eth0
203.0.113.100    0x1         0x0         00:00:00:00:00:00     *        eth0
203.0.113.101    0x1         0x0         02:aa:00:00:00:02     *        eth0
`;

describe('kernel tables', () => {
  it.each<[string, unknown, unknown]>([
    ['the default route with the lowest metric wins', defaultRouteInterface(route), 'eth0'],
    ['no default route gives no interface', defaultRouteInterface(''), undefined],
    ['IPv6 has its own, and the reject route is none', defaultRouteInterface6(route6), 'eth0'],
    ['a node without IPv6 has none', defaultRouteInterface6(''), undefined],
    ['each default gateway is told once', defaultGateways(route), ['203.0.113.1']],
    ['a reject route has no gateway', defaultGateways6(route6), ['fe80::1']],
    ['no table has no gateway', [...defaultGateways(''), ...defaultGateways6('')], []],
    [
      'local addresses are hosts, not networks or broadcasts',
      localAddresses(trie),
      ['203.0.113.11', '203.0.113.100'],
    ],
    ['IPv6 addresses come in canonical form', localAddresses6(inet6), ['2001:db8::100', '::1']],
    ['a complete entry is an answer', neighbour(arp, '203.0.113.1'), '02:aa:00:00:00:01'],
    ['an entry that nobody answered is none', neighbour(arp, '203.0.113.100'), undefined],
    ['one that has failed since is none', neighbour(arp, '203.0.113.101'), undefined],
    ['an address that was never asked for is none', neighbour(arp, '203.0.113.10'), undefined],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual(expected);
  });
});
