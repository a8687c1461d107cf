// `npm run faults`: the distributed run of test/faults, for as long as wanted; `npm test` has a selection of it.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { JEST_NODE_OPTIONS } from './check.mjs';
import { installWhatIsMissing, root } from './install.mjs';

const HELP = `Usage: npm run faults -- [options]

Starts Concord as separate services on this machine (PostgreSQL, one Kafka broker, every service, pledges twice, two gateways) and
injects faults under load: kills, cut and slow connections, lost answers, copies, poison, bursts. Then it checks that nothing that
was acknowledged is lost, repeated or out of order. Ends with one line of figures. Needs Java 17 and Maven.

Options:
  --minutes <n>     how long faults are injected, each for its full time (default: 60)
  --count <n>       instead: so many faults and each kind at least once, each for a quarter of that time
  --seed <n>        have a run again, as far as its faults and commands go
  --only <pattern>  faults whose row and name match, as "^F4|^F6 .*broker"
  --json            write the report as JSON to standard output, the progress to standard error; it is in .concord/faults.json too

Exit codes: 0 every promise was kept, 1 one was not or the run failed, 2 wrong usage, 3 Java or Maven is missing.
`;
const REPORT = join(root, '.concord/faults.json');
const EXIT = { ok: 0, failed: 1, usage: 2, lacking: 3 };

/** What is asked for; throws when it makes no sense. */
export function parse(args) {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: 'string' },
      count: { type: 'string' },
      seed: { type: 'string' },
      only: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.minutes !== undefined && values.count !== undefined) throw new Error('Give --minutes or --count, not both.');
  for (const name of ['minutes', 'count', 'seed']) {
    const given = values[name];
    if (given !== undefined && !(Number(given) >= (name === 'seed' ? 0 : 1) && /^\d+(\.\d+)?$/u.test(given)))
      throw new Error(`--${name} is a number, not ${given}.`);
  }
  if (values.only !== undefined) RegExp(values.only, 'u');
  return values;
}

/** The settings of the spec for these options. */
export const settingsOf = ({ minutes, count, seed, only }, report) => ({
  ...(count === undefined ? { FAULT_MINUTES: minutes ?? '60' } : { FAULT_COUNT: count }),
  ...(seed !== undefined && { FAULT_SEED: seed }),
  ...(only !== undefined && { FAULT_ONLY: only }),
  FAULT_REPORT: report,
});

function runSpec(settings, json) {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, ['node_modules/jest/bin/jest.js', '--forceExit', 'test/faults/distributed.e2e'], {
      cwd: root,
      env: { ...process.env, ...settings, NODE_OPTIONS: JEST_NODE_OPTIONS },
      stdio: ['ignore', json ? 2 : 'inherit', 'inherit'],
    });
    child.on('error', fail);
    child.on('close', done);
  });
}

async function main() {
  let options;
  try {
    options = parse(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error.message}\n${HELP}`);
    return EXIT.usage;
  }
  if (options.help) {
    process.stdout.write(HELP);
    return EXIT.ok;
  }
  installWhatIsMissing();
  const { kafkaLacking } = await import('../kafka/kafka-jars.mjs');
  const lacking = await kafkaLacking();
  if (lacking !== undefined) {
    process.stderr.write(`${lacking}\n`);
    return EXIT.lacking;
  }
  rmSync(REPORT, { force: true });
  mkdirSync(dirname(REPORT), { recursive: true });
  const code = await runSpec(settingsOf(options, REPORT), options.json);
  try {
    const report = readFileSync(REPORT, 'utf8');
    process.stdout.write(options.json ? report : `The report as JSON: ${REPORT}\n`);
  } catch (error) {
    process.stderr.write(`There is no report: ${error.message}\n`);
    return EXIT.failed;
  }
  return code === 0 ? EXIT.ok : EXIT.failed;
}

if (process.argv[1] === import.meta.filename) process.exitCode = await main();
