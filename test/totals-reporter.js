// Notes how many tests of a jest run passed, failed and did not run, and which failed, for the end of `make test`.
import { appendFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const firstLine = (message) =>
  stripVTControlCharacters(message ?? '')
    .trim()
    .split('\n')[0];

function failuresOf({ testFilePath, testExecError, testResults }) {
  const file = relative(process.cwd(), testFilePath);
  const broken = testExecError ? [`${file}: ${firstLine(testExecError.message)}`] : [];
  const failed = testResults
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages }) => `${file}: ${fullName}: ${firstLine(failureMessages[0])}`);
  return [...broken, ...failed];
}

export default class TotalsReporter {
  onRunComplete(_contexts, results) {
    const file = process.env.TEST_TOTALS;
    if (file) {
      const { numPassedTests: passed, numFailedTests: failed, numRuntimeErrorTestSuites: broken } = results;
      const skipped = results.numPendingTests + results.numTodoTests;
      const failures = results.testResults.flatMap(failuresOf);
      appendFileSync(file, `${JSON.stringify({ passed, failed: failed + broken, skipped, failures })}\n`);
    }
  }
}
