// Asks the npm registry what is known of the packages that users run. Where it does not answer, nothing is known,
// and this says so: an audit that was not made must not look like one that found nothing.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readAnswer, verdictOf } from './advisories.ts';
import { CommandError, run } from '../test/lab/process.ts';

/** What npm printed. It ends with an error also when it has found something. */
async function ask(): Promise<string> {
  const cwd = join(import.meta.dirname, '..');
  try {
    return await run(['npm', 'audit', '--omit=dev', '--json'], { cwd });
  } catch (error) {
    if (error instanceof CommandError) return error.stdout;
    throw error;
  }
}

const { values } = parseArgs({ options: { 'must-answer': { type: 'boolean', default: false } } });
const { text, isFault } = verdictOf(readAnswer(await ask()), values['must-answer']);
process.stdout.write(`${text}\n`);
if (isFault) process.exitCode = 1;
