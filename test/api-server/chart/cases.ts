// What a person may ask of the chart, and the overlay of config/ that means the same.

/** The part of a kustomization that these overlays use. */
export interface Overlay {
  /** Folders of config/. Without it `default`. */
  readonly folders?: readonly string[];
  readonly replicas?: readonly object[];
  readonly images?: readonly object[];
  readonly labels?: readonly object[];
  readonly patches?: readonly object[];
}

/** One set of values. */
export interface ChartCase {
  readonly title: string;
  readonly values: object;
  readonly overlay: Overlay;
}

const image = 'ghcr.io/kube-vip-operator/kube-vip-operator';
const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
const deployment = { kind: 'Deployment', name: 'kube-vip-operator' };
const container = '/spec/template/spec/containers/0';

type Step = readonly ['add' | 'replace' | 'remove', string, unknown?];

/** A patch of one object. */
const patch = (target: object, ...steps: readonly Step[]) => ({
  target,
  patch: JSON.stringify(steps.map(([op, path, value]) => ({ op, path, value }))),
});

const without = (kind: string, name: string) => ({
  patch: JSON.stringify({
    $patch: 'delete',
    apiVersion: kind === 'NetworkPolicy' ? 'networking.k8s.io/v1' : 'v1',
    kind,
    metadata: { name, ...(kind !== 'Namespace' && { namespace: 'kube-vip-system' }) },
  }),
});

const withMonitoring = ['default', 'monitoring'];
const podMonitor = { kind: 'PodMonitor', name: 'kube-vip-operator' };
const alerts = { kind: 'PrometheusRule', name: 'kube-vip-operator' };
const dashboard = { kind: 'ConfigMap', name: 'kube-vip-operator-dashboard' };
const removed = ({ kind, name }: { kind: string; name: string }) => ({
  patch: JSON.stringify({
    $patch: 'delete',
    apiVersion: kind === 'ConfigMap' ? 'v1' : 'monitoring.coreos.com/v1',
    kind,
    metadata: { name, namespace: 'kube-vip-system' },
  }),
});

const ofImages: readonly ChartCase[] = [
  {
    title: 'a mirror of the image, with a tag of its own',
    values: { image: { repository: 'mirror.example.org:5000/a/operator', tag: 'v9' } },
    overlay: { images: [{ name: image, newName: 'mirror.example.org:5000/a/operator', newTag: 'v9' }] },
  },
  {
    title: 'an image by digest, where one is required, with Secrets to pull it',
    values: {
      image: { digest, requireDigest: true, pullPolicy: 'Always', pullSecrets: [{ name: 'mirror' }] },
    },
    overlay: {
      images: [{ name: image, digest }],
      patches: [
        patch(
          deployment,
          ['add', '/spec/template/spec/imagePullSecrets', [{ name: 'mirror' }]],
          ['replace', `${container}/imagePullPolicy`, 'Always'],
        ),
      ],
    },
  },
  {
    title: 'an image by tag and digest',
    values: { image: { tag: 'v0.1.0', digest } },
    overlay: { patches: [patch(deployment, ['replace', `${container}/image`, `${image}:v0.1.0@${digest}`])] },
  },
];

