// Archives with the same bytes wherever and whenever they are made.
import { readFileSync, writeFileSync } from 'node:fs';
import { run } from './process.ts';

const same = [
  '--sort=name',
  '--mtime=@0',
  // Not as the umask of whoever checked the files out.
  '--mode=u=rwX,go=rX',
  '--owner=0',
  '--group=0',
  '--numeric-owner',
];

/** Packs files and folders below a folder, and what links lead to in the place of the links. */
export const pack = (dir: string, file: string, names: readonly string[]): Promise<void> =>
  packAs('gnu', { dir, file, names });

interface Packing {
  readonly dir: string;
  readonly file: string;
  readonly names: readonly string[];
}

async function packAs(format: 'gnu' | 'ustar', { dir, file, names }: Packing): Promise<void> {
  const links = ['--dereference', '--hard-dereference'];
  await run(['tar', ...same, `--format=${format}`, ...links, '-C', dir, '-cf', file, ...names]);
}

const block = 512;
const sizeAt = 124;
const kindAt = 156;
const sumAt = 148;

/** The capability to open raw sockets, effective from the start: `cap_net_raw+ep`, as the kernel keeps it with a file. */
const netRaw = Buffer.alloc(20);
netRaw.writeUInt32LE(0x02_00_00_01, 0);
netRaw.writeUInt32LE(1 << 13, 4);

/** A line of an extended header. It begins with its own length. */
function record(key: string, value: Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from('\n')]);
  const digits = String(rest.length + String(rest.length + 3).length).length;
  return Buffer.concat([Buffer.from(String(rest.length + digits)), rest]);
}

/** What goes before the header of a file, so that whoever unpacks it gives it the capability. */
function extendedHeader(of: Buffer): Buffer {
  const body = record('SCHILY.xattr.security.capability', netRaw);
  const header = Buffer.from(of);
  header.write(`${body.length.toString(8).padStart(11, '0')}\0`, sizeAt);
  header.write('x', kindAt);
  header.write(' '.repeat(8), sumAt);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, sumAt);
  return Buffer.concat([header, body, Buffer.alloc((block - (body.length % block)) % block)]);
}

/**
 * Packs everything below a folder, each file with the capability to open raw sockets. The tar program takes it from files
 * only, and only root can give it to one.
 */
export async function packWithNetRaw(dir: string, file: string): Promise<void> {
  await packAs('ustar', { dir, file, names: ['.'] });
  const archive = readFileSync(file);
  const parts: Buffer[] = [];
  let at = 0;
  while (archive[at] !== undefined && archive[at] !== 0) {
    const header = archive.subarray(at, at + block);
    const size = parseInt(header.toString('latin1', sizeAt, sizeAt + 11), 8);
    const end = at + block + Math.ceil(size / block) * block;
    if (header.toString('latin1', kindAt, kindAt + 1) === '0') parts.push(extendedHeader(header));
    parts.push(archive.subarray(at, end));
    at = end;
  }
  writeFileSync(file, Buffer.concat([...parts, archive.subarray(at)]));
}
