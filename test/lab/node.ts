// What runs on a node: containerd, kubelet and kube-proxy, each with the settings that let several of them
// share one kernel (see docs and testing notes beside each).
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { writeKubeconfig, type Credentials } from './credentials.ts';
import { startOnMachine, type Machine } from './machine.ts';
import { apiPort, podRange, switchAddress, type NodeAddress } from './network.ts';
import { run, waitFor, type Daemon } from './process.ts';
import type { Binaries } from './tools.ts';

export interface NodeSetup {
  readonly machine: Machine;
  readonly node: NodeAddress;
  readonly binaries: Binaries;
  readonly credentials: Credentials;
  readonly cgroup: string;
  readonly sandboxImage: string;
}

/** What containerd needs of that. */
export type ContainerdSetup = Omit<NodeSetup, 'credentials' | 'cgroup'>;

/** Where a node's containerd listens. */
export const containerdSocket = (dir: string) => join(dir, 'containerd.sock');

const binary = ({ binaries }: Pick<NodeSetup, 'binaries'>, name: string) => binaries[name] ?? name;

/** Starts containerd and waits until it answers. */
export async function startContainerd(setup: ContainerdSetup): Promise<Daemon> {
  const { machine, binaries } = setup;
  const { dir } = machine;
  writeFileSync(join(dir, 'containerd.toml'), containerdConfig(setup));
  writeCniConfig(setup);
  const daemon = startOnMachine(
    machine,
    'containerd',
    [binary(setup, 'containerd'), '--config', join(dir, 'containerd.toml')],
    // The shim is found through PATH.
    { PATH: `${dirname(binary(setup, 'containerd-shim-runc-v2'))}:${process.env['PATH'] ?? ''}` },
  );
  const socket = containerdSocket(dir);
  const ctr = [binaries['ctr'] ?? 'ctr', '--address', socket, 'version'];
  // A ctr costs processor time, which the containerds of a lab need now.
  const answers = async () => existsSync(socket) && (await run(ctr)) !== '';
  await waitFor(`containerd of ${machine.name}`, answers, {
    seconds: 120,
    everyMs: 30,
    needs: [daemon],
  });
  return daemon;
}

function containerdConfig({ machine: { dir }, sandboxImage }: ContainerdSetup): string {
  // restrict_oom_score_adj: without CAP_SYS_RESOURCE runc cannot lower the score, and no sandbox starts.
  return `version = 3
root = '${dir}/containerd'
state = '/run/containerd'
disabled_plugins = ['io.containerd.nri.v1.nri', 'io.containerd.snapshotter.v1.erofs',
  'io.containerd.snapshotter.v1.blockfile', 'io.containerd.snapshotter.v1.native',
  'io.containerd.tracing.processor.v1.otlp', 'io.containerd.internal.v1.tracing']

[grpc]
address = '${containerdSocket(dir)}'

[plugins.'io.containerd.internal.v1.opt']
path = '${dir}/opt'

[plugins.'io.containerd.cri.v1.images'.pinned_images]
sandbox = '${sandboxImage}'

[plugins.'io.containerd.cri.v1.runtime']
restrict_oom_score_adj = true

[plugins.'io.containerd.cri.v1.runtime'.cni]
bin_dirs = ['/usr/lib/cni', '/opt/cni/bin']
conf_dir = '${dir}/cni'

[plugins.'io.containerd.cri.v1.runtime'.containerd]
default_runtime_name = 'runc'

[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
runtime_type = 'io.containerd.runc.v2'

[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
SystemdCgroup = false
`;
}

function writeCniConfig({ machine: { dir }, node }: ContainerdSetup): void {
  mkdirSync(join(dir, 'cni'), { recursive: true });
  const ipam = {
    type: 'host-local',
    dataDir: join(dir, 'ipam'),
    ranges: [[{ subnet: node.podRange, gateway: node.podGateway }]],
    routes: [{ dst: '0.0.0.0/0' }],
  };
  const bridge = { type: 'bridge', bridge: 'cni0', isGateway: true, hairpinMode: true, ipam };
  const list = { cniVersion: '1.0.0', name: 'lab', plugins: [bridge] };
  writeFileSync(join(dir, 'cni', '10-lab.conflist'), JSON.stringify(list));
}

