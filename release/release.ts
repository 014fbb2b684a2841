// Writes everything that a release consists of into one folder.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultRepository } from '../src/catalog/releases.ts';
import { choosable } from '../src/catalog/verdicts.ts';
import { operatorImageName } from '../test/lab/operator-image.ts';
import { run } from '../test/lab/process.ts';
import type { Log } from '../test/lab/tools.ts';
import { ensureWitness } from '../test/lab/witness-layer.ts';
import { packageChart } from './chart.ts';
import { timeOf, type Checkout } from './checkout.ts';
import { goModulesIn } from './go-modules.ts';
import { writeImage, type Builder } from './image.ts';
import { repositoryOf, withImage } from './install-yaml.ts';
import type { Made } from './made.ts';
import { notesOf } from './notes.ts';
import { reproducible, withFoundations, type Foundation, type Sbom } from './sbom.ts';
import { grown, sizeOf } from './size.ts';

/** Programs that a release is made with. Each is built when it is asked for first. */
export interface Programs {
  readonly kubectl: () => Promise<string>;
  readonly helm: () => Promise<string>;
}

/** What is asked of {@link writeRelease}. */
export interface ReleaseRequest {
  readonly checkout: Checkout;
  readonly version: string;
  readonly builder: Builder;
  readonly programs: Programs;
  readonly out: string;
  readonly log: Log;
}

interface Writing extends ReleaseRequest {
  /** The image, by its tag. */
  readonly name: string;
  readonly made: Made;
  readonly put: (file: string, content: string) => void;
}

async function putInstall({ checkout, programs, name, made, put }: Writing): Promise<void> {
  const kubectl = await programs.kubectl();
  const manifests = await run([kubectl, 'kustomize', join(checkout.root, 'config', 'default')]);
  put('install.yaml', withImage(manifests, `${name}@${made.digest}`));
}

// What a mirror must have: the operator, and every kube-vip that may be chosen.
function putImages({ name, made, put }: Writing): void {
  const operands = choosable.map(({ version, digest }) => `${defaultRepository}:${version}@${digest}`);
  put('images.txt', [`${name}@${made.digest}`, ...operands, ''].join('\n'));
}

async function sbomOf({ root }: Checkout, ...args: string[]): Promise<Sbom> {
  const command = ['npm', 'sbom', '--sbom-format', 'spdx', '--package-lock-only', ...args];
  return JSON.parse(await run(command, { cwd: root })) as Sbom;
}

/** The Go modules in the witness. What a container engine builds has the standard library of another Go. */
async function goModulesOf({ checkout, builder }: Writing): Promise<readonly Foundation[]> {
  const witness = await ensureWitness({ checkout: checkout.root });
  const modules = goModulesIn(await run(['go', 'version', '-m', witness]));
  return modules.filter(({ name }) => builder === 'lab' || name !== 'stdlib');
}

async function putSboms(writing: Writing): Promise<void> {
  const { checkout, made, put } = writing;
  const text = (sbom: Sbom): string =>
    `${JSON.stringify(reproducible(sbom, timeOf(checkout)), undefined, 2)}\n`;
  const foundations = [...made.foundations, ...(await goModulesOf(writing))];
  const image = withFoundations(await sbomOf(checkout, '--omit=dev'), foundations);
  put('sbom.spdx.json', text(image));
  put('sbom-build.spdx.json', text(await sbomOf(checkout)));
}

function putChecksums({ out, put }: Writing): void {
  const lines = readdirSync(out)
    .toSorted()
    .map((file) => {
      const digest = createHash('sha256')
        .update(readFileSync(join(out, file)))
        .digest('hex');
      return `${digest}  ${file}\n`;
    });
  put('SHA256SUMS', lines.join(''));
}

async function makeImage(request: ReleaseRequest, out: string, name: string): Promise<Made> {
  const { checkout, builder, version, log } = request;
  const file = join(out, `kube-vip-operator-${version}.oci.tar`);
  const made = await writeImage(checkout, { builder, name, file });
  log(`image: ${name}@${made.digest}, on ${made.base}`);
  log(`image: ${sizeOf(made)} to pull`);
  const faults = builder === 'lab' ? grown(made) : [];
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return made;
}

/** Writes a release beside its folder, and puts it there when all of it is written. */
export async function writeRelease(request: ReleaseRequest): Promise<void> {
  const { checkout, version, programs, log } = request;
  const out = `${request.out}.unfinished`;
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const name = `${repositoryOf(operatorImageName)}:v${version}`;
  const put = (file: string, content: string): void => writeFileSync(join(out, file), content);
  const made = await makeImage(request, out, name);
  const writing: Writing = { ...request, out, name, made, put };
  await putInstall(writing);
  putImages(writing);
  await putSboms(writing);
  await packageChart({ root: checkout.root, version, helm: programs.helm, out });
  put('release-notes.md', notesOf(checkout.changelog, version));
  putChecksums(writing);
  rmSync(request.out, { recursive: true, force: true });
  renameSync(out, request.out);
  for (const file of readdirSync(request.out)) log(join(request.out, file));
}
