// The Go modules that are in a program, as `go version -m` tells them. Pure.
import type { Foundation } from './sbom.ts';

const moduleOf = (name: string, version: string): Foundation => ({
  name,
  version,
  purl: `pkg:golang/${name}@${version}`,
});

/** Reads them, and the standard library, which is a part of the program too. */
export function goModulesIn(printed: string): readonly Foundation[] {
  const [, go] = /: go(\d\S*)/.exec(printed) ?? [];
  if (go === undefined) throw new Error(`go version -m: expected the version of Go first, found ${printed}`);
  const modules = [...printed.matchAll(/^\tdep\t(\S+)\t(\S+)/gm)].map(([, name = '', version = '']) =>
    moduleOf(name, version),
  );
  return [moduleOf('stdlib', go), ...modules];
}
