import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const SCRIPT = resolve(import.meta.dirname, '../../infra/scripts/faults.mjs');

interface Script {
  parse(args: readonly string[]): Record<string, unknown>;
  settingsOf(options: Record<string, unknown>, report: string): Record<string, string>;
}
const { parse, settingsOf } = (await import(pathToFileURL(join(SCRIPT)).href)) as Script;

const run = (...args: string[]) => spawnSync(process.execPath, [SCRIPT, ...args], { encoding: 'utf8' });

it('npm run faults explains itself', () => {
  const { status, stdout } = run('--help');
  expect({ status, says: /--minutes[^]*--seed[^]*--json[^]*Exit codes/u.test(stdout) }).toEqual({ status: 0, says: true });
});

it.each([
  [['--minutes', 'long']],
  [['--minutes', '5', '--count', '5']],
  [['--count', '0']],
  [['--seed', '-1']],
  [['--only', '(']],
  [['--what']],
])('npm run faults refuses %j as wrong usage', (args) => {
  const { status, stderr } = run(...args);
  expect({ status, helps: stderr.includes('Usage:') }).toEqual({ status: 2, helps: true });
});

it('the options reach the spec as its settings', () => {
  expect(settingsOf(parse([]), 'r.json')).toEqual({ FAULT_MINUTES: '60', FAULT_REPORT: 'r.json' });
  expect(settingsOf(parse(['--count', '64', '--seed', '7', '--only', '^F4']), 'r')).toEqual({
    FAULT_COUNT: '64',
    FAULT_SEED: '7',
    FAULT_ONLY: '^F4',
    FAULT_REPORT: 'r',
  });
});
