// The values of the chart, a row each: what it may be, what it is without being set, and which field of which object it sets.
import { logLevels } from '../../src/options.ts';
import {
  containerResources,
  digest,
  duration,
  labelMap,
  onOff,
  port,
  repository,
  seconds,
  secretList,
  tag,
  tolerationList,
  type ValueSchema,
} from './schema.ts';

/** A place in an object of config/, for example `spec.containers.0.image`. */
export interface Place {
  /** Kind and name. */
  readonly object: string;
  readonly field: string;
  /**
   * `replace` puts the value where another is. `add` makes the field, unless the value is empty, and `extend` adds the
   * value to a map that is there.
   */
  readonly how: 'replace' | 'add' | 'extend';
  /** What the template writes there. Without it the value itself. */
  readonly expression?: string;
}

/** One value of the chart. */
export interface ValueRow {
  /** Its path, for example `image.tag`. */
  readonly value: string;
  readonly schema: ValueSchema;
  readonly standard: unknown;
  readonly meaning: string;
  readonly places?: readonly Place[];
  /** Flag of the operator that it sets, when it is not what src/options.ts takes without it. */
  readonly flag?: string;
  /** What stands after the flag. Without it the value itself. */
  readonly flagText?: string;
  /** The template of config/ that is only there while it is true. */
  readonly file?: string;
  /** The condition of that template. Without it the value itself. */
  readonly condition?: string;
}

const deployment = 'Deployment/kube-vip-operator';
const pod = 'spec.template.spec';
const inDeployment = (field: string, how: Place['how'] = 'replace', expression?: string): Place => ({
  object: deployment,
  field,
  how,
  ...(expression !== undefined && { expression }),
});
const image = '{{ include "kube-vip-operator.image" . }}';

const ofTheImage: readonly ValueRow[] = [
  {
    value: 'image.repository',
    schema: repository,
    standard: 'ghcr.io/kube-vip-operator/kube-vip-operator',
    meaning: 'Where the image of the operator is. A mirror has it under another name.',
    places: [inDeployment(`${pod}.containers.0.image`, 'replace', image)],
  },
  {
    value: 'image.tag',
    schema: tag,
    standard: '',
    meaning: 'Tag of the image. Empty: the version of the chart, or no tag where there is a digest.',
  },
  {
    value: 'image.digest',
    schema: digest,
    standard: '',
    meaning: 'Digest of the image, `sha256:` and 64 digits. The nodes then run this image and no other.',
  },
  {
    value: 'image.requireDigest',
    schema: onOff,
    standard: false,
    meaning: 'Refuses an install whose images have no digest.',
  },
  {
    value: 'image.pullPolicy',
    schema: { type: 'string', enum: ['IfNotPresent', 'Always', 'Never'] },
    standard: 'IfNotPresent',
    meaning: 'When a node pulls the image.',
    places: [inDeployment(`${pod}.containers.0.imagePullPolicy`)],
  },
  {
    value: 'image.pullSecrets',
    schema: secretList,
    standard: [],
    meaning: 'Secrets in kube-vip-system with which nodes pull the image, also for the probes of nodes.',
    places: [inDeployment(`${pod}.imagePullSecrets`, 'add')],
  },
];

const ofThePods: readonly ValueRow[] = [
  {
    value: 'replicas',
    schema: { type: 'integer', minimum: 1, maximum: 5 },
    standard: 2,
    meaning: 'Replicas of the operator. One leads, and the others stand by. Addresses need none of them.',
    places: [inDeployment('spec.replicas')],
  },
  {
    value: 'resources',
    schema: containerResources,
    standard: { requests: { cpu: '20m', memory: '128Mi' }, limits: { memory: '256Mi' } },
    meaning: 'Requests and limits of the operator. `limits: null` takes a part away.',
    places: [inDeployment(`${pod}.containers.0.resources`)],
  },
  {
    value: 'priorityClassName',
    schema: { type: 'string', minLength: 1 },
    standard: 'system-cluster-critical',
    meaning: 'Priority class of the operator.',
    places: [inDeployment(`${pod}.priorityClassName`)],
  },
  {
    value: 'nodeSelector',
    schema: labelMap,
    standard: {},
    meaning: 'Labels of the nodes on which the operator may run.',
    places: [inDeployment(`${pod}.nodeSelector`, 'add')],
  },
  {
    value: 'tolerations',
    schema: tolerationList,
    standard: [
      { key: 'node-role.kubernetes.io/control-plane', operator: 'Exists' },
      { key: 'CriticalAddonsOnly', operator: 'Exists' },
    ],
    meaning: 'Taints of nodes that do not keep the operator away.',
    places: [inDeployment(`${pod}.tolerations`)],
  },
];

