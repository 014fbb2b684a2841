// The operator of an earlier commit, built from this repository's history: its manifests, and its image.
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { withImage } from '../../release/install-yaml.ts';
import type { Image } from './oci.ts';
import { imageOfCheckout } from './operator-image.ts';
import { run } from './process.ts';
import { cacheDir, ensureTools } from './tools.ts';

const repository = join(import.meta.dirname, '..', '..');
const repositoryName = 'localhost/lab/kube-vip-operator';

/** What an earlier commit installs. */
export interface EarlierOperator {
  readonly image: Image;
  /** Its config/default, with that image. */
  readonly manifests: string;
}

/** Whether this clone has a commit: a shallow one has not. */
export const hasCommit = (commit: string): Promise<boolean> =>
  run(['git', '-C', repository, 'cat-file', '-e', `${commit}^{commit}`]).then(
    () => true,
    () => false,
  );

async function checkOut(commit: string, folder: string): Promise<void> {
  const command = 'git -C "$1" archive "$2" | tar -x -C "$3"';
  await run(['sh', '-c', command, 'sh', repository, commit, folder]);
}

/** A checkout with its operator built, in the cache. */
async function ensureBuilt(commit: string): Promise<string> {
  const folder = join(cacheDir(), `operator-${commit}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cacheDir(), { recursive: true });
  const work = mkdtempSync(join(cacheDir(), 'operator-'));
  try {
    await checkOut(commit, work);
    symlinkSync(join(repository, 'node_modules'), join(work, 'node_modules'));
    await run([process.execPath, 'build.js'], { cwd: work });
    rmSync(join(work, 'node_modules'));
    renameSync(work, folder);
    return folder;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Builds the operator of a commit. */
export async function earlierOperator(commit: string): Promise<EarlierOperator> {
  const folder = await ensureBuilt(commit);
  const name = `${repositoryName}:${commit}`;
  const { kubectl = '' } = await ensureTools(['kubernetes']);
  const manifests = await run([kubectl, 'kustomize', join(folder, 'config', 'default')]);
  return { image: await imageOfCheckout(folder, name), manifests: withImage(manifests, name) };
}
