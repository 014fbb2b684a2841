// Order of upstream tags.
import semver from 'semver';

/** True when a release lies in [since, before); a missing bound is open. */
export function isInRange(version: string, since: string | undefined, before: string | undefined): boolean {
  return (
    (since === undefined || semver.gte(version, since)) &&
    (before === undefined || semver.lt(version, before))
  );
}
