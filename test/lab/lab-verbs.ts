// What a test or a person does with a lab that runs. Everything works from the saved state, so a lab that
// another process started can be used as well.
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { ask } from './control-plane.ts';
import { readCredentials } from './credentials.ts';
import type { OperandKind } from './images.ts';
import { inNetwork, netnsPath, processIds } from './machine.ts';
import { apiPort, setLink, switchAddress, type NodeAddress } from './network.ts';
import { run, signal, startDaemon, startTimeOf, stopDaemon, type Daemon } from './process.ts';
import { startSampler, type Sampler } from './sampler.ts';
import { adopt, destroy, type LabState } from './state.ts';

/** Which pods of a namespace: by label, and on which node. */
export interface PodSelection {
  readonly namespace?: string;
  readonly selector?: string;
}

export interface Lab {
  readonly id: string;
  /** Run folder: logs of every component, and lab.json for other processes. */
  readonly dir: string;
  /** Kubeconfig of an administrator; reaches the API over this machine's loopback. */
  readonly kubeconfig: string;
  readonly kubectlPath: string;
  readonly url: string;
  readonly nodes: readonly NodeAddress[];
  /** Which kube-vip each version of the catalogue is. */
  readonly operand: Readonly<Record<string, OperandKind>>;
  /**
   * What the API server has at a path, an object or a list; rejects when it has nothing there. Costs a tenth of the processor
   * time of a kubectl, so this is for what is asked again and again.
   */
  read<T>(path: string): Promise<T>;
  /** Runs kubectl as administrator; rejects with what it printed. */
  kubectl(...args: string[]): Promise<string>;
  /** `kubectl apply -f -` as administrator, with more flags. */
  apply(manifest: string, ...args: string[]): Promise<string>;
  /** Runs a command in a node's network. */
  exec(node: string, command: readonly string[]): Promise<string>;
  /** Nodes on which an address is bound now. */
  owners(address: string): Promise<string[]>;
  /** Kills the API endpoint of a control-plane node; the others stay. */
  stopNodeApi(node: string): Promise<void>;
  startNodeApi(node: string): void;
  /** Stops or wakes it: a stopped one still has its connections accepted, by the kernel. */
  signalNodeApi(node: string, name: 'SIGSTOP' | 'SIGCONT'): void;
  /** Kills the etcd member of a control-plane node; only with the control plane on the nodes. */
  stopEtcd(node: string): Promise<void>;
  /** Starts it again, with its data. */
  startEtcd(node: string): void;
  /** Kills the kubelet of a node; its containers run on. */
  stopKubelet(node: string): void;
  /** Takes the node's network cable out. */
  disconnect(node: string): Promise<void>;
  connect(node: string): Promise<void>;
  /** Signals the container processes of pods on a node; returns how many. */
  signalPods(node: string, pods: PodSelection, signal: NodeJS.Signals): Promise<number>;
  /** `kill -9` of the operand on a node (default: every pod of kube-vip-system there). */
  killOperand(node: string, pods?: PodSelection): Promise<number>;
  /** Watches who owns addresses, in the background, every 10 ms. */
  startSampler(vips: readonly string[]): Promise<Sampler>;
  /** Ends the lab and removes every trace of it; may be called twice. */
  stop(): Promise<void>;
}

/** The verbs of a lab; `stopped` is called once it is gone. */
export function labVerbs(state: LabState, stopped: () => void = () => undefined): Lab {
  const kubeconfig = join(state.dir, 'kubeconfig');
  const { id, dir, url, nodes, kubectlPath, operand } = state;
  const kubectl = [kubectlPath, '--kubeconfig', kubeconfig];
  const netnsOf = (name: string) => nodeOf(state, name).netns;
  const signalPods: Lab['signalPods'] = async (node, pods, signal) => {
    const { namespace = 'kube-vip-system', selector = '' } = pods;
    const where = ['-n', namespace, '-l', selector, '--field-selector', `spec.nodeName=${node}`];
    const path = 'jsonpath={.items[*].status.containerStatuses[*].containerID}';
    const ids = (await run([...kubectl, 'get', 'pods', ...where, '-o', path])).split(' ').filter(Boolean);
    const pids = processesOf(ids.map((text) => text.replace('containerd://', '')));
    for (const pid of pids) process.kill(pid, signal);
    return pids.length;
  };
  return {
    id,
    dir,
    url,
    nodes,
    kubeconfig,
    kubectlPath,
    operand,
    read: (path) => read(state, path),
    kubectl: (...args) => run([...kubectl, ...args]),
    apply: (manifest, ...args) => run([...kubectl, 'apply', '-f', '-', ...args], { input: manifest }),
    exec: (node, command) => inNetwork(netnsOf(node), command),
    owners: (address) => owners(nodes, address),
    stopNodeApi: (node) => stopNodeApi(state, node),
    startNodeApi: (node) => startNodeApi(state, nodeOf(state, node)),
    signalNodeApi: (node, name) => signal(nodeApiOf(state, node), name),
    stopEtcd: (node) => stopEtcd(state, node),
    startEtcd: (node) => void startEtcd(state, node),
    stopKubelet: (node) => stopKubelet(state, node),
    disconnect: (node) => setLink(id, nodeOf(state, node).name, 'down'),
    connect: (node) => setLink(id, nodeOf(state, node).name, 'up'),
    signalPods,
    killOperand: (node, pods = {}) => signalPods(node, pods, 'SIGKILL'),
    startSampler: (vips) => startSampler({ agent: state.agent, dir, nodes, vips }),
    async stop() {
      await destroy(state);
      stopped();
    },
  };
}

