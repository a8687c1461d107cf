import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../../../..');
/** Libraries whose refusals no reader of Concord meets. */
const ELSEWHERE = ['testing', 'client', 'story'];

const firsts = (source: string, pattern: RegExp): string[] => [...source.matchAll(pattern)].map(([, code = '']) => code);

/** Codes that a source can answer with: refusals of a domain, of the edge, and of unique columns. */
function codesIn(source: string): string[] {
  const unique = firsts(source, /\bunique: (\{(?:[^{}]|\{[^{}]*\})*\})/gu);
  return [
    ...firsts(source, /new Refused\(\s*'([a-z_]+)'/gu),
    ...firsts(source, /new EdgeProblem\(\s*\d+,\s*'([a-z_]+)'/gu),
    ...unique.flatMap((table) => firsts(table, /\bcode: '([a-z_]+)'/gu)),
  ];
}

/** Codes of the table that turns errors into problems. */
const codesOfEdge = (source: string): string[] => [
  ...firsts(source, /\bcode: '([a-z_]+)'/gu),
  ...firsts(source, /\b\d{3}: \['([a-z_]+)'/gu),
  ...firsts(source, /\?\? '([a-z_]+)'\)\.toLowerCase/gu),
];

function answered(): string[] {
  const found = new Set(codesOfEdge(readFileSync(join(ROOT, 'libs/platform/src/edge/problem.ts'), 'utf8')));
  for (const lib of readdirSync(join(ROOT, 'libs')).filter((name) => !ELSEWHERE.includes(name))) {
    for (const entry of readdirSync(join(ROOT, 'libs', lib, 'src'), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !entry.name.endsWith('.ts') || entry.name.endsWith('.spec.ts')) continue;
      for (const code of codesIn(readFileSync(join(entry.parentPath ?? entry.path, entry.name), 'utf8'))) found.add(code);
    }
  }
  return [...found].sort();
}

const told = Object.keys(JSON.parse(readFileSync(join(import.meta.dirname, 'en/problems.json'), 'utf8')) as object).sort();

it('has words for every code that the API can answer with, and for no other', () => {
  const codes = answered();
  expect(codes.length).toBeGreaterThan(80);
  expect(codes.filter((code) => !told.includes(code))).toEqual([]);
  expect(told.filter((code) => !codes.includes(code))).toEqual([]);
});

it('finds codes however they are written', () => {
  expect(codesIn("throw new Refused(\n  'line_full',\n  'text')")).toEqual(['line_full']);
  expect(codesIn("new EdgeProblem(400, 'invalid', 'x')")).toEqual(['invalid']);
  expect(codesIn("unique: {\n  one: {\n code: 'email_taken', message: 'x' },\n}")).toEqual(['email_taken']);
  expect(codesIn("const why = { code: 'cracked' }")).toEqual([]);
  expect(codesOfEdge("404: ['not_found', 'x'] … [(code ?? 'bad_request').toLowerCase()]")).toEqual(['not_found', 'bad_request']);
});
