// The image reference of a release: always tag and digest, never a floating tag.
import type { EffectiveSpec } from '../api/defaults.ts';
import { defaultRepository, releaseOf } from '../catalog/releases.ts';

/**
 * `repository:version@sha256:…`. The digest decides what runs, the tag tells a person.
 * @throws RangeError when the version is not in the catalogue.
 */
export function imageReference({ version, image }: EffectiveSpec): string {
  const digest = image.digest ?? releaseOf(version).digest;
  return `${image.repository ?? defaultRepository}:${version}@${digest}`;
}
