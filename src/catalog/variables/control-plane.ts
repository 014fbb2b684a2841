// What a kube-vip process reads for its control-plane address, and the prefixes of every address.
import type { Variable } from './types.ts';

/** Variables that count where cp_enable is set. */
export const controlPlaneVariables: readonly Variable[] = [
  { name: 'cp_enable', type: 'boolean', default: 'false' },
  { name: 'address', type: 'address', before: 'v0.7.0', note: 'One address or DNS name.' },
  { name: 'address', type: 'addresses', since: 'v0.7.0', note: 'Also DNS names.' },
  { name: 'vip_address', type: 'text', note: 'Deprecated: needs vip_subnet from v0.9.0 on.' },
  { name: 'port', type: 'port', default: '6443' },
  {
    name: 'vip_subnet',
    type: 'prefix suffix',
    before: 'v0.9.0',
    note: 'Not for the mask under ARP from v0.8.5 on.',
  },
  { name: 'vip_subnet', type: 'prefix lengths', since: 'v0.9.0' },
  { name: 'vip_cidr', type: 'prefix lengths', before: 'v0.8.1', default: '32', note: 'BGP only.' },
  {
    name: 'vip_cidr',
    type: 'prefix lengths',
    since: 'v0.8.1',
    before: 'v0.9.0',
    note: 'ARP too from v0.8.5 on.',
  },
  { name: 'vip_ddns', type: 'boolean', default: 'false' },
  { name: 'cp_namespace', type: 'name', default: 'kube-system' },
  { name: 'cp_detect', type: 'boolean', since: 'v0.7.0', default: 'false' },
  { name: 'lb_enable', type: 'boolean', default: 'false' },
  { name: 'lb_port', type: 'port', default: '6443' },
  { name: 'lb_fwdmethod', type: 'forwarding method', default: 'local' },
  { name: 'backend_health_check_interval', type: 'integer', since: 'v0.8.0', default: '0' },
  { name: 'control_plane_health_check_address', type: 'text', since: 'v1.2.0-rc.0' },
  { name: 'control_plane_health_check_period_seconds', type: 'seconds', since: 'v1.2.0-rc.0', default: '5' },
  { name: 'control_plane_health_check_timeout_seconds', type: 'seconds', since: 'v1.2.0-rc.0', default: '3' },
  {
    name: 'control_plane_health_check_failure_threshold',
    type: 'integer',
    since: 'v1.2.0-rc.0',
    default: '3',
  },
  { name: 'control_plane_health_check_ca_path', type: 'text', since: 'v1.2.0-rc.0' },
];
