// What a Service can be told is in the page that people read.
import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { grantReasons } from '../../src/grants/reasons.ts';

it('docs/services.md has every reason with its sentence, in the order of the table', () => {
  const page = readFileSync('docs/services.md', 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+)` +\| (.*?) +\|$/gm)].map(([, reason, meaning]) => [
    reason,
    meaning,
  ]);
  expect(rows).toEqual(Object.entries(grantReasons));
});
