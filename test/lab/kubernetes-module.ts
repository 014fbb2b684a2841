// The Go module from which the API server of another release of Kubernetes is built. The usual release has its go.mod beside this
// file. Of the others the go.mod is made from the one that they publish, and Go's checksum database vouches for every module.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kubernetesReleases } from '../../src/catalog/kubernetes.ts';
import { run } from './process.ts';

/** Names the minor version whose API server the tests get. Without it they get the one of go.mod. */
export const releaseVariable = 'KUBERNETES_VERSION';

/** What a test of the API server starts of Kubernetes. */
export const apiPrograms = ['kube-apiserver', 'kube-controller-manager', 'kubectl'] as const;

/** The published go.mod, as `go mod edit -json` prints it. */
export interface PublishedModule {
  readonly Go: string;
  readonly Godebug?: readonly { readonly Key: string; readonly Value: string }[] | null;
  readonly Replace?:
    readonly { readonly Old: { readonly Path: string }; readonly New: { readonly Path: string } }[] | null;
}

/** Version of the Go module for a minor version, for example `v1.31.13` for `1.31`. */
export function moduleVersion(minor: string): string {
  const row = kubernetesReleases.find((release) => release.minor === minor);
  if (row === undefined) {
    const known = kubernetesReleases.map((release) => release.minor).join(', ');
    throw new RangeError(`${releaseVariable}: expected one of ${known}, found ${minor}`);
  }
  return `v${row.tested}`;
}

/**
 * go.mod of a module that builds this release. In the release itself its staging modules are folders, which a module does not
 * bring. They are published as modules of their own: those of v1.31.13 have version v0.31.13.
 */
export function moduleText(version: string, { Go, Godebug, Replace }: PublishedModule): string {
  const staged = (Replace ?? []).filter(({ New }) => New.Path.startsWith('./staging/'));
  const stagedVersion = version.replace(/^v1\./, 'v0.');
  const lines = [
    'module kubevip.dev/operator/test/lab/other-kubernetes',
    `go ${Go}`,
    ...(Godebug ?? []).map(({ Key, Value }) => `godebug ${Key}=${Value}`),
    `require k8s.io/kubernetes ${version}`,
    ...staged.map(({ Old: { Path } }) => `replace ${Path} => ${Path} ${stagedVersion}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** Writes that go.mod into a new folder, and gives the folder. */
export async function makeModule(dir: string, version: string): Promise<string> {
  mkdirSync(dir, { recursive: true });
  const text = await run(['go', 'mod', 'download', '-json', `k8s.io/kubernetes@${version}`], { cwd: dir });
  const { GoMod } = JSON.parse(text) as { readonly GoMod: string };
  const published = JSON.parse(await run(['go', 'mod', 'edit', '-json', GoMod], { cwd: dir }));
  writeFileSync(join(dir, 'go.mod'), moduleText(version, published as PublishedModule));
  return dir;
}
