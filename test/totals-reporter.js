// Notes how many tests of a jest run passed, failed and did not run, for the sum at the end of `make test`.
import { appendFileSync } from 'node:fs';

export default class TotalsReporter {
  onRunComplete(_contexts, results) {
    const file = process.env.TEST_TOTALS;
    if (file) {
      const { numPassedTests: passed, numFailedTests: failed, numRuntimeErrorTestSuites: broken } = results;
      const skipped = results.numPendingTests + results.numTodoTests;
      appendFileSync(file, `${JSON.stringify({ passed, failed: failed + broken, skipped })}\n`);
    }
  }
}
