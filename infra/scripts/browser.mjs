// The browser of the tests: finds Chromium, or installs it with the package manager where that is possible.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

// The one without a window draws no toolbars: on two cores that is a third of the time.
const PLACES = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
];

/** Path of the system's Chromium: `CONCORD_BROWSER`, or where systems put it; undefined when there is none. */
export function findBrowser(environment = process.env) {
  const named = environment.CONCORD_BROWSER;
  if (named) return existsSync(named) ? named : undefined;
  return PLACES.find((place) => existsSync(place));
}

const aptWorks = () => process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');

/**
 * Makes sure that there is a Chromium: installs it on Debian and its kin where this is root. Returns why there is none, in words,
 * or undefined when there is one.
 */
export function ensureBrowser() {
  if (findBrowser()) return undefined;
  const advice = 'Install Chromium (Debian: `apt-get install chromium-headless-shell`), or name one in CONCORD_BROWSER.';
  if (process.env.CONCORD_BROWSER) return `CONCORD_BROWSER names ${process.env.CONCORD_BROWSER}, which does not exist. ${advice}`;
  if (!aptWorks()) return `There is no Chromium, and this user may not install one. ${advice}`;
  process.stderr.write('Installing Chromium with apt-get (about a minute, once) …\n');
  const run = (...args) =>
    spawnSync('apt-get', args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0;
  const install = (name) => run('install', '-y', '-qq', '--no-install-recommends', name);
  if (!run('update', '-qq') || !(install('chromium-headless-shell') || install('chromium')))
    return `apt-get could not install Chromium. ${advice}`;
  return findBrowser() ? undefined : `apt-get installed no Chromium where it is expected. ${advice}`;
}
