// Metrics of what Services get. They are as old as status, which counts every five seconds at most.
import type { Row } from './row.ts';

/** Metrics of grants, by name. */
export const grantRows = {
  kube_vip_operator_waiting_services: {
    type: 'gauge',
    help: 'Services of the class of a KubeVipConfig that have not got an address that they want.',
    labels: ['kubevipconfig'],
    meaning: '0, but for a few seconds after a Service was made. Absent without spec.services.',
    todo: 'Stays up: status.services.waitingServices names the first three, and the events of each Service say why.',
  },
  kube_vip_operator_pool_addresses: {
    type: 'gauge',
    help: 'Addresses of a pool of one family by state: size, used (Services have them), free (they may be given).',
    labels: ['kubevipconfig', 'pool', 'family', 'state'],
    meaning: 'size is used, free and what the pool leaves out by reserved and avoidBuggyIPs.',
    todo: 'free near 0: add addresses to the pool, or delete Services that need none.',
  },
} as const satisfies Record<string, Row>;
