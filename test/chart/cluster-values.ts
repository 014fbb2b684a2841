// Which objects there are, and their labels.
import { duration, labelMap, onOff } from './schema.ts';
import { inDeployment, type ValueRow } from './value-row.ts';

/** Values about what stands around the pods. */
export const clusterValues: readonly ValueRow[] = [
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
