// The image that is published: buildx builds the Dockerfile, on its pinned base, without a time of its own.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseFinalStage } from '../test/lab/dockerfile.ts';
import { run } from '../test/lab/process.ts';
import { witnessStage } from '../test/lab/witness-layer.ts';
import { bases, type Architecture } from './base-rows.ts';
import type { Checkout } from './checkout.ts';
import type { Made } from './made.ts';
import type { Foundation } from './sbom.ts';

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

function foundationOf(image: string): Foundation {
  const [name = image, version = ''] = image.split('@');
  return { name, version };
}

/** The image whose Go builds the witness. Its standard library is in the program. */
export function goImageIn(dockerfile: string): string {
  const [, image = ''] =
    new RegExp(`^FROM (?:--\\S+ )?(\\S+) AS ${witnessStage}$`, 'm').exec(dockerfile) ?? [];
  return image;
}

/** What the layout of an image with several architectures says. */
export function readMade(read: (path: string) => string, base: string, go: string): Made {
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
  return { digest, bytes: found, base, foundations: [base, go].map(foundationOf) };
}

/** Builds the Dockerfile for all architectures into a folder, as an OCI layout. */
export async function writeDockerfileImage(dir: string, checkout: Checkout, name: string): Promise<Made> {
  const dockerfile = readFileSync(join(checkout.root, 'Dockerfile'), 'utf8');
  const { base } = parseFinalStage(dockerfile);
  await run(buildCommand(dir, checkout, name));
  return readMade((path) => readFileSync(join(dir, path), 'utf8'), base, goImageIn(dockerfile));
}
