// The kube-vip releases that a KubeVipConfig may name. Adding one is a row here and a golden file.

/** Where every release is published. A mirror replaces this, never the tag. */
export const defaultRepository = 'ghcr.io/kube-vip/kube-vip';

export interface Release {
  /** Upstream tag, for example `v1.1.2`. */
  readonly version: string;
  /** Index digest that the tag had when it was recorded; pods run by this, never by tag alone. */
  readonly digest: string;
  /** Independent public repositories that record the same digest for the tag. The registry itself was not asked. */
  readonly digestSources: number;
  /** Date of the tag's commit. */
  readonly released: string;
  /** What the release is in the catalogue for. */
  readonly role: string;
}

export const releases = [
  {
    version: 'v0.6.4',
    digest: 'sha256:aa09234646e542dc2629c3dbd5698a77123aecb88d3b01a1d3ba5a78648c45b8',
    digestSources: 1,
    released: '2023-12-03',
    role: 'rollback: the last release that does not adopt addresses from a Service status',
  },
  {
    version: 'v1.0.4',
    digest: 'sha256:5e0d817bfa35f922e7ca5cf5fa88f30b71a88ab4837e550185b1c97bcef818c2',
    digestSources: 4,
    released: '2026-01-29',
    role: 'second fallback: the last 1.0 release',
  },
  {
    version: 'v1.1.2',
    digest: 'sha256:840305b94ef2a89abb3b7fd2b09edfbde690d90052020da4dff90679fe892da2',
    digestSources: 5,
    released: '2026-03-30',
    role: 'recommended: control plane and services under ARP',
  },
  {
    version: 'v1.2.3',
    digest: 'sha256:2fcdbb014a2e217b9ea1b6dacac53d6851b185af323cdd28d100ad82d74bc79a',
    digestSources: 2,
    released: '2026-08-10',
    role: 'newest: control plane only',
  },
] as const satisfies readonly Release[];

/** A version that the catalogue knows and the CRD admits. */
export type Version = (typeof releases)[number]['version'];

/**
 * The catalogue row of a version.
 * @throws RangeError when the version is not in the catalogue; the CRD's enum keeps such a value out.
 */
export function releaseOf(version: string): Release {
  const release = releases.find((row) => row.version === version);
  if (release === undefined) {
    const known = releases.map((row) => row.version).join(', ');
    throw new RangeError(`spec.version: expected one of ${known}, found ${version}`);
  }
  return release;
}
