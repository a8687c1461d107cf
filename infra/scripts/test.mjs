// `npm test`: everything, from a fresh clone on. Its last line counts checks and tests together.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { JEST_NODE_OPTIONS, resultLine, runChecks, STEPS } from './check.mjs';
import { ensureBrowser } from './browser.mjs';
import { installWhatIsMissing, root } from './install.mjs';

const HELP = `Usage: npm test

Installs what is missing, runs the checks (see npm run check -- --help), builds, then runs every test suite.
The last line counts: "N passed, N failed" (checks, the build and tests). With CI=true a skipped test counts as failed.
To run some tests only: npx jest libs/pledges, npx jest --selectProjects unit, npx jest -t 'part of a name'.
The tests of the pages need Chromium: it is installed with apt-get where this is root on Debian; otherwise install it yourself.
Exit code: 0 nothing failed, 1 something failed, 2 wrong usage.
`;

async function runJest(more = []) {
  const folder = mkdtempSync(join(tmpdir(), 'concord-test-'));
  const report = join(folder, 'jest.json');
  try {
    const code = await new Promise((done, fail) => {
      const child = spawn(process.execPath, ['node_modules/jest/bin/jest.js', '--json', `--outputFile=${report}`, ...more], {
        cwd: root,
        env: { ...process.env, NODE_OPTIONS: JEST_NODE_OPTIONS },
        // Jest writes its report for people to stderr; with --json, stdout would only repeat the file.
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      child.on('error', fail);
      child.on('close', done);
    });
    return { code, ...JSON.parse(readFileSync(report, 'utf8')) };
  } catch (error) {
    return { code: 1, fault: error.message };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Counts of a Jest report. A suite that could not run, or a bad end without a failed test, is a failure too. */
export function countTests(report, ci) {
  const skipped = (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0);
  const failed = (report.numFailedTests ?? 0) + (report.numRuntimeErrorTestSuites ?? 0) + (ci ? skipped : 0);
  return { passed: report.numPassedTests ?? 0, failed: failed === 0 && report.code !== 0 ? 1 : failed, skipped };
}

async function main() {
  let options;
  try {
    options = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } }).values;
  } catch (error) {
    process.stderr.write(`${error.message}\n${HELP}`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  let [passed, failed] = [0, 0];
  const count = (ok) => (ok ? (passed += 1) : (failed += 1));
  const end = () => {
    process.stdout.write(`${passed} passed, ${failed} failed\n`);
    return failed === 0 ? 0 : 1;
  };
  try {
    installWhatIsMissing();
    // Jest runs the structure specs below with all others.
    const checks = STEPS.filter(({ name }) => name !== 'structure');
    await runChecks((result) => {
      count(result.ok);
      process.stdout.write(`${resultLine(result)}\n${result.ok ? '' : `${result.output}\n`}`);
    }, checks);
    const { build } = await import('./build.mjs');
    await build();
    count(true);
  } catch (error) {
    // Without dependencies or a build no test can run, so this ends here.
    process.stdout.write(`${error.message}\n`);
    count(false);
    return end();
  }
  const lacking = ensureBrowser();
  // Without a browser the rest still runs, and the run as a whole is not a success where everything has to be shown.
  if (lacking) {
    process.stdout.write(`The tests of the pages did not run. ${lacking}\n`);
    if (process.env.CI === 'true') count(false);
  }
  const report = await runJest(lacking ? ['--testPathIgnorePatterns', '/test/browser/'] : []);
  const tests = countTests(report, process.env.CI === 'true');
  passed += tests.passed;
  failed += tests.failed;
  if (report.fault) process.stdout.write(`Jest gave no report: ${report.fault}\n`);
  if (tests.skipped > 0) process.stdout.write(`${tests.skipped} test(s) skipped\n`);
  return end();
}

if (process.argv[1] === import.meta.filename) process.exitCode = await main();
