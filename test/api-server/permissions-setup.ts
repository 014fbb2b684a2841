// Before the first API test: a folder for what the operators of this run ask for.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderVariable } from './permissions.ts';

export default function setUp(): void {
  process.env[folderVariable] = mkdtempSync(join(tmpdir(), 'permissions-used-'));
}
