// The steps that bring a lab up. What does not wait for something else runs beside it: on two cores most
// of the time goes into the API server's start, and the nodes are prepared meanwhile.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { auditFlags } from './audit-log.ts';
import {
  apiServerCommand,
  ask,
  controllerManagerCommand,
  etcdCommand,
  isReady,
  schedulerCommand,
  type ControlPlane,
} from './control-plane.ts';
import { makeCredentials, writeKubeconfig, type Credentials } from './credentials.ts';
import { importImages, makeImages, shareLayers, sandboxImageName, type LabImages } from './images.ts';
import { startNodeApi } from './lab-verbs.ts';
import { startNodeControlPlane } from './node-control-plane.ts';
import { netnsPath, startMachine, startOnMachine, type Machine } from './machine.ts';
import * as network from './network.ts';
import { ctrOf, startContainerd, startKubelet } from './node.ts';
import type { Image } from './oci.ts';
import { takePreparedImages } from './prepared-images.ts';
import { run, startDaemon, waitFor, type Daemon } from './process.ts';
import { adopt, cgroupOf, saveState, type LabState } from './state.ts';
import type { Binaries, Log } from './tools.ts';

export interface StartContext {
  readonly state: LabState;
  readonly binaries: Binaries;
  /** Addresses that the API server's certificate names beside the nodes'. */
  readonly vips: readonly string[];
  /** The stand-in for kube-vip. */
  readonly standIn: string;
  readonly controlPlane: 'in-switch' | 'on-nodes';
  readonly audit: boolean;
  /** Images that nodes have beside the lab's own. */
  readonly images: readonly Image[];
  readonly log: Log;
}

/** What a node waits for. */
interface NodeParts {
  readonly credentials: Credentials;
  readonly images: Promise<LabImages>;
  readonly cluster: Promise<void>;
}

/** The steps of a start. What does not wait for something else runs beside it. */
export class Start {
  private readonly context: StartContext;
  private steps: readonly Promise<unknown>[] = [];
  private components: readonly Daemon[] = [];

  constructor(context: StartContext) {
    this.context = context;
  }

  async all(): Promise<void> {
    const { state, log, standIn, images: others } = this.context;
    log(`starting ${state.nodes.length} nodes in ${state.dir}`);
    const images = makeImages(state.dir, { agent: state.agent, standIn, others, log });
    const prepared = Promise.all([this.credentials(), network.makeNetwork(state.id, state.nodes)]);
    const cluster = prepared.then(([credentials]) => this.controlPlane(credentials));
    const nodes = state.nodes.map((node) =>
      prepared.then(([credentials]) => this.node(node, { credentials, images, cluster })),
    );
    this.steps = [prepared, images, cluster, ...nodes];
    // Awaited together, so that whichever fails first is the error that is reported.
    await Promise.all(this.steps);
    const [credentials] = await prepared;
    log('every node has its images; waiting for all to be Ready');
    await this.nodesReady(credentials);
    state.operand = (await images).operand;
    saveState(state);
    log('all nodes are Ready');
  }

