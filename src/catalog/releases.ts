// Every upstream tag of kube-vip from v0.6.4 on. What each may be used for is in verdicts.ts; a new one is a
// row here, a verdict per function, and golden files.
import semver from 'semver';

/** Where every release is published. A mirror replaces this, never the tag. */
export const defaultRepository = 'ghcr.io/kube-vip/kube-vip';

/** One upstream tag of kube-vip, with what is known of its image. */
export interface Release {
  /** Upstream tag, for example `v1.1.2`. */
  readonly version: string;
  /** Date of the tag's commit. */
  readonly released: string;
  /** Index digest that public repositories record for the tag; undefined where none does, and then it cannot be pinned. */
  readonly digest: string | undefined;
  /** Independent public repositories that record this digest. The registry itself was not asked. */
  readonly digestSources: number;
  /** A control-plane pod that ends leaves its address on the node (lab run, see hazard `orphan-vip-on-delete`). */
  readonly leavesAddress?: true;
  /** The address of a Service that is deleted stays on the node (lab run, the same hazard). */
  readonly leavesServiceAddress?: true;
  /** The address of a Service is bound while the Service has a ready endpoint (pkg/endpoints/endpoints.go). */
  readonly wantsEndpoint?: true;
}

/** Every upstream tag since v0.6.4, the oldest first. Whether one may run is a verdict, not a row here. */
export const releases = [
  {
    version: 'v0.6.4',
    released: '2023-12-03',
    digest: 'sha256:aa09234646e542dc2629c3dbd5698a77123aecb88d3b01a1d3ba5a78648c45b8',
    digestSources: 1,
    leavesAddress: true,
    leavesServiceAddress: true,
  },
  {
    version: 'v0.7.0',
    released: '2024-02-06',
    digest: 'sha256:1bad094ddeff80bb0be64702f3a6ac4f2f78d8dbb226065a138b2526ce18d244',
    digestSources: 1,
  },
  { version: 'v0.7.1', released: '2024-02-26', digest: undefined, digestSources: 0 },
  { version: 'v0.7.2', released: '2024-03-10', digest: undefined, digestSources: 0 },
  { version: 'v0.8.0', released: '2024-04-18', digest: undefined, digestSources: 0 },
  { version: 'v0.8.1', released: '2024-06-21', digest: undefined, digestSources: 0 },
  { version: 'v0.8.2', released: '2024-07-23', digest: undefined, digestSources: 0 },
  { version: 'v0.8.3', released: '2024-09-09', digest: undefined, digestSources: 0 },
  { version: 'v0.8.4', released: '2024-10-10', digest: undefined, digestSources: 0 },
  { version: 'v0.8.5', released: '2024-10-31', digest: undefined, digestSources: 0 },
  { version: 'v0.8.6', released: '2024-11-11', digest: undefined, digestSources: 0 },
  {
    version: 'v0.8.7',
    released: '2024-11-20',
    digest: 'sha256:32829cc6f8630eba4e1b5e4df5bcbc34c767e70703d26e64a0f7317951c7b517',
    digestSources: 4,
    leavesAddress: true,
  },
  { version: 'v0.8.8', released: '2025-01-10', digest: undefined, digestSources: 0 },
  {
    version: 'v0.8.9',
    released: '2025-01-14',
    digest: 'sha256:717b8bef2758c10042d64ae7949201ef7f243d928fce265b04e488e844bf9528',
    digestSources: 6,
    leavesAddress: true,
  },
  {
    version: 'v0.8.10',
    released: '2025-04-04',
    digest: 'sha256:e01c90bcdd3eb37a46aaf04f6c86cca3e66dd0db7a231f3c8e8aa105635c158a',
    digestSources: 2,
  },
  {
    version: 'v0.9.0',
    released: '2025-04-15',
    digest: 'sha256:b8ca3bf3d7d14cab890ca7696e721f718fa23c57bce9268aebc72de04617335f',
    digestSources: 2,
  },
  {
    version: 'v0.9.1',
    released: '2025-04-28',
    digest: 'sha256:37036d0f81745c4a5948abd069006264b699b3a98d26aadb24e63f86b7a3fdef',
    digestSources: 5,
  },
  {
    version: 'v0.9.2',
    released: '2025-06-24',
    digest: 'sha256:c6d4f3a3fc2b7e95a23a20a0b05b7c64b2e5620783c8fa69a9bac753f99cc8bc',
    digestSources: 5,
  },
  {
    version: 'v1.0.0',
    released: '2025-07-31',
    digest: 'sha256:4f256554a83a6d824ea9c5307450a2c3fd132e09c52b339326f94fefaf67155c',
    digestSources: 3,
  },
  {
    version: 'v1.0.1',
    released: '2025-10-05',
    digest: 'sha256:554d1e07ee24a046bbc7fba67f438c01b480b072c6f0b99215321fc0eb440178',
    digestSources: 3,
  },
  {
    version: 'v1.0.2',
    released: '2025-11-19',
    digest: 'sha256:ee3702abc2daeb93399c22b14aa61aa233013f2a610e64ff3864033ebb3fedbc',
    digestSources: 4,
  },
  {
    version: 'v1.0.3',
    released: '2025-12-19',
    digest: 'sha256:4e2791cc0238ae01b3986d827f4d568a25d846c94bab51238fe6241281a27113',
    digestSources: 3,
  },
  {
    version: 'v1.0.4',
    released: '2026-01-29',
    digest: 'sha256:5e0d817bfa35f922e7ca5cf5fa88f30b71a88ab4837e550185b1c97bcef818c2',
    digestSources: 4,
  },
  { version: 'v1.1.0-rc.0', released: '2026-03-06', digest: undefined, digestSources: 0 },
  {
    version: 'v1.1.0',
    released: '2026-03-09',
    digest: 'sha256:c12498086c5ef3cb121c5b7f9aa755c14bd938ed4f6303da739eb0a0e9ca3410',
    digestSources: 4,
  },
  {
    version: 'v1.1.1',
    released: '2026-03-20',
    digest: 'sha256:87e88b44edc98f0079eac3e03b2ec4de9bde6ea100acd27a63e738d23b9aedbc',
    digestSources: 2,
  },
  {
    version: 'v1.1.2',
    released: '2026-03-30',
    digest: 'sha256:840305b94ef2a89abb3b7fd2b09edfbde690d90052020da4dff90679fe892da2',
    digestSources: 5,
  },
  { version: 'v1.2.0-rc.0', released: '2026-05-12', digest: undefined, digestSources: 0 },
  {
    version: 'v1.2.0',
    released: '2026-05-28',
    digest: 'sha256:fe8c7b6641ba7633a12b337821e9e83a6456e8edc3434f97577058edd4eecaf6',
    digestSources: 3,
    wantsEndpoint: true,
  },
  {
    version: 'v1.2.1',
    released: '2026-06-25',
    digest: 'sha256:49b77655f9f109bedc5eb25723bb0e4c57d8513ba33cc69c31be3f243eb2386d',
    digestSources: 5,
    wantsEndpoint: true,
  },
  {
    version: 'v1.2.2',
    released: '2026-07-29',
    digest: 'sha256:b2e00d870995f9c32f4e87d28a4ddf10d53bf54b50dc4456c3ea8bb94a52b414',
    digestSources: 2,
    wantsEndpoint: true,
  },
  {
    version: 'v1.2.3',
    released: '2026-08-10',
    digest: 'sha256:2fcdbb014a2e217b9ea1b6dacac53d6851b185af323cdd28d100ad82d74bc79a',
    digestSources: 2,
    wantsEndpoint: true,
  },
  {
    version: 'v1.2.4',
    released: '2026-09-16',
    digest: 'sha256:dde4c0669d9058c74c69c0bc2f0122e26900e1e4b913c03577cb6e4e28083079',
    digestSources: 2,
    wantsEndpoint: true,
  },
] as const satisfies readonly Release[];

