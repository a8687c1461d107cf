#!/usr/bin/env node
// The pages as a process of their own: CONCORD_API names the gateway, CONCORD_WEB_SECRET encrypts the session cookies.
import { serve } from '../dist/main.js';

try {
  const running = await serve(process.env);
  process.stdout.write(`Concord's pages are ready at ${running.url}\n`);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void running.close().then(() => process.exit(0)));
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
