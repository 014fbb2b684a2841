// Adds up what the jest runs noted; fails when one of them noted nothing.
import { readFileSync } from 'node:fs';

interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const stages = 3;
const [file = ''] = process.argv.slice(2);
const rows = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Totals);
const sum = (field: keyof Totals): number => rows.reduce((total, row) => total + row[field], 0);

if (rows.length < stages) {
  process.stdout.write(`expected ${stages} levels of tests to end, found ${rows.length}\n`);
  process.exitCode = 1;
}
process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped\n`);
