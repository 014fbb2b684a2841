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
import { pack, packWithNetRaw } from './archive.ts';
import { cacheDir } from './tools.ts';

/** A file of a layer: where it is now, and its path in the image. */
export interface LayerFile {
  readonly from: string;
  readonly to: string;
}

export interface Layer {
  readonly digest: string;
  readonly size: number;
  /** The same archive, compressed: what an image holds that leaves this machine. */
  readonly gzip?: { readonly digest: string; readonly size: number };
}

/** What a container of the image starts with; spelled as OCI spells it. */
export interface ImageConfig {
  readonly Entrypoint: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Env?: readonly string[];
  readonly User?: string;
  readonly WorkingDir?: string;
  readonly Labels?: Readonly<Record<string, string>>;
}

export interface Image {
  /** Complete references that the image gets, with a tag or a digest (which need not be its own). */
  readonly names: readonly string[];
  readonly config: ImageConfig;
  readonly layers: readonly Layer[];
  /** As OCI calls it; that of this machine where it is not said. */
  readonly architecture?: string;
  /** When it was made, where that is said. */
  readonly created?: string;
}

// Counts the ways in which layers were packed: what an older way left in the cache has another digest.
const packing = 2;
const store = () => join(cacheDir(), 'images');
const sha256 = (data: string) => createHash('sha256').update(data).digest('hex');

/** Where the cache keeps the archive of a layer. */
export const blobFile = (digest: string): string => join(store(), 'blobs', digest.replace(':', '-'));

/** Stands for a file in a layer's key: the same path, size and time is taken for the same content. */
export function fingerprint(file: string): string {
  const { size, mtimeMs } = statSync(file);
  return `${file} ${size} ${mtimeMs}`;
}

const making = new Map<string, Promise<Layer>>();

type Packer = (dir: string, file: string) => Promise<void>;

const packAll: Packer = (dir, file) => pack(dir, file, ['.']);

/** A layer of files; made once for each key, also when several images ask for it at once. */
export const makeLayer = (key: string, files: () => readonly LayerFile[]): Promise<Layer> =>
  makeOnce(key, files, packAll);

/** A layer of programs that may open raw sockets without being root. */
export const makeNetRawLayer = (key: string, files: () => readonly LayerFile[]): Promise<Layer> =>
  makeOnce(`with NET_RAW ${key}`, files, packWithNetRaw);

function makeOnce(key: string, files: () => readonly LayerFile[], packer: Packer): Promise<Layer> {
  const layer = making.get(key) ?? findOrPack(key, files, packer);
  making.set(key, layer);
  return layer;
}

async function findOrPack(key: string, files: () => readonly LayerFile[], packer: Packer): Promise<Layer> {
  const index = join(store(), `${sha256(`${packing} ${key}`).slice(0, 32)}.json`);
  if (existsSync(index)) {
    const known = JSON.parse(readFileSync(index, 'utf8')) as Layer;
    if (existsSync(blobFile(known.digest))) return known;
  }
  mkdirSync(join(store(), 'blobs'), { recursive: true });
  const work = mkdtempSync(join(store(), 'layer-'));
  try {
    const layer = await packLayer(work, files(), packer);
    writeFileSync(`${index}.${process.pid}`, JSON.stringify(layer));
    renameSync(`${index}.${process.pid}`, index);
    return layer;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function packLayer(work: string, files: readonly LayerFile[], packer: Packer): Promise<Layer> {
  for (const { from, to } of files) copyInto(from, join(work, 'root', to));
  const archive = join(work, 'layer.tar');
  await packer(join(work, 'root'), archive);
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

/** How a manifest or an index names a blob. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

const blobsOf = (dir: string) => join(dir, 'blobs', 'sha256');

/** Puts a document among the blobs of an OCI layout. */
export function putDocument(dir: string, mediaType: string, content: unknown): Descriptor {
  const text = JSON.stringify(content);
  const hex = sha256(text);
  mkdirSync(blobsOf(dir), { recursive: true });
  writeFileSync(join(blobsOf(dir), hex), text);
  return { mediaType, digest: `sha256:${hex}`, size: Buffer.byteLength(text) };
}

/** Puts an image into an OCI layout; layers are symbolic links into the cache. */
export function putImage(dir: string, image: Image): Descriptor {
  mkdirSync(blobsOf(dir), { recursive: true });
  for (const { digest, gzip } of image.layers) {
    const held = gzip?.digest ?? digest;
    const link = join(blobsOf(dir), held.replace('sha256:', ''));
    if (!existsSync(link)) symlinkSync(blobFile(held), link);
  }
  const config = putDocument(dir, 'application/vnd.oci.image.config.v1+json', configOf(image));
  return putDocument(dir, manifestType, manifestOf(image, config));
}

/** Writes what makes a folder with blobs an OCI layout. */
export function writeIndex(dir: string, manifests: readonly object[]): void {
  writeFileSync(join(dir, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  writeFileSync(join(dir, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
}

/** Writes an OCI layout with all images. */
export function writeLayout(dir: string, images: readonly Image[]): void {
  const manifests = images.flatMap((image) => {
    const manifest = putImage(dir, image);
    return image.names.map((name) => ({ ...manifest, annotations: { 'io.containerd.image.name': name } }));
  });
  writeIndex(dir, manifests);
}

const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const layerType = 'application/vnd.oci.image.layer.v1.tar';

/** This machine's architecture, as OCI calls it. */
export const ownArchitecture = process.arch === 'x64' ? 'amd64' : process.arch;

const configOf = ({ config, layers, architecture = ownArchitecture, created }: Image) => ({
  ...(created === undefined ? {} : { created }),
  os: 'linux',
  architecture,
  config,
  rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.digest) },
});

const manifestOf = ({ layers }: Image, config: Descriptor) => ({
  schemaVersion: 2,
  mediaType: manifestType,
  config,
  layers: layers.map(({ digest, size, gzip }) =>
    gzip === undefined ? { mediaType: layerType, digest, size } : { mediaType: `${layerType}+gzip`, ...gzip },
  ),
});
