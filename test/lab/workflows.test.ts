// The workflows, read by actionlint: their syntax, expressions, and what a script is given that a stranger wrote.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { run } from './process.ts';
import { ensureTools } from './tools.ts';

const folder = '.github/workflows';

async function lint(...args: string[]): Promise<string> {
  const { actionlint = '' } = await ensureTools(['actionlint']);
  return run([actionlint, '-no-color', '-shellcheck=', '-pyflakes=', ...args]);
}

describe('actionlint', () => {
  it('has nothing to say of any workflow', async () => {
    expect(await lint(...readdirSync(folder).map((file) => join(folder, file)))).toBe('');
  }, 120_000);

  it('would say it', async () => {
    const { actionlint = '' } = await ensureTools(['actionlint']);
    const input =
      'on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: ${{ nothing.here }}\n';
    await expect(run([actionlint, '-no-color', '-'], { input })).rejects.toThrow(
      'undefined variable "nothing"',
    );
  }, 120_000);
});
