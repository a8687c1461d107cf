// Who may depend on whom (docs/architecture.md, "Dependency rules"). Every row and every file rule below has a forbidden and an
// allowed example in test/architecture/boundaries.spec.ts; a row without examples fails there.
import { builtinModules } from 'node:module';

const PURE_PACKAGES = ['zod', 'zod/*'];
const SOCKETS = ['socket.io', 'socket.io-*', '@nestjs/platform-socket.io', '@nestjs/websockets'];

const CONTEXTS = ['directory', 'partnerships', 'pledges', 'stewardship', 'notifications'];

/** Rows by type: which kinds of project a project may import, and which packages it may not (or alone may). */
const typeRows = [
  { sourceTag: 'type:kernel', onlyDependOnLibsWithTags: ['type:kernel'], allowedExternalImports: PURE_PACKAGES },
  {
    sourceTag: 'type:contracts',
    onlyDependOnLibsWithTags: ['type:kernel', 'type:contracts'],
    allowedExternalImports: PURE_PACKAGES,
  },
  { sourceTag: 'type:access', onlyDependOnLibsWithTags: ['type:kernel', 'type:contracts'], allowedExternalImports: PURE_PACKAGES },
  { sourceTag: 'type:platform', onlyDependOnLibsWithTags: ['type:kernel'], bannedExternalImports: SOCKETS },
  {
    sourceTag: 'type:context',
    onlyDependOnLibsWithTags: ['type:kernel', 'type:contracts', 'type:access', 'type:platform'],
    bannedExternalImports: ['kafkajs', 'pg', 'pg-*'],
  },
  {
    sourceTag: 'type:client',
    onlyDependOnLibsWithTags: ['type:contracts', 'type:client'],
    bannedExternalImports: ['@nestjs/*', 'typeorm', 'pg', 'pg-*', 'kafkajs'],
  },
  {
    sourceTag: 'type:app',
    onlyDependOnLibsWithTags: [
      'type:kernel',
      'type:contracts',
      'type:access',
      'type:context',
      'type:platform',
      'type:client',
      'type:web',
    ],
  },
  { allSourceTags: ['type:app', 'scope:cli'], onlyDependOnLibsWithTags: ['type:client'] },
  {
    sourceTag: 'type:web',
    onlyDependOnLibsWithTags: ['type:client', 'type:contracts'],
    bannedExternalImports: ['@nestjs/*', 'typeorm', 'pg', 'pg-*', 'kafkajs'],
  },
  { sourceTag: 'type:testing', onlyDependOnLibsWithTags: ['type:kernel', 'type:contracts', 'type:platform', 'type:client'] },
  // Tests may see everything that can be imported; they talk to rooms as a client does.
  { sourceTag: 'type:test', bannedExternalImports: ['socket.io'] },
];

/** Rows by scope: a context sees itself and what is shared; only the gateway may speak socket.io. */
const scopeRows = [
  { sourceTag: 'scope:shared', onlyDependOnLibsWithTags: ['scope:shared'] },
  ...CONTEXTS.map((name) => ({
    sourceTag: `scope:${name}`,
    onlyDependOnLibsWithTags: [`scope:${name}`, 'scope:shared'],
    bannedExternalImports: SOCKETS,
  })),
  { sourceTag: 'scope:gateway', onlyDependOnLibsWithTags: ['scope:gateway', 'scope:shared'] },
  { sourceTag: 'scope:cli', onlyDependOnLibsWithTags: ['scope:cli', 'scope:shared'] },
  { sourceTag: 'scope:web', onlyDependOnLibsWithTags: ['scope:web', 'scope:shared'] },
];

/** Scopes first: the first broken row is the one reported, and "another context" says more than "a context". */
export const depConstraints = [...scopeRows, ...typeRows];

/** In specs the machinery and the contexts may use the testing lib, and the pure libs may use fast-check. */
const specConstraints = depConstraints.map((row) => {
  const seesTesting = row.sourceTag === 'type:platform' || row.sourceTag === 'type:context';
  return {
    ...row,
    ...(seesTesting && { onlyDependOnLibsWithTags: [...row.onlyDependOnLibsWithTags, 'type:testing'] }),
    ...(row.allowedExternalImports && { allowedExternalImports: [...row.allowedExternalImports, 'fast-check'] }),
  };
});