/** Starts kubelet and kube-proxy of a node whose Node object exists. */
export function startKubelet(setup: NodeSetup): Daemon[] {
  const { machine, node } = setup;
  const { dir } = machine;
  writeFileSync(join(dir, 'resolv.conf'), '');
  mkdirSync(join(dir, 'manifests'), { recursive: true });
  writeFileSync(join(dir, 'kubelet.yaml'), stringify(kubeletConfig(setup)));
  writeFileSync(join(dir, 'kube-proxy.yaml'), stringify(kubeProxyConfig(setup)));
  const kubelet = [
    binary(setup, 'kubelet'),
    `--config=${join(dir, 'kubelet.yaml')}`,
    `--kubeconfig=${kubeconfigFor(setup, `system:node:${node.name}`, 'kubelet')}`,
    `--hostname-override=${node.name}`,
    `--node-ip=${node.address}`,
    `--root-dir=${join(dir, 'kubelet')}`,
    `--cert-dir=${join(dir, 'kubelet-certs')}`,
  ];
  const proxy = [binary(setup, 'kube-proxy'), `--config=${join(dir, 'kube-proxy.yaml')}`];
  return [startOnMachine(machine, 'kubelet', kubelet), startOnMachine(machine, 'kube-proxy', proxy)];
}

function kubeconfigFor({ machine, credentials }: NodeSetup, user: string, name: string): string {
  return writeKubeconfig(join(machine.dir, `${name}.kubeconfig`), {
    server: `https://${switchAddress}:${apiPort}`,
    caFile: credentials.caFile,
    token: credentials.tokenOf(user),
  });
}

function kubeletConfig({ machine: { dir }, node, credentials, cgroup }: NodeSetup) {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: false },
      x509: { clientCAFile: credentials.caFile },
    },
    authorization: { mode: 'AlwaysAllow' },
    containerRuntimeEndpoint: `unix://${containerdSocket(dir)}`,
    cgroupDriver: 'cgroupfs',
    // One flat group for each node: nothing is limited, and deleting one tree cleans up.
    cgroupsPerQOS: false,
    cgroupRoot: `/${cgroup}/${node.name}`,
    enforceNodeAllocatable: [],
    failCgroupV1: false,
    localStorageCapacityIsolation: false,
    podLogsDir: join(dir, 'pod-logs'),
    volumePluginDir: join(dir, 'volume-plugins'),
    staticPodPath: join(dir, 'manifests'),
    resolvConf: join(dir, 'resolv.conf'),
    clusterDomain: 'cluster.local',
    failSwapOn: false,
    makeIPTablesUtilChains: false,
    oomScoreAdj: 0,
    // The machine's disk is not this node's; and a collected image could not be pulled again.
    evictionHard: { 'memory.available': '0%', 'nodefs.available': '0%', 'imagefs.available': '0%' },
    imageGCHighThresholdPercent: 100,
  };
}

function kubeProxyConfig(setup: NodeSetup) {
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    mode: 'nftables',
    clientConnection: { kubeconfig: kubeconfigFor(setup, 'system:kube-proxy', 'kube-proxy') },
    clusterCIDR: podRange,
    hostnameOverride: setup.node.name,
    oomScoreAdj: 0,
    // Zero: leave the kernel's limits alone, they are the whole machine's.
    conntrack: {
      maxPerCore: 0,
      min: 0,
      tcpEstablishedTimeout: '0s',
      tcpCloseWaitTimeout: '0s',
    },
  };
}

/** The command line of ctr against a node's containerd, in the namespace that kubelet uses. */
export const ctrOf = (binaries: Binaries, { dir }: Pick<Machine, 'dir'>): readonly string[] => [
  binaries['ctr'] ?? 'ctr',
  '--address',
  containerdSocket(dir),
  '-n',
  'k8s.io',
];
