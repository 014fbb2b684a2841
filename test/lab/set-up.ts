// Before the first test that needs them: builds the programs that are not in the cache yet. It takes minutes where the
// cache is empty, which no test has, and two workers of one run must not build the same.
import type { BundleName } from './bundles.ts';
import { raiseInotifyLimit } from './inotify.ts';
import { prepareImages } from './prepare-images.ts';
import { ensureLabTools, ensureTools } from './tools.ts';

const print = (line: string) => process.stdout.write(`${line}\n`);

export async function buildTools(names: readonly BundleName[]): Promise<void> {
  await ensureTools(names, print);
}

export default async function setUp(): Promise<void> {
  await ensureLabTools(print);
  // Without root there is no lab, which each of its tests says.
  if (process.getuid?.() !== 0) return;
  raiseInotifyLimit(print);
  await prepareImages(print);
}
