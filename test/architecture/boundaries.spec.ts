import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

// Negative controls: a rule that is never broken may be a rule that cannot be. Each row of the dependency table and each file
// rule gets a forbidden example, which must be reported by exactly that rule, and an allowed one, which must not.

const BOUNDARY = '@nx/enforce-module-boundaries';
const TAGS = 'onlyTagsConstraintViolation';
const BANNED = 'bannedExternalImportsViolation';

interface Row {
  readonly sourceTag?: string;
  readonly allSourceTags?: readonly string[];
  readonly onlyDependOnLibsWithTags?: readonly string[];
  readonly bannedExternalImports?: readonly string[];
  readonly allowedExternalImports?: readonly string[];
}

interface Broken {
  readonly rule: string | null;
  readonly id?: string;
  readonly message: string;
}

/** `typed` cases stand in for a file that exists, because their rules ask the compiler, and keep the rule on cycles. */
interface Snippet {
  readonly file: string;
  readonly code: string;
  readonly typed?: boolean;
}

interface Expectation extends Snippet {
  readonly name: string;
  readonly rule?: string;
  readonly id?: string;
  /** The row that must report it, as the message quotes it. */
  readonly row?: string;
}

const imports = (name: string) => `import { a } from '${name}';\nexport const b = a;`;

function rowCases(
  row: string,
  file: string,
  expected: { tags?: string; banned?: string; allowed: readonly string[] },
): Expectation[] {
  const cases: Expectation[] = expected.allowed.map((name) => ({ name: `${row} may import ${name}`, file, code: imports(name) }));
  if (expected.tags)
    cases.push({
      name: `${row} may not import ${expected.tags}`,
      file,
      code: imports(expected.tags),
      rule: BOUNDARY,
      id: TAGS,
      row,
    });
  if (expected.banned) {
    cases.push({
      name: `${row} may not import ${expected.banned}`,
      file,
      code: imports(expected.banned),
      rule: BOUNDARY,
      id: BANNED,
      row,
    });
  }
  return cases;
}

const contextRows = ['directory', 'partnerships', 'pledges', 'stewardship', 'notifications'].flatMap((context, index, all) =>
  rowCases(`scope:${context}`, `libs/${context}/src/x.ts`, {
    tags: `@concord/${all[(index + 1) % all.length]}`,
    banned: 'socket.io-client',
    allowed: ['@concord/platform'],
  }),
);

const dependencyTable: Expectation[] = [
  ...rowCases('type:kernel', 'libs/kernel/src/x.ts', { tags: '@concord/platform', banned: 'typeorm', allowed: ['zod'] }),
  ...rowCases('type:contracts', 'libs/contracts/src/x.ts', {
    tags: '@concord/platform',
    banned: '@nestjs/common',
    allowed: ['@concord/kernel', 'zod'],
  }),
  ...rowCases('type:access', 'libs/access/src/x.ts', {
    tags: '@concord/platform',
    banned: 'pg',
    allowed: ['@concord/kernel', '@concord/contracts'],
  }),
  ...rowCases('type:platform', 'libs/platform/src/x.ts', {
    tags: '@concord/contracts',
    banned: 'socket.io',
    allowed: ['@concord/kernel', 'pg', 'typeorm'],
  }),
  ...rowCases('type:context', 'libs/pledges/src/x.ts', {
    tags: '@concord/testing',
    banned: 'pg',
    allowed: ['@concord/kernel', '@concord/contracts', '@concord/access', '@concord/platform', '@nestjs/cqrs', 'typeorm'],
  }),
  ...rowCases('type:context', 'libs/pledges/src/x.spec.ts', {
    tags: '@concord/client',
    allowed: ['@concord/testing', 'fast-check'],
  }),
  ...rowCases('type:client', 'libs/client/src/x.ts', {
    tags: '@concord/platform',
    banned: '@nestjs/common',
    allowed: ['@concord/contracts', 'socket.io-client'],
  }),
  ...rowCases('type:client', 'libs/story/src/x.ts', {
    tags: '@concord/testing',
    allowed: ['@concord/client', '@concord/contracts'],
  }),
  ...rowCases('type:app', 'apps/standalone/src/x.ts', {
    tags: '@concord/testing',
    allowed: ['@concord/access', '@concord/pledges', '@concord/gateway', '@concord/platform', '@concord/story'],
  }),
  ...rowCases('type:app" and "scope:cli', 'apps/cli/src/x.ts', {
    tags: '@concord/platform',
    allowed: ['@concord/client', '@concord/story', 'commander'],
  }),
  ...rowCases('type:testing', 'libs/testing/src/x.ts', {
    tags: '@concord/access',
    allowed: ['@concord/kernel', '@concord/contracts', '@concord/platform'],
  }),
  ...rowCases('type:test', 'test/x.ts', {
    banned: 'socket.io',
    allowed: ['@concord/testing', '@concord/client', '@concord/pledges'],
  }),
  ...rowCases('scope:shared', 'libs/platform/src/x.ts', { tags: '@concord/pledges', allowed: ['@concord/kernel'] }),
  ...contextRows,
  ...rowCases('scope:gateway', 'libs/gateway/src/x.ts', { tags: '@concord/pledges', allowed: ['@concord/contracts', 'socket.io'] }),
  ...rowCases('scope:pledges', 'apps/pledges/src/x.ts', {
    tags: '@concord/stewardship',
    allowed: ['@concord/pledges', '@concord/platform/serve', '@concord/access', '@concord/contracts'],
  }),
  ...rowCases('type:app', 'apps/gateway/src/x.ts', {
    tags: '@concord/testing',
    allowed: ['@concord/pledges', '@concord/gateway', '@concord/platform/serve', '@fastify/http-proxy'],
  }),
  ...rowCases('type:app', 'apps/standalone/src/x.ts', { allowed: ['@concord/web'] }),
  ...rowCases('type:web', 'apps/web/src/x.ts', {
    tags: '@concord/platform',
    banned: '@nestjs/common',
    allowed: ['@concord/client', '@concord/contracts', 'fastify', 'react-router'],
  }),
  ...rowCases('scope:web', 'apps/web/app/x.ts', { tags: '@concord/pledges', allowed: ['@concord/client'] }),
  ...rowCases('scope:cli', 'apps/cli/src/x.ts', { tags: '@concord/pledges', allowed: ['@concord/client'] }),
];

