// What a test sees differently on another release of Kubernetes: the API server's own words, and its switches. Nothing is left
// out of a test for a release. It expects what that release does instead.
import semver from 'semver';
import { newestKubernetes } from '../../src/catalog/kubernetes.ts';
import { releaseVariable } from '../lab/kubernetes-module.ts';

/** The minor version whose API server the tests run against. */
export const kubernetes = process.env[releaseVariable] || newestKubernetes;

/** Whether this minor version is the other one or newer. */
export const isSince = (minor: string, since: string): boolean => semver.gte(`${minor}.0`, `${since}.0`);

/** What a fact is in each release: from the one that is named on, the newest first. */
type ByRelease<T> = readonly (readonly [since: string, value: T])[];

function inRelease<T>(rows: ByRelease<T>): T {
  const row = rows.find(([since]) => isSince(kubernetes, since));
  if (row === undefined) {
    throw new RangeError(`Kubernetes ${kubernetes}: expected a row for it or an older release, found none`);
  }
  return row[1];
}

/** How the API server says that a text has more characters than it may have. */
export const tooLong = inRelease<(most: number) => string>([
  ['1.32', (most) => `Too long: may not be more than ${most} bytes`],
  ['1.31', (most) => `Too long: may not be longer than ${most}`],
]);

/** How it says that two entries of a list have one key. */
export const duplicate = inRelease<(key: object) => string>([
  ['1.34', (key) => `Duplicate value: ${JSON.stringify(key)}`],
  ['1.31', (key) => `Duplicate value: map[string]interface {}${JSON.stringify(key)}`],
]);

/** Flags with which Services store an address in any spelling that Go reads. Older releases know no other way. */
export const looseAddresses = inRelease<Readonly<Record<string, string>>>([
  ['1.33', { 'feature-gates': 'StrictIPCIDRValidation=false' }],
  ['1.31', {}],
]);
