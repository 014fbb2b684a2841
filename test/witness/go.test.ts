// The witness is in Go, and a machine for changes of the TypeScript alone may have none. The lab cannot run without.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { goChecks, hasGo, runGoCheck } from '../go-checks.ts';

const isHere = await hasGo();
if (!isHere)
  process.stdout.write('witness: its Go is not checked, because this machine has none; install Go 1.26\n');

describe('the Go module of the witness', () => {
  it.each(isHere ? goChecks : [])(
    '$name',
    async (check) => {
      await expect(runGoCheck('witness', check)).resolves.toBeUndefined();
    },
    300_000,
  );

  it('has no client of Kubernetes among its modules', () => {
    expect(readFileSync('witness/go.sum', 'utf8')).not.toContain('k8s.io/');
  });
});
