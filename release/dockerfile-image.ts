// The image that is published: buildx builds the Dockerfile, on its pinned base, without a time of its own.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseFinalStage } from '../test/lab/dockerfile.ts';
import { run } from '../test/lab/process.ts';
import { bases, type Architecture } from './base-rows.ts';
import type { Checkout } from './checkout.ts';
import type { Made } from './made.ts';

interface Descriptor {
  readonly digest: string;
  readonly size: number;
  readonly platform?: { readonly architecture: string };
}

/** The command that builds an OCI layout in a folder. */
export function buildCommand(dir: string, { root, epoch }: Checkout, name: string): readonly string[] {
  const platforms = Object.keys(bases).map((architecture) => `linux/${architecture}`);
  const output = ['type=oci', `dest=${dir}`, 'tar=false', `name=${name}`, 'rewrite-timestamp=true'];
  // Provenance and SBOM are attested of the digest afterwards: made here, they hold the time of the build.
  const quiet = ['--provenance=false', '--sbom=false', '--build-arg', `SOURCE_DATE_EPOCH=${epoch}`];
  const build = ['docker', 'buildx', 'build', '--platform', platforms.join(','), ...quiet];
  return [...build, '--output', output.join(','), root];
}

/** What the layout of an image with several architectures says. */
export function readMade(read: (path: string) => string, base: string): Made {
  const blob = (digest: string): unknown => JSON.parse(read(`blobs/${digest.replace(':', '/')}`));
  const { manifests } = JSON.parse(read('index.json')) as { manifests: readonly Descriptor[] };
  const { digest } = manifests[0] ?? { digest: '' };
  const index = blob(digest) as { manifests?: readonly Descriptor[] };
  const bytes = (index.manifests ?? []).map((manifest) => {
    const { layers } = blob(manifest.digest) as { layers: readonly Descriptor[] };
    return [manifest.platform?.architecture, layers.reduce((sum, { size }) => sum + size, 0)];
  });
  const found = Object.fromEntries(bytes) as Record<Architecture, number>;
  const missing = Object.keys(bases).filter((architecture) => !(architecture in found));
  if (missing.length > 0) {
    throw new Error(
      `index.json: expected an image for ${Object.keys(bases).join(' and ')}, found none for ${missing.join(' and ')}; run docker buildx create --use`,
    );
  }
  const [name = base, version = ''] = base.split('@');
  return { digest, bytes: found, base, foundations: [{ name, version }] };
}

/** Builds the Dockerfile for all architectures into a folder, as an OCI layout. */
export async function writeDockerfileImage(dir: string, checkout: Checkout, name: string): Promise<Made> {
  const { base } = parseFinalStage(readFileSync(join(checkout.root, 'Dockerfile'), 'utf8'));
  await run(buildCommand(dir, checkout, name));
  return readMade((path) => readFileSync(join(dir, path), 'utf8'), base);
}
