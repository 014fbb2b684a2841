// The lab's own programs in Go: how they are written, and their tests. What needs them is tested by their use.
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { goChecks, runGoCheck } from '../go-checks.ts';

describe.each(['agent', 'operand'])('the Go module of the %s', (name) => {
  it.each(goChecks)(
    '$name',
    async (check) => {
      await expect(runGoCheck(join(import.meta.dirname, name), check)).resolves.toBeUndefined();
    },
    600_000,
  );
});
