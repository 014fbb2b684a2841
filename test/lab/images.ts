// The images of the lab: the pods' sandbox, kube-vip in every version of the catalogue (a real binary where
// one is given, otherwise the stand-in), and the operator. Nodes find them as if they had been pulled.
import { existsSync, linkSync, mkdirSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { defaultRepository } from '../../src/catalog/releases.ts';
import { choosable } from '../../src/catalog/verdicts.ts';
import { fingerprint, makeLayer, writeLayout, type Image } from './oci.ts';
import { operatorImage, operatorImageName } from './operator-image.ts';
import { run } from './process.ts';
import type { Log } from './tools.ts';

/** Which program pods of a version really run. */
export type OperandKind = 'real' | 'stand-in';

export const sandboxImageName = 'localhost/lab/pause:lab';
/** The stand-in under a name of its own, for tests that compare it with the real program. */
export const standInImageName = 'localhost/lab/kube-vip-stand-in:lab';
export { operatorImageName };

/** Releases that the operator never runs, for tests of what they do; real ones only. */
export const historicalVersions = ['v0.7.2'] as const;
export const historicalImage = (version: (typeof historicalVersions)[number]): string =>
  `${defaultRepository}:${version}`;

export interface LabImages {
  /** OCI layout of the lab's own images, that `importImages` reads. */
  readonly layout: string;
  /** Layout of the others, where there are some. */
  readonly others: readonly string[];
  readonly operand: Readonly<Record<string, OperandKind>>;
}

export interface ImageSources {
  readonly agent: string;
  readonly standIn: string;
  /** What nodes have beside the lab's own. */
  readonly others: readonly Image[];
  readonly log: Log;
}

/** Makes all images below `dir`, printing which kube-vip each version is. */
export async function makeImages(dir: string, sources: ImageSources): Promise<LabImages> {
  const { agent, standIn, others, log } = sources;
  const versions = choosable.map(({ version }) => version);
  // The digest is the catalogue's, the content is not: hence these lines in every run.
  tell('operand', versions, { otherwise: 'stand-in', log });
  tell('historical', historicalVersions, { otherwise: 'not there', log });
  const operands = choosable.map(({ version, digest }) =>
    kubeVipImage(realKubeVip(version) ?? standIn, [
      `${defaultRepository}@${digest}`,
      `${defaultRepository}:${version}`,
    ]),
  );
  const historical = historicalVersions.flatMap((version) => {
    const real = realKubeVip(version);
    return real === undefined ? [] : [kubeVipImage(real, [historicalImage(version)])];
  });
  const images = await Promise.all([
    programImage(agent, 'lab-agent', ['pause'], [sandboxImageName]),
    kubeVipImage(standIn, [standInImageName]),
    ...operands,
    ...historical,
  ]);
  const operator = await operatorImage(log);
  const layout = join(dir, 'images');
  writeLayout(layout, [...images, ...(operator === undefined ? [] : [operator])]);
  const otherLayouts = others.length === 0 ? [] : [join(dir, 'other-images')];
  for (const other of otherLayouts) writeLayout(other, others);
  const kindOf = (version: string): OperandKind => (realKubeVip(version) === undefined ? 'stand-in' : 'real');
  return {
    layout,
    others: otherLayouts,
    operand: Object.fromEntries(versions.map((version) => [version, kindOf(version)])),
  };
}

const kubeVipImage = (binary: string, names: readonly string[]): Promise<Image> =>
  programImage(binary, 'kube-vip', ['manager'], names);

/** One line for the versions that are real, one for the others. */
function tell(
  what: string,
  versions: readonly string[],
  { otherwise, log }: { readonly otherwise: string; readonly log: Log },
): void {
  const isReal = (version: string): boolean => realKubeVip(version) !== undefined;
  const real = versions.filter(isReal);
  const others = versions.filter((version) => !isReal(version));
  if (real.length > 0) log(`${what} ${real.join(', ')}: real kube-vip`);
  if (others.length > 0) log(`${what} ${others.join(', ')}: ${otherwise} (${whyNotReal('<version>')})`);
}

/** The real kube-vip of a version, where one is given. */
export function realKubeVip(version: string): string | undefined {
  const given = process.env['KUBE_VIP_BIN_DIR'];
  const binary = join(given ?? '', version, 'kube-vip');
  return given !== undefined && existsSync(binary) ? binary : undefined;
}

/** Why a version has no real kube-vip in this run. */
export const whyNotReal = (version: string) =>
  process.env['KUBE_VIP_BIN_DIR'] === undefined
    ? 'KUBE_VIP_BIN_DIR is not set'
    : `no KUBE_VIP_BIN_DIR/${version}/kube-vip`;

async function programImage(
  binary: string,
  program: string,
  args: readonly string[],
  names: readonly string[],
): Promise<Image> {
  const layer = await makeLayer(fingerprint(binary), () => [{ from: binary, to: program }]);
  return { names, config: { Entrypoint: [`/${program}`], Cmd: args }, layers: [layer] };
}

/**
 * Puts the layers where a node's containerd will look, before it starts: the import then finds each one and
 * copies nothing. Without a common file system nothing is put there, and the import copies.
 */
export function shareLayers(layout: string, containerdRoot: string): void {
  const target = join(containerdRoot, 'io.containerd.content.v1.content', 'blobs', 'sha256');
  mkdirSync(target, { recursive: true });
  const blobs = join(layout, 'blobs', 'sha256');
  for (const name of readdirSync(blobs)) {
    try {
      linkSync(realpathSync(join(blobs, name)), join(target, name));
    } catch {
      return;
    }
  }
}

/** Gives a node the images of a layout. Those that are not unpacked now are when a pod runs them. */
export async function importImages(
  layout: string,
  ctr: readonly string[],
  unpacked: 'now' | 'later' = 'later',
): Promise<void> {
  // -h: the layout's layers are links into the cache.
  const command = 'layout=$1; shift; tar -chf - -C "$layout" oci-layout index.json blobs | "$@"';
  const flags = unpacked === 'now' ? [] : ['--no-unpack'];
  const load = [...ctr, 'images', 'import', ...flags, '--local', '-'];
  await run(['sh', '-c', command, 'sh', layout, ...load]);
}
