// What `npm test` runs: the build, the fast tests, then the tests on real engines. Its last line is the sum of both.
// Arguments go to Jest, for example `npm test -- libs/ledger`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, root } from './stack-library.mjs';

const args = process.argv.slice(2);
// With a pattern, one of the two runs may well have nothing to do.
const jestArgs = args.length === 0 ? [] : [...args, '--passWithNoTests'];
const nothing = { passed: 0, failed: 0, skipped: 0 };
const oneFailure = { ...nothing, failed: 1 };

const parts = build() ? [jest('jest.config.mjs'), jest('jest.int.config.mjs')] : [oneFailure];
const sum = parts.reduce(
  (a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped }),
  nothing,
);
process.stdout.write(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped\n`);
process.exitCode = sum.failed === 0 ? 0 : 1;

function jest(config) {
  const folder = mkdtempSync(join(tmpdir(), 'fourway-jest-'));
  try {
    const results = join(folder, 'results.json');
    const program = [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      `${root}node_modules/jest/bin/jest.js`,
    ];
    const { status } = spawnSync(
      process.execPath,
      [...program, '--config', config, ...jestArgs, '--json', '--outputFile', results],
      {
        cwd: root,
        // Jest repeats all results on its standard output as JSON; people read its standard error.
        stdio: ['inherit', 'ignore', 'inherit'],
      },
    );
    return counts(config, results, status);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A suite that could not run counts as one failed test, and so does a run that failed without naming a test. */
function counts(config, file, status) {
  let report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    process.stdout.write(`failed: ${config} ended with status ${status} and without results\n`);
    return oneFailure;
  }
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  // Said once more below everything: the end of a long log is often all that is kept of it.
  for (const line of failuresOf(report)) process.stdout.write(`failed: ${line}\n`);
  // Code that goes on after its tests have ended, for one.
  if (status !== 0 && failed === 0)
    process.stdout.write(
      `failed: ${config} ended with status ${status} although every test passed; see "ReferenceError" above\n`,
    );
  const skipped = report.numPendingTests + report.numTodoTests;
  return { passed: report.numPassedTests, failed: status === 0 ? failed : Math.max(failed, 1), skipped };
}

function failuresOf({ testResults }) {
  return testResults.flatMap(({ name, assertionResults, status }) => {
    const file = name.replace(root, '');
    const failed = assertionResults.filter((each) => each.status === 'failed');
    if (status === 'failed' && failed.length === 0) return [`${file} could not be run`];
    return failed.map(({ fullName }) => `${file}: ${fullName}`);
  });
}
