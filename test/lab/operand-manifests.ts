// Hand-written, minimal DaemonSets of kube-vip for the lab's own tests. What the operator renders is tested
// elsewhere; these keep the lab's tests apart from it.
import { stringify } from 'yaml';

export const namespace = 'kube-vip-system';
export const serviceClass = 'kubevip.dev/lab';

const rbac = 'rbac.authorization.k8s.io';
const account = { name: 'kube-vip', namespace };
const subjects = [{ kind: 'ServiceAccount', ...account }];

const rule = (group: string, resources: string[], verbs: string) => ({
  apiGroups: [group],
  resources,
  verbs: verbs.split(' '),
});

const documents = (objects: readonly object[]) => objects.map((object) => stringify(object)).join('---\n');

/** Namespace, ServiceAccount and rights of every DaemonSet here. */
export const operandAccount = documents([
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: account },
  {
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRole',
    metadata: { name: 'kube-vip' },
    rules: [
      rule('', ['services'], 'get list watch update patch'),
      rule('', ['services/status'], 'update patch'),
      rule('', ['nodes', 'endpoints'], 'get list watch'),
      rule('', ['events'], 'create patch'),
      rule('discovery.k8s.io', ['endpointslices'], 'get list watch'),
      rule('coordination.k8s.io', ['leases'], 'get list watch create update patch'),
    ],
  },
  {
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: 'kube-vip' },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'kube-vip' },
    subjects,
  },
]);

export interface OperandOptions {
  readonly name: string;
  readonly image: string;
  /** An address for the control plane; omitted: Services of `serviceClass`. */
  readonly address?: string;
}

// Short, so that tests of a lost lease are: the holder gives up after 2 s, another takes over after 6 s.
const timing = { vip_leaseduration: '6', vip_renewdeadline: '2', vip_retryperiod: '1' };

/** Until another node has the address of a holder that cannot renew: the Lease, two retries with client-go's jitter, and a margin. */
export const takeOverMs = (6 + 2 * 2.2 + 3) * 1000;

const controlPlane = (name: string, address: string) => ({
  cp_enable: 'true',
  cp_namespace: namespace,
  address,
  port: '6443',
  vip_leasename: name,
});

const services = (name: string) => ({
  svc_enable: 'true',
  cp_namespace: namespace,
  svc_leasename: name,
  lb_class_only: 'true',
  lb_class_name: serviceClass,
  lb_class_legacy_handling: 'false',
});

/** A DaemonSet of kube-vip: on the control-plane nodes for an address, on all nodes for Services. */
export function kubeVip({ name, image, address }: OperandOptions): string {
  const role = address === undefined ? services(name) : controlPlane(name, address);
  const common = { vip_arp: 'true', vip_leaderelection: 'true', vip_interface: 'eth0', vip_subnet: '32' };
  const variables = { ...common, ...timing, ...role };
  const container = {
    name: 'kube-vip',
    image,
    args: ['manager'],
    env: [
      ...Object.entries(variables).map(([name, value]) => ({ name, value })),
      field('vip_nodename', 'spec.nodeName'),
      // Its own node's API server, whose death then costs it the lease.
      ...(address === undefined ? [] : [field('KUBERNETES_SERVICE_HOST', 'status.hostIP')]),
      ...(address === undefined ? [] : [{ name: 'KUBERNETES_SERVICE_PORT', value: '6443' }]),
    ],
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      seccompProfile: { type: 'RuntimeDefault' },
      capabilities: { add: ['NET_ADMIN', 'NET_RAW'], drop: ['ALL'] },
    },
  };
  const nodeSelector = address === undefined ? {} : { 'node-role.kubernetes.io/control-plane': '' };
  const spec = {
    serviceAccountName: account.name,
    hostNetwork: true,
    nodeSelector,
    tolerations: [{ operator: 'Exists' }],
    terminationGracePeriodSeconds: 5,
    containers: [container],
  };
  const labels = { app: name };
  return stringify({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  });
}

const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });

/** A LoadBalancer Service with an endpoint; of our class, or of one that nobody serves. */
export function loadBalancer(name: string, address: string, loadBalancerClass: string): string {
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, annotations: { 'kube-vip.io/loadbalancerIPs': address } },
    spec: { type: 'LoadBalancer', loadBalancerClass, loadBalancerIP: address, ports: [{ port: 80 }] },
  };
  const slice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['198.18.3.200'], conditions: { ready: true }, nodeName: 'n3' }],
    ports: [{ port: 80 }],
  };
  return documents([service, slice]);
}
