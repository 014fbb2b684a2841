// Metrics of each KubeVipConfig. The replica that leads, or led last, alone has them, and they end with their object.
import type { Row } from './row.ts';

/** Metrics that have a KubeVipConfig as a label, by name. */
export const configRows = {
  kube_vip_operator_config_info: {
    type: 'gauge',
    help: 'Always 1, with mode and version of a KubeVipConfig as labels.',
    labels: ['kubevipconfig', 'mode', 'version'],
    meaning: 'What the spec asks for, to be joined with the other metrics.',
    todo: 'Nothing.',
  },
  kube_vip_operator_config_ready: {
    type: 'gauge',
    help: '1 when the KubeVipConfig is Ready, else 0.',
    labels: ['kubevipconfig'],
    meaning: 'Each function is held by one node whose pod runs.',
    todo: '0: kubectl get kvc says why and what to do.',
  },
  kube_vip_operator_config_address_proven: {
    type: 'gauge',
    help: '1 when every control-plane address answers the operator from another node, else 0. Absent without a control plane.',
    labels: ['kubevipconfig'],
    meaning:
      'At 0, while Ready is 1, the answer proves nothing of the network between the nodes. The operator runs on the node that holds, cannot ask (--probe-addresses, no route), or has not heard an answer yet.',
    todo: '0 for long: ask from another node with curl -k https://ADDRESS:6443/livez. Or delete the pod of the operator that leads, so that a replica on another node asks.',
  },
  kube_vip_operator_config_condition: {
    type: 'gauge',
    help: 'A condition: 1 True, 0 False or absent, -1 Unknown.',
    labels: ['kubevipconfig', 'type'],
    meaning: 'Every type is there always, so that a query for 0 finds the absent ones.',
    todo: 'See the type and the reason in docs/conditions.md.',
  },
  kube_vip_operator_config_condition_reason: {
    type: 'gauge',
    help: 'Always 1, with the reason that a condition has now as a label.',
    labels: ['kubevipconfig', 'type', 'reason'],
    meaning: 'One series per condition that is present.',
    todo: 'See the reason in docs/conditions.md.',
  },
  kube_vip_operator_config_unobserved_generations: {
    type: 'gauge',
    help: 'Changes of the spec that status does not speak of yet.',
    labels: ['kubevipconfig'],
    meaning: 'Back to 0 within a second of a change.',
    todo: 'Stays up: the operator does not get to it. Look at the queue and at failed reconciles.',
  },
  kube_vip_operator_config_deletion_seconds: {
    type: 'gauge',
    help: 'How long the KubeVipConfig has been waiting for its deletion, in seconds. 0 when it is not being deleted.',
    labels: ['kubevipconfig'],
    meaning: 'It waits until the pods, and with them the addresses, are gone.',
    todo: 'Minutes: the condition Ready says what it waits for and what to do. After three minutes Stalled says so too.',
  },
  kube_vip_operator_function_holder: {
    type: 'gauge',
    help: 'Always 1, with the node that the Lease of a function names as a label.',
    labels: ['kubevipconfig', 'function', 'node'],
    meaning: 'No series while no node holds the Lease.',
    todo: 'Absent: see Ready of the KubeVipConfig.',
  },
  kube_vip_operator_function_holder_changes_total: {
    type: 'counter',
    help: 'How often the Lease of a function went to another node.',
    labels: ['kubevipconfig', 'function'],
    meaning: 'One per failover or rollout. Each interrupts the connections to the address.',
    todo: 'Several in minutes: look at the nodes and API servers that lose the Lease.',
  },
  kube_vip_operator_function_lease_age_seconds: {
    type: 'gauge',
    help: 'Seconds since the holder renewed the Lease of a function.',
    labels: ['kubevipconfig', 'function'],
    meaning:
      'A few seconds. Beyond the duration another node may take over. Absent on a replica whose watch of Leases fails or is silent: it cannot tell.',
    todo: 'Grows: look at the kube-vip pod and the API server on the node that holds.',
  },
  kube_vip_operator_function_lease_duration_seconds: {
    type: 'gauge',
    help: 'Duration of the Lease of a function in seconds.',
    labels: ['kubevipconfig', 'function'],
    meaning: 'What the age is held against.',
    todo: 'Nothing.',
  },
  kube_vip_operator_function_nodes: {
    type: 'gauge',
    help: 'Nodes of a function by state: desired, updated (run the current revision), ready.',
    labels: ['kubevipconfig', 'function', 'state'],
    meaning: 'The three are equal, but for a rollout.',
    todo: 'ready below desired: kubectl get pods -n kube-vip-system -o wide.',
  },
  kube_vip_operator_rollout_phase: {
    type: 'gauge',
    help: 'Always 1, for the phase that a rollout is in.',
    labels: ['kubevipconfig', 'function', 'phase'],
    meaning:
      'Absent while there is no rollout. Canary, Batch and Holder change nodes, RollingBack takes them back. Waiting, Paused, RolledBack and Failed change none.',
    todo: 'RolledBack or Failed: RollbackActive names the gate and the node. Waiting: status.rollout.waitingFor says for what.',
  },
  kube_vip_operator_drift_repairs_total: {
    type: 'counter',
    help: 'How often the operator repaired a DaemonSet that was changed from outside.',
    labels: ['kubevipconfig', 'function'],
    meaning: 'An edit by a person makes one. A tool that fights with the operator makes many.',
    todo: 'Grows: the log line "step done" with why=drifted names the field. The managedFields of the DaemonSet name the writer.',
  },
  kube_vip_operator_preflight_findings: {
    type: 'gauge',
    help: 'Findings of the checks of the live cluster, by result.',
    labels: ['kubevipconfig', 'result'],
    meaning: 'While one is Failed, the component that it is about neither starts nor changes.',
    todo: 'Failed: status.preflight says what was found where, and what to do.',
  },
  kube_vip_operator_preflight_failures: {
    type: 'gauge',
    help: 'Failed findings by check, of those that status.preflight shows.',
    labels: ['kubevipconfig', 'check'],
    meaning: 'Which check forbids a change.',
    todo: 'See the check in docs/preflight.md.',
  },
} as const satisfies Record<string, Row>;
