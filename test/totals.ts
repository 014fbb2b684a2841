// Adds up what the jest runs noted, and names what failed; fails when one of them noted nothing.
import { readFileSync } from 'node:fs';

interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Not a level of tests, but what is judged after one. */
  readonly isAfter?: boolean;
  /** A line each: file, test, and the first line of what it said. */
  readonly failures: readonly string[];
}

const [file = '', wanted] = process.argv.slice(2);
const stages = Number(wanted);
const rows = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Totals);
const sum = (field: 'passed' | 'failed' | 'skipped'): number =>
  rows.reduce((total, row) => total + row[field], 0);

const ended = rows.filter(({ isAfter }) => !isAfter).length;
if (ended < stages) {
  process.stdout.write(`expected ${stages} levels of tests to end, found ${ended}\n`);
  process.exitCode = 1;
}
rows.flatMap(({ failures }) => failures).forEach((line) => process.stdout.write(`FAILED ${line}\n`));
process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped\n`);
