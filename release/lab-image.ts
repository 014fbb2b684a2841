// The image without a registry and without a container engine: the files that the Dockerfile's final stage
// copies, on the lab's base, written by the lab's OCI writer. It runs the same, and its base is another.
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { parseFinalStage, type FinalStage } from '../test/lab/dockerfile.ts';
import { blobFile, putDocument, putImage, writeIndex, type Image, type Layer } from '../test/lab/oci.ts';
import { sourcesLayer } from '../test/lab/operator-image.ts';
import { run } from '../test/lab/process.ts';
import { witnessLayers, type WitnessRequest } from '../test/lab/witness-layer.ts';
import { bases, type Architecture } from './base-rows.ts';
import { baseLayer, nodeVersionOf } from './bases.ts';
import { timeOf, type Checkout } from './checkout.ts';
import type { Made } from './made.ts';

const architectures = Object.keys(bases) as Architecture[];

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return `sha256:${hash.digest('hex')}`;
}

/** Compresses a layer. The cache keeps the result. */
async function compressed(layer: Layer): Promise<Layer> {
  const kept = blobFile(`${layer.digest}.gz`);
  if (!existsSync(kept)) {
    const unfinished = `${kept}.${process.pid}`;
    await pipeline(createReadStream(blobFile(layer.digest)), createGzip(), createWriteStream(unfinished));
    renameSync(unfinished, kept);
  }
  const digest = await sha256Of(kept);
  if (!existsSync(blobFile(digest))) {
    await run(['ln', '-sfn', kept, blobFile(digest)]);
  }
  return { ...layer, gzip: { digest, size: statSync(kept).size } };
}

type Bytes = Pick<Made, 'bytes'>;

function whatIsPulled(images: readonly Required<Pick<Image, 'architecture' | 'layers'>>[]): Bytes {
  const rows = images.map(({ architecture, layers }) => [
    architecture,
    layers.reduce((sum, { gzip }) => sum + (gzip?.size ?? 0), 0),
  ]);
  return { bytes: Object.fromEntries(rows) as Made['bytes'] };
}

const labsBase = (root: string): Pick<Made, 'base' | 'foundations'> => ({
  base: "the lab's base (Node of the npm registry, libraries of Debian), not the Dockerfile's",
  foundations: Object.values(bases).map(({ npm }) => ({ name: npm, version: nodeVersionOf(root) })),
});

async function witnessOf(stage: FinalStage, request: WitnessRequest): Promise<Layer[]> {
  return Promise.all((await witnessLayers(stage, request)).map(compressed));
}

/** Writes the image for all architectures into a folder, as an OCI layout with one index. */
export async function writeLabImage(dir: string, checkout: Checkout, name: string): Promise<Made> {
  const stage = parseFinalStage(readFileSync(join(checkout.root, 'Dockerfile'), 'utf8'));
  const own = await compressed(await sourcesLayer(stage, checkout.root));
  const labels = { 'org.opencontainers.image.revision': checkout.commit };
  const images = await Promise.all(
    architectures.map(async (architecture) => ({
      names: [name],
      config: { ...stage.config, Labels: labels },
      layers: [
        await compressed(await baseLayer(architecture, checkout.root)),
        own,
        ...(await witnessOf(stage, { checkout: checkout.root, architecture })),
      ],
      architecture,
      created: timeOf(checkout),
    })),
  );
  const manifests = images.map((image) => ({
    ...putImage(dir, image),
    platform: { architecture: image.architecture, os: 'linux' },
  }));
  const type = 'application/vnd.oci.image.index.v1+json';
  const index = putDocument(dir, type, { schemaVersion: 2, mediaType: type, manifests });
  writeIndex(dir, [index]);
  return { digest: index.digest, ...whatIsPulled(images), ...labsBase(checkout.root) };
}
