// Jest loads a global setup outside its own module system, where TypeScript sources cannot import each other. So it builds what
// is stale (the e2e specs start the built apps anyhow) and runs libs/testing/src/global-setup.ts from its output. That file's
// default export may return a function, which then is the teardown.
import { build } from '../scripts/build.mjs';
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';

const file = resolve(import.meta.dirname, '../../libs/testing/dist/global-setup.js');

export default async function setUp(globalConfig, projectConfig) {
  // Jest calls a setup once per distinct file, but a second selected project must never start a second database.
  if (globalThis.concordTearDown) return;
  // Every other spec can run beside pages that do not build at the moment; theirs fail by themselves, and `npm test` builds first.
  await build().catch((error) => process.stderr.write(`${error.message}\n`));
  if (!existsSync(file)) return;
  const module = await import(pathToFileURL(file).href);
  globalThis.concordTearDown = (await module.default(globalConfig, projectConfig)) ?? (async () => {});
}
