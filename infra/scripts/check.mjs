// `npm run check`: what does not need a running system. Two steps at a time; a step's output is shown only if it fails.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { installWhatIsMissing, root } from './install.mjs';

const HELP = `Usage: npm run check [-- --json]

Checks format (prettier), lint and boundaries (eslint), types (tsc), structure (test/architecture) and the lock file.
  --json   one JSON document on stdout: { ok, steps: [{ name, ok, ms, output }] }
  --help   this text
Exit code: 0 all steps passed, 1 a step failed, 2 wrong usage.
`;

const bin = (path) => join(root, 'node_modules', path);

/** Node options Jest needs to load ES modules. */
export const JEST_NODE_OPTIONS = '--experimental-vm-modules --disable-warning=ExperimentalWarning';

export const STEPS = [
  { name: 'lint', command: [bin('eslint/bin/eslint.js'), '.', '--max-warnings=0'] },
  { name: 'types', command: [bin('typescript/bin/tsc'), '-p', 'tsconfig.json', '--pretty', 'false'] },
  { name: 'format', command: [bin('prettier/bin/prettier.cjs'), '--check', '--log-level=warn', '.'] },
  { name: 'lock', command: ['infra/scripts/check-lock.mjs'] },
  { name: 'structure', command: [bin('jest/bin/jest.js'), 'test/architecture', '--selectProjects=unit'] },
];

function runStep({ name, command }) {
  const started = performance.now();
  return new Promise((done) => {
    const child = spawn(process.execPath, command, {
      cwd: root,
      env: { ...process.env, NODE_OPTIONS: JEST_NODE_OPTIONS, NO_COLOR: '1', FORCE_COLOR: undefined },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
    const finish = (ok) => done({ name, ok, ms: Math.round(performance.now() - started), output: output.trim() });
    child.on('error', (error) => {
      output += error.message;
      finish(false);
    });
    child.on('close', (code) => finish(code === 0));
  });
}

/** Runs the steps, two at a time; calls `onResult` as each ends; resolves to all results in the order of the steps. */
export async function runChecks(onResult, steps = STEPS) {
  const waiting = [...steps];
  const results = new Map();
  const work = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      const result = await runStep(step);
      results.set(step.name, result);
      onResult(result);
    }
  };
  await Promise.all([work(), work()]);
  return steps.map(({ name }) => results.get(name));
}

export const resultLine = ({ name, ok, ms }) => `${ok ? 'ok    ' : 'FAILED'} ${name} (${(ms / 1000).toFixed(1)} s)`;

async function main() {
  let options;
  try {
    options = parseArgs({ options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } }).values;
  } catch (error) {
    process.stderr.write(`${error.message}\n${HELP}`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  installWhatIsMissing();
  const results = await runChecks((result) => {
    if (process.stderr.isTTY) process.stderr.write(`${resultLine(result)}\n`);
  });
  const ok = results.every((result) => result.ok);
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ ok, steps: results }, null, 2)}\n`);
  } else {
    for (const failed of results.filter((result) => !result.ok)) process.stdout.write(`\n--- ${failed.name}\n${failed.output}\n`);
    process.stdout.write(`${results.map(resultLine).join('\n')}\n`);
  }
  return ok ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main();
