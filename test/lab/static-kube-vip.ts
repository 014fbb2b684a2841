// A kube-vip that somebody runs as a static pod, as kubeadm's documentation has it: on control-plane nodes, from a manifest,
// with an administrator's credentials, and with an address of its own choice.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { defaultRepository } from '../../src/catalog/releases.ts';
import type { Lab } from './lab.ts';

interface KubeConfig {
  readonly clusters: readonly [{ readonly cluster: { readonly 'certificate-authority': string } }];
  readonly users: readonly [{ readonly user: { readonly token: string } }];
}

/** A node, and where its API server is. */
interface Place {
  readonly node: string;
  readonly address: string;
}

const account = '/var/run/secrets/kubernetes.io/serviceaccount';
const fileOf = ({ dir }: Lab, node: string): string => join(dir, node, 'manifests', 'kube-vip.yaml');

/** What a pod with a ServiceAccount would find; a static pod has none. */
function writeCredentials({ kubeconfig }: Lab, folder: string): void {
  const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8')) as KubeConfig;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'ca.crt'), readFileSync(clusters[0].cluster['certificate-authority']));
  writeFileSync(join(folder, 'token'), users[0].user.token);
  writeFileSync(join(folder, 'namespace'), 'kube-system');
}

function manifest(folder: string, { node, address }: Place, version: string, vip: string): object {
  const env = {
    KUBERNETES_SERVICE_HOST: address,
    KUBERNETES_SERVICE_PORT: '6443',
    vip_arp: 'true',
    cp_enable: 'true',
    cp_namespace: 'kube-system',
    vip_leaderelection: 'true',
    vip_nodename: node,
    vip_interface: 'eth0',
    vip_subnet: '32',
    port: '6443',
    address: vip,
  };
  const container = {
    name: 'kube-vip',
    image: `${defaultRepository}:${version}`,
    imagePullPolicy: 'Never',
    args: ['manager'],
    env: Object.entries(env).map(([name, value]) => ({ name, value })),
    securityContext: { capabilities: { add: ['NET_ADMIN', 'NET_RAW'] } },
    volumeMounts: [{ name: 'credentials', mountPath: account }],
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'kube-vip', namespace: 'kube-system' },
    spec: {
      hostNetwork: true,
      containers: [container],
      volumes: [{ name: 'credentials', hostPath: { path: folder, type: 'Directory' } }],
    },
  };
}

/** Puts the manifest where the kubelet of a node looks. */
export function startStaticKubeVip(lab: Lab, node: string, version: string, vip: string): void {
  const { address = '' } = lab.nodes.find(({ name }) => name === node) ?? {};
  const folder = join(lab.dir, node, 'static-kube-vip');
  writeCredentials(lab, folder);
  const file = fileOf(lab, node);
  // Renamed: the kubelet must not read half of it.
  writeFileSync(`${folder}.yaml`, stringify(manifest(folder, { node, address }, version, vip)));
  renameSync(`${folder}.yaml`, file);
}

/** Moves it away again. */
export function stopStaticKubeVip(lab: Lab, node: string): void {
  rmSync(fileOf(lab, node));
}
