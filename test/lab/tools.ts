// The programs that the lab runs. They come from LAB_BIN_DIR where it has them, otherwise from the cache,
// otherwise they are built once from the go.mod files beside this file.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { bundles, type Bundle, type BundleName } from './bundles.ts';
import { apiPrograms, makeModule, moduleVersion, releaseVariable } from './kubernetes-module.ts';
import { run } from './process.ts';

/** Prints one line of progress. */
export type Log = (line: string) => void;

/** Name of a program -> where it is. */
export type Binaries = Readonly<Record<string, string>>;

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
  if (buildOf('kubernetes').source === undefined) {
    throw new RangeError(
      `${releaseVariable}: expected none for the lab, whose nodes run the release of go.mod only, found ${process.env[releaseVariable]}`,
    );
  }
  const [binaries, agent, standIn] = await Promise.all([
    ensureTools(['etcd', 'containerd', 'kubernetes'], log),
    ensureGoProgram({ source: join(here, 'agent'), program: 'lab-agent' }, log),
    ensureGoProgram({ source: join(here, 'operand'), program: 'kube-vip' }, log),
  ]);
  return { binaries, agent, standIn };
}

/** What is built: a bundle in one version. */
interface Build {
  readonly bundle: Bundle;
  readonly version: string;
  /** Folder of its go.mod. Undefined for a release of Kubernetes that has none here: one is made. */
  readonly source: string | undefined;
}

/** The release of Kubernetes that the environment asks for, instead of the one of go.mod. */
function otherKubernetes(usual: string): Build | undefined {
  const minor = process.env[releaseVariable] ?? '';
  const version = minor === '' ? usual : moduleVersion(minor);
  const bundle: Bundle = bundles.kubernetes;
  const programs = Object.fromEntries(apiPrograms.map((name) => [name, bundle.programs[name] ?? '']));
  return version === usual ? undefined : { bundle: { ...bundle, programs }, version, source: undefined };
}

function buildOf(name: BundleName): Build {
  const bundle: Bundle = bundles[name];
  const source = join(here, 'tools', name);
  const version = versionInGoMod(source, bundle.module);
  const other = name === 'kubernetes' ? otherKubernetes(version) : undefined;
  return other ?? { bundle, version, source };
}

async function ensureBundle(name: BundleName, log: Log): Promise<Binaries> {
  const build = buildOf(name);
  const { bundle, version, source } = build;
  const programs = Object.keys(bundle.programs);
  const given = process.env['LAB_BIN_DIR'];
  // Which release is there is not known.
  const mayBeGiven = given !== undefined && source !== undefined;
  if (mayBeGiven && hasAll(given, programs)) return located(given, programs);
  const target = join(cacheDir(), `${name}-${version}`);
  if (!hasAll(target, programs)) {
    const title = `${bundle.title} ${version.slice(1)}`;
    await timed(log, `${title} (first run only, ${bundle.estimate})`, title, () =>
      buildInto(target, (dir) => buildBundle(build, dir)),
    );
  }
  return located(target, programs);
}

async function buildBundle({ bundle, version, source }: Build, dir: string): Promise<void> {
  const flags = ['-ldflags', ['-s', '-w', ...bundle.versionFlags(version)].join(' ')];
  const tags = bundle.tags === undefined ? [] : ['-tags', bundle.tags];
  const names = Object.keys(bundle.programs);
  // One command links one while it compiles for the next; each gets the name of its package then.
  const target = ['-o', join(dir, names.length === 1 ? names.join('') : '/')];
  const args = [...flags, ...tags, ...target, ...Object.values(bundle.programs)];
  // A go.mod that was made names no module but Kubernetes. Go adds what follows from it.
  await (source === undefined
    ? goBuild(await makeModule(join(dir, 'module'), version), ['-mod=mod', ...args])
    : goBuild(source, args));
}

/** A Go program of this repository. */
export interface GoProgram {
  /** Folder of its go.mod. */
  readonly source: string;
  readonly program: string;
  /** As Go calls it. That of this machine where it is not said. */
  readonly architecture?: string;
}

/** Builds a program, again only when its sources have changed. */
export async function ensureGoProgram(
  { source, program, architecture }: GoProgram,
  log: Log = silent,
): Promise<string> {
  const forWhich = architecture === undefined ? '' : `-${architecture}`;
  const target = join(cacheDir(), `${basename(source)}-${hashOfSources(source)}${forWhich}`);
  const binary = join(target, program);
  const env = architecture === undefined ? {} : { GOARCH: architecture };
  if (!existsSync(binary)) {
    await timed(log, program, program, () =>
      buildInto(target, (dir) => goBuild(source, ['-ldflags', '-s -w', '-o', join(dir, program), '.'], env)),
    );
  }
  return binary;
}

const isSource = (name: string): boolean =>
  /(^|\/)go\.(mod|sum)$|\.go$/.test(name) && !name.endsWith('_test.go');

function hashOfSources(folder: string): string {
  const hash = createHash('sha256');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  for (const name of files.filter(isSource).sort()) {
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

async function goBuild(
  source: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  // Without the commit, which would make other bytes of the same sources.
  const command = ['go', 'build', '-trimpath', '-buildvcs=false', ...args];
  try {
    await run(command, { cwd: source, env: { CGO_ENABLED: '0', ...env } });
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
