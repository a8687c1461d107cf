import { reactRouter } from '@react-router/dev/vite';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** The script that keeps pages of signed-in readers live: no part of any route, so it is an entry of its own. */
function liveScript() {
  let server = false;
  return {
    name: 'concord-live-script',
    configResolved: ({ build }) => void (server = Boolean(build.ssr)),
    buildStart() {
      if (!server)
        this.emitFile({ type: 'chunk', id: fileURLToPath(new URL('app/live/live.ts', import.meta.url)), name: 'live-script' });
    },
  };
}

// The server bundle holds React and the router themselves, in their production form: how the process is started cannot change that.
export default defineConfig({
  plugins: [reactRouter(), liveScript()],
  define: { 'process.env.NODE_ENV': '"production"' },
  resolve: { conditions: ['@concord/source', 'module', 'browser', 'development|production'] },
  ssr: { noExternal: true, resolve: { conditions: ['@concord/source', 'module', 'node', 'development|production'] } },
  build: { assetsInlineLimit: 0, reportCompressedSize: false, modulePreload: { polyfill: false } },
  logLevel: 'warn',
});
