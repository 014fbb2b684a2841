// Two checkouts of the same commit become the same release, byte by byte: in different folders, at different times,
// by users with different umasks, time zones and languages.
import { createHash } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { makeLayer } from './oci.ts';
import { run } from './process.ts';
import { ensureTools } from './tools.ts';

const work = mkdtempSync(join(tmpdir(), 'release-test-'));
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const moment = '2026-11-29T12:00:00Z';

/** A checkout of its own with what is here now, committed. */
async function checkOut(name: string): Promise<string> {
  const root = join(work, name);
  const files = (await run(['git', 'ls-files', '-z', '-co', '--exclude-standard'])).split('\0');
  for (const file of files.filter((one) => one !== '')) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    cpSync(file, join(root, file));
  }
  symlinkSync(join(process.cwd(), 'node_modules'), join(root, 'node_modules'));
  const env = { GIT_AUTHOR_DATE: moment, GIT_COMMITTER_DATE: moment };
  const git = (...args: string[]): Promise<string> =>
    run(['git', '-C', root, '-c', 'user.name=t', '-c', 'user.email=t@example', ...args], { env });
  writeFileSync(join(root, '.gitignore'), 'dist\nnode_modules\n');
  await git('init', '--quiet');
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'A release');
  return root;
}

const ask = 'umask "$1"; exec node release/cli.ts --builder lab --version "$2"';
const make = `node build.js && ${ask}`;

const told = (root: string, asked: string): Promise<string> =>
  run(['sh', '-c', ask, 'sh', '022', asked], { cwd: root });
const release = (root: string, umask: string, env = {}): Promise<string> =>
  run(['sh', '-c', make, 'sh', umask, version], { cwd: root, env });

const folderOf = (root: string): string => join(root, 'dist', 'release');
const read = (root: string, file: string): Buffer => readFileSync(join(folderOf(root), file));
const digestsOf = (root: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folderOf(root)).map((file) => [
      file,
      createHash('sha256').update(read(root, file)).digest('hex'),
    ]),
  );

let one = '';
let other = '';
let said = '';

beforeAll(async () => {
  [one, other] = await Promise.all([checkOut('one'), checkOut('a-longer/way/to-the-other')]);
  said = await release(one, '022');
  await release(other, '077', { TZ: 'Asia/Tokyo', LC_ALL: 'C' });
}, 300_000);

afterAll(() => rmSync(work, { recursive: true, force: true }));

describe('a release', () => {
  it('has the same bytes when it is made again elsewhere', () => {
    expect(digestsOf(other)).toEqual(digestsOf(one));
  });

  it('consists of these files', () => {
    expect(readdirSync(folderOf(one))).toEqual([
      'SHA256SUMS',
      'images.txt',
      'install.yaml',
      `kube-vip-operator-${version}.oci.tar`,
      `kube-vip-operator-${version}.tgz`,
      'release-notes.md',
      'sbom-build.spdx.json',
      'sbom.spdx.json',
    ]);
  });

  it('has checksums of every other file', async () => {
    const checked = await run(['sha256sum', '--check', '--strict', 'SHA256SUMS'], { cwd: folderOf(one) });
    expect(checked.match(/: OK$/gm)).toHaveLength(readdirSync(folderOf(one)).length - 1);
  });

  it('says on what the image stands, and how large it is', () => {
    expect(said).toContain("on the lab's base");
    expect(said).toMatch(/image: amd64 [\d.]+ MiB, arm64 [\d.]+ MiB to pull/);
  });

  it('tells nothing of the machine that made it', async () => {
    const files = readdirSync(folderOf(one)).filter((file) => !file.endsWith('.tar'));
    const texts = [...files.map((file) => join('dist', 'release', file)), 'dist/main.js', 'dist/probe.js'];
    const places = [work, process.cwd()].flatMap((place) => ['-e', place]);
    const found = await run(['sh', '-c', 'grep -lF "$@" || true', 'sh', ...places, ...texts], { cwd: one });
    expect(found).toBe('');
  });
});

describe('install.yaml', () => {
  it('is config/default, with the image of the release by its digest', async () => {
    const { kubectl = '' } = await ensureTools(['kubernetes']);
    const rendered = await run([kubectl, 'kustomize', join(one, 'config', 'default')]);
    const [image = ''] = read(one, 'images.txt').toString().split('\n');
    expect(image).toMatch(new RegExp(`:v${version}@sha256:[0-9a-f]{64}$`));
    const expected = rendered.replace(/image: \S+:v\S+$/m, `image: ${image}`);
    const objects = (text: string): readonly unknown[] => parseAllDocuments(text).map((row) => row.toJS());
    expect(objects(read(one, 'install.yaml').toString())).toEqual(objects(expected));
  });
});

interface Descriptor {
  readonly digest: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly platform?: { readonly architecture: string };
}

