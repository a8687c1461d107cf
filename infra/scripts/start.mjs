// `npm start`: installs what is missing, builds what is stale, then becomes the standalone app. The app runs in this very
// process, so that a signal reaches it and nothing stays behind.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installWhatIsMissing, root } from './install.mjs';

try {
  installWhatIsMissing();
  const { build } = await import('./build.mjs');
  await build();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
process.env.NODE_ENV ??= 'production';
await import(pathToFileURL(join(root, 'dist/standalone/main.js')).href);
