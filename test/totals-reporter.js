// Prints which files of a jest run took longest, and notes how many tests passed, failed and did not run, and which
// failed, for the end of `make test`.
import { appendFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const longest = 600;
// Of a failed `expect`: what was expected and found, as values or as the lines of a comparison that differ.
const tells = /^\s*(Expected|Received|[-+] (?!Expected|Received))/;

/** The first line of a failure, and what it compared: the end of a long log is often all that is seen of it. */
function firstLine(message) {
  const [first = '', ...rest] = stripVTControlCharacters(message ?? '')
    .trim()
    .split('\n');
  const compared = rest.filter((line) => tells.test(line)).map((line) => line.trim());
  return [first, ...compared].join(' | ').slice(0, longest);
}

function failuresOf({ testFilePath, testExecError, testResults }) {
  const file = relative(process.cwd(), testFilePath);
  const broken = testExecError ? [`${file}: ${firstLine(testExecError.message)}`] : [];
  const failed = testResults
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages }) => `${file}: ${fullName}: ${firstLine(failureMessages[0])}`);
  return [...broken, ...failed];
}

const shown = 10;

/** Seconds and file, the slowest first; nothing for a run of one file. */
function slowest(testResults) {
  const files = testResults.map(({ testFilePath, perfStats: { start = 0, end = 0 } }) => ({
    file: relative(process.cwd(), testFilePath),
    seconds: (end - start) / 1000,
  }));
  const rows = files.sort((a, b) => b.seconds - a.seconds).slice(0, shown);
  return files.length < 2
    ? []
    : rows.map(({ file, seconds }) => `${seconds.toFixed(1).padStart(8)} s  ${file}`);
}

export default class TotalsReporter {
  onRunComplete(_contexts, results) {
    const rows = slowest(results.testResults);
    if (rows.length > 0) {
      process.stdout.write(`slowest of ${results.testResults.length} files:\n${rows.join('\n')}\n`);
    }
    const file = process.env.TEST_TOTALS;
    if (file) {
      const { numPassedTests: passed, numFailedTests: failed, numRuntimeErrorTestSuites: broken } = results;
      const skipped = results.numPendingTests + results.numTodoTests;
      const failures = results.testResults.flatMap(failuresOf);
      appendFileSync(file, `${JSON.stringify({ passed, failed: failed + broken, skipped, failures })}\n`);
    }
  }
}
