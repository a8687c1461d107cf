import type { Listed } from '../../api.js';
import type { Visit } from '../../server/visit.server.js';
import type { Organisation } from './own.server.js';

const SHOWN = 5;
const ASKED = 50;

/** Lower case, without accents and marks, in words: how the directory compares names. */
const wordsOf = (text: string): string[] =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length > 1);

/** Share of the words of two names that both have, 0 to 1. */
export function likeness(one: string, other: string): number {
  const [a, b] = [new Set(wordsOf(one)), new Set(wordsOf(other))];
  if (a.size === 0 || b.size === 0) return 0;
  const both = [...a].filter((word) => b.has(word)).length;
  return both / Math.max(a.size, b.size);
}

/** Organisations that may be the one somebody is about to register: the same identifier, or about the same name. */
export async function similarTo(visit: Visit, name: string, identifier: string | undefined): Promise<Organisation[]> {
  const longest = [...wordsOf(name)].sort((a, b) => b.length - a.length)[0];
  const queries = [...new Set([name.slice(0, 200), ...(longest === undefined ? [] : [longest])])];
  const pages = await Promise.all(
    queries.map((q) => visit.api.get<Listed<Organisation>>('/organisations', { query: { q, limit: ASKED } })),
  );
  const found = new Map(pages.flatMap(({ body }) => body.items).map((one) => [one.id, one]));
  const scored = [...found.values()].map((one) => {
    const same = identifier !== undefined && one.identifier === identifier;
    return { one, score: same ? 2 : Math.max(likeness(one.name, name), likeness(one.acronym ?? '', name)) };
  });
  return scored
    .filter(({ score }) => score >= 0.6)
    .sort((a, b) => b.score - a.score)
    .slice(0, SHOWN)
    .map(({ one }) => one);
}
