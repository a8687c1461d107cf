// Says what is wrong with the texts of the web front end: a key that a language lacks, a plural form it needs, a placeholder it
// forgot, a key that pages use and nobody wrote. Run `node infra/scripts/check-texts.mjs [app folder]`; the build of apps/web runs it
// too and fails with it. The rules are those of app/locales/check.ts.
import { transformFile } from '@swc/core';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(import.meta.dirname, '../..');
/** The rules come from here, whichever folder is checked. */
const RULES = join(root, 'apps/web/app/locales/check.ts');

/** Loads the rules: a pure module, so its JavaScript can be run as it comes from the compiler. */
async function rules() {
  const { code } = await transformFile(RULES, { configFile: join(root, '.swcrc'), swcrc: false, sourceMaps: false });
  return import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);
}

/** Faults of the texts below an `app` folder, one line each. A text that no page uses yet is none: the specs find it. */
export async function textFaults(app = join(root, 'apps/web/app')) {
  const folder = join(app, 'locales');
  const locales = {};
  for (const entry of readdirSync(folder, { withFileTypes: true }).filter((one) => one.isDirectory())) {
    locales[entry.name] = {};
    for (const file of readdirSync(join(folder, entry.name))) {
      try {
        locales[entry.name][file.replace(/\.json$/u, '')] = JSON.parse(readFileSync(join(folder, entry.name, file), 'utf8'));
      } catch (error) {
        return [`${entry.name}/${file} cannot be read: ${error.message}`];
      }
    }
  }
  const sources = readdirSync(app, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/u.test(entry.name) && !entry.name.endsWith('.spec.ts'))
    .map((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name), 'utf8'));
  const { localeFaults } = await rules();
  return localeFaults(locales, sources).filter((fault) => !fault.endsWith('is not used'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const faults = await textFaults(process.argv[2]);
  process.stderr.write(faults.length === 0 ? 'The texts are complete.\n' : `${faults.join('\n')}\n`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
