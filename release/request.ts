// Whether a release may be made of what is here. Pure, and all reasons at once.
import { valid } from 'semver';
import { notesOf, versionsIn } from './notes.ts';

/** What is asked for, and what the checkout says. */
export interface Request {
  /** VERSION of the command line. */
  readonly version: string | undefined;
  /** The version in package.json. */
  readonly packageVersion: string;
  readonly changelog: string;
  /** Files that differ from the last commit. */
  readonly changed: readonly string[];
}

const isSemver = (version: string): boolean => valid(version) === version;

/** What VERSION itself lacks. Empty where it can be the version of a release. */
function faultOfVersion(version: string | undefined): string {
  if (version === undefined || version === '') {
    return 'VERSION: expected a version, found none; run make release VERSION=0.1.0';
  }
  const hint = isSemver(version.replace(/^v/, '')) ? 'leave out the v' : 'run make release VERSION=0.1.0';
  return isSemver(version)
    ? ''
    : `VERSION: expected a semantic version such as 0.1.0, found ${version}; ${hint}`;
}

function faultOfPackage(version: string, found: string): string {
  const todo = `run npm version ${version} --no-git-tag-version, and set v${version} in config/manager/manager.yaml`;
  return version === found ? '' : `package.json: expected version ${version}, found ${found}; ${todo}`;
}

function faultOfChangelog(version: string, changelog: string): string {
  const found = versionsIn(changelog).slice(0, 3).join(', ') || 'no section';
  const todo = 'write there what changes for a user';
  const missing = `CHANGELOG.md: expected a section "## ${version}" with text, found ${found}; ${todo}`;
  return notesOf(changelog, version) === '' ? missing : '';
}

function faultOfTree(changed: readonly string[]): string {
  const [first = '', ...others] = changed;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  const found = `work tree: expected no change since the last commit, found ${first}${more}`;
  return changed.length === 0 ? '' : `${found}; commit or stash it, a release is made of a commit`;
}

/** Why no release can be made, one sentence for each reason. */
export function refusals({ version, packageVersion, changelog, changed }: Request): readonly string[] {
  const fault = faultOfVersion(version);
  const faults =
    version === undefined || fault !== ''
      ? [fault]
      : [faultOfPackage(version, packageVersion), faultOfChangelog(version, changelog)];
  return [...faults, faultOfTree(changed)].filter((text) => text !== '');
}
