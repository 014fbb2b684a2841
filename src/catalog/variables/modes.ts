// The switches of the modes, and what only one mode reads.
import type { Variable } from './types.ts';

const arp: readonly Variable[] = [
  { name: 'vip_arp', type: 'boolean', default: 'false' },
  { name: 'vip_arpRate', type: 'milliseconds', default: '3000' },
  { name: 'vip_preserve_on_leadership_loss', type: 'boolean', since: 'v1.0.2', default: 'false' },
  { name: 'vip_skipdad', type: 'boolean', since: 'v1.2.3', default: 'false' },
];

const bgp: readonly Variable[] = [
  { name: 'bgp_enable', type: 'boolean', default: 'false' },
  { name: 'bgp_routerid', type: 'address' },
  { name: 'bgp_routerinterface', type: 'interface' },
  { name: 'bgp_as', type: 'unsigned', default: '65000' },
  { name: 'bgp_peers', type: 'list' },
  { name: 'bgp_peeraddress', type: 'address' },
  { name: 'bgp_peeras', type: 'unsigned', default: '65000' },
  { name: 'bgp_peerpass', type: 'text' },
  { name: 'bgp_multihop', type: 'boolean', default: 'false' },
  { name: 'bgp_sourceip', type: 'address' },
  { name: 'bgp_sourceif', type: 'interface' },
  { name: 'bgp_hold_time', type: 'unsigned', since: 'v0.7.0', default: '30' },
  { name: 'bgp_keepalive_interval', type: 'unsigned', since: 'v0.7.0', default: '10' },
  { name: 'mpbgp_nexthop', type: 'next hop', since: 'v0.8.10' },
  { name: 'mpbgp_ipv4', type: 'address', since: 'v0.8.10' },
  { name: 'mpbgp_ipv6', type: 'address', since: 'v0.8.10' },
  { name: 'bgp_attach_ip_to_interface', type: 'boolean', since: 'v1.2.2', note: 'Without effect.' },
  { name: 'annotation', type: 'text', note: 'Prefix of Node annotations to read BGP settings from.' },
  { name: 'zebra_enable', type: 'boolean', since: 'v1.0.0', default: 'false' },
  { name: 'zebra_url', type: 'text', since: 'v1.0.0', default: 'unix:/var/run/frr/zserv.api' },
  { name: 'zebra_version', type: 'unsigned', since: 'v1.0.0', default: '6' },
  { name: 'zebra_software_name', type: 'text', since: 'v1.0.0', default: 'frr8.3' },
];

const others: readonly Variable[] = [
  { name: 'vip_wireguard', type: 'boolean', default: 'false' },
  { name: 'vip_routingtable', type: 'boolean', default: 'false' },
  { name: 'vip_routingtableid', type: 'integer', default: '198' },
  { name: 'vip_routingtabletype', type: 'integer', before: 'v0.9.1', default: '0' },
  { name: 'vip_routingtabletype', type: 'integer', since: 'v0.9.1', default: '1' },
  { name: 'vip_routingprotocol', type: 'integer', since: 'v0.7.1', default: '248' },
  { name: 'vip_cleanroutingtable', type: 'boolean', since: 'v0.7.1', default: 'false' },
  { name: 'provider_config', type: 'text', before: 'v0.9.0' },
  { name: 'vip_packet', type: 'boolean', before: 'v0.9.0', default: 'false' },
  { name: 'vip_packetproject', type: 'text', before: 'v0.9.0' },
  { name: 'vip_packetprojectid', type: 'text', before: 'v0.9.0' },
];

/** Variables of ARP, BGP, routing table and WireGuard, and of clouds. */
export const modeVariables: readonly Variable[] = [...arp, ...bgp, ...others];
