// The operator's image for both architectures, as one archive with an OCI layout.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeIndex } from '../test/lab/oci.ts';
import { run } from '../test/lab/process.ts';
import { pack } from '../test/lab/archive.ts';
import type { Checkout } from './checkout.ts';
import { writeDockerfileImage } from './dockerfile-image.ts';
import { repositoryOf } from './install-yaml.ts';
import { writeLabImage } from './lab-image.ts';
import type { Made } from './made.ts';

/** Ways to write an image, by what they need: a container engine, or nothing. */
export const builders = {
  docker: writeDockerfileImage,
  lab: writeLabImage,
} as const satisfies Record<string, (dir: string, checkout: Checkout, name: string) => Promise<Made>>;

/** A way to write an image. */
export type Builder = keyof typeof builders;

/** Docker, where an engine answers. */
export const chooseBuilder = (): Promise<Builder> =>
  run(['docker', 'version']).then(
    () => 'docker',
    () => 'lab',
  );

interface Index {
  readonly manifests: readonly (Pick<Made, 'digest'> & { readonly annotations?: object })[];
}

// By its tag, and by the digest under which install.yaml asks for it: a node that imports the archive knows both.
function nameIn(dir: string, name: string): void {
  const { manifests } = JSON.parse(readFileSync(join(dir, 'index.json'), 'utf8')) as Index;
  const named = manifests.flatMap((manifest) => {
    const tag = { 'org.opencontainers.image.ref.name': name.split(':').at(-1) };
    const key = 'io.containerd.image.name';
    return [
      { ...manifest, annotations: { [key]: name, ...tag } },
      { ...manifest, annotations: { [key]: `${repositoryOf(name)}@${manifest.digest}` } },
    ];
  });
  writeIndex(dir, named);
}

/** What is asked of {@link writeImage}. */
export interface ImageRequest {
  readonly builder: Builder;
  /** Reference of the image, with its tag. */
  readonly name: string;
  /** The archive to write. */
  readonly file: string;
}

/** Writes the archive of the image. */
export async function writeImage(checkout: Checkout, request: ImageRequest): Promise<Made> {
  const dir = mkdtempSync(join(tmpdir(), 'release-image-'));
  try {
    mkdirSync(join(dir, 'blobs', 'sha256'), { recursive: true });
    const made = await builders[request.builder](dir, checkout, request.name);
    nameIn(dir, request.name);
    await pack(dir, request.file, ['oci-layout', 'index.json', 'blobs']);
    return made;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
