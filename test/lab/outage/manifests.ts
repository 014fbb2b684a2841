// The manifest of the outage of 2024 (kube-vip/kube-vip#752), as its users had it, and the Services around it.
import { stringify } from 'yaml';
import { historicalImage } from '../images.ts';

export const foreignNamespace = 'legacy';

const rbac = 'rbac.authorization.k8s.io';

const environment: Readonly<Record<string, string>> = {
  vip_arp: 'true',
  port: '6443',
  vip_interface: 'eth0',
  cp_enable: 'true',
  cp_namespace: foreignNamespace,
  svc_enable: 'true',
  vip_leaderelection: 'false',
  address: '203.0.113.105',
};

const documents = (objects: readonly object[]): string =>
  objects.map((object) => stringify(object)).join('---\n');

/** Namespace, account and the rights of kube-vip's own manifest. */
export function legacyAccount(optedOut: boolean): string {
  return documents([
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: foreignNamespace,
        ...(optedOut && { labels: { 'kubevip.dev/unsafe-kube-vip': 'allowed' } }),
      },
    },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'kube-vip', namespace: foreignNamespace } },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRole',
      metadata: { name: 'legacy-kube-vip' },
      rules: [
        { apiGroups: [''], resources: ['services/status'], verbs: ['update'] },
        { apiGroups: [''], resources: ['services', 'endpoints'], verbs: ['list', 'get', 'watch', 'update'] },
        { apiGroups: [''], resources: ['nodes'], verbs: ['list', 'get', 'watch', 'update', 'patch'] },
        {
          apiGroups: ['coordination.k8s.io'],
          resources: ['leases'],
          verbs: ['list', 'get', 'watch', 'update', 'create'],
        },
      ],
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'legacy-kube-vip' },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'legacy-kube-vip' },
      subjects: [{ kind: 'ServiceAccount', name: 'kube-vip', namespace: foreignNamespace }],
    },
  ]);
}

/** One DaemonSet with both functions, no class filter and the election flag off: v0.7.2. */
export const legacyDaemonSet = stringify({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'kube-vip', namespace: foreignNamespace },
  spec: {
    selector: { matchLabels: { app: 'kube-vip' } },
    template: {
      metadata: { labels: { app: 'kube-vip' } },
      spec: {
        serviceAccountName: 'kube-vip',
        hostNetwork: true,
        nodeSelector: { 'node-role.kubernetes.io/control-plane': '' },
        tolerations: [{ operator: 'Exists' }],
        containers: [
          {
            name: 'kube-vip',
            image: historicalImage('v0.7.2'),
            args: ['manager'],
            env: Object.entries(environment).map(([name, value]) => ({ name, value })),
            securityContext: { capabilities: { add: ['NET_ADMIN', 'NET_RAW'] } },
          },
        ],
      },
    },
  },
});

export interface ServiceOptions {
  readonly name: string;
  /** Omitted: a Service without class, as Traefik's on k3s. */
  readonly loadBalancerClass?: string;
  /** Address asked for; omitted: none. */
  readonly address?: string;
}

/** A LoadBalancer Service and an endpoint of it. */
export function loadBalancer({ name, loadBalancerClass, address }: ServiceOptions): string {
  return documents([
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, ...(address && { annotations: { 'kubevip.dev/addresses': address } }) },
      spec: { type: 'LoadBalancer', ...(loadBalancerClass && { loadBalancerClass }), ports: [{ port: 80 }] },
    },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name, labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      endpoints: [{ addresses: ['198.18.3.200'], conditions: { ready: true }, nodeName: 'n3' }],
      ports: [{ port: 80 }],
    },
  ]);
}
