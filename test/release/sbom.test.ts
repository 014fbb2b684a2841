import { describe, expect, it } from '@jest/globals';
import { goModulesIn } from '../../release/go-modules.ts';
import { reproducible, withFoundations, type Sbom } from '../../release/sbom.ts';

const sbom = (change: Partial<Sbom> = {}): Sbom => ({
  name: 'operator@1.0.0',
  documentNamespace: 'http://spdx.org/spdxdocs/operator-1.0.0-chance',
  creationInfo: { created: '2026-01-01T00:00:00.123Z', creators: ['Tool: npm'] },
  documentDescribes: ['SPDXRef-Package-operator'],
  packages: [{ name: 'operator', SPDXID: 'SPDXRef-Package-operator' }],
  relationships: [],
  ...change,
});

describe('a bill of materials', () => {
  const commitTime = '2026-11-29T00:00:00Z';
  const one = reproducible(sbom(), commitTime);

  it('has the time of the commit', () => {
    expect(one.creationInfo).toEqual({ created: commitTime, creators: ['Tool: npm'] });
  });

  it('has the same name for the same content', () => {
    const other = sbom({
      documentNamespace: 'http://spdx.org/spdxdocs/operator-1.0.0-other',
      creationInfo: { created: '2026-02-02T00:00:00Z', creators: ['Tool: npm'] },
    });
    expect(reproducible(other, commitTime)).toEqual(one);
    expect(one.documentNamespace).toMatch(/^http:\/\/spdx\.org\/spdxdocs\/operator-1\.0\.0-[0-9a-f]{32}$/);
  });

  it('has another name for another content', () => {
    const other = sbom({ packages: [{ name: 'other', SPDXID: 'SPDXRef-Package-operator' }] });
    expect(reproducible(other, commitTime).documentNamespace).not.toBe(one.documentNamespace);
  });

  it('tells what the image stands on', () => {
    const { packages, relationships } = withFoundations(sbom(), [{ name: 'base', version: 'sha256:a' }]);
    expect(packages.at(-1)).toMatchObject({ name: 'base', versionInfo: 'sha256:a' });
    expect(packages.at(-1)).not.toHaveProperty('externalRefs');
    expect(relationships).toEqual([
      {
        spdxElementId: 'SPDXRef-Package-operator',
        relatedSpdxElement: packages.at(-1)?.SPDXID,
        relationshipType: 'DEPENDS_ON',
      },
    ]);
  });

  it('names a Go module as scanners do', () => {
    const { packages } = withFoundations(sbom(), goModulesIn(printed));
    expect(packages.at(-1)).toMatchObject({
      name: 'golang.org/x/net',
      externalRefs: [{ referenceType: 'purl', referenceLocator: 'pkg:golang/golang.org/x/net@v0.59.0' }],
    });
  });
});

const printed = [
  '/cache/witness: go1.26.8',
  '\tpath\tkubevip.dev/operator/witness',
  '\tmod\tkubevip.dev/operator/witness\t(devel)\t',
  '\tdep\tgithub.com/mdlayher/arp\tv0.0.0-2022\th1:a=',
  '\tdep\tgolang.org/x/net\tv0.59.0\th1:b=',
  '\tbuild\tCGO_ENABLED=0',
].join('\n');

describe('the modules of a Go program', () => {
  it('are told by the program itself, and the standard library is one', () => {
    expect(goModulesIn(printed).map(({ name, version }) => `${name} ${version}`)).toEqual([
      'stdlib 1.26.8',
      'github.com/mdlayher/arp v0.0.0-2022',
      'golang.org/x/net v0.59.0',
    ]);
  });

  it('are not guessed', () => {
    expect(() => goModulesIn('could not read Go build info')).toThrow('expected the version of Go first');
  });
});
