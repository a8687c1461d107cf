import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

// The structural rules as pure functions over a tree of files, so that tidy.spec.ts can show each of them a tree that breaks it.

/** Path, relative to the root and with forward slashes, to text; undefined text for files nobody needs to read. */
export type Tree = ReadonlyMap<string, string>;

const SKIPPED = new Set(['node_modules', 'dist', 'build', '.git', '.nx', '.concord', 'coverage', 'tmp', 'test-output']);

/** Reads the files of a folder whose text the rules ask for; other files are present with an empty text. */
export function readTree(root: string): Tree {
  const tree = new Map<string, string>();
  const visit = (folder: string) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      if (SKIPPED.has(entry.name)) continue;
      const path = posix.join(folder, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (entry.isFile())
        tree.set(path, /\.(tsx?|md)$|(^|\/)package\.json$/u.test(path) ? readFileSync(join(root, path), 'utf8') : '');
    }
  };
  visit('');
  if (!existsSync(join(root, 'package.json'))) throw new Error(`${root} is not the root of the repository`);
  return tree;
}

const BANNED_WORDS = [
  'common',
  'shared',
  'util',
  'utils',
  'helper',
  'helpers',
  'manager',
  'managers',
  'processor',
  'base',
  'impl',
  'data',
  'info',
  'misc',
];
const isSource = (path: string) => /^(libs|apps)\/.+\.tsx?$/u.test(path);
const words = (name: string) =>
  name
    .replace(/([a-z0-9])([A-Z])/gu, '$1-$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/u);

/** Names that say nothing, in folders, files and classes of libs and apps; and interfaces named for being interfaces. */
export function emptyNames(tree: Tree): string[] {
  const faults: string[] = [];
  for (const [path, text] of tree) {
    if (!isSource(path)) continue;
    const bad = words(path).find((word) => BANNED_WORDS.includes(word));
    if (bad) faults.push(`${path}: "${bad}" in the path`);
    for (const [, kind, name = ''] of text.matchAll(/\b(class|interface)\s+([A-Za-z0-9_]+)/gu)) {
      const badWord = words(name).find((word) => BANNED_WORDS.includes(word));
      if (badWord) faults.push(`${path}: "${badWord}" in ${name}`);
      if (kind === 'interface' && /^I[A-Z][a-z]/u.test(name)) faults.push(`${path}: interface ${name} is named for being one`);
    }
  }
  return faults;
}

/** Files whose names are not kebab-case, or carry a suffix other than those of style. */
export function oddFileNames(tree: Tree): string[] {
  const shape = /^[a-z0-9]+(-[a-z0-9]+)*(\.service|\.server|\.client|(\.int|\.e2e)?\.spec)?\.tsx?$/u;
  return [...tree.keys()].filter((path) => isSource(path) && !shape.test(posix.basename(path)));
}

/** Libs without a README of their own. */
export function libsWithoutReadme(tree: Tree): string[] {
  const libs = new Set([...tree.keys()].map((path) => /^libs\/[^/]+/u.exec(path)?.[0]).filter((lib) => lib !== undefined));
  return [...libs].filter((lib) => !tree.get(`${lib}/README.md`)?.trim());
}

const withoutCode = (markdown: string) => markdown.replace(/^(```|~~~)[\s\S]*?^\1/gmu, '').replace(/`[^`\n]*`/gu, '');
const anchor = (heading: string) =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/gu, '-');
const headings = (markdown: string, level = '#{1,6}') =>
  [...markdown.replace(/^(```|~~~)[\s\S]*?^\1/gmu, '').matchAll(new RegExp(`^${level} +(.+)$`, 'gmu'))].map(([, title = '']) =>
    title.trim(),
  );

/** Relative links in markdown files whose file or heading does not exist. */
export function brokenLinks(tree: Tree): string[] {
  const folders = new Set(
    [...tree.keys()].flatMap((path) => path.split('/').map((_, index, parts) => parts.slice(0, index).join('/'))),
  );
  const faults: string[] = [];
  for (const [path, text] of tree) {
    if (!path.endsWith('.md')) continue;
    for (const [, link = ''] of withoutCode(text).matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/gu)) {
      if (/^[a-z][a-z0-9+.-]*:/iu.test(link)) continue;
      const [file = '', hash] = decodeURI(link).split('#');
      const target =
        file === ''
          ? path
          : posix.normalize(file.startsWith('/') ? file.slice(1) : posix.join(posix.dirname(path), file)).replace(/\/$/u, '');
      const found = tree.has(target) || folders.has(target === '.' ? '' : target);
      if (!found) faults.push(`${path}: ${link} has no target`);
      else if (hash && target.endsWith('.md') && !headings(tree.get(target) ?? '').some((title) => anchor(title) === hash)) {
        faults.push(`${path}: ${link} names no heading`);
      }
    }
  }
  return faults;
}

/** Decision records whose second-level headings are not those of the first record. */
export function unevenDecisions(tree: Tree): string[] {
  const records = [...tree].filter(([path]) => /^docs\/decisions\/\d[^/]*\.md$/u.test(path)).sort(([a], [b]) => (a < b ? -1 : 1));
  const wanted = headings(records[0]?.[1] ?? '', '##').join(' | ');
  return records
    .filter(([, text]) => headings(text, '##').join(' | ') !== wanted || wanted === '')
    .map(([path]) => `${path}: headings differ from "${wanted}"`);
}

/** Dependencies that are not one exact version (or `*`, for the workspace's own projects). */
export function looseVersions(tree: Tree): string[] {
  const faults: string[] = [];
  for (const [path, text] of tree) {
    if (posix.basename(path) !== 'package.json') continue;
    const manifest = JSON.parse(text) as Record<string, Record<string, string> | undefined>;
    for (const field of ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']) {
      for (const [name, version] of Object.entries(manifest[field] ?? {})) {
        const exact = name.startsWith('@concord/') ? version === '*' : /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/u.test(version);
        if (!exact) faults.push(`${path}: ${name} ${version}`);
      }
    }
  }
  return faults;
}

/** Packages and sources that say another version of the product than the root does. */
export function otherVersions(tree: Tree): string[] {
  const { version } = JSON.parse(tree.get('package.json') ?? '{}') as { version?: string };
  return [...tree].flatMap(([path, text]) => {
    const said =
      posix.basename(path) === 'package.json'
        ? [(JSON.parse(text) as { version?: string }).version]
        : isSource(path) && !path.endsWith('.spec.ts')
          ? [...text.matchAll(/\bversion\b\s*[:=]\s*'(\d[^']*)'/giu)].map(([, one]) => one)
          : [];
    return said.filter((one) => one !== version).map((one) => `${path}: ${one}, and the product is ${version}`);
  });
}

const VALUE_IMPORT = /^\s*(?:import|export)\s+(?!type\b)(?:[^'";]*?\bfrom\s+)?'(\.{1,2}\/[^']+)'/gmu;

/** Cycles of value imports among the files of one project; type imports vanish and cannot harm. */
export function importCycles(tree: Tree): string[] {
  const sources = [...tree].filter(([path]) => isSource(path) && !path.endsWith('.spec.ts'));
  const edges = new Map(
    sources.map(([path, text]) => {
      const targets = [...text.matchAll(VALUE_IMPORT)].map(([, target = '']) =>
        posix.join(dirname(path), target).replace(/\.js$/u, '.ts'),
      );
      return [path, targets.filter((target) => tree.has(target))] as const;
    }),
  );
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]) => {
    const start = trail.indexOf(path);
    if (start >= 0) cycles.push([...trail.slice(start), path].join(' -> '));
    if (start >= 0 || done.has(path)) return;
    for (const target of edges.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  return cycles;
}

/** Projects that carry no `type:` and `scope:` tag: the dependency table says nothing of them. */
export function untaggedProjects(tree: Tree): string[] {
  return [...tree]
    .filter(([path]) => /^(libs|apps)\/[^/]+\/package\.json$/u.test(path))
    .filter(([, text]) => {
      const tags = (JSON.parse(text) as { nx?: { tags?: string[] } }).nx?.tags ?? [];
      return !tags.some((tag) => tag.startsWith('type:')) || !tags.some((tag) => tag.startsWith('scope:'));
    })
    .map(([path]) => path);
}
