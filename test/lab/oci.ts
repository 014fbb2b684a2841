// Container images made from files on this machine, without a registry or a container engine: layers are
// kept in a cache by what they are made of, and an OCI layout names them.
import { createHash } from 'node:crypto';
import {
  constants,
  copyFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { run } from './process.ts';
import { cacheDir } from './tools.ts';

/** A file of a layer: where it is now, and its path in the image. */
export interface LayerFile {
  readonly from: string;
  readonly to: string;
}

export interface Layer {
  readonly digest: string;
  readonly size: number;
}

/** What a container of the image starts with; spelled as OCI spells it. */
export interface ImageConfig {
  readonly Entrypoint: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Env?: readonly string[];
  readonly User?: string;
  readonly WorkingDir?: string;
}

export interface Image {
  /** Complete references that the image gets, with a tag or a digest (which need not be its own). */
  readonly names: readonly string[];
  readonly config: ImageConfig;
  readonly layers: readonly Layer[];
}

const store = () => join(cacheDir(), 'images');
const blobFile = (digest: string) => join(store(), 'blobs', digest.replace(':', '-'));
const sha256 = (data: string) => createHash('sha256').update(data).digest('hex');

/** Stands for a file in a layer's key: the same path, size and time is taken for the same content. */
export function fingerprint(file: string): string {
  const { size, mtimeMs } = statSync(file);
  return `${file} ${size} ${mtimeMs}`;
}

const making = new Map<string, Promise<Layer>>();

/** A layer of files; made once for each key, also when several images ask for it at once. */
export function makeLayer(key: string, files: () => readonly LayerFile[]): Promise<Layer> {
  const layer = making.get(key) ?? findOrPack(key, files);
  making.set(key, layer);
  return layer;
}

async function findOrPack(key: string, files: () => readonly LayerFile[]): Promise<Layer> {
  const index = join(store(), `${sha256(key).slice(0, 32)}.json`);
  if (existsSync(index)) {
    const known = JSON.parse(readFileSync(index, 'utf8')) as Layer;
    if (existsSync(blobFile(known.digest))) return known;
  }
  mkdirSync(join(store(), 'blobs'), { recursive: true });
  const work = mkdtempSync(join(store(), 'layer-'));
  try {
    const layer = await packLayer(work, files());
    writeFileSync(`${index}.${process.pid}`, JSON.stringify(layer));
    renameSync(`${index}.${process.pid}`, index);
    return layer;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function packLayer(work: string, files: readonly LayerFile[]): Promise<Layer> {
  for (const { from, to } of files) copyInto(from, join(work, 'root', to));
  const archive = join(work, 'layer.tar');
  const same = [
    '--sort=name',
    '--mtime=@0',
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    '--hard-dereference',
  ];
  await run(['tar', ...same, '-C', join(work, 'root'), '-cf', archive, '.']);
  const hash = createHash('sha256');
  await pipeline(createReadStream(archive), hash);
  const layer = { digest: `sha256:${hash.digest('hex')}`, size: statSync(archive).size };
  renameSync(archive, blobFile(layer.digest));
  return layer;
}

// Not a hard link: each one changes the file's inode, and tar refuses a file that changes under it.
function copyInto(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  // A library is often a symbolic link, whose target the image would lack.
  copyFileSync(realpathSync(from), to, constants.COPYFILE_FICLONE);
}

/** Writes an OCI layout with all images; layers are symbolic links into the cache. */
export function writeLayout(dir: string, images: readonly Image[]): void {
  const blobs = join(dir, 'blobs', 'sha256');
  mkdirSync(blobs, { recursive: true });
  const put = (mediaType: string, content: unknown) => {
    const text = JSON.stringify(content);
    const hex = sha256(text);
    writeFileSync(join(blobs, hex), text);
    return { mediaType, digest: `sha256:${hex}`, size: Buffer.byteLength(text) };
  };
  const manifests = images.flatMap((image) => {
    for (const { digest } of image.layers) {
      const link = join(blobs, digest.replace('sha256:', ''));
      if (!existsSync(link)) symlinkSync(blobFile(digest), link);
    }
    const config = put('application/vnd.oci.image.config.v1+json', configOf(image));
    const manifest = put(manifestType, manifestOf(image, config));
    return image.names.map((name) => ({ ...manifest, annotations: { 'io.containerd.image.name': name } }));
  });
  writeFileSync(join(dir, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  writeFileSync(join(dir, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
}

const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const architecture = process.arch === 'x64' ? 'amd64' : process.arch;

const configOf = ({ config, layers }: Image) => ({
  os: 'linux',
  architecture,
  config,
  rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.digest) },
});

const manifestOf = ({ layers }: Image, config: object) => ({
  schemaVersion: 2,
  mediaType: manifestType,
  config,
  layers: layers.map((layer) => ({ mediaType: 'application/vnd.oci.image.layer.v1.tar', ...layer })),
});
