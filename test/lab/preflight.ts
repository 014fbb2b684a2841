// What the lab needs from the machine, checked before anything is started. Every problem is reported at
// once, each with what to do about it.
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { crossPackagesOn } from '../../release/base-rows.ts';
import { ownArchitecture } from './oci.ts';
import { CommandError, run } from './process.ts';

interface Requirement {
  /** A program in PATH, or an absolute path. */
  readonly program: string;
  /** Debian's name of the package that has it. */
  readonly debian: string;
}

const requirements: readonly Requirement[] = [
  { program: 'runc', debian: 'runc' },
  { program: '/usr/lib/cni/bridge', debian: 'containernetworking-plugins' },
  { program: 'ip', debian: 'iproute2' },
  { program: 'nft', debian: 'nftables' },
  { program: 'conntrack', debian: 'conntrack' },
  { program: 'nsenter', debian: 'util-linux' },
  { program: 'unshare', debian: 'util-linux' },
  { program: 'mount', debian: 'mount' },
  { program: 'openssl', debian: 'openssl' },
  { program: 'curl', debian: 'curl' },
  { program: 'tar', debian: 'tar' },
];

/** What tests of alerts, of clocks and of the release need, and the lab does not. */
const testRequirements: readonly Requirement[] = [
  { program: 'promtool', debian: 'prometheus' },
  { program: 'lua5.1', debian: 'lua5.1' },
  { program: 'faketime', debian: 'faketime' },
  ...crossPackagesOn(ownArchitecture),
];

interface Feature {
  readonly name: string;
  /** Commands that work, in namespaces of their own, where the kernel has the feature. */
  readonly trial: string;
}

const features: readonly Feature[] = [
  { name: 'new mount, network, host-name and process namespaces', trial: 'true' },
  { name: 'network bridges', trial: 'ip link add kvl0 type bridge' },
  { name: 'veth pairs', trial: 'ip link add kvl0 type veth peer name kvl1' },
  { name: 'nftables (kube-proxy)', trial: 'nft add table ip kvl' },
  {
    name: 'tmpfs and overlayfs mounts',
    trial: 'mount -t tmpfs tmpfs /mnt && grep -qw overlay /proc/filesystems',
  },
  {
    name: 'connection tracking in nftables',
    trial: 'nft "add table ip k; add chain ip k c; add rule ip k c ct state new"',
  },
];

const inPath = (program: string) =>
  program.startsWith('/')
    ? existsSync(program)
    : (process.env['PATH'] ?? '').split(delimiter).some((dir) => existsSync(join(dir, program)));

/** Packages that are missing here for the lab and the tests, by Debian's names. */
export function missingPackages(): string[] {
  return missingOf([...requirements, ...testRequirements]);
}

function missingOf(rows: readonly Requirement[]): string[] {
  const missing = rows.filter(({ program }) => !inPath(program));
  return [...new Set(missing.map(({ debian }) => debian))];
}

/** Everything that keeps the lab from running here; empty when it can run. */
export async function problems(): Promise<string[]> {
  const packages = missingOf(requirements);
  const found = [];
  if (process.platform !== 'linux') found.push(`expected Linux, found ${process.platform}`);
  if (process.getuid?.() !== 0) found.push('expected to run as root, found an ordinary user');
  if (packages.length > 0) {
    found.push(`missing: ${packages.join(', ')}; install with: apt-get install -y ${packages.join(' ')}`);
  }
  // Trials would only repeat what is already known to be missing.
  if (found.length > 0) return found;
  return [...(await missingFeatures()), ...missingControllers()];
}

async function missingFeatures(): Promise<string[]> {
  const results = await Promise.all(
    features.map(async ({ name, trial }) => {
      try {
        await run(['unshare', '--mount', '--uts', '--ipc', '--net', '--pid', '--fork', 'sh', '-c', trial]);
        return undefined;
      } catch (error) {
        const why = error instanceof CommandError ? error.stderr : String(error);
        return `the kernel does not allow ${name}: ${why.split('\n')[0]}`;
      }
    }),
  );
  return results.filter((result) => result !== undefined);
}

function missingControllers(): string[] {
  if (existsSync('/sys/fs/cgroup/cgroup.controllers') || existsSync('/sys/fs/cgroup/memory')) return [];
  return [
    `no control groups below /sys/fs/cgroup (${readFileSync('/proc/self/cgroup', 'utf8').trim() || 'none'})`,
  ];
}

/** Throws, with all reasons, where the lab cannot run. */
export async function requireLabMachine(): Promise<void> {
  const found = await problems();
  if (found.length > 0) throw new Error(`the lab cannot run here:\n  ${found.join('\n  ')}`);
}
