// Before the first API test: the programs, the cluster that every test gets a copy of, and a folder for what the
// operators of this run ask for.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildTools } from '../lab/set-up.ts';
import { folderVariable } from './permissions.ts';
import { prepareCluster } from './prepare.ts';

export default async function setUp(): Promise<void> {
  process.env[folderVariable] = mkdtempSync(join(tmpdir(), 'permissions-used-'));
  await buildTools(['etcd', 'kubernetes', 'helm', 'kustomize']);
  await prepareCluster();
}
