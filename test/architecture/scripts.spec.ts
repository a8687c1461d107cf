import { missingOptional } from '../../infra/scripts/check-lock.mjs';
import { countTests } from '../../infra/scripts/test.mjs';

describe('the lock check', () => {
  const packages = {
    '': { name: 'concord' },
    'node_modules/swc': { version: '1.0.0', optionalDependencies: { '@swc/linux': '1.0.0', '@swc/darwin': '1.0.0' } },
    'node_modules/@swc/linux': { version: '1.0.0', optional: true },
  };

  it('names a platform package that has no entry', () => {
    expect(missingOptional(packages)).toEqual(['node_modules/swc wants @swc/darwin']);
  });

  it('accepts an entry wherever it is nested', () => {
    expect(missingOptional({ ...packages, 'node_modules/swc/node_modules/@swc/darwin': { version: '1.0.0' } })).toEqual([]);
  });
});

describe('the count of npm test', () => {
  const report = {
    code: 0,
    numPassedTests: 7,
    numFailedTests: 0,
    numRuntimeErrorTestSuites: 0,
    numPendingTests: 0,
    numTodoTests: 0,
  };

  it('is that of the report', () => {
    expect(countTests(report, true)).toEqual({ passed: 7, failed: 0, skipped: 0 });
    expect(countTests({ ...report, code: 1, numFailedTests: 2 }, false)).toEqual({ passed: 7, failed: 2, skipped: 0 });
  });

  it('counts a suite that could not run', () => {
    expect(countTests({ ...report, code: 1, numRuntimeErrorTestSuites: 1 }, false).failed).toBe(1);
  });

  it('counts a bad end without a failed test, and a missing report', () => {
    expect(countTests({ ...report, code: 1 }, false).failed).toBe(1);
    expect(countTests({ code: 1 }, false)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  it('counts what was skipped as failed in continuous integration only', () => {
    expect(countTests({ ...report, numPendingTests: 1, numTodoTests: 1 }, true).failed).toBe(2);
    expect(countTests({ ...report, numPendingTests: 1 }, false)).toEqual({ passed: 7, failed: 0, skipped: 1 });
  });
});
