// What git says of the checkout that becomes a release.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../test/lab/process.ts';

/** The commit that a release is made of, and what differs from it. */
export interface Checkout {
  readonly root: string;
  readonly commit: string;
  /** Seconds since 1970: the one time that goes into artefacts. */
  readonly epoch: number;
  readonly changed: readonly string[];
  readonly packageVersion: string;
  readonly changelog: string;
}

/** Reads the checkout in a folder. */
export async function readCheckout(root: string): Promise<Checkout> {
  const git = (...args: string[]): Promise<string> => run(['git', '-C', root, ...args]);
  const [commit = '', epoch = ''] = (await git('log', '-1', '--format=%H %ct')).trim().split(' ');
  const changed = (await git('status', '--porcelain')).split('\n').filter((line) => line !== '');
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return {
    root,
    commit,
    epoch: Number(epoch),
    changed: changed.map((line) => line.slice(3)),
    packageVersion: version,
    changelog: readFileSync(join(root, 'CHANGELOG.md'), 'utf8'),
  };
}

/** The time of the commit, as documents write it. */
export const timeOf = ({ epoch }: Checkout): string =>
  new Date(epoch * 1000).toISOString().replace('.000Z', 'Z');