/** A version that the catalogue knows, whether or not it may be chosen. */
export type Version = (typeof releases)[number]['version'];

/** What to choose without a reason for another. */
export const recommended = 'v1.1.2' satisfies Version;

/** What to go back to: the last release that takes no address from a Service status. */
export const rollback = 'v0.6.4' satisfies Version;

/**
 * The catalogue row of a version.
 * @throws RangeError when the catalogue does not know it; the CRD's enum keeps such a value out.
 */
export function releaseOf(version: string): Release {
  const release = releases.find((row) => row.version === version);
  if (release === undefined) {
    throw new RangeError(`spec.version: expected a tag of kube-vip from ${rollback} on, found ${version}`);
  }
  return release;
}

/** Whether a control-plane pod of a release leaves its address on the node when it ends. */
export const leavesAddress = (version: string | undefined): boolean =>
  releases.some((row: Release) => row.version === version && row.leavesAddress === true);

/** Whether a release leaves the address of a Service that is deleted on the node. */
export const leavesServiceAddress = (version: string | undefined): boolean =>
  releases.some((row: Release) => row.version === version && row.leavesServiceAddress === true);

/** Whether a release binds the address of a Service only while that has a ready endpoint. */
export const wantsEndpoint = (version: string | undefined): boolean =>
  releases.some((row: Release) => row.version === version && row.wantsEndpoint === true);

/** The release that an image is of, by its digest, else by its tag; undefined where neither tells. */
export function versionOf(image: string): string | undefined {
  const { tag, digest } = /^[^@]*?(?::(?<tag>[^:/@]+))?(?:@(?<digest>.+))?$/.exec(image)?.groups ?? {};
  return releases.find((row) => digest !== undefined && row.digest === digest)?.version ?? tag;
}

/** True when a release lies in [since, before); a missing bound is open. */
export function isInRange(version: string, since: string | undefined, before: string | undefined): boolean {
  return (
    (since === undefined || semver.gte(version, since)) &&
    (before === undefined || semver.lt(version, before))
  );
}
