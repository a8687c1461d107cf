import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/** What a run of `concord` left. */
export interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly faults: string;
}

/** Runs `concord` as `npx concord` does. */
export const concord = (...args: readonly string[]): Promise<Run> => concordWith({}, ...args);

/** Runs `concord` with settings in its environment. */
export function concordWith(settings: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Run> {
  const env = { ...process.env, NODE_OPTIONS: '', ...settings };
  const child = spawn(process.execPath, ['apps/cli/bin/concord.mjs', ...args], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, faults] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (faults += text));
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => done({ code, out, faults }));
  });
}