const ofTheCluster: readonly ValueRow[] = [
  {
    value: 'labels',
    schema: labelMap,
    standard: {},
    meaning: 'Labels for every object of the chart and for the pods of the operator.',
    places: [inDeployment('spec.template.metadata.labels', 'extend')],
  },
  {
    value: 'namespace.create',
    schema: onOff,
    standard: true,
    meaning:
      'Makes the Namespace kube-vip-system with its label for Pod Security. A Namespace that is there and not of this release is left alone.',
    file: 'namespace/namespace.yaml',
    condition: 'and .Values.namespace.create (include "kube-vip-operator.makesNamespace" .)',
  },
  {
    value: 'networkPolicy.enabled',
    schema: onOff,
    standard: true,
    meaning: 'Makes the NetworkPolicy of the operator.',
    file: 'manager/network-policy.yaml',
  },
  {
    value: 'monitoring.podMonitor.enabled',
    schema: onOff,
    standard: false,
    meaning: 'Makes a PodMonitor. It needs the Prometheus operator.',
    file: 'monitoring/pod-monitor.yaml',
  },
  {
    value: 'monitoring.podMonitor.interval',
    schema: duration,
    standard: '30s',
    meaning: 'How often Prometheus reads the metrics.',
    places: [
      {
        object: 'PodMonitor/kube-vip-operator',
        field: 'spec.podMetricsEndpoints.0.interval',
        how: 'replace',
      },
    ],
  },
  {
    value: 'monitoring.alerts.enabled',
    schema: onOff,
    standard: false,
    meaning: 'Makes a PrometheusRule with the alerts of the runbook. It needs the Prometheus operator.',
    file: 'monitoring/alerts.yaml',
  },
  {
    value: 'monitoring.dashboard.enabled',
    schema: onOff,
    standard: false,
    meaning: "Makes a ConfigMap with the dashboard, which Grafana's sidecar takes.",
    file: 'monitoring/dashboard.yaml',
  },
  {
    value: 'monitoring.labels',
    schema: labelMap,
    standard: {},
    meaning: 'Labels by which a Prometheus selects the PodMonitor and the PrometheusRule.',
  },
];

const ofTheProgram: readonly ValueRow[] = [
  {
    value: 'options.logLevel',
    schema: { type: 'string', enum: logLevels },
    standard: 'info',
    meaning: 'The least severity that the operator logs.',
    flag: 'log-level',
  },
  {
    value: 'options.healthPort',
    schema: port,
    standard: 8081,
    meaning: 'Port of `/healthz` and `/readyz`.',
    flag: 'health-port',
    places: [inDeployment(`${pod}.containers.0.ports.0.containerPort`)],
  },
  {
    value: 'options.metricsPort',
    schema: port,
    standard: 8080,
    meaning: 'Port of `/metrics`.',
    flag: 'metrics-port',
    places: [inDeployment(`${pod}.containers.0.ports.1.containerPort`)],
  },
  {
    value: 'options.resyncSeconds',
    schema: seconds,
    standard: 600,
    meaning: 'Seconds between two full compares of every object.',
    flag: 'resync-seconds',
  },
  {
    value: 'options.stuckSeconds',
    schema: seconds,
    standard: 120,
    meaning: 'Seconds after which a reconcile that has not ended fails `/healthz`.',
    flag: 'stuck-seconds',
  },
  {
    value: 'options.lostSeconds',
    schema: seconds,
    standard: 60,
    meaning: 'Seconds after which a watch that fails makes the operator not ready.',
    flag: 'lost-seconds',
  },
  {
    value: 'options.probeAddresses',
    schema: onOff,
    standard: true,
    meaning:
      'Whether the operator dials the addresses. False where a proxy between it and the nodes answers for every address.',
    flag: 'probe-addresses',
    flagText: '{{ ternary "on" "off" .Values.options.probeAddresses }}',
  },
  {
    value: 'options.probeImage',
    schema: { type: 'string', pattern: '^\\S*$' },
    standard: '',
    meaning: 'Image of the probes of nodes. Empty: the image of the operator.',
    flag: 'probe-image',
  },
];

/** Every value of the chart. */
export const valueRows: readonly ValueRow[] = [...ofThePods, ...ofTheImage, ...ofTheCluster, ...ofTheProgram];