const ofThePods: readonly ChartCase[] = [
  {
    title: 'one replica with other resources',
    values: { replicas: 1, resources: { requests: { cpu: '1', memory: '1Gi' }, limits: null } },
    overlay: {
      replicas: [{ name: 'kube-vip-operator', count: 1 }],
      patches: [
        patch(deployment, ['replace', `${container}/resources`, { requests: { cpu: '1', memory: '1Gi' } }]),
      ],
    },
  },
  {
    title: 'other nodes and another priority',
    values: {
      priorityClassName: 'true',
      nodeSelector: { 'example.org/role': 'infra' },
      tolerations: [{ key: 'example.org/infra', operator: 'Equal', value: '1', effect: 'NoSchedule' }],
    },
    overlay: {
      patches: [
        patch(
          deployment,
          ['replace', '/spec/template/spec/priorityClassName', 'true'],
          ['add', '/spec/template/spec/nodeSelector', { 'example.org/role': 'infra' }],
          [
            'replace',
            '/spec/template/spec/tolerations',
            [{ key: 'example.org/infra', operator: 'Equal', value: '1', effect: 'NoSchedule' }],
          ],
        ),
      ],
    },
  },
  {
    title: 'no tolerations',
    values: { tolerations: [] },
    overlay: { patches: [patch(deployment, ['replace', '/spec/template/spec/tolerations', []])] },
  },
  {
    title: 'every option of the operator',
    values: {
      options: {
        logLevel: 'debug',
        healthPort: 18_081,
        metricsPort: 18_080,
        resyncSeconds: 86_400,
        stuckSeconds: 60,
        lostSeconds: 30,
        probeAddresses: false,
        probeImage: 'mirror.example.org/a/probe:v1',
      },
    },
    overlay: {
      patches: [
        patch(
          deployment,
          [
            'add',
            `${container}/args`,
            [
              '--log-level=debug',
              '--health-port=18081',
              '--metrics-port=18080',
              '--resync-seconds=86400',
              '--stuck-seconds=60',
              '--lost-seconds=30',
              '--probe-addresses=off',
              '--probe-image=mirror.example.org/a/probe:v1',
            ],
          ],
          ['replace', `${container}/ports/0/containerPort`, 18_081],
          ['replace', `${container}/ports/1/containerPort`, 18_080],
        ),
      ],
    },
  },
  {
    title: 'one option of the operator, the other as they are',
    values: { options: { logLevel: 'trace' } },
    overlay: { patches: [patch(deployment, ['add', `${container}/args`, ['--log-level=trace']])] },
  },
];

const labels = { 'example.org/team': 'network', cost: '42' };
const pairs = { pairs: labels, includeTemplates: true };
const everyMonitor = {
  podMonitor: { enabled: true },
  alerts: { enabled: true },
  dashboard: { enabled: true },
};

const ofTheCluster: readonly ChartCase[] = [
  {
    title: 'no network policy',
    values: { networkPolicy: { enabled: false } },
    overlay: { patches: [without('NetworkPolicy', 'kube-vip-operator')] },
  },
  {
    title: 'a Namespace that is made by hand',
    values: { namespace: { create: false } },
    overlay: { patches: [without('Namespace', 'kube-vip-system')] },
  },
  { title: 'extra labels', values: { labels }, overlay: { labels: [pairs] } },
  {
    title: 'all monitoring',
    values: { monitoring: everyMonitor },
    overlay: { folders: withMonitoring },
  },
  {
    title: 'a PodMonitor that a Prometheus selects, and no alerts',
    values: {
      monitoring: { podMonitor: { enabled: true, interval: '1m' }, labels: { release: 'prometheus' } },
    },
    overlay: {
      folders: withMonitoring,
      patches: [
        removed(alerts),
        removed(dashboard),
        patch(
          podMonitor,
          ['replace', '/spec/podMetricsEndpoints/0/interval', '1m'],
          ['add', '/metadata/labels/release', 'prometheus'],
        ),
      ],
    },
  },
  {
    title: 'monitoring with labels of its own and labels of all',
    values: { labels, monitoring: { ...everyMonitor, labels: { cost: '42', release: 'prometheus' } } },
    overlay: {
      folders: withMonitoring,
      labels: [pairs],
      patches: [podMonitor, alerts].map((target) =>
        patch(target, ['add', '/metadata/labels/release', 'prometheus']),
      ),
    },
  },
];

/** The values as they are, and more than ten other sets. */
export const chartCases: readonly ChartCase[] = [
  { title: 'the values as they are', values: {}, overlay: {} },
  ...ofThePods,
  ...ofImages,
  ...ofTheCluster,
];
