// Asks the npm registry and the Go vulnerability database what is known of what users run. Where one does not answer,
// nothing is known, and this says so: an audit that was not made must not look like one that found nothing.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readAnswer, readGoAnswer, registers, verdictOf, type Answer } from './advisories.ts';
import { CommandError, run } from '../test/lab/process.ts';

const root = join(import.meta.dirname, '..');

/** What npm printed. It ends with an error also when it has found something. */
async function askNpm(): Promise<Answer> {
  try {
    return readAnswer(await run(['npm', 'audit', '--omit=dev', '--json'], { cwd: root }));
  } catch (error) {
    if (error instanceof CommandError) return readAnswer(error.stdout);
    throw error;
  }
}

const govulncheck = 'golang.org/x/vuln/cmd/govulncheck@v1.9.0';

/** What govulncheck found. As JSON it ends with an error only when it could not ask. */
async function askGo(): Promise<Answer> {
  const command = ['go', 'run', govulncheck, '-format', 'json', './...'];
  try {
    return readGoAnswer(await run(command, { cwd: join(root, 'witness') }));
  } catch (error) {
    const why = error instanceof CommandError ? error.stderr.split('\n') : [String(error)];
    return { kind: 'silent', why: why.find((line) => line.startsWith('govulncheck:')) ?? why[0] ?? '' };
  }
}

const { values } = parseArgs({ options: { 'must-answer': { type: 'boolean', default: false } } });
const verdicts = [
  verdictOf(await askNpm(), values['must-answer'], registers.npm),
  verdictOf(await askGo(), values['must-answer'], registers.go),
];
for (const { text, isFault } of verdicts) {
  process.stdout.write(`${text}\n`);
  if (isFault) process.exitCode = 1;
}
