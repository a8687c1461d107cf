import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { textFaults } from '../../infra/scripts/check-texts.mjs';

const APP = resolve(import.meta.dirname, '../../apps/web/app');
let copy: string;

beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'concord-texts-'));
  cpSync(APP, copy, { recursive: true });
});

afterEach(() => rmSync(copy, { recursive: true, force: true }));

/** Changes the texts of one language and namespace in the copy. */
function change(file: string, edit: (texts: Record<string, unknown>) => void): void {
  const path = join(copy, 'locales', file);
  const texts = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  edit(texts);
  writeFileSync(path, JSON.stringify(texts));
}

it('finds nothing wrong with the texts as they are', async () => {
  expect(await textFaults(copy)).toEqual([]);
});

it('fails the build when one language lacks one key', async () => {
  change('ar/site.json', (texts) => delete texts['skip']);
  expect(await textFaults(copy)).toEqual(['ar: site:skip is missing']);
});

it('fails the build when a language lacks a plural form', async () => {
  change('ru/needs.json', (texts) => delete (texts['list'] as Record<string, unknown>)['count_few']);
  expect(await textFaults(copy)).toEqual(['ru: needs:list.count lacks the plural few']);
});

it('fails the build when a file of texts is broken', async () => {
  writeFileSync(join(copy, 'locales/es/site.json'), '{');
  expect(await textFaults(copy)).toEqual([expect.stringContaining('es/site.json cannot be read')]);
});

it('is what the build of the front end runs first', () => {
  const build = readFileSync(resolve(APP, '../../../infra/scripts/build.mjs'), 'utf8');
  expect(build).toMatch(/await textFaults\(join\(root, folder, 'app'\)\)/u);
});
