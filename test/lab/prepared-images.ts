// The images of a run as prepare-images.ts leaves them: what the containerd of every node of the run begins with.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './process.ts';

/** Names the folder of a containerd that has them; set for the time of a run. */
export const preparedImagesVariable = 'PREPARED_IMAGES';

// Nothing is ever changed where it is in these: links will do. Everything else is written to.
const linked = [
  'io.containerd.content.v1.content/blobs',
  'io.containerd.snapshotter.v1.overlayfs/snapshots',
] as const;

/** What says which images an OCI layout has; the prepared ones have it, too. */
export const indexIn = (dir: string): string => join(dir, 'index.json');

/** Copies the folder of a containerd that does not run. What is large is linked. */
export async function linkTree(from: string, to: string): Promise<void> {
  const links = linked.map((path) => join(from, path));
  cpSync(from, to, { recursive: true, filter: (path) => !links.includes(path) });
  for (const path of linked) {
    const target = dirname(join(to, path));
    mkdirSync(target, { recursive: true });
    await run(['cp', '-al', join(from, path), target]);
  }
}

const isPrepared = (dir: string, layout: string): boolean =>
  existsSync(indexIn(dir)) && readFileSync(indexIn(dir), 'utf8') === readFileSync(indexIn(layout), 'utf8');

/**
 * Gives a node's containerd, before it starts, the images of a layout as if it had imported them. False where
 * exactly these were not prepared: they are imported then.
 */
export async function takePreparedImages(layout: string, containerdRoot: string): Promise<boolean> {
  const dir = process.env[preparedImagesVariable];
  if (dir === undefined || !isPrepared(dir, layout)) return false;
  await linkTree(dir, containerdRoot);
  return true;
}

/** Removes them when the run is over. */
export function removePreparedImages(): void {
  const dir = process.env[preparedImagesVariable];
  if (dir !== undefined) rmSync(dir, { recursive: true, force: true });
}