describe('the image', () => {
  const archive = (): string => join(folderOf(one), `kube-vip-operator-${version}.oci.tar`);
  const inArchive = async <T>(path: string): Promise<T> =>
    JSON.parse(await run(['tar', '-xOf', archive(), path])) as T;
  const blob = (digest: string): string => `blobs/${digest.replace(':', '/')}`;

  it('is found by its tag, and by the digest that install.yaml names, for both architectures', async () => {
    const { manifests } = await inArchive<{ manifests: Descriptor[] }>('index.json');
    const [image = ''] = read(one, 'images.txt').toString().split('\n');
    const [tagged = '', digest = ''] = image.split('@');
    expect(new Set(manifests.map((manifest) => manifest.digest))).toEqual(new Set([digest]));
    expect(manifests.map(({ annotations }) => annotations?.['io.containerd.image.name'])).toEqual([
      tagged,
      `${tagged.replace(`:v${version}`, '')}@${digest}`,
    ]);
    const index = await inArchive<{ manifests: Descriptor[] }>(blob(digest));
    expect(index.manifests.map(({ platform }) => platform?.architecture)).toEqual(['amd64', 'arm64']);
  });

  it('starts, as the user that it names, and has no shell', async () => {
    const root = join(work, 'image');
    mkdirSync(root);
    await run(['sh', '-c', 'tar -xf "$1" -C "$2"', 'sh', archive(), work]);
    const { manifests } = await inArchive<{ manifests: Descriptor[] }>('index.json');
    const index = await inArchive<{ manifests: Descriptor[] }>(blob(manifests[0]?.digest ?? ''));
    const own = process.arch === 'x64' ? 'amd64' : process.arch;
    const mine = index.manifests.find(({ platform }) => platform?.architecture === own);
    const { layers } = await inArchive<{ layers: Descriptor[] }>(blob(mine?.digest ?? ''));
    for (const { digest } of layers) await run(['tar', '-xzf', join(work, blob(digest)), '-C', root]);
    const entry = ['/nodejs/bin/node', '/app/dist/main.js', '--help'];
    expect(await run(['chroot', '--userspec=65532:65532', root, ...entry])).toContain('kube-vip-operator');
    await expect(run(['chroot', root, '/bin/sh', '-c', 'true'])).rejects.toThrow('No such file');
  }, 60_000);
});

describe('the witness in the image', () => {
  it.each(['amd64', 'arm64'])('may open raw sockets without root, on %s', async (architecture) => {
    const archive = join(folderOf(one), `kube-vip-operator-${version}.oci.tar`);
    const document = async <T>(digest: string): Promise<T> =>
      JSON.parse(await run(['tar', '-xOf', archive, `blobs/${digest.replace(':', '/')}`])) as T;
    const top = JSON.parse(await run(['tar', '-xOf', archive, 'index.json'])) as { manifests: Descriptor[] };
    const index = await document<{ manifests: Descriptor[] }>(top.manifests[0]?.digest ?? '');
    const own = index.manifests.find(({ platform }) => platform?.architecture === architecture);
    const { layers } = await document<{ layers: Descriptor[] }>(own?.digest ?? '');
    const last = `blobs/${layers.at(-1)?.digest.replace(':', '/')}`;
    const list = 'tar -xOf "$1" "$2" | tar --xattrs --xattrs-include="*" -tvvzf -';
    const listed = await run(['sh', '-c', list, 'sh', archive, last]);
    expect(listed).toMatch(/-rwxr-xr-x\S* 0\/0 .* \.\/app\/dist\/witness\n +x: +20 security\.capability/);
  });

  it('is in the bill of materials with its Go modules', () => {
    const { packages } = JSON.parse(read(one, 'sbom.spdx.json').toString()) as {
      packages: { name: string }[];
    };
    const names = packages.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['stdlib', 'github.com/mdlayher/packet', 'golang.org/x/net']),
    );
  });
});

describe('a layer', () => {
  it('has the same bytes whatever the time and the umask of its files', async () => {
    const layerOf = (name: string, mode: number, time: number) => {
      const from = join(work, name);
      writeFileSync(from, 'text', { mode });
      utimesSync(from, time, time);
      return makeLayer(`test ${work} ${name}`, () => [{ from, to: 'app/dist/file' }]);
    };
    expect(await layerOf('first', 0o600, 1)).toEqual(await layerOf('second', 0o644, 2_000_000));
  });
});

describe('what is asked for in vain', () => {
  it.each([
    ['', 'VERSION: expected a version, found none; run make release VERSION=0.1.0'],
    ['1', 'VERSION: expected a semantic version such as 0.1.0, found 1'],
    ['99.0.0', `package.json: expected version 99.0.0, found ${version}`],
    ['99.0.0', 'CHANGELOG.md: expected a section "## 99.0.0" with text'],
  ])('version "%s" is told so: %s', async (asked, sentence) => {
    await expect(told(one, asked)).rejects.toThrow(sentence);
  });

  it('a checkout that was changed is told so', async () => {
    writeFileSync(join(other, 'README.md'), 'changed');
    await expect(told(other, version)).rejects.toThrow('found README.md; commit or stash it');
  });
});
