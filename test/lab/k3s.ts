// A lab dressed as the k3s cluster of kube-vip/kube-vip#752: ServiceLB on, and the Traefik that k3s brings, whose
// Service has no class. Nodes, kubelets and pods are real; what k3s itself would write is written here.
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { sandboxImageName } from './images.ts';
import type { Lab } from './lab.ts';
import { within } from './process.ts';

const namespace = 'kube-system';
const documents = (objects: readonly object[]): string => objects.map((row) => stringify(row)).join('---\n');
const controlPlaneRole = 'node-role.kubernetes.io/control-plane';

/** Marks of k3s on every node, whose servers were started with these arguments. */
export async function dressNodes(lab: Lab, serverArgs: readonly string[]): Promise<void> {
  for (const { name, controlPlane } of lab.nodes) {
    const args = controlPlane ? ['server', ...serverArgs] : ['agent'];
    const labels = {
      'node.kubernetes.io/instance-type': 'k3s',
      ...(controlPlane && { [controlPlaneRole]: 'true', 'node-role.kubernetes.io/etcd': 'true' }),
    };
    const annotations = { 'k3s.io/node-args': JSON.stringify(args), 'k3s.io/node-env': '{}' };
    const patch = { metadata: { labels, annotations }, spec: { providerID: `k3s://${name}` } };
    await lab.kubectl('patch', 'node', name, '--type=merge', '-p', JSON.stringify(patch));
  }
}

/** The Service of Traefik, by default as k3s makes it: a load balancer without class. */
export const traefik = ({
  loadBalancerClass,
  address,
}: { readonly loadBalancerClass?: string; readonly address?: string } = {}): string =>
  stringify({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'traefik',
      namespace,
      ...(address && { annotations: { 'kubevip.dev/addresses': address } }),
    },
    spec: {
      type: 'LoadBalancer',
      ...(loadBalancerClass && { loadBalancerClass }),
      selector: { 'app.kubernetes.io/name': 'traefik' },
      ports: [
        { name: 'web', port: 80 },
        { name: 'websecure', port: 443 },
      ],
    },
  });

const svclb = 'svclb-traefik-3d2a51b7';

/** The DaemonSet that ServiceLB makes for it, a pod per node. Its program is the lab's pause, not klipper-lb. */
const serviceLbDaemonSet = documents([
  {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: {
      name: svclb,
      namespace,
      labels: {
        'objectset.rio.cattle.io/owner-name': 'traefik',
        'objectset.rio.cattle.io/owner-namespace': namespace,
        'svccontroller.k3s.cattle.io/nodeselector': 'false',
        'svccontroller.k3s.cattle.io/svcname': 'traefik',
        'svccontroller.k3s.cattle.io/svcnamespace': namespace,
      },
    },
    spec: {
      selector: { matchLabels: { app: svclb } },
      template: {
        metadata: {
          labels: {
            app: svclb,
            'svccontroller.k3s.cattle.io/svcname': 'traefik',
            'svccontroller.k3s.cattle.io/svcnamespace': namespace,
          },
        },
        spec: {
          tolerations: [{ operator: 'Exists' }],
          containers: [80, 443].map((port) => ({
            name: `lb-tcp-${port}`,
            image: sandboxImageName,
            imagePullPolicy: 'Never',
            ports: [{ name: `lb-tcp-${port}`, containerPort: port, hostPort: port }],
          })),
        },
      },
    },
  },
]);

const publish = (lab: Lab, ingress: readonly object[]): Promise<string> =>
  lab.kubectl(
    `--namespace=${namespace}`,
    'patch',
    'service/traefik',
    '--subresource=status',
    '--type=merge',
    `--patch=${JSON.stringify({ status: { loadBalancer: { ingress } } })}`,
  );

export interface ServiceLb {
  /** As a k3s that was started again with --disable servicelb: its pods and what it published are gone. */
  disable(): Promise<void>;
}

/** ServiceLB at work: a pod on each node, and the addresses of all nodes in the Service's status, again and again. */
export async function startServiceLb(lab: Lab): Promise<ServiceLb> {
  await lab.apply(serviceLbDaemonSet);
  await lab.kubectl('-n', namespace, 'rollout', 'status', `daemonset/${svclb}`, within(30));
  const addresses = lab.nodes.map(({ address }) => ({ ip: address }));
  await publish(lab, addresses);
  const end = new AbortController();
  const loop = async (): Promise<void> => {
    while (!end.signal.aborted) {
      await sleep(1000);
      await publish(lab, addresses);
    }
  };
  const running = loop();
  return {
    async disable() {
      end.abort();
      await running;
      await lab.kubectl('-n', namespace, 'delete', 'daemonset', svclb);
      await publish(lab, []);
    },
  };
}

const onNode = async (lab: Lab, node: string, ...args: readonly string[]): Promise<unknown> =>
  JSON.parse(await lab.exec(node, ['ip', '-json', ...args]));

interface Link {
  readonly addr_info: readonly { readonly local: string }[];
}

/** What a node's network is: every link, address, route and rule. One address and its route, the VIP, are left out. */
export async function networkOf(lab: Lab, node: string, vip: string): Promise<unknown> {
  const [links, routes, rules] = await Promise.all([
    onNode(lab, node, 'address') as Promise<readonly Link[]>,
    onNode(lab, node, 'route', 'show', 'table', 'all') as Promise<readonly { readonly dst: string }[]>,
    onNode(lab, node, 'rule'),
  ]);
  return {
    links: links.map((link) => ({ ...link, addr_info: link.addr_info.filter(({ local }) => local !== vip) })),
    routes: routes.filter(({ dst }) => dst !== vip),
    rules,
  };
}
