// Bills of materials out of the lock file, in SPDX. npm gives each a random name and the time of the day,
// which are replaced by what the commit says. Pure.
import { createHash } from 'node:crypto';

interface Package {
  readonly name: string;
  readonly SPDXID: string;
  readonly [field: string]: unknown;
}

interface Relationship {
  readonly spdxElementId: string;
  readonly relatedSpdxElement: string;
  readonly relationshipType: string;
}

/** The parts of an SPDX document that are read or written here. */
export interface Sbom {
  readonly name: string;
  readonly documentNamespace: string;
  readonly creationInfo: { readonly created: string; readonly creators: readonly string[] };
  readonly documentDescribes: readonly string[];
  readonly packages: readonly Package[];
  readonly relationships: readonly Relationship[];
}

/** A package that npm does not know of, such as what an image stands on. */
export interface Foundation {
  readonly name: string;
  readonly version: string;
  /** How a scanner of vulnerabilities names it, where it does. */
  readonly purl?: string;
}

function packageOf({ name, version, purl }: Foundation, index: number): Package {
  const reference = { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl };
  return {
    name,
    SPDXID: `SPDXRef-Foundation-${index}`,
    versionInfo: version,
    downloadLocation: 'NOASSERTION',
    filesAnalyzed: false,
    ...(purl === undefined ? {} : { externalRefs: [reference] }),
  };
}

/** Adds what an image stands on to the packages that are in it. */
export function withFoundations(sbom: Sbom, foundations: readonly Foundation[]): Sbom {
  const added = foundations.map(packageOf);
  const [root = 'SPDXRef-DOCUMENT'] = sbom.documentDescribes;
  const relationships = added.map(({ SPDXID }) => ({
    spdxElementId: root,
    relatedSpdxElement: SPDXID,
    relationshipType: 'DEPENDS_ON',
  }));
  return {
    ...sbom,
    packages: [...sbom.packages, ...added],
    relationships: [...sbom.relationships, ...relationships],
  };
}

/** Takes chance and the day out of a document: its name follows from its content, its time is given. */
export function reproducible(sbom: Sbom, created: string): Sbom {
  const fixed = { ...sbom, documentNamespace: '', creationInfo: { ...sbom.creationInfo, created } };
  const hash = createHash('sha256').update(JSON.stringify(fixed)).digest('hex');
  const documentNamespace = `http://spdx.org/spdxdocs/${sbom.name.replace('@', '-')}-${hash.slice(0, 32)}`;
  return { ...fixed, documentNamespace };
}
