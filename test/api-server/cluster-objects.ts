// Objects of a cluster that are not ours, made by an administrator and taken away again.
import type { Admin } from './admin.ts';

export interface ClusterObject {
  /** Path of the collection. */
  readonly path: string;
  readonly body: {
    readonly metadata: { readonly name: string; readonly [field: string]: unknown };
    readonly [field: string]: unknown;
  };
  /** Written into the status afterwards. */
  readonly status?: object;
}

export interface NodeShape {
  readonly address: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly podRange: string;
  readonly taints?: readonly object[];
  readonly kubelet: string;
  readonly osImage?: string;
}

export function nodeObject(name: string, shape: NodeShape): ClusterObject {
  const { address, labels, annotations, podRange, taints, kubelet, osImage = 'Debian GNU/Linux 13' } = shape;
  return {
    path: '/api/v1/nodes',
    body: {
      metadata: {
        name,
        labels: { 'kubernetes.io/os': 'linux', 'kubernetes.io/hostname': name, ...labels },
        ...(annotations && { annotations }),
      },
      spec: { podCIDR: podRange, podCIDRs: [podRange], ...(taints && { taints }) },
    },
    status: {
      addresses: [
        { type: 'InternalIP', address },
        { type: 'Hostname', address: name },
      ],
      conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'ready' }],
      nodeInfo: {
        kubeletVersion: kubelet,
        osImage,
        operatingSystem: 'linux',
        architecture: 'amd64',
        bootID: 'b',
        containerRuntimeVersion: 'containerd://2.2.0',
        kernelVersion: '6.12',
        kubeProxyVersion: '',
        machineID: 'm',
        systemUUID: 's',
      },
    },
  };
}

interface PodShape {
  readonly image: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly hostPorts?: readonly number[];
  readonly hostPaths?: readonly string[];
}

function podSpec({ image, env = {}, args, hostPorts = [], hostPaths = [] }: PodShape): object {
  return {
    hostNetwork: true,
    containers: [
      {
        name: 'main',
        image,
        ...(args && { args }),
        env: Object.entries(env).map(([name, value]) => ({ name, value })),
        ports: hostPorts.map((port) => ({ containerPort: port, hostPort: port })),
      },
    ],
    volumes: hostPaths.map((path, index) => ({ name: `v${index}`, hostPath: { path } })),
  };
}

export function workloadObject(
  kind: 'daemonsets' | 'deployments',
  name: string,
  {
    namespace = 'kube-system',
    labels = {},
    ...shape
  }: PodShape & {
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  },
): ClusterObject {
  const own = { app: name };
  return {
    path: `/apis/apps/v1/namespaces/${namespace}/${kind}`,
    body: {
      metadata: { name, labels },
      spec: { selector: { matchLabels: own }, template: { metadata: { labels: own }, spec: podSpec(shape) } },
    },
  };
}

/** The mirror of a manifest on a node. */
export function staticPodObject(name: string, node: string, shape: PodShape): ClusterObject {
  return {
    path: '/api/v1/namespaces/kube-system/pods',
    body: {
      metadata: { name: `${name}-${node}`, annotations: { 'kubernetes.io/config.mirror': 'hash' } },
      spec: { ...podSpec(shape), nodeName: node, tolerations: [{ operator: 'Exists' }] },
    },
  };
}

/** A pod of something that is not listed, for example a ReplicationController, as its controller makes it. */
export function ownedPodObjects(
  name: string,
  node: string,
  kind: string,
  shape: PodShape,
): readonly ClusterObject[] {
  const controller = { apiVersion: 'v1', kind, name, uid: '1', controller: true };
  const account = { path: '/api/v1/namespaces/kube-system/serviceaccounts', body: { metadata: { name } } };
  const pod = {
    path: '/api/v1/namespaces/kube-system/pods',
    body: {
      metadata: { name: `${name}-x1`, ownerReferences: [controller] },
      spec: {
        ...podSpec(shape),
        nodeName: node,
        serviceAccountName: name,
        automountServiceAccountToken: false,
        tolerations: [{ operator: 'Exists' }],
      },
    },
  };
  return [account, pod];
}

export function configMapObject(namespace: string, name: string, data: object): ClusterObject {
  return { path: `/api/v1/namespaces/${namespace}/configmaps`, body: { metadata: { name }, data } };
}

export function serviceObject(
  name: string,
  { published, ...spec }: { readonly published?: readonly string[]; readonly [field: string]: unknown } = {},
): ClusterObject {
  return {
    path: '/api/v1/namespaces/kube-system/services',
    body: { metadata: { name }, spec: { type: 'LoadBalancer', ports: [{ name: 'web', port: 80 }], ...spec } },
    ...(published && { status: { loadBalancer: { ingress: published.map((ip) => ({ ip })) } } }),
  };
}

const pathOf = ({ path, body }: ClusterObject): string => `${path}/${body.metadata.name}`;

/** Makes objects in order; resolves with what takes them away again. */
export async function install(admin: Admin, objects: readonly ClusterObject[]): Promise<() => Promise<void>> {
  for (const object of objects) {
    const { path, body, status } = object;
    await admin.expect({ method: 'POST', path, body });
    if (status !== undefined) {
      await admin.expect({
        method: 'PATCH',
        path: `${pathOf(object)}/status`,
        body: { status },
        type: 'merge',
      });
    }
  }
  return async () => {
    for (const object of [...objects].toReversed()) {
      await admin.send({ method: 'DELETE', path: `${pathOf(object)}?gracePeriodSeconds=0` });
    }
  };
}
