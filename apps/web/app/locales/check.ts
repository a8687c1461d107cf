/** Texts of one language and namespace: nested groups of strings. */
export interface Texts {
  readonly [key: string]: string | Texts;
}

/** Texts by language, then by namespace. */
export type Locales = Readonly<Record<string, Readonly<Record<string, Texts>>>>;

const FORMS = /_(zero|one|two|few|many|other)$/u;
const PLACE = /\{\{(\w+)\}\}/gu;

/** Every key of some texts, `namespace:path.to.key`, with its text. */
export function flat(namespace: string, texts: Texts, path = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(texts)) {
    const here = path === '' ? key : `${path}.${key}`;
    if (typeof value === 'string') found.set(`${namespace}:${here}`, value);
    else for (const [name, text] of flat(namespace, value, here)) found.set(name, text);
  }
  return found;
}

const allOf = (namespaces: Readonly<Record<string, Texts>>): Map<string, string> =>
  new Map(Object.entries(namespaces).flatMap(([name, texts]) => [...flat(name, texts)]));

/** Keys without their plural forms; a key is plural when it ends in a form and has at least the form `other`. */
function stems(keys: ReadonlyMap<string, string>): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const key of keys.keys()) {
    const form = FORMS.exec(key)?.[1];
    const stem = key.replace(FORMS, '');
    const plural = form !== undefined && keys.has(`${stem}_other`);
    const name = plural ? stem : key;
    found.set(name, [...(found.get(name) ?? []), ...(plural ? [form] : [])]);
  }
  return found;
}

const placesOf = (text: string): string => [...new Set([...text.matchAll(PLACE)].map(([, name = '']) => name))].sort().join();

/** Keys, or beginnings of keys, that sources name: every string or template that starts with a known namespace and a colon. */
export function usesOf(sources: readonly string[], namespaces: readonly string[]): { keys: Set<string>; beginnings: Set<string> } {
  const keys = new Set<string>();
  const beginnings = new Set<string>();
  const pattern = new RegExp(`(['"\`])((?:${namespaces.join('|')}):[A-Za-z0-9_.]*)(\\1|\\$\\{)`, 'gu');
  for (const source of sources) {
    for (const [, , name = '', end] of source.matchAll(pattern)) (end === '${' ? beginnings : keys).add(name);
  }
  return { keys, beginnings };
}

/** Everything wrong with the texts: missing, extra, empty and unused keys, missing plural forms, other placeholders than English has. */
export function localeFaults(locales: Locales, sources: readonly string[]): string[] {
  const english = allOf(locales['en'] ?? {});
  const wanted = stems(english);
  const faults: string[] = [];
  for (const [locale, namespaces] of Object.entries(locales)) {
    const texts = allOf(namespaces);
    const found = stems(texts);
    const forms = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
    for (const [key, given] of found) {
      if (!wanted.has(key)) faults.push(`${locale}: ${key} is not in English`);
      const missing = given.length === 0 ? [] : forms.filter((form) => !given.includes(form));
      if (missing.length > 0) faults.push(`${locale}: ${key} lacks the plural ${missing.join(', ')}`);
    }
    for (const key of wanted.keys()) if (!found.has(key)) faults.push(`${locale}: ${key} is missing`);
    for (const [key, text] of texts) {
      if (text.trim() === '') faults.push(`${locale}: ${key} is empty`);
      const other = english.get(key);
      // A plural form may leave its number out ("two hours").
      if (other !== undefined && !FORMS.test(key) && placesOf(text) !== placesOf(other))
        faults.push(`${locale}: ${key} has other placeholders than English`);
    }
  }
  return [...faults, ...usageFaults(locales, wanted, sources)];
}

function usageFaults(locales: Locales, wanted: ReadonlyMap<string, string[]>, sources: readonly string[]): string[] {
  const { keys, beginnings } = usesOf(sources, Object.keys(locales['en'] ?? {}));
  const missing = [...keys].filter((key) => !wanted.has(key)).map((key) => `${key} is used and has no text`);
  const started = [...beginnings]
    .filter((start) => ![...wanted.keys()].some((key) => key.startsWith(start)))
    .map((start) => `${start}… is used and has no texts`);
  const unused = [...wanted.keys()].filter((key) => !keys.has(key) && ![...beginnings].some((start) => key.startsWith(start)));
  return [...missing, ...started, ...unused.map((key) => `${key} is not used`)];
}
