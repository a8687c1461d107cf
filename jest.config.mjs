// Three kinds of test, by suffix: unit (.spec.ts, no I/O), int (.int.spec.ts, embedded PostgreSQL), e2e (.e2e.spec.ts).
// Paths select within them: `npx jest libs/pledges`, `npx jest --selectProjects unit`.
const root = import.meta.dirname;

const swc = {
  swcrc: false,
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    target: 'es2022',
    keepClassNames: true,
  },
  module: { type: 'es6' },
  sourceMaps: 'inline',
};

const project = (displayName, testMatch, more = {}) => ({
  displayName,
  rootDir: root,
  roots: ['<rootDir>/libs', '<rootDir>/apps', '<rootDir>/test'],
  testMatch,
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@concord/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['/dist/'],
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
  ...more,
});

const withDatabase = {
  globalSetup: '<rootDir>/infra/jest/global-setup.mjs',
  globalTeardown: '<rootDir>/infra/jest/global-teardown.mjs',
};

export default {
  maxWorkers: 2,
  testSequencer: '<rootDir>/infra/jest/long-first.mjs',
  // Read from here only, not from a project. Generous: a wait that gives up says its last status long before.
  testTimeout: 180_000,
  projects: [
    project('unit', ['**/!(*.int|*.e2e).spec.ts']),
    project('int', ['**/*.int.spec.ts'], withDatabase),
    project('e2e', ['**/*.e2e.spec.ts'], withDatabase),
  ],
};