const DOMAIN = 'libs/pledges/src/domain/x.ts';
const SLICE = 'libs/pledges/src/x.ts';
const SPEC = 'libs/pledges/src/x.spec.ts';
const REAL_FILE = 'libs/kernel/src/event.ts';
const SKIPPED = 'No focused, skipped or empty specs';
const SLEEP = 'Specs do not sleep';

const forbidden = (rule: string, file: string, codes: readonly string[], more: Partial<Expectation> = {}): Expectation[] =>
  codes.map((code) => ({ name: `${file}: ${code.split('\n')[0]}`, file, code, rule, ...more }));
const allowed = (file: string, codes: readonly string[], more: Partial<Expectation> = {}): Expectation[] =>
  codes.map((code) => ({ name: `${file}: ${code.split('\n')[0]}`, file, code, ...more }));

const fileRules: Expectation[] = [
  ...['kernel', 'contracts', 'access', 'client', 'story'].flatMap((lib) =>
    forbidden('no-restricted-imports', `libs/${lib}/src/x.ts`, [imports('node:fs'), imports('crypto'), imports('fs/promises')]),
  ),
  ...allowed('libs/platform/src/x.ts', [imports('node:fs')]),

  ...forbidden('no-restricted-imports', DOMAIN, [imports('@concord/access'), imports('../make-pledge.js'), imports('node:crypto')]),
  ...allowed(DOMAIN, [imports('@concord/kernel'), imports('@concord/contracts'), imports('./line.js')]),
  ...forbidden('no-restricted-globals', DOMAIN, [
    'export const now = new Date();',
    'export const now = Date.now();',
    'export const id = crypto.randomUUID();',
    'export const where = process.cwd();',
  ]),
  ...forbidden('no-restricted-syntax', DOMAIN, [
    'export const dice = Math.random();',
    'export async function decide() {}',
    'export const decide = async () => 1;',
    'await decide();\nexport declare function decide(): Promise<void>;',
  ]),
  ...allowed(DOMAIN, ['export const half = (whole: number) => Math.floor(whole / 2);']),
  ...allowed('libs/pledges/src/domain/x.spec.ts', [imports('@concord/testing'), 'export const now = new Date(0);']),
  ...allowed(SLICE, ['export async function handle() {}', 'export const now = new Date();']),

  ...forbidden('no-restricted-syntax', SLICE, [
    'export const port = process.env.PORT;',
    'const { env } = process;\nexport const port = env.PORT;',
  ]),
  ...forbidden('no-restricted-syntax', 'apps/standalone/src/x.ts', ['export const port = process.env["PORT"];']),
  ...forbidden('no-restricted-syntax', 'libs/platform/src/postgres.ts', ['export const port = process.env.PORT;']),
  ...forbidden('no-restricted-imports', SLICE, [`import { env } from 'node:process';\nexport const port = env.PORT;`]),
  ...allowed('libs/platform/src/config.ts', ['export const port = process.env.PORT;']),

  ...forbidden('no-empty', SLICE, ['try { go(); } catch {}\nexport declare function go(): void;']),
  ...allowed(SLICE, [
    'try { go(); } catch (cause) { throw new Error("cannot go", { cause }); }\nexport declare function go(): void;',
  ]),
  ...forbidden('@typescript-eslint/only-throw-error', REAL_FILE, ['throw "no";'], { typed: true }),
  ...allowed(REAL_FILE, ['throw new Error("no");'], { typed: true }),
  ...forbidden('@typescript-eslint/no-floating-promises', REAL_FILE, ['declare function go(): Promise<void>;\ngo();'], {
    typed: true,
  }),
  ...allowed(REAL_FILE, ['declare function go(): Promise<void>;\nawait go();'], { typed: true }),
  ...forbidden(BOUNDARY, REAL_FILE, [imports('@concord/platform')], { typed: true, id: 'noCircularDependencies' }),
  ...forbidden(BOUNDARY, SLICE, [imports('../../stewardship/src/index.js')], { id: 'noRelativeOrAbsoluteImportsAcrossLibraries' }),
  ...forbidden(BOUNDARY, 'test/x.ts', [imports('../apps/standalone/src/main.js')], {
    id: 'noRelativeOrAbsoluteImportsAcrossLibraries',
  }),
  ...forbidden(BOUNDARY, SLICE, [imports('fast-uri')], { id: 'noTransitiveDependencies' }),

  ...forbidden('no-console', SLICE, ['console.log("here");']),
  ...allowed('apps/cli/src/x.ts', ['console.log("here");']),
  ...forbidden('max-lines', SLICE, ['export {};\n'.repeat(300)]),
  ...allowed(SLICE, ['export {};\n'.repeat(299).trimEnd()]),
  ...forbidden('max-lines-per-function', SLICE, [
    `export function long() {\n${'  go();\n'.repeat(69)}}\ndeclare function go(): void;`,
  ]),
  ...allowed(SLICE, [`export function long() {\n${'  go();\n'.repeat(68)}}\ndeclare function go(): void;`]),

  ...forbidden(
    'no-restricted-syntax',
    SPEC,
    [
      'it.only("x", () => {});',
      'describe.skip("x", () => {});',
      'it.todo("x");',
      'it.only.each([1])("x", () => {});',
      'xit("x", () => {});',
    ],
    { row: SKIPPED },
  ),
  ...forbidden('no-restricted-syntax', SPEC, ['setTimeout(() => {}, 10);', 'globalThis.setTimeout(() => {}, 10);'], { row: SLEEP }),
  ...forbidden('no-restricted-imports', SPEC, [imports('node:timers/promises')], { row: SLEEP }),
  ...allowed(SPEC, ['it.each([1])("x", () => {});', 'it("x", () => {});', 'import.meta.jest.setTimeout(30_000);']),
];

