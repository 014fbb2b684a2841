// What a run of the lab has made, kept in lab.json of its run folder while it is being made: whoever reads
// the file can use the lab, or end exactly its parts, also after a start that broke off.
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OperandKind } from './images.ts';
import { deleteNetwork, type NodeAddress } from './network.ts';
import { isAlive, run, signal, startTimeOf, waitFor, type Daemon } from './process.ts';

export interface LabState {
  readonly id: string;
  readonly dir: string;
  /** The process that started the lab. */
  readonly owner: Daemon;
  /** Stays when its owner ends. */
  readonly outlive: boolean;
  readonly nodes: readonly NodeAddress[];
  readonly url: string;
  readonly kubectlPath: string;
  readonly agent: string;
  operand: Readonly<Record<string, OperandKind>>;
  /** Everything to end, in order of starting. Machines end with their init. */
  processes: Daemon[];
  ended?: boolean;
  /** API server of each control-plane node, or a relay to the one in the switch. */
  nodeApis: Record<string, Daemon>;
  /** How it is started where it is a real one. */
  readonly nodeApiCommands: Record<string, readonly string[]>;
  /** etcd member of each control-plane node, where they are on the nodes. */
  readonly etcdMembers: Record<string, Daemon>;
  /** How each member is started. */
  readonly etcdCommands: Record<string, readonly string[]>;
}

const prefix = 'kvl-';
const stateFile = (dir: string) => join(dir, 'lab.json');

/** Name of a run's control group, below the root of each hierarchy. */
export const cgroupOf = (id: string) => `kube-vip-lab-${id}`;

/** Makes the folder of a new run; its name holds the run's id. */
export function newRunFolder(): { id: string; dir: string } {
  const dir = mkdtempSync(join(tmpdir(), prefix));
  const id = dir.slice(-6).toLowerCase();
  return { id, dir };
}

export function ownerHere(): Daemon {
  return { name: 'owner', pid: process.pid, startTime: startTimeOf(process.pid), logFile: '' };
}

/** Writes lab.json as a whole, so that a reader never sees half of it. */
export function saveState(state: LabState): void {
  const file = stateFile(state.dir);
  writeFileSync(`${file}.new`, JSON.stringify(state, undefined, 2), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export function readState(dir: string): LabState {
  return JSON.parse(readFileSync(stateFile(dir), 'utf8')) as LabState;
}

/** Runs on this machine, by their folders below the temporary directory. */
export function listRuns(): LabState[] {
  const names = readdirSync(tmpdir()).filter((name) => name.startsWith(prefix));
  return names.flatMap((name) => {
    try {
      return [readState(join(tmpdir(), name))];
    } catch {
      return []; // It is being removed, or was never a run.
    }
  });
}

/** Removes runs whose owner was killed before it could clean up. */
export async function removeStaleRuns(): Promise<void> {
  const stale = listRuns().filter((run) => !run.outlive && !isAlive(run.owner));
  // Another lab that starts now may remove the same ones; what neither manages, the next start does.
  await Promise.allSettled(stale.map(destroy));
}

/** Records a process before anything else happens to it. In a run that has ended meanwhile it ends, too. */
export function adopt(state: LabState, daemon: Daemon): void {
  if (state.ended === true) {
    signal(daemon, 'SIGKILL');
    throw new Error('the lab was stopped while it started');
  }
  state.processes.push(daemon);
  saveState(state);
}

/** Ends a run and removes every trace of it. May be called again, and after a start that broke off. */
export async function destroy(state: LabState): Promise<void> {
  state.ended = true;
  const containers = containerGroupsOf(state.processes);
  for (const daemon of state.processes.toReversed()) signal(daemon, 'SIGKILL');
  for (const daemon of state.processes) {
    await waitFor(`${daemon.name} (${daemon.pid}) to end`, () => !isAlive(daemon), {
      seconds: 60,
      everyMs: 10,
    });
  }
  await deleteNetwork(state.id);
  await Promise.all([cgroupOf(state.id), ...containers].map(removeControlGroups));
  await unmountBelow(state.dir);
  removeFolder(state.dir);
}

// lab.json goes last: without it, nobody would know that the rest is to be removed.
function removeFolder(dir: string): void {
  const options = { recursive: true, force: true, maxRetries: 5 };
  const entries = existsSync(dir) ? readdirSync(dir) : [];
  for (const name of entries) if (name !== 'lab.json') rmSync(join(dir, name), options);
  rmSync(dir, options);
}

/** Folders of a control group: one in each hierarchy (v1), or one (v2). */
export function controlGroupsOf(name: string): string[] {
  const root = '/sys/fs/cgroup';
  const hierarchies = [root, ...readdirSync(root).map((entry) => join(root, entry))];
  return hierarchies.map((hierarchy) => join(hierarchy, name)).filter((dir) => existsSync(dir));
}

/** Processes of the machine, by the one that started them. */
function childrenOf(): ReadonlyMap<number, readonly number[]> {
  const pairs = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(
      (name) => [Number(/^PPid:\s+(\d+)/m.exec(textOf(`/proc/${name}/status`))?.[1]), Number(name)] as const,
    );
  const groups = Map.groupBy(pairs, ([parent]) => parent);
  return new Map([...groups].map(([parent, rows]) => [parent, rows.map(([, pid]) => pid)]));
}

// A process may end between two looks.
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/**
 * Names of the control groups of containers that run below some processes. containerd makes them beside those of all others, and
 * nobody removes one whose containerd was killed: each kubelet of the machine then watches it, until there are no watches left.
 */
export function containerGroupsOf(processes: readonly Daemon[]): readonly string[] {
  const children = childrenOf();
  const below = (pid: number): readonly number[] => [pid, ...(children.get(pid) ?? []).flatMap(below)];
  const groups = processes
    .filter(isAlive)
    .flatMap(({ pid }) => below(pid))
    .flatMap((pid) => /:\/(k8s\.io\/[^/\n]+)/.exec(textOf(`/proc/${pid}/cgroup`))?.[1] ?? []);
  return [...new Set(groups)];
}

async function removeControlGroups(name: string): Promise<void> {
  // A group stays busy for a moment after its last process has ended.
  for (let attempt = 0; attempt < 40; attempt += 1) {
    const left = controlGroupsOf(name);
    if (left.length === 0) return;
    for (const dir of left) removeTree(dir);
    await sleep(50);
  }
  throw new Error(`control groups could not be removed: ${controlGroupsOf(name).join(' ')}`);
}

// Not rmSync: the files of a control group cannot be removed, and go with their folder.
function removeTree(dir: string): void {
  try {
    for (const entry of readdirSync(dir, { withFileTypes: true })) {
      if (entry.isDirectory()) removeTree(join(dir, entry.name));
    }
    rmdirSync(dir);
  } catch {
    // Still busy; the caller tries again.
  }
}

/** Mounts below a folder that this process sees. Machines mount in their own namespace, so: none. */
export function mountsBelow(dir: string): string[] {
  const points = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '');
  return points.filter((point) => point.startsWith(`${dir}/`));
}

async function unmountBelow(dir: string): Promise<void> {
  for (const point of mountsBelow(dir).toReversed()) await run(['umount', point]);
}
