// The programs that the lab runs. They come from LAB_BIN_DIR where it has them, otherwise from the cache,
// otherwise they are built once from the go.mod files beside this file.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { run } from './process.ts';

/** Prints one line of progress. */
export type Log = (line: string) => void;

/** Name of a program -> where it is. */
export type Binaries = Readonly<Record<string, string>>;

interface Bundle {
  readonly title: string;
  /** Module whose version in go.mod is the version of the whole bundle. */
  readonly module: string;
  readonly estimate: string;
  /** Program -> Go package. */
  readonly programs: Readonly<Record<string, string>>;
  readonly tags?: string;
  readonly versionFlags: (version: string) => string[];
}

const kubernetesVersion = (version: string) =>
  ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((path) => [
    `-X ${path}.gitVersion=${version}`,
    `-X ${path}.gitMajor=${version.slice(1).split('.')[0]}`,
    `-X ${path}.gitMinor=${version.split('.')[1]}`,
    `-X ${path}.gitTreeState=clean`,
  ]);

const bundles = {
  etcd: {
    title: 'etcd',
    module: 'go.etcd.io/etcd/server/v3',
    estimate: 'about 1 minute',
    programs: { etcd: 'go.etcd.io/etcd/server/v3' },
    versionFlags: () => [],
  },
  containerd: {
    title: 'containerd',
    module: 'github.com/containerd/containerd/v2',
    estimate: 'about 2 minutes',
    programs: {
      containerd: 'github.com/containerd/containerd/v2/cmd/containerd',
      'containerd-shim-runc-v2': 'github.com/containerd/containerd/v2/cmd/containerd-shim-runc-v2',
      ctr: 'github.com/containerd/containerd/v2/cmd/ctr',
    },
    tags: 'no_btrfs no_devmapper no_zfs',
    versionFlags: (version) => [`-X github.com/containerd/containerd/v2/version.Version=${version}`],
  },
  // Plays kubelets: thousands of nodes that beat, without a process for each.
  kwok: {
    title: 'KWOK',
    module: 'sigs.k8s.io/kwok',
    estimate: 'about 1 minute',
    programs: { kwok: 'sigs.k8s.io/kwok/cmd/kwok' },
    versionFlags: () => [],
  },
  // Render the chart and config/, so that a test can compare them.
  helm: {
    title: 'Helm',
    module: 'helm.sh/helm/v4',
    estimate: 'about 2 minutes',
    programs: { helm: 'helm.sh/helm/v4/cmd/helm' },
    versionFlags: (version) => [`-X helm.sh/helm/v4/internal/version.version=${version}`],
  },
  kustomize: {
    title: 'kustomize',
    module: 'sigs.k8s.io/kustomize/kustomize/v5',
    estimate: 'about 1 minute',
    programs: { kustomize: 'sigs.k8s.io/kustomize/kustomize/v5' },
    versionFlags: () => [],
  },
  kubernetes: {
    title: 'Kubernetes',
    module: 'k8s.io/kubernetes',
    estimate: 'about 5 minutes',
    programs: Object.fromEntries(
      ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl', 'kubelet', 'kube-proxy'].map(
        (name) => [name, `k8s.io/kubernetes/cmd/${name}`],
      ),
    ),
    versionFlags: kubernetesVersion,
  },
} as const satisfies Record<string, Bundle>;

export type BundleName = keyof typeof bundles;

const here = import.meta.dirname;
const silent: Log = () => undefined;

/** Folder that outlives runs: built programs and image layers. */
export function cacheDir(): string {
  const root = process.env['KUBE_VIP_LAB_CACHE'] ?? join(homedir(), '.cache', 'kube-vip-operator');
  return join(root, 'lab');
}

/** Makes sure that the programs of some bundles exist, building what is missing. */
export async function ensureTools(names: readonly BundleName[], log: Log = silent): Promise<Binaries> {
  // At once: what links or downloads uses one core, or none.
  return Object.assign({}, ...(await Promise.all(names.map((name) => ensureBundle(name, log))))) as Binaries;
}

export interface LabTools {
  readonly binaries: Binaries;
  /** Init of the lab's machines, and its relays. */
  readonly agent: string;
  /** The stand-in for kube-vip. */
  readonly standIn: string;
}