  /** Resolves when no step of a broken start is at work any more. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.steps);
  }

  private machine(name: string, netns: string, hostName = name): Promise<Machine> {
    const { state } = this.context;
    const { agent, outlive } = state;
    return startMachine({
      name,
      hostName,
      dir: join(state.dir, name),
      netns,
      agent,
      dieWithParent: !outlive,
      started: (daemon) => adopt(state, daemon),
    });
  }

  private credentials(): Promise<Credentials> {
    const { state, vips } = this.context;
    const dir = join(state.dir, 'credentials');
    mkdirSync(dir);
    const kubernetes = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'localhost'];
    const addresses = ['127.0.0.1', network.switchAddress, network.kubernetesService];
    const nodes = state.nodes.map((node) => node.address);
    const kubelets = state.nodes.map(({ name }) => ({ name: `system:node:${name}`, group: 'system:nodes' }));
    const components = ['kube-controller-manager', 'kube-scheduler', 'kube-proxy'];
    return makeCredentials(
      dir,
      [...kubernetes, ...addresses, ...nodes, ...vips],
      [...components.map((name) => ({ name: `system:${name}` })), ...kubelets],
    );
  }

  private async controlPlane(credentials: Credentials): Promise<void> {
    const { state, binaries, log } = this.context;
    const machine = await this.machine('switch', network.switchNetns(state.id));
    const plane: ControlPlane = {
      binaries,
      credentials,
      dir: machine.dir,
      etcdPorts: { client: 2379, peer: 2380 },
      api: { bind: '0.0.0.0', advertise: network.switchAddress, port: network.apiPort },
      serviceRange: network.serviceRange,
    };
    await this.apiServers(machine, plane);
    log('the API server is ready');
    this.components = [
      this.startComponent(machine, plane, ['kube-controller-manager', controllerManagerCommand]),
      this.startComponent(machine, plane, ['kube-scheduler', schedulerCommand]),
    ];
    await this.createNodes(credentials);
  }

  private async apiServers(machine: Machine, plane: ControlPlane): Promise<void> {
    const { state, binaries, controlPlane, audit } = this.context;
    const { credentials } = plane;
    const needs: Daemon[] = [];
    if (controlPlane === 'on-nodes') {
      this.relayToRoot();
      await startNodeControlPlane({ state, binaries, credentials });
    } else {
      const flags = {
        'enable-admission-plugins': 'NodeRestriction',
        ...(audit && auditFlags(machine.dir)),
      };
      needs.push(startOnMachine(machine, 'etcd', etcdCommand(plane)));
      needs.push(startOnMachine(machine, 'kube-apiserver', apiServerCommand(plane, flags)));
      this.relayToRoot();
      for (const node of state.nodes) if (node.controlPlane) startNodeApi(state, node);
    }
    const ready = () => isReady(state.url, credentials);
    await waitFor('the API server to be ready', ready, { seconds: 180, needs });
  }

  private startComponent(
    machine: Machine,
    plane: ControlPlane,
    [name, command]: readonly [string, typeof schedulerCommand],
  ): Daemon {
    const { caFile } = plane.credentials;
    const token = plane.credentials.tokenOf(`system:${name}`);
    const server = `https://127.0.0.1:${network.apiPort}`;
    const kubeconfig = writeKubeconfig(join(machine.dir, `${name}.kubeconfig`), { server, caFile, token });
    return startOnMachine(machine, name, command(plane, kubeconfig));
  }

  // A Unix socket crosses network namespaces: kubectl reaches the API through this machine's loopback.
  private relayToRoot(): void {
    const { state } = this.context;
    const { agent, dir, outlive } = state;
    const socket = `unix:${join(dir, 'api.sock')}`;
    const inside = ['relay', '--listen', socket, '--dial', `tcp:127.0.0.1:${network.apiPort}`];
    const outside = ['relay', '--listen', `tcp:${new URL(state.url).host}`, '--dial', socket];
    const enter = ['nsenter', `--net=${netnsPath(network.switchNetns(state.id))}`];
    const common = { logFile: join(dir, 'relay.log'), dieWithParent: !outlive };
    adopt(state, startDaemon({ ...common, name: 'relay inside', command: [...enter, agent, ...inside] }));
    adopt(state, startDaemon({ ...common, name: 'relay outside', command: [agent, ...outside] }));
  }

  private async node(node: network.NodeAddress, parts: NodeParts): Promise<void> {
    const { state, binaries } = this.context;
    const machine = await this.machine(node.name, node.netns, node.hostName);
    const { credentials, images, cluster } = parts;
    const missing = await this.imagesOf(machine, await images);
    const cgroup = cgroupOf(state.id);
    const setup = { machine, node, binaries, credentials, cgroup, sandboxImage: sandboxImageName };
    await startContainerd(setup);
    const ctr = ctrOf(binaries, machine);
    const imported = missing.map((layout) => importImages(layout, ctr));
    await Promise.all([...imported, cluster.then(() => startKubelet(setup))]);
  }

  /** Layouts that a node must still import. */
  private async imagesOf({ dir }: Machine, { layout, others }: LabImages): Promise<readonly string[]> {
    const root = join(dir, 'containerd');
    const missing = (await takePreparedImages(layout, root)) ? others : [layout, ...others];
    for (const one of missing) shareLayers(one, root);
    return missing;
  }

  // Made before their kubelets start: a kubelet may not set the control-plane label itself.
  private async createNodes({ caFile, adminToken: token }: Credentials): Promise<void> {
    const { state } = this.context;
    const kubeconfig = writeKubeconfig(join(state.dir, 'kubeconfig'), { server: state.url, caFile, token });
    const role = 'node-role.kubernetes.io/control-plane';
    const items = state.nodes.map(({ name, podRange, controlPlane }) => ({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, labels: controlPlane ? { [role]: '' } : {} },
      spec: { podCIDR: podRange, taints: controlPlane ? [{ key: role, effect: 'NoSchedule' }] : [] },
    }));
    const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
    await run([state.kubectlPath, '--kubeconfig', kubeconfig, 'create', '-f', '-'], { input });
  }

  private async nodesReady(credentials: Credentials): Promise<void> {
    const { state } = this.context;
    const ready = async () => {
      const { body } = await ask(`${state.url}/api/v1/nodes`, credentials);
      const { items } = JSON.parse(body) as NodeList;
      const isNodeReady = ({ status }: NodeList['items'][number]) =>
        status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;
      return items.length === state.nodes.length && items.every(isNodeReady);
    };
    const needs = this.components;
    await waitFor('every node to be Ready', ready, { seconds: 300, everyMs: 100, needs });
    const account = `${state.url}/api/v1/namespaces/default/serviceaccounts/default`;
    const exists = async () => (await ask(account, credentials)).status === 200;
    await waitFor('the default ServiceAccount', exists, { seconds: 120, everyMs: 100, needs });
  }
}

interface NodeList {
  readonly items: readonly {
    readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
  }[];
}
