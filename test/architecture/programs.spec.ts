import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { bareImports, isNameless } from './programs.js';

const DIST = resolve(import.meta.dirname, '../../dist');
const files = readdirSync(DIST, { recursive: true, encoding: 'utf8' }).map((file) => join(DIST, file));

describe('the programs', () => {
  it('import nothing but Node and what stays outside of them', () => {
    const programs = files.filter((file) => file.endsWith('.js'));
    expect(programs).toContain(join(DIST, 'pledges/main.js'));
    const imported = new Set(programs.flatMap((file) => bareImports(readFileSync(file, 'utf8'))));
    expect([...imported].filter((name) => !isBuiltin(name)).sort()).toEqual([
      '@concord/web',
      '@node-rs/argon2',
      'reflect-metadata',
    ]);
  });

  it('are told apart from one that imports a package', () => {
    expect(bareImports(`import{a as b}from"left-pad";\nimport "./own.js";\nimport * as x from 'node:fs';`)).toEqual([
      'left-pad',
      'node:fs',
    ]);
  });

  it('have no part that is imported later and lost its names: CommonJS as a file of its own has a default only', () => {
    const nameless = files.filter((file) => file.endsWith('.js') && isNameless(readFileSync(file, 'utf8')));
    // NestJS takes the default of this one, and only where CORS is switched on.
    expect(nameless.map((file) => basename(file).replace(/-\w+\.js$/u, ''))).toEqual(['cors']);
    expect(isNameless('var require_x = 1;\nexport default require_x();\n//# sourceMappingURL=x.js.map\n')).toBe(true);
    expect(isNameless('export default require_x();\nexport { a };\n')).toBe(false);
  });

  it('have maps to our own sources, and to nothing else', () => {
    const maps = files.filter((file) => file.endsWith('.map'));
    const sources = maps.flatMap((file) => {
      const { sources: own } = JSON.parse(readFileSync(file, 'utf8')) as { sources: string[] };
      return own.filter((source) => source !== '').map((source) => resolve(dirname(file), source));
    });
    expect(sources.filter((source) => !existsSync(source) || source.includes('node_modules'))).toEqual([]);
    expect(sources.some((source) => source.endsWith('libs/platform/src/platform.ts'))).toBe(true);
  });
});
