// The image reference of a release: always tag and digest, never a floating tag.
import type { EffectiveSpec } from '../api/defaults.ts';
import { defaultRepository, releaseOf } from '../catalog/releases.ts';

/**
 * `repository:version@sha256:…`. The digest decides what runs, the tag tells a person.
 * @throws RangeError when the catalogue does not have the version, or no digest for it.
 */
export function imageReference({ version, image }: EffectiveSpec): string {
  const digest = image.digest ?? releaseOf(version).digest;
  if (digest === undefined) {
    throw new RangeError(`spec.version: expected a release that can be pinned, found ${version}`);
  }
  return `${image.repository ?? defaultRepository}:${version}@${digest}`;
}
