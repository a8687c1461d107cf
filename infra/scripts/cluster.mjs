// `npm run cluster`: the distributed composition on one machine. Also behind `concord cluster`.
import { spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { readState, Supervisor } from './cluster-supervisor.mjs';
import { installWhatIsMissing, root } from './install.mjs';

const HELP = `Usage: npm run cluster [-- options]          in the foreground, until Ctrl-C
       concord cluster start [options]       in the background
       concord cluster start|kill <part>     start a part again; end one as a crash would
       concord cluster status|stop

Runs Concord as separate services on this machine: PostgreSQL, three Kafka brokers, one process for each context, two gateways.
Kafka needs Java 17 and Maven, which obtains it once; DATABASE_URL and KAFKA_BROKERS name existing ones instead.

Options:
  --data <folder>   where everything is kept (default: .concord/cluster)
  --port <number>   of the first gateway; the second takes the next, the services take 101 and more above (default: 3000; 0: any)
  --brokers <1|3>   Kafka brokers (default: 3)
  --no-build        start what was built before
  --json            write JSON instead of text

Exit codes: 0 everything is fine, 1 something failed, 2 wrong usage, 3 no cluster runs.
`;
const EXIT = { ok: 0, failed: 1, usage: 2, absent: 3 };
const STOP_MS_MAX = 90_000;
const SAME_SIGNAL_MS = 1_000;

const say = (text) => process.stdout.write(`${text}\n`);
const complain = (text) => process.stderr.write(`${text}\n`);
const progress = (line) => process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}` : `${line}\n`);
const endProgress = () => void (process.stderr.isTTY && process.stderr.write('\r\u001b[K'));

const isAlive = (pid) => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/** State of the cluster that runs on the data folder; undefined when none does. */
function running(dataDir) {
  const state = readState(dataDir);
  return state && isAlive(state.supervisor) ? state : undefined;
}

async function ask(state, method, path) {
  const { port, token } = state.control;
  const response = await fetch(`http://127.0.0.1:${port}/${path}`, { method, headers: { authorization: `Bearer ${token}` } });
  const body = await response.json();
  if (!response.ok) throw Object.assign(new Error(body.error), { usage: response.status === 404 });
  return body;
}

function show(status, json) {
  if (json) return say(JSON.stringify(status));
  const width = Math.max(...status.parts.map(({ name }) => name.length));
  for (const { name, alive, pid, url } of status.parts)
    say(`  ${name.padEnd(width)}  ${alive ? 'runs' : 'DOWN'}  ${String(pid ?? '').padEnd(8)}  ${url ?? ''}`);
}

function announce(status, json, foreground) {
  if (json) return say(JSON.stringify(status));
  const [first, second] = status.gateways;
  say(`\n  Concord runs as separate services: ${first} and ${second}\n`);
  show(status, false);
  say(`\n  documents  ${first}/openapi.json, ${first}/asyncapi.json`);
  say(`  sockets    ${first}/realtime, ${second}/realtime`);
  say(`  data       ${status.dataDir} (logs in logs/)`);
  say(`  the story  npx concord demo --api ${first}`);
  say(foreground ? '\n  Ctrl-C stops everything.\n' : '\n  npx concord cluster stop stops everything.\n');
}

/** Runs in this process until a signal or `stop`. */
async function foreground(options) {
  const state = running(options.dataDir);
  if (state)
    throw Object.assign(new Error(`A cluster runs on ${options.dataDir} already (process ${state.supervisor}).`), { usage: true });
  const supervisor = new Supervisor({ ...options, progress });
  let since;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => {
      if (since !== undefined && Date.now() - since > SAME_SIGNAL_MS) process.exit(EXIT.failed);
      since ??= Date.now();
      void supervisor.stop();
    });
  try {
    await supervisor.start();
  } catch (error) {
    // Interrupted while it started: that is a stop, not a fault.
    if (since !== undefined) return EXIT.ok;
    throw error;
  }
  endProgress();
  announce(supervisor.status(), options.json, true);
  await supervisor.stopped;
  endProgress();
  return EXIT.ok;
}