/** Everything that a lab runs. */
export async function ensureLabTools(log: Log = silent): Promise<LabTools> {
  const [binaries, agent, standIn] = await Promise.all([
    ensureTools(['etcd', 'containerd', 'kubernetes'], log),
    ensureGoProgram('agent', 'lab-agent', log),
    ensureGoProgram('operand', 'kube-vip', log),
  ]);
  return { binaries, agent, standIn };
}

async function ensureBundle(name: BundleName, log: Log): Promise<Binaries> {
  const bundle: Bundle = bundles[name];
  const programs = Object.keys(bundle.programs);
  const given = process.env['LAB_BIN_DIR'];
  if (given !== undefined && hasAll(given, programs)) return located(given, programs);
  const source = join(here, 'tools', name);
  const version = versionInGoMod(source, bundle.module);
  const target = join(cacheDir(), `${name}-${version}`);
  if (!hasAll(target, programs)) {
    const title = `${bundle.title} ${version.slice(1)}`;
    await timed(log, `${title} (first run only, ${bundle.estimate})`, title, () =>
      buildInto(target, (dir) => buildBundle(bundle, version, source, dir)),
    );
  }
  return located(target, programs);
}

async function buildBundle(bundle: Bundle, version: string, source: string, dir: string): Promise<void> {
  const flags = ['-s', '-w', ...bundle.versionFlags(version)].join(' ');
  const tags = bundle.tags === undefined ? [] : ['-tags', bundle.tags];
  const names = Object.keys(bundle.programs);
  // One command links one while it compiles for the next; each gets the name of its package then.
  const target = join(dir, names.length === 1 ? names.join('') : '/');
  await goBuild(source, ['-ldflags', flags, ...tags, '-o', target, ...Object.values(bundle.programs)]);
}

/** A Go program of this repository (`agent`, `operand`), built again only when its sources change. */
export async function ensureGoProgram(folder: string, program: string, log: Log = silent): Promise<string> {
  const source = join(here, folder);
  const target = join(cacheDir(), `${folder}-${hashOfSources(source)}`);
  const binary = join(target, program);
  if (!existsSync(binary)) {
    await timed(log, program, program, () =>
      buildInto(target, (dir) => goBuild(source, ['-ldflags', '-s -w', '-o', join(dir, program), '.'])),
    );
  }
  return binary;
}

function hashOfSources(folder: string): string {
  const hash = createHash('sha256');
  const files = readdirSync(folder).filter((name) => /^go\.(mod|sum)$|\.go$/.test(name));
  for (const name of files.filter((name) => !name.endsWith('_test.go')).sort()) {
    hash
      .update(name)
      .update('\0')
      .update(readFileSync(join(folder, name)));
  }
  return hash.digest('hex').slice(0, 16);
}

// Built beside the target and renamed: a build that was interrupted, or that runs twice at once, never
// leaves half a bundle under the final name.
async function buildInto(target: string, build: (dir: string) => Promise<void>): Promise<void> {
  const unfinished = `${target}.building-${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  try {
    await build(unfinished);
    rmSync(target, { recursive: true, force: true });
    renameSync(unfinished, target);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

async function goBuild(source: string, args: readonly string[]): Promise<void> {
  try {
    await run(['go', 'build', '-trimpath', ...args], { cwd: source, env: { CGO_ENABLED: '0' } });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new Error('missing: go; install Go 1.26 or newer, or point LAB_BIN_DIR at the programs', {
        cause: error,
      });
    }
    throw error;
  }
}

async function timed(log: Log, doing: string, done: string, work: () => Promise<void>): Promise<void> {
  const start = Date.now();
  const elapsed = () => `${Math.round((Date.now() - start) / 1000)} s`;
  log(`building ${doing}…`);
  const ticker = setInterval(() => log(`  still building ${done}, ${elapsed()}`), 60_000);
  try {
    await work();
  } finally {
    clearInterval(ticker);
  }
  log(`built ${done} in ${elapsed()}`);
}

function versionInGoMod(source: string, module: string): string {
  const text = readFileSync(join(source, 'go.mod'), 'utf8');
  const line = text.split('\n').find((candidate) => candidate.trim().startsWith(`${module} v`));
  const version = line?.trim().split(' ')[1];
  if (version === undefined) throw new Error(`${source}/go.mod: expected a version of ${module}, found none`);
  return version;
}

const hasAll = (dir: string, programs: readonly string[]) =>
  programs.every((program) => existsSync(join(dir, program)));

const located = (dir: string, programs: readonly string[]): Binaries =>
  Object.fromEntries(programs.map((program) => [program, join(dir, program)]));
