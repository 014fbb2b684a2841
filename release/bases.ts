// What stands in for the Dockerfile's base where no registry can be asked: Node from the npm registry, pinned
// by digest, and the libraries that it names, from Debian. Layers hold files of one architecture each.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint, makeLayer, type Layer, type LayerFile } from '../test/lab/oci.ts';
import { run } from '../test/lab/process.ts';
import { cacheDir } from '../test/lab/tools.ts';
import { bases, type Architecture, type Base } from './base-rows.ts';

/** The Node that a checkout is run by. */
export const nodeVersionOf = (root: string): string => {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    devDependencies: { node: string };
  };
  return devDependencies.node;
};

/** The Node of an architecture, in the cache. */
async function ensureNode(base: Base, version: string): Promise<string> {
  const folder = join(cacheDir(), `${base.npm}-${version}-${base.sha512.slice(0, 12)}`);
  const node = join(folder, 'package', 'bin', 'node');
  if (existsSync(node)) return node;
  mkdirSync(cacheDir(), { recursive: true });
  const work = mkdtempSync(join(cacheDir(), 'node-'));
  try {
    const name = `${base.npm}@${version}`;
    const file = (await run(['npm', 'pack', '--silent', '--pack-destination', work, name])).trim();
    const found = createHash('sha512')
      .update(readFileSync(join(work, file)))
      .digest('hex');
    if (found !== base.sha512) {
      throw new Error(
        `${name}: expected sha512 ${base.sha512}, found ${found}; write the digest of this version in release/base-rows.ts`,
      );
    }
    await run(['tar', '-xzf', join(work, file), '-C', work, 'package/bin/node']);
    rmSync(join(work, file));
    rmSync(folder, { recursive: true, force: true });
    renameSync(work, folder);
    return node;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function libraryOf(base: Base, name: string): string {
  const found = base.folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
  if (found !== undefined) return found;
  const todo = `run apt-get install -y ${base.packages.join(' ')}`;
  throw new Error(`${name} for ${base.triplet}: expected it in ${base.folders.join(' or ')}; ${todo}`);
}

/** Node and its libraries for one architecture, as a layer. */
export async function baseLayer(architecture: Architecture, root: string): Promise<Layer> {
  const base = bases[architecture];
  const node = await ensureNode(base, nodeVersionOf(root));
  const libraries = base.libraries.map((name) => ({
    from: libraryOf(base, name),
    to: join('lib', base.triplet, name),
  }));
  const files: readonly LayerFile[] = [
    { from: node, to: 'nodejs/bin/node' },
    { from: libraryOf(base, base.interpreter.split('/').at(-1) ?? ''), to: base.interpreter },
    ...libraries,
  ];
  return makeLayer(`base ${files.map(({ from }) => fingerprint(from)).join('\n')}`, () => files);
}