// An API server that was killed or stopped in the middle of an answer gives none.
const answerMs = 30_000;

// A connection for all questions: to greet costs more than to ask. Not where the API servers are on the nodes, because what
// was said to one that is cut off is never answered, and each new connection goes to one that lives.
const keptOpen = new WeakMap<LabState, Agent>();
function agentOf(state: LabState): Agent | false {
  if (Object.keys(state.nodeApiCommands).length > 0) return false;
  const agent = keptOpen.get(state) ?? new Agent({ keepAlive: true });
  keptOpen.set(state, agent);
  return agent;
}

async function read<T>(state: LabState, path: string): Promise<T> {
  const credentials = readCredentials(join(state.dir, 'credentials'));
  const options = { timeoutMs: answerMs, agent: agentOf(state) };
  const { status, body } = await ask(`${state.url}${path}`, credentials, options);
  if (status !== 200) throw new Error(`GET ${path}: expected 200, found ${status}: ${body}`);
  return JSON.parse(body) as T;
}

function nodeOf(state: LabState, name: string): NodeAddress {
  const node = state.nodes.find((candidate) => candidate.name === name);
  if (node === undefined)
    throw new RangeError(`no node ${name} among ${state.nodes.map((n) => n.name).join(', ')}`);
  return node;
}

async function owners(nodes: readonly NodeAddress[], address: string): Promise<string[]> {
  const found = await Promise.all(
    nodes.map(({ netns }) => inNetwork(netns, ['ip', '-o', 'address', 'show', 'to', address])),
  );
  return nodes.filter((_, index) => found[index] !== '').map((node) => node.name);
}

async function stopEtcd({ etcdMembers }: LabState, name: string): Promise<void> {
  const member = etcdMembers[name];
  if (member === undefined) throw new RangeError(`${name} has no etcd member`);
  await stopDaemon(member);
}

/** Starts the etcd member of a control-plane node, anew or again. */
export function startEtcd(state: LabState, name: string): Daemon {
  const command = state.etcdCommands[name];
  if (command === undefined) throw new RangeError(`${name} has no etcd member`);
  const daemon = startDaemon({
    name: `${name} etcd`,
    command,
    logFile: join(state.dir, `${name}-etcd.log`),
    dieWithParent: !state.outlive,
  });
  state.etcdMembers[name] = daemon;
  adopt(state, daemon);
  return daemon;
}

/** Gives a control-plane node its own API endpoint. It ends with its process, as a dead API server would. */
export function startNodeApi(state: LabState, { name, netns, controlPlane }: NodeAddress): void {
  if (!controlPlane) throw new RangeError(`${name} is not a control-plane node`);
  const relay = ['relay', '--listen', `tcp:0.0.0.0:${apiPort}`, '--dial', `tcp:${switchAddress}:${apiPort}`];
  const real = state.nodeApiCommands[name];
  const daemon = startDaemon({
    name: `${name} API endpoint`,
    command: real ?? ['nsenter', `--net=${netnsPath(netns)}`, state.agent, ...relay],
    logFile: join(state.dir, real ? `${name}-kube-apiserver.log` : 'relay.log'),
    dieWithParent: !state.outlive,
  });
  state.nodeApis[name] = daemon;
  adopt(state, daemon);
}

function nodeApiOf({ nodeApis }: LabState, name: string): Daemon {
  const relay = nodeApis[name];
  if (relay === undefined) throw new RangeError(`${name} has no API endpoint`);
  return relay;
}

const stopNodeApi = (state: LabState, name: string): Promise<void> => stopDaemon(nodeApiOf(state, name));

function stopKubelet({ dir }: LabState, node: string): void {
  const found = processIds().filter((pid) => {
    try {
      const [program = '', ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      const isHere = args.some((text) => text.startsWith('--root-dir=') && text.includes(dir));
      return program.endsWith('/kubelet') && isHere && args.includes(`--hostname-override=${node}`);
    } catch {
      return false;
    }
  });
  if (found.length !== 1) throw new Error(`${node}: expected one kubelet, found ${found.length}`);
  for (const pid of found) process.kill(pid, 'SIGKILL');
}

/** Processes of containers, by the control group that each container has. */
function processesOf(containers: readonly string[]): number[] {
  return processIds().filter((pid) => {
    try {
      const groups = readFileSync(`/proc/${pid}/cgroup`, 'utf8');
      return startTimeOf(pid) !== '' && containers.some((id) => groups.includes(id));
    } catch {
      return false;
    }
  });
}
