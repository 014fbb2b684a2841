// `make release VERSION=0.1.0` and nothing else: asks whether a release may be made of this checkout, and makes it.
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureTools } from '../test/lab/tools.ts';
import { readCheckout } from './checkout.ts';
import { builders, chooseBuilder, type Builder } from './image.ts';
import { writeRelease, type Programs } from './release.ts';
import { refusals } from './request.ts';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const isBuilder = (name: string): name is Builder => name in builders;

async function builderOf(asked: string): Promise<Builder> {
  if (isBuilder(asked)) return asked;
  const known = Object.keys(builders).join(' or ');
  if (asked !== '')
    throw new Error(`BUILDER: expected ${known}, found ${asked}; leave it out to choose by itself`);
  const chosen = await chooseBuilder();
  if (chosen === 'lab') print("no Docker engine answers: the image is written by the lab, on the lab's base");
  return chosen;
}

const programs: Programs = {
  kubectl: async () => (await ensureTools(['kubernetes'], print))['kubectl'] ?? '',
  helm: async () => (await ensureTools(['helm'], print))['helm'] ?? '',
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { version: { type: 'string' }, builder: { type: 'string', default: '' } },
  });
  const root = join(import.meta.dirname, '..');
  const checkout = await readCheckout(root);
  const { version = '' } = values;
  const faults = refusals({ ...checkout, version });
  if (faults.length > 0) throw new Error(faults.join('\n'));
  const builder = await builderOf(values.builder);
  const out = relative(process.cwd(), join(root, 'dist', 'release'));
  await writeRelease({ checkout, version, builder, programs, out, log: print });
}

await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