/** Runs in a process of its own; resolves when it is ready. */
async function background(options) {
  const state = running(options.dataDir);
  if (state) {
    announce(await ask(state, 'GET', 'status'), options.json, false);
    return EXIT.ok;
  }
  mkdirSync(options.dataDir, { recursive: true });
  const file = join(options.dataDir, 'cluster.log');
  const log = openSync(file, 'w');
  const { dataDir, port, brokers } = options;
  const args = ['run', '--no-build', '--data', dataDir, '--port', String(port), '--brokers', String(brokers)];
  const child = spawn(process.execPath, [import.meta.filename, ...args], {
    cwd: root,
    detached: true,
    stdio: ['ignore', log, log],
  });
  for (let told = ''; ; await pause(100)) {
    const now = readState(dataDir);
    if (child.exitCode !== null) throw new Error(`The cluster did not start:\n${readFileSync(file, 'utf8').trimEnd()}`);
    if (now?.supervisor !== child.pid) continue;
    if (now.now !== told) progress((told = now.now));
    if (now.phase !== 'ready') continue;
    endProgress();
    child.unref();
    announce(await ask(now, 'GET', 'status'), options.json, false);
    return EXIT.ok;
  }
}

async function stop(state, options) {
  await ask(state, 'POST', 'stop');
  const end = performance.now() + STOP_MS_MAX;
  while (isAlive(state.supervisor)) {
    if (performance.now() > end) throw new Error(`Process ${state.supervisor} still runs after ${STOP_MS_MAX / 1000} s.`);
    await pause(50);
  }
  if (options.json) say(JSON.stringify({ phase: 'stopped' }));
  else say('The cluster has stopped; its data stays.');
  return EXIT.ok;
}

async function prepare() {
  installWhatIsMissing();
  const { build } = await import('./build.mjs');
  await build();
}

/** Wrong usage, told with where to read more. */
const wrong = (message) => Object.assign(new Error(`${message} (--help shows what there is)`), { usage: true });

function parse() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      data: { type: 'string', default: join(root, '.concord/cluster') },
      port: { type: 'string', default: '3000' },
      brokers: { type: 'string', default: '3' },
      'no-build': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [verb = 'run', part, ...rest] = positionals;
  const [port, brokers] = [Number(values.port), Number(values.brokers)];
  if (!['run', 'start', 'stop', 'status', 'kill'].includes(verb) || rest.length > 0)
    throw wrong(`There is no ${positionals.join(' ')}.`);
  if (verb === 'kill' && part === undefined) throw wrong('kill needs the name of a part.');
  if (!Number.isInteger(port) || port < 0 || port > 65_000) throw wrong('--port is a number from 0 to 65000.');
  if (brokers !== 1 && brokers !== 3) throw wrong('--brokers is 1 or 3.');
  return {
    verb,
    part,
    help: values.help,
    build: !values['no-build'],
    options: { dataDir: resolve(values.data), port, brokers, json: values.json },
  };
}

async function main() {
  const { verb, part, help, build, options } = parse();
  if (help) {
    process.stdout.write(HELP);
    return EXIT.ok;
  }
  if (verb === 'run' || (verb === 'start' && part === undefined)) {
    if (build) await prepare();
    return verb === 'run' ? foreground(options) : background(options);
  }
  const state = running(options.dataDir);
  if (!state) {
    complain(`No cluster runs on ${options.dataDir}. Start one with npm run cluster, or concord cluster start.`);
    return EXIT.absent;
  }
  if (verb === 'stop') return stop(state, options);
  const status = verb === 'status' ? await ask(state, 'GET', 'status') : await ask(state, 'POST', `${verb}/${part}`);
  show(status, options.json);
  return verb === 'status' && status.parts.some(({ alive }) => !alive) ? EXIT.failed : EXIT.ok;
}

try {
  process.exitCode = await main();
} catch (error) {
  endProgress();
  const usage = error.usage || error.code?.startsWith('ERR_PARSE_ARGS');
  complain(error.name === 'Error' || error.name === 'KafkaUnavailable' || usage ? error.message : error.stack);
  process.exitCode = usage ? EXIT.usage : EXIT.failed;
}
process.exit();
