// What a kube-vip process reads for Services. svc_* and lb_class_* count only where svc_enable is set.
import type { Variable } from './types.ts';

/** Variables that count where svc_enable is set. */
export const servicesVariables: readonly Variable[] = [
  { name: 'svc_enable', type: 'boolean', default: 'false' },
  { name: 'svc_election', type: 'boolean', default: 'false' },
  { name: 'svc_leasename', type: 'name', default: 'plndr-svcs-lock' },
  { name: 'svc_namespace', type: 'name', note: 'Not set: all namespaces.' },
  { name: 'lb_class_only', type: 'boolean', default: 'false' },
  {
    name: 'lb_class_name',
    type: 'text',
    default: 'kube-vip.io/kube-vip-class',
    note: 'The one variable that may be set empty, from v0.8.1 on: then Services without class are served.',
  },
  { name: 'lb_class_legacy_handling', type: 'boolean', since: 'v0.8.1', default: 'true' },
  { name: 'disable_service_updates', type: 'boolean', since: 'v0.7.0', default: 'false' },
  { name: 'enable_endpointslices', type: 'boolean', since: 'v0.7.0', before: 'v1.0.0', default: 'false' },
  { name: 'enable_endpoints', type: 'boolean', since: 'v1.0.0', default: 'false' },
  { name: 'enable_service_security', type: 'boolean', default: 'false' },
  { name: 'per_service_election_on_demand', type: 'boolean', since: 'v1.2.2', default: 'false' },
  { name: 'dns_mode', type: 'DNS mode', since: 'v0.7.0', default: 'first' },
  { name: 'dhcp_mode', type: 'DHCP mode', since: 'v1.0.3', note: 'Not set: dns_mode, and ipv4 for first.' },
  { name: 'dhcp_backoff_attempts', type: 'integer', since: 'v1.0.4', default: '3' },
  { name: 'enableUPNP', type: 'boolean', before: 'v1.0.0', default: 'false' },
  { name: 'enable_upnp', type: 'boolean', since: 'v1.0.0', default: 'false' },
  { name: 'mirror_dest_interface', type: 'interface', since: 'v0.8.0' },
  { name: 'egress_podcidr', type: 'networks', note: 'Not set: detected.' },
  { name: 'egress_servicecidr', type: 'networks', note: 'Not set: detected.' },
  { name: 'egress_withnftables', type: 'boolean', before: 'v1.2.2', default: 'false' },
  { name: 'egress_withnftables', type: 'boolean', since: 'v1.2.2', default: 'true' },
  { name: 'egress_enableinternalsnat', type: 'boolean', since: 'v1.2.2', default: 'false' },
  { name: 'egress_clean', type: 'boolean', since: 'v1.0.0', default: 'false' },
  { name: 'EGRESS_CLEAN', type: 'boolean', note: 'Under ARP any text counts as true before v1.0.0.' },
];
