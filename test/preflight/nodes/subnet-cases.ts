// Control-plane addresses that a subnet of the nodes keeps for itself, and those that look like it.
import { askedConfig, type NodeCase, type Said } from '../../node-world.ts';

const on = (subnets: readonly string[]): Said => ({
  interface: { name: 'eth0', isUp: true, mac: '02:00:00:00:00:01', subnets },
});

/** A row per situation, as in cases.ts. */
export const subnetCases: readonly NodeCase[] = [
  [
    'name the nodes for which the address is no host',
    {
      config: askedConfig({ controlPlane: { addresses: ['203.0.113.255'] } }),
      reports: { n1: {}, n2: on(['203.0.112.2/23']), n3: on(['203.0.113.240/28']) },
    },
    [
      'address-is-subnet-end: Node/n1: 203.0.113.255 is the broadcast address of the subnet 203.0.113.11/24. Expected an address that a host of the subnet can have.',
      'address-is-subnet-end: Node/n2: 203.0.113.255 is the broadcast address of the subnet 203.0.112.2/23. Expected an address that a host of the subnet can have.',
      'address-is-subnet-end: Node/n3: 203.0.113.255 is the broadcast address of the subnet 203.0.113.240/28. Expected an address that a host of the subnet can have.',
    ],
  ],
  [
    'know the address of a network, and of any router in IPv6',
    {
      config: askedConfig({ controlPlane: { addresses: ['203.0.113.0', '2001:db8::'] } }),
      reports: { n1: on(['203.0.113.11/24', '2001:db8::b/64']) },
    },
    [
      'address-is-subnet-end: Node/n1: 203.0.113.0 is the network address of the subnet 203.0.113.11/24. Expected an address that a host of the subnet can have.',
      'address-is-subnet-end: Node/n1: 2001:db8:: is the first address of the subnet 2001:db8::b/64. Expected an address that a host of the subnet can have.',
    ],
  ],
  [
    'let a host have both addresses of a point-to-point link, its own, and the last one in IPv6',
    {
      config: askedConfig({ controlPlane: { addresses: ['203.0.113.1', '2001:db8::ffff'] } }),
      reports: {
        n1: on(['203.0.113.0/31', '203.0.113.1/32', '2001:db8::ffff/127', '2001:db8::1/112']),
      },
    },
    [],
  ],
];
