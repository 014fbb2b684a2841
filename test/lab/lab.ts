// A real Kubernetes cluster of several nodes on this machine: `startLab` brings it up, the returned object
// uses it and ends it. See machine.ts for how it stays apart from the machine that it runs on.
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../free-ports.ts';
import { labVerbs, type Lab } from './lab-verbs.ts';
import { planNodes } from './network.ts';
import type { Image } from './oci.ts';
import { requireLabMachine } from './preflight.ts';
import { Start } from './start.ts';
import {
  destroy,
  newRunFolder,
  ownerHere,
  readState,
  removeStaleRuns,
  saveState,
  type LabState,
} from './state.ts';
import { ensureLabTools, type Binaries, type Log } from './tools.ts';

export type { Lab, PodSelection } from './lab-verbs.ts';

export interface LabOptions {
  readonly nodes?: number;
  /** How many of the nodes are control-plane nodes; the first ones. */
  readonly controlPlanes?: number;
  /**
   * Where etcd and the API server are: in the switch, each control-plane node with a relay to them (default), or
   * a member and an API server on each control-plane node.
   */
  readonly controlPlane?: 'in-switch' | 'on-nodes';
  readonly log?: Log;
  /** Each machine gives itself another name than its Node has, as where the kubelet is told the name. */
  readonly otherHostNames?: boolean;
  /** Writes what everybody asks of the API server in the switch to the log that `auditLogOf` names. */
  readonly audit?: boolean;
  /** Addresses that the API server's certificate names beside the nodes'. */
  readonly vips?: readonly string[];
  /** Images that nodes have beside the lab's own. */
  readonly images?: readonly Image[];
  /** Leave the lab running when this process ends. */
  readonly outlive?: boolean;
}

const defaultVips = Array.from({ length: 11 }, (_, index) => `203.0.113.${100 + index}`);

/** Starts a lab; resolves when every node is Ready. What was started is cleaned up when that fails. */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const log = withElapsed(options.log ?? (() => undefined));
  await requireLabMachine();
  await removeStaleRuns();
  const { binaries, agent, standIn } = await ensureLabTools(log);
  const state = await newState(options, binaries, agent);
  const vips = options.vips ?? defaultVips;
  const { controlPlane = 'in-switch', audit = false, images = [] } = options;
  const start = new Start({ state, binaries, log, standIn, vips, controlPlane, audit, images });
  let ending: Promise<void> | undefined;
  const end = () => (ending ??= endStart(state, start));
  const forget = onSignals(() => void end().finally(() => process.exit(130)));
  try {
    await start.all();
  } catch (error) {
    await end();
    forget();
    throw error;
  }
  if (options.outlive === true) forget();
  return labVerbs(state, forget);
}

// Twice: a step may be in the middle of making something when the lab is ended, and that must go, too.
async function endStart(state: LabState, start: Start): Promise<void> {
  await destroy(state);
  await Promise.race([start.settled(), sleep(5000, undefined, { ref: false })]);
  await destroy(state);
}

// Ctrl-C at any moment leaves nothing behind.
function onSignals(act: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of signals) process.once(name, act);
  return () => signals.forEach((name) => process.removeListener(name, act));
}

/** A lab that another process started, by its run folder. */
export const attachLab = (dir: string): Lab => labVerbs(readState(dir));

function withElapsed(log: Log): Log {
  const start = Date.now();
  return (line) => log(`[${((Date.now() - start) / 1000).toFixed(1)} s] ${line}`);
}

/** The state of a lab of which nothing is there yet, and its folder. */
export async function newState(options: LabOptions, binaries: Binaries, agent: string): Promise<LabState> {
  const { nodes = 3, controlPlanes = 2, otherHostNames = false, outlive = false } = options;
  const [port] = await freePorts(1);
  const { id, dir } = newRunFolder();
  const state = {
    id,
    dir,
    owner: ownerHere(),
    outlive,
    nodes: planNodes(id, { nodes, controlPlanes, otherHostNames }),
    url: `https://127.0.0.1:${port}`,
    kubectlPath: binaries['kubectl'] ?? '',
    agent,
    operand: {},
    processes: [],
    nodeApis: {},
    nodeApiCommands: {},
    etcdMembers: {},
    etcdCommands: {},
  };
  saveState(state);
  return state;
}
