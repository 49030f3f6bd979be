/**
 * The last line of CI: `N passed, N failed`, summed over the JSON reports of Vitest in a directory.
 * A test file that could not even be loaded counts as one failure, and so does a failed step that left no failed test behind.
 *
 * node .ci/totals.mjs FAILED_STEPS DIRECTORY
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [failedSteps, directory] = [Number(process.argv[2]), process.argv[3]];
let passed = 0;
let failed = 0;
let skipped = 0;
for (const file of readdirSync(directory).filter((name) => name.endsWith('.json'))) {
  const report = read(join(directory, file));
  if (!report) {
    console.log(`${file} is not a whole report: its step was cut short.`);
    failed += 1;
    continue;
  }
  const unloaded = report.testResults.filter(({ status, assertionResults }) => {
    return status === 'failed' && !assertionResults.some((test) => test.status === 'failed');
  });
  passed += report.numPassedTests;
  failed += report.numFailedTests + unloaded.length;
  skipped += report.numPendingTests + report.numTodoTests;
}
if (skipped > 0) console.log(`${skipped} skipped; each said why above.`);
console.log(`${passed} passed, ${failed === 0 ? failedSteps : failed} failed`);

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
