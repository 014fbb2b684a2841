// Metrics of the operator as a process.
import type { Row } from './row.ts';

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60];

/** Metrics of the process itself, by name. Each replica has them. */
export const operatorRows = {
  kube_vip_operator_leader: {
    type: 'gauge',
    help: '1 on the replica that leads. 0 on a standby, and on a leader whose Lease was not renewed for 10 s.',
    labels: [],
    meaning:
      'The sum over all replicas is 1. Only the leader has the series of KubeVipConfigs. At 0 it keeps them as it saw them last, and writes nothing.',
    todo: 'Sum 0 for minutes: look at the Lease of the operator and at the logs of its pods.',
  },
  kube_vip_operator_unsynced_resources: {
    type: 'gauge',
    help: 'Watched resources that have not been listed yet.',
    labels: [],
    meaning: 'Nothing is decided before it is 0. /readyz names them.',
    todo: 'Read the log for "watch failed": it says what to do.',
  },
  kube_vip_operator_reconciles_total: {
    type: 'counter',
    help: 'Reconciles by outcome.',
    labels: ['outcome'],
    meaning:
      'waiting is the usual outcome: the object is looked at again. failed is tried again with back-off.',
    todo: 'failed that keeps growing: read the log for "step failed" and "reconcile failed".',
  },
  kube_vip_operator_reconcile_duration_seconds: {
    type: 'histogram',
    help: 'Duration of one reconcile in seconds.',
    labels: [],
    buckets: seconds,
    meaning: 'Milliseconds when nothing changes. The rest is time of the API server.',
    todo: 'Slow: compare with the duration of API requests.',
  },
  kube_vip_operator_queue_depth: {
    type: 'gauge',
    help: 'KubeVipConfigs that wait for a reconcile.',
    labels: [],
    meaning: 'At most the number of KubeVipConfigs. Back to 0 within seconds. 0 on a standby.',
    todo: 'Stays up: look at queue_busy_seconds and at the duration of reconciles.',
  },
  kube_vip_operator_queue_busy_seconds: {
    type: 'gauge',
    help: 'How long the present reconcile has run, in seconds. 0 when idle.',
    labels: [],
    meaning: 'After 120 s /healthz fails and the kubelet restarts the operator.',
    todo: 'Above a minute: the API server does not answer, or the operator is stuck. Keep its log.',
  },
  kube_vip_operator_api_requests_total: {
    type: 'counter',
    help: 'Answers of the API server by verb and code.',
    labels: ['verb', 'code'],
    meaning: 'Few when nothing changes, and not more with more nodes.',
    todo: '401 and 403: see config/rbac. 5xx and none: look at the API server.',
  },
  kube_vip_operator_api_request_duration_seconds: {
    type: 'histogram',
    help: 'Time until the API server answered, in seconds, by verb. Watches are a verb of their own.',
    labels: ['verb'],
    buckets: seconds,
    meaning: 'A request is given up after 15 s.',
    todo: 'Slow: look at the API server and its etcd.',
  },
  kube_vip_operator_api_throttled_total: {
    type: 'counter',
    help: 'Requests that the API server refused with 429, too many requests.',
    labels: [],
    meaning: 'The API server is short of capacity for the operator, which comes back later.',
    todo: 'Grows: look at API priority and fairness, and at who else asks.',
  },
  kube_vip_operator_api_wait_seconds_total: {
    type: 'counter',
    help: 'Seconds that requests were held back because the API server asked for it.',
    labels: [],
    meaning: 'Retry-After of a 429 or 503 is heeded, by every request.',
    todo: 'As for throttled requests.',
  },
  kube_vip_operator_watch_failures_total: {
    type: 'counter',
    help: 'Lists and watches that failed, by resource.',
    labels: ['resource'],
    meaning: 'A few at a restart of the API server. Meanwhile the operator decides on what it saw last.',
    todo: 'Grows: read the log for "watch failed": it says what to do.',
  },
  kube_vip_operator_watch_wait_seconds_total: {
    type: 'counter',
    help: 'Seconds that failed watches were made to wait before the next attempt, by resource.',
    labels: ['resource'],
    meaning: 'For so long nothing new was seen of the resource.',
    todo: 'As for the failures.',
  },
  process_cpu_seconds_total: {
    type: 'counter',
    help: 'CPU time of the operator in seconds.',
    labels: [],
    meaning: 'Next to nothing when idle.',
    todo: 'High: look at the rate of reconciles and of API requests.',
  },
  process_resident_memory_bytes: {
    type: 'gauge',
    help: 'Resident memory of the operator in bytes.',
    labels: [],
    meaning: 'Under 120 MiB when idle in a small cluster. The limit is 256 MiB.',
    todo: 'Grows for days: keep a heap snapshot and report it.',
  },
  process_start_time_seconds: {
    type: 'gauge',
    help: 'When the operator started, in seconds since 1970.',
    labels: [],
    meaning: 'Changes with each restart.',
    todo: 'Changes often: see kubectl logs --previous.',
  },
  process_open_fds: {
    type: 'gauge',
    help: 'Open file descriptors of the operator.',
    labels: [],
    meaning: 'Some dozens.',
    todo: 'Grows: connections leak. Report it.',
  },
  nodejs_heap_used_bytes: {
    type: 'gauge',
    help: 'Memory that objects take, in bytes.',
    labels: [],
    meaning: 'The part of resident memory that grows with the cluster.',
    todo: 'As for resident memory.',
  },
} as const satisfies Record<string, Row>;
