// A machine of the lab: a network, mount, host-name and process namespace with one idle process as its
// init. Everything started on a machine lives in its process namespace, so ending the init ends all of it,
// containers included, and its mounts vanish with it. Nothing here is visible to the root namespaces.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, startDaemon, startTimeOf, waitFor, type Daemon } from './process.ts';

export interface Machine {
  readonly name: string;
  readonly dir: string;
  /** Name of the network namespace, below /run/netns. */
  readonly netns: string;
  readonly init: Daemon;
}

export interface MachineOptions {
  readonly name: string;
  /** The name that it gives itself. */
  readonly hostName: string;
  readonly dir: string;
  readonly netns: string;
  readonly agent: string;
  readonly dieWithParent: boolean;
  /** Called with every process as soon as it exists, so that a broken start can be cleaned up. */
  readonly started: (daemon: Daemon) => void;
}

export const netnsPath = (netns: string) => `/run/netns/${netns}`;

// What a kubelet would otherwise set for the whole kernel. It reads the value that it wants from here and
// writes nothing.
const kernelSettings: Readonly<Record<string, string>> = {
  'vm/overcommit_memory': '1',
  'vm/panic_on_oom': '0',
  'kernel/panic': '10',
  'kernel/panic_on_oops': '1',
  'kernel/keys/root_maxkeys': '1000000',
  'kernel/keys/root_maxbytes': '25000000',
};

/** Starts a machine in a network namespace that exists. */
export async function startMachine(options: MachineOptions): Promise<Machine> {
  const { name, hostName, dir, netns, agent, dieWithParent } = options;
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'init.sh'), initScript(hostName, dir, agent));
  const unshare =
    'unshare --mount --propagation private --uts --ipc --pid --fork --kill-child=KILL --mount-proc'.split(
      ' ',
    );
  const keeper = startDaemon({
    name: `${name} keeper`,
    command: ['nsenter', `--net=${netnsPath(netns)}`, ...unshare, 'sh', join(dir, 'init.sh')],
    logFile: join(dir, 'machine.log'),
    dieWithParent,
  });
  options.started(keeper);
  await waitFor(`machine ${name} to be ready`, () => existsSync(join(dir, 'ready')), {
    seconds: 60,
    everyMs: 5,
    needs: [keeper],
  });
  const [pid = 0] = childrenOf(keeper.pid);
  const init = { ...keeper, name: `${name} init`, pid, startTime: startTimeOf(pid) };
  options.started(init);
  return { name, dir, netns, init };
}

function initScript(hostName: string, dir: string, agent: string): string {
  for (const [key, value] of Object.entries(kernelSettings)) {
    writeFileSync(join(dir, key.replaceAll('/', '.')), `${value}\n`);
  }
  // Programs with built-in paths below these folders write to the machine's own copy.
  const overlays = ['var/lib', 'var/log'].flatMap((path) => {
    const upper = join(dir, path.replace('/', '-'));
    mkdirSync(join(upper, 'upper'), { recursive: true });
    mkdirSync(join(upper, 'work'));
    return `mount -t overlay -o lowerdir=/${path},upperdir=${upper}/upper,workdir=${upper}/work overlay /${path}`;
  });
  return [
    'set -e',
    'mount --make-rshared /',
    `hostname ${hostName}`,
    ...overlays,
    'mount -t tmpfs -o mode=755 tmpfs /run',
    'mkdir -p /run/netns /run/lock /run/containerd',
    ...Object.keys(kernelSettings).map(
      (key) => `mount --bind ${join(dir, key.replaceAll('/', '.'))} /proc/sys/${key}`,
    ),
    'echo 1 > /proc/sys/net/ipv4/ip_forward',
    `touch ${join(dir, 'ready')}`,
    `exec ${agent} pause`,
    '',
  ].join('\n');
}

/** Direct children of a process, as the root process namespace numbers them. */
export function childrenOf(parent: number): number[] {
  return processIds().filter((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent;
    } catch {
      return false;
    }
  });
}

/** Every process id that the root process namespace sees. */
export const processIds = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

/** A command line that runs a command on a machine, in all of its namespaces. */
export function onMachine(machine: Machine, command: readonly string[]): string[] {
  const namespaces = ['--mount', '--uts', '--ipc', '--net', '--pid'];
  return ['nsenter', '--target', String(machine.init.pid), ...namespaces, ...command];
}

/** Starts a background process on a machine. Its id is the one in the root process namespace. */
export function startOnMachine(
  machine: Machine,
  name: string,
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Daemon {
  const logFile = join(machine.dir, `${name}.log`);
  return startDaemon({ name: `${machine.name} ${name}`, command: onMachine(machine, command), logFile, env });
}

/** The program behind nsenter, which stays as its parent: what a signal is for. */
export async function programOf(daemon: Daemon): Promise<Daemon> {
  let pid = 0;
  await waitFor(`${daemon.name} to start`, () => (pid = childrenOf(daemon.pid)[0] ?? 0) !== 0, {
    seconds: 5,
    everyMs: 5,
    needs: [daemon],
  });
  return { ...daemon, pid, startTime: startTimeOf(pid) };
}

/** Runs a command in a machine's network namespace only, with the programs of this machine's root. */
export const inNetwork = (netns: string, command: readonly string[]): Promise<string> =>
  run(['nsenter', `--net=${netnsPath(netns)}`, ...command]);
