// Metrics of what witnesses hear on the network.
import type { Row } from './row.ts';

/** Metrics of the network, by name. Those of a KubeVipConfig end with it. */
export const networkRows = {
  kube_vip_operator_address_owner: {
    type: 'gauge',
    help: 'Always 1, for each machine that answers for an address, as witnesses hear it: its node, else its MAC.',
    labels: ['kubevipconfig', 'function', 'address', 'owner'],
    meaning:
      'One series for each control-plane address. Of Services those alone that are not as they should be. None for an address of which no witness can tell.',
    todo: 'Two series of one address, or none: DuplicateOwner or Ready of the KubeVipConfig says what to do.',
  },
  kube_vip_operator_unanswered_addresses: {
    type: 'gauge',
    help: 'Addresses of a function for which no machine answers the witnesses.',
    labels: ['kubevipconfig', 'function'],
    meaning: '0, but for the moments of a fail-over. Absent where no witness can tell.',
    todo: 'Above 0: status.controlPlane.owners or status.services.owners names them.',
  },
  kube_vip_operator_orphan_addresses: {
    type: 'gauge',
    help: 'Addresses that a node answers for and nothing claims.',
    labels: ['kubevipconfig'],
    meaning: '0. A Service that is deleted or changes its type may leave its address on a node.',
    todo: 'Above 0: status.orphans has the command for each.',
  },
  kube_vip_operator_remedies_total: {
    type: 'counter',
    help: 'Pods that the operator ended because they answered for an address whose Lease another node holds.',
    labels: ['kubevipconfig', 'function'],
    meaning: '0. Each is a node on which kube-vip was stopped, starved or stuck.',
    todo: 'Grows: look at the load and at the kernel log of the nodes in status.remedies.',
  },
  kube_vip_operator_witness_age_seconds: {
    type: 'gauge',
    help: 'Seconds since a witness was heard last.',
    labels: ['segment', 'node'],
    meaning: 'Below 6. After 10 s it counts as silent, and what it said as not known.',
    todo: 'Grows: look at the pod of the witness on that node.',
  },
  kube_vip_operator_witness_hears: {
    type: 'gauge',
    help: '1 when a witness answers and can ask its network, else 0.',
    labels: ['segment', 'node'],
    meaning: 'Two witnesses for each network in which there are addresses, where it has two nodes.',
    todo: '0: Ready of the KubeVipConfigs says why. See docs/witness.md.',
  },
} as const satisfies Record<string, Row>;
