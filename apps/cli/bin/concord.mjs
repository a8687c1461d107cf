#!/usr/bin/env node
// A file that exists before the first build, so that npm can link the command.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const main = join(import.meta.dirname, '../dist/main.js');
if (existsSync(main)) await import(pathToFileURL(main).href);
else {
  process.stderr.write('concord is not built yet: run npm run build first (npm start builds too).\n');
  process.exitCode = 2;
}
