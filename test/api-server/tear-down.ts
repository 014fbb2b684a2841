// After the last API test: the run fails when config/rbac/operator.yaml grants too much or too little.
import { appendFileSync, rmSync } from 'node:fs';
import { grantedPermissions } from '../granted.ts';
import { endKept } from './kept.ts';
import { folderVariable, judgeUse, notedUse, unusedOf } from './permissions.ts';
import { removePrepared } from './prepared.ts';

/** The part of jest's configuration that says whether tests were left out. */
interface Run {
  readonly testPathPatterns?: { readonly patterns?: readonly string[] };
  readonly testNamePattern?: string;
  readonly onlyChanged?: boolean;
  readonly onlyFailures?: boolean;
  readonly shard?: object;
}

function isWhole({ testPathPatterns, testNamePattern, onlyChanged, onlyFailures, shard }: Run): boolean {
  const isNarrowed = (testPathPatterns?.patterns?.length ?? 0) > 0 || Boolean(testNamePattern);
  return !isNarrowed && !onlyChanged && !onlyFailures && shard === undefined;
}

/** For the end of `make test`, which else would add up tests that all passed. */
function note(findings: readonly string[]): void {
  const file = process.env['TEST_TOTALS'];
  if (file) {
    const row = { passed: 0, failed: findings.length, skipped: 0, failures: findings, isAfter: true };
    appendFileSync(file, `${JSON.stringify(row)}\n`);
  }
}

export default async function tearDown(run: Run): Promise<void> {
  await endKept();
  removePrepared();
  const folder = process.env[folderVariable] ?? '';
  const granted = grantedPermissions();
  const use = notedUse(folder);
  rmSync(folder, { recursive: true });
  const findings = judgeUse(use, granted, isWhole(run));
  if (findings.length > 0) {
    note(findings.map((row) => `config/rbac/operator.yaml: ${row}`));
    throw new Error(`config/rbac/operator.yaml and this test run disagree:\n  ${findings.join('\n  ')}`);
  }
  // What everybody may do is used, too, and is granted elsewhere.
  const seen = granted.length - unusedOf(use, granted).length;
  const limits = isWhole(run) ? '' : '; not every test ran, so unused ones are not judged';
  process.stdout.write(
    `permissions of the operator: ${seen} of ${granted.length} used, none missing${limits}\n`,
  );
}
