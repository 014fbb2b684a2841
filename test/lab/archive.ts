// Archives with the same bytes wherever and whenever they are made.
import { run } from './process.ts';

const same = [
  '--sort=name',
  '--mtime=@0',
  // Not as the umask of whoever checked the files out.
  '--mode=u=rwX,go=rX',
  '--owner=0',
  '--group=0',
  '--numeric-owner',
  '--format=gnu',
];

/** Packs files and folders below a folder, and what links lead to in the place of the links. */
export async function pack(dir: string, file: string, names: readonly string[]): Promise<void> {
  await run(['tar', ...same, '--dereference', '--hard-dereference', '-C', dir, '-cf', file, ...names]);
}
