import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { closePairs, contrast, looseColours, physicalDeclarations, themesOf } from './check.js';

const css = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8');
const sheets = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.css'));
const { light, dark } = themesOf(css('tokens.css'));

it.each([
  ['light', light],
  ['dark', dark],
])('keeps enough contrast in the %s theme', (_name, theme) => {
  expect(closePairs(theme)).toEqual([]);
});

it('measures contrast as WCAG does, and reports a pair that is too close', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  expect(closePairs({ text: '#777777', paper: '#ffffff' }, [['text', 'paper', 4.5]])).toHaveLength(1);
  expect(closePairs({}, [['text', 'paper', 4.5]])).toHaveLength(1);
});

it.each(sheets)('knows no left and right in %s', (name) => {
  expect(physicalDeclarations(css(name))).toEqual([]);
});

it('reports left and right', () => {
  const bad = [
    'a { margin-left: 1px; }',
    'a { text-align: right; }',
    'a {\n  left: 0;\n}',
    'a { float: left; }',
    'a { border-top-left-radius: 1px; }',
  ];
  for (const one of bad) expect([one, physicalDeclarations(one).length]).toEqual([one, 1]);
  expect(physicalDeclarations('a { margin-inline-start: 1px; text-align: start; inset-inline-end: 0; }')).toEqual([]);
});

it.each(sheets.filter((name) => name !== 'tokens.css'))('takes colours from the tokens only in %s', (name) => {
  expect(looseColours(css(name))).toEqual([]);
  expect(looseColours('a { color: #123456; }')).toHaveLength(1);
});

it('has no style attribute in any component: the content policy would drop it', () => {
  const app = resolve(import.meta.dirname, '..');
  const styled = readdirSync(app, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.tsx'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((file) => /\bstyle=\{/u.test(readFileSync(file, 'utf8')));
  expect(styled).toEqual([]);
});