const cases = [...dependencyTable, ...fileRules];
let rows: readonly Row[] = [];
let broken: readonly (readonly Broken[])[] = [];

beforeAll(() => {
  const root = resolve(import.meta.dirname, '../..');
  const input = JSON.stringify(cases.map(({ file, code, typed }): Snippet => ({ file, code, ...(typed && { typed }) })));
  const linted = spawnSync(process.execPath, ['test/architecture/lint-snippets.mjs'], {
    cwd: root,
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 24,
  });
  if (linted.status !== 0) throw new Error(`the snippets could not be linted:\n${linted.stderr}`);
  ({ rows, broken } = JSON.parse(linted.stdout) as { rows: Row[]; broken: Broken[][] });
}, 60_000);

describe('dependency rules', () => {
  it.each(cases.map((expected, index) => ({ ...expected, index, kind: expected.rule ? 'forbidden' : 'allowed' })))(
    '$kind: $name',
    ({ index, rule, id, row }) => {
      const found = broken[index] ?? [];
      if (!rule) {
        expect(found).toEqual([]);
        return;
      }
      expect(new Set(found.map((one) => one.rule))).toEqual(new Set([rule]));
      if (id) expect(found.map((one) => one.id)).toEqual([id]);
      if (row) expect(found[0]?.message).toContain(row);
    },
  );

  it('has a forbidden example for every row of the table', () => {
    expect(rows.length).toBeGreaterThan(10);
    const covered = new Set(dependencyTable.map(({ row, id }) => `${row} ${id}`));
    const wanted = rows.flatMap((row) => {
      const name = row.sourceTag ?? row.allSourceTags?.join('" and "');
      const parts = [];
      if (row.onlyDependOnLibsWithTags) parts.push(`${name} ${TAGS}`);
      if (row.bannedExternalImports ?? row.allowedExternalImports) parts.push(`${name} ${BANNED}`);
      return parts;
    });
    expect(wanted.filter((part) => !covered.has(part))).toEqual([]);
  });
});
