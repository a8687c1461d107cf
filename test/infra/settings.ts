import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ServiceSettings } from '@concord/platform/serve';
import { parse } from 'yaml';

const root = resolve(import.meta.dirname, '../..');

/** Apps that are one context as a service; the names of their settings are those of every service and their own. */
export const SERVICES = ['directory', 'partnerships', 'pledges', 'stewardship', 'notifications', 'gateway'] as const;

/** Names of settings that a file declares with zod. */
function declared(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(/^\s*([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+): /gmu)].map(([, name]) => name!);
}

/**
 * Names of the settings that an app knows, from its sources: a `main.ts` cannot be imported without starting it. Every name may also
 * be given as NAME_FILE.
 */
export function settingNames(app: string): ReadonlySet<string> {
  const folder = join(root, 'apps', app, 'src');
  if (!existsSync(folder)) throw new Error(`there is no app ${app}`);
  const own = readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .flatMap((file) => declared(join(folder, file)));
  const all = (SERVICES as readonly string[]).includes(app) ? [...Object.keys(ServiceSettings.shape), ...own] : own;
  return new Set(all.flatMap((name) => [name, `${name}_FILE`]));
}

/** Names that an app does not know, and pairs of NAME and NAME_FILE, which it would refuse. */
export function unknownSettings(app: string, given: readonly string[]): string[] {
  const known = settingNames(app);
  return [
    ...given.filter((name) => !known.has(name)).map((name) => `${app} has no setting ${name}`),
    ...given.filter((name) => given.includes(`${name}_FILE`)).map((name) => `${app} is given ${name} twice`),
  ];
}

/** The app that a command like `dist/pledges/main.js` or `apps/web/bin/web.mjs` starts, and whether there is such a program. */
export function appOf(command: string): { readonly app: string; readonly there: boolean } {
  const [, app, name] = /^dist\/([a-z]+)\/(main|backup|migrate|verify)\.js$/u.exec(command) ?? [];
  if (app !== undefined) return { app, there: existsSync(join(root, 'apps', app, 'src', `${name}.ts`)) };
  const [, pages = ''] = /^apps\/([a-z]+)\/bin\/[a-z-]+\.mjs$/u.exec(command) ?? [];
  return { app: pages, there: pages !== '' && existsSync(join(root, command)) };
}

/** A YAML file of the repository, anchors and merges resolved. */
export const yamlFile = (path: string): unknown => parse(readFileSync(join(root, path), 'utf8'), { merge: true });
