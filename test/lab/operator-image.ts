// The operator's image, from the same files and settings as the Dockerfile's final stage: that stage is
// read, its COPY lines become a layer, and the base is rebuilt from the Node of this repository.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative } from 'node:path';
import { parseFinalStage, type FinalStage } from './dockerfile.ts';
import { fingerprint, makeLayer, type Image, type Layer, type LayerFile } from './oci.ts';
import { run } from './process.ts';
import type { Log } from './tools.ts';
import { witnessLayers, witnessStage } from './witness-layer.ts';

const repository = join(import.meta.dirname, '..', '..');

/** The image that the shipped Deployment names. */
export const operatorImageName = imageOf(join(repository, 'config', 'manager', 'manager.yaml'));

function imageOf(manifest: string): string {
  const [, image = ''] = /^ +image: (\S+)$/m.exec(readFileSync(manifest, 'utf8')) ?? [];
  return image;
}

/** The operator's image; undefined, with a line that says why, where it has not been built yet. */
export async function operatorImage(log: Log): Promise<Image | undefined> {
  const missing = ['Dockerfile', 'dist/main.js'].filter((file) => !existsSync(join(repository, file)));
  if (missing.length > 0) {
    log(`operator image: not made, ${missing.join(' and ')} missing (npm run build)`);
    return undefined;
  }
  return imageOfCheckout(repository, operatorImageName, log);
}

/** The image of a checkout in which the operator is built. */
export async function imageOfCheckout(checkout: string, name: string, log?: Log): Promise<Image> {
  const stage = parseFinalStage(readFileSync(join(checkout, 'Dockerfile'), 'utf8'));
  const layers = [
    await nodeLayer(),
    ...(await dependenciesLayers(stage)),
    await sourcesLayer(stage, checkout),
    ...(await witnessLayers(stage, { checkout, log })),
  ];
  return { names: [name], config: stage.config, layers };
}

/** What the distroless base has that we use: Node at its place, its libraries, the unprivileged user. */
async function nodeLayer(): Promise<Layer> {
  const node = join(repository, 'node_modules', 'node', 'bin', 'node');
  const libraries = [...(await run(['ldd', node])).matchAll(/(\/\S+) \(0x/g)].map((match) => match[1] ?? '');
  const files = [
    { from: node, to: 'nodejs/bin/node' },
    ...libraries.map((library) => ({ from: library, to: library })),
  ];
  return makeLayer(`node ${files.map(({ from }) => fingerprint(from)).join('\n')}`, () => files);
}

/** Production dependencies, where the stage copies any, as the lock file lists them: they rarely change. */
async function dependenciesLayers(stage: FinalStage): Promise<Layer[]> {
  const target = stage.copies.find((copy) => posix.basename(copy.from) === 'node_modules')?.to;
  if (target === undefined) return [];
  const lock = readFileSync(join(repository, 'package-lock.json'), 'utf8');
  const digest = createHash('sha256').update(lock).digest('hex');
  const layer = await makeLayer(`dependencies ${digest} ${target}`, () =>
    productionPackages(lock).flatMap((path) =>
      filesBelow(join(repository, path), (name) => name !== 'node_modules').map((file) => ({
        from: file,
        to: join(target, relative(join(repository, 'node_modules'), file)),
      })),
    ),
  );
  return [layer];
}

function productionPackages(lock: string): string[] {
  const { packages } = JSON.parse(lock) as { packages: Record<string, { dev?: boolean }> };
  const paths = Object.keys(packages).filter((path) => path !== '' && packages[path]?.dev !== true);
  // Optional packages of other platforms are listed, but not installed.
  return paths.filter((path) => existsSync(join(repository, path)));
}

/** Everything else that the final stage copies out of a checkout in which the operator is built. */
export function sourcesLayer(stage: FinalStage, checkout: string): Promise<Layer> {
  const copies = stage.copies.filter(
    (copy) => posix.basename(copy.from) !== 'node_modules' && copy.stage !== witnessStage,
  );
  const files = copies.flatMap((copy) => copiedFiles(copy, checkout));
  return makeLayer(
    `sources ${files.map(({ from, to }) => `${fingerprint(from)} ${to}`).join('\n')}`,
    () => files,
  );
}

function copiedFiles({ from, to, isFolder }: FinalStage['copies'][number], checkout: string): LayerFile[] {
  const source = join(checkout, from);
  if (!existsSync(source)) throw new Error(`Dockerfile: COPY ${from}: not in the repository (npm run build)`);
  const files = filesBelow(source, () => true);
  const [first] = files;
  if (first === source) return [{ from: source, to: isFolder ? join(to, posix.basename(from)) : to }];
  return files.map((file) => ({ from: file, to: join(to, relative(source, file)) }));
}

function filesBelow(path: string, descend: (name: string) => boolean): string[] {
  let entries;
  try {
    entries = readdirSync(path, { withFileTypes: true });
  } catch {
    return [path];
  }
  return entries.flatMap((entry) => {
    if (entry.isFile()) return [join(path, entry.name)];
    return entry.isDirectory() && descend(entry.name) ? filesBelow(join(path, entry.name), descend) : [];
  });
}