const moduleBoundaries = (constraints) => [
  'error',
  {
    depConstraints: constraints,
    // The scripts belong to no project; their spec stands with the other structure specs.
    allow: ['^\\.\\./\\.\\./infra/scripts/[a-z-]+\\.mjs$'],
    banTransitiveDependencies: true,
    // The platform's specs use the testing lib, which stands on the platform; files do not form a cycle.
    ignoredCircularDependencies: [['@concord/platform', '@concord/testing']],
  },
];

const SPECS = ['**/*.spec.ts'];

const noEnv = [
  {
    selector: "MemberExpression[object.name='process'][property.name='env']",
    message: 'Only libs/platform/src/config*.ts reads process.env.',
  },
  { selector: "VariableDeclarator[init.name='process']", message: 'Only libs/platform/src/config*.ts reads process.env.' },
];

const noAsync = [
  ':matches(FunctionDeclaration, FunctionExpression, ArrowFunctionExpression)[async=true]',
  'AwaitExpression',
  'ForOfStatement[await=true]',
].map((selector) => ({ selector, message: 'A decision is a plain function: no async in domain/.' }));

const noRandom = [
  { selector: "MemberExpression[object.name='Math'][property.name='random']", message: 'Randomness reaches the domain as data.' },
];

const noFocus = [
  {
    selector:
      'CallExpression MemberExpression[property.name=/^(only|skip|todo|failing)$/]:matches([object.name=/^(it|test|describe)$/], [object.object.name=/^(it|test|describe)$/])',
    message: 'No focused, skipped or empty specs.',
  },
  {
    selector: 'CallExpression[callee.name=/^(fit|fdescribe|xit|xtest|xdescribe)$/]',
    message: 'No focused, skipped or empty specs.',
  },
  {
    selector:
      ':matches(CallExpression[callee.name=/^(setTimeout|setInterval|sleep|delay)$/], CallExpression[callee.property.name=/^set(Timeout|Interval)$/][callee.object.name=/^(globalThis|global)$/])',
    message: 'Specs do not sleep: wait for a condition and report its last status.',
  },
];

const importsOf = (patterns, paths = []) => ['error', { patterns, paths }];
const nodeBuiltins = {
  regex: `^(node:.*|(${builtinModules
    .filter((name) => !name.startsWith('_'))
    .join('|')
    .replaceAll('/', '\\/')}))$`,
  message: 'This lib is pure: it may not use the modules of Node.',
};
const timers = {
  regex: '^(node:)?timers(/promises)?$',
  message: 'Specs do not sleep: wait for a condition and report its last status.',
};
const processModule = { name: 'node:process', message: 'Use the global; its env is read in libs/platform/src/config*.ts only.' };

const PURE_LIBS = [
  'libs/kernel/src/**/*.ts',
  'libs/contracts/src/**/*.ts',
  'libs/access/src/**/*.ts',
  'libs/client/src/**/*.ts',
  'libs/story/src/**/*.ts',
];

/**
 * The file rules, as flat config entries. A later entry replaces an earlier one's options for the same rule, so each entry
 * names everything that holds for its files.
 */
export const boundaries = [
  {
    files: ['libs/**/*.ts', 'apps/**/*.ts', 'test/**/*.ts'],
    rules: { '@nx/enforce-module-boundaries': moduleBoundaries(depConstraints), 'no-restricted-syntax': ['error', ...noEnv] },
  },
  { files: ['libs/**/*.ts', 'apps/**/*.ts'], rules: { 'no-restricted-imports': importsOf([], [processModule]) } },
  { files: PURE_LIBS, rules: { 'no-restricted-imports': importsOf([nodeBuiltins]) } },
  {
    files: ['**/domain/**/*.ts'],
    ignores: SPECS,
    rules: {
      'no-restricted-imports': importsOf([
        {
          regex: '^(?!@concord/(kernel|contracts)$|\\./)',
          message: 'domain/ imports @concord/kernel, @concord/contracts and ./ only.',
        },
      ]),
      'no-restricted-globals': [
        'error',
        ...['Date', 'crypto', 'process', 'performance', 'setTimeout', 'setInterval', 'queueMicrotask', 'fetch'],
      ],
      'no-restricted-syntax': ['error', ...noEnv, ...noAsync, ...noRandom],
    },
  },
  { files: ['libs/platform/src/config*.ts', 'libs/testing/src/**/*.ts', 'test/**/*.ts'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: SPECS,
    rules: {
      '@nx/enforce-module-boundaries': moduleBoundaries(specConstraints),
      'no-restricted-imports': importsOf([timers]),
      'no-restricted-syntax': ['error', ...noFocus],
    },
  },
];
