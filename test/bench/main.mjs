// `npm run bench`: ratios of Concord to rivals that run in the same round (method: docs/benchmarks.md). Usage is in `--help`.
import { execFile, execFileSync, fork } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import pg from 'pg';
import { conserved } from './conserved.mjs';
import { DISTRIBUTED, measureDistributed } from './distributed.mjs';
import { commitMs, FLOOR_TABLES, floorName, floorRate } from './floor.mjs';
import { growLog } from './grow.mjs';
import { idleMemory } from './memory.mjs';
import { rebuildRates } from './rebuild.mjs';
import { report } from './table.mjs';
import { webFigures } from './web.mjs';
import { populate, startApp, startServer } from './world.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    needs: { type: 'string', default: '100000' },
    json: { type: 'boolean' },
    write: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});
if (options.help) {
  process.stdout
    .write(`npm run bench -- [P1 P2 P3 P4 P10 P12 web start] [distributed or P5 P6 P7 P8 P9 P11 P14 P15 P16 services] [--rounds 5] [--seconds 4] [--needs 100000] [--json] [--write]

Measures the named ratios, or all. Rivals take turns within each round; after each round it is checked that nothing was lost,
doubled or over the cap. --write puts the table into docs/benchmarks.md and the figures into docs/benchmarks.json.
Exit code: 0 when every check held, whatever the figures say; 1 when a check failed.
`);
  process.exit(0);
}
const rounds = Number(options.rounds);
const seconds = Number(options.seconds);
const wants = (id) =>
  positionals.length === 0 || positionals.includes(id) || (positionals.includes('distributed') && DISTRIBUTED.includes(id));
const note = (line) => void (process.stderr.isTTY && process.stderr.write(`${line}\n`));
const load = async (world, more) => {
  const running = promisify(execFile)(process.execPath, [join(import.meta.dirname, 'load.mjs')], { maxBuffer: 1e8 });
  running.child.stdin.end(JSON.stringify({ ...world, ms: seconds * 1000, ...more }));
  return JSON.parse((await running).stdout);
};

const server = await startServer();
const apps = new Set();
// A measurement that breaks leaves no process behind.
process.on('exit', () =>
  apps.forEach(({ pid }) => {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      /* it has ended */
    }
  }),
);
const results = [];
const add = (id, goal, fail, ratios, rivals, checks, better = 'more', mode = 'standalone') => {
  const sorted = [...ratios].sort((a, b) => a - b);
  const median = sorted[sorted.length >> 1];
  const met = better === 'more' ? median >= goal : median <= goal;
  const failed = better === 'more' ? median < fail : median > fail;
  const broken = Object.values(checks).some((value) => value !== true && value !== 0);
  results.push({
    id,
    goal: `${better === 'more' ? '>=' : '<='}${goal}`,
    fail,
    ratio: { median, min: sorted[0], max: sorted.at(-1), rounds: ratios },
    verdict: broken ? 'void' : met ? 'met' : failed ? 'failed' : 'missed',
    rivals,
    checks,
    mode,
  });
  note(
    `${id}: ${median.toFixed(2)} (${sorted[0].toFixed(2)}-${sorted.at(-1).toFixed(2)}), goal ${better === 'more' ? '>=' : '<='}${goal}`,
  );
};

/** Waits until what follows from the load has been worked off, so that it takes nothing from the next rival. */
async function atRest(base) {
  for (let tries = 0; ; tries += 1) {
    const age = /^concord_bus_lag_seconds ([\d.e+-]+)$/mu.exec(await (await fetch(`${base}/metrics`)).text())?.[1];
    if (Number(age) === 0) return;
    if (tries > 1200) throw new Error(`the listeners are still ${age} s behind`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** Concord's app on a fresh database, with lines to pledge on. */
async function concord(name, lineCount, more) {
  const url = await server.database(name);
  const dataDir = join(server.folder, name);
  mkdirSync(dataDir);
  const app = await startApp(url, dataDir, more);
  apps.add(app);
  note(`making ${lineCount} lines`);
  const world = await populate(app.url, lineCount);
  return { app, url, dataDir, world: { ...world, host: '127.0.0.1', port: Number(new URL(app.url).port), connections: 64 } };
}

async function floorDatabase(name) {
  const url = await server.database(name);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(FLOOR_TABLES);
  await client.query('CHECKPOINT');
  await client.end();
  return url;
}

if (['P1', 'P2', 'P3', 'P4', 'P10'].some(wants)) {
  const { app, url, world } = await concord('bench_commands', 10_000);
  const crudUrl = await server.database('bench_crud');
  const peer = wants('P2') ? fork(join(import.meta.dirname, 'peers/crud.mjs'), [crudUrl]) : undefined;
  const peerWorld = peer && (await new Promise((resolve) => peer.once('message', resolve)));
  let acknowledged = 0;
  const pledge = async (more) => {
    const run = await load(world, more);
    if (run.other > 0) throw new Error(`${run.other} of ${run.requests} requests were not accepted`);
    acknowledged += run.ok;
    return run;
  };
  await pledge({ ms: 4000 });
  const figures = { P1: [], P2: [], P3: [], P4: [] };
  const raw = { concord: [], floor: [], crud: [], hot: [], hotFloor: [], one: [], commit: [] };
  let checks = {};
  for (let round = 0; round < rounds; round += 1) {
    note(`round ${round + 1} of ${rounds}`);
    await atRest(app.url);
    const floorUrl = await floorDatabase(`bench_floor_${round}`);
    await server.query('CHECKPOINT');
    if (wants('P1')) raw.floor.push(await floorRate(floorUrl, { clients: 32, seconds }));
    if (wants('P1') || wants('P2')) raw.concord.push((await pledge({})).perSecond);
    if (wants('P1')) figures.P1.push(raw.concord.at(-1) / raw.floor.at(-1));
    await atRest(app.url);
    if (wants('P2')) {
      raw.crud.push(
        (await load({ ...world, port: peerWorld.port, lines: peerWorld.lines }, { path: '/pledges', plain: true })).perSecond,
      );
      figures.P2.push(raw.concord.at(-1) / raw.crud.at(-1));
    }
    if (wants('P3')) {
      const best = Math.max(
        await floorRate(floorUrl, { clients: 8, seconds: seconds / 2, hot: true }),
        await floorRate(floorUrl, { clients: 32, seconds: seconds / 2, hot: true }),
      );
      raw.hotFloor.push(best);
      raw.hot.push((await pledge({ lines: [world.lines[round]] })).perSecond);
      figures.P3.push(raw.hot.at(-1) / best);
    }
    await atRest(app.url);
    if (wants('P4')) {
      raw.commit.push(await commitMs(floorUrl, seconds / 2));
      raw.one.push((await pledge({ connections: 1, ms: seconds * 500 })).p50);
      figures.P4.push(raw.one.at(-1) / raw.commit.at(-1));
    }
    checks = await conserved(url, acknowledged);
    note(JSON.stringify(checks));
  }
  const rival = (name, unit, values) => ({ name, unit, rounds: values });
  if (wants('P1'))
    add(
      'P1',
      1.0,
      0.4,
      figures.P1,
      [rival('Concord, 64 connections', 'req/s', raw.concord), rival(`${floorName}, single CTE, 32 clients`, 'tx/s', raw.floor)],
      checks,
    );
  if (wants('P2'))
    add(
      'P2',
      10,
      4,
      figures.P2,
      [
        rival('Concord, 64 connections', 'req/s', raw.concord),
        rival('Nest + Express + TypeORM, 64 connections', 'req/s', raw.crud),
      ],
      checks,
    );
  if (wants('P3'))
    add(
      'P3',
      4,
      1.5,
      figures.P3,
      [
        rival('Concord, one line', 'req/s', raw.hot),
        rival(`${floorName}, one row, best of 8 and 32 clients`, 'tx/s', raw.hotFloor),
      ],
      checks,
    );
  if (wants('P4'))
    add(
      'P4',
      4,
      8,
      figures.P4,
      [rival('Concord, one client, p50', 'ms', raw.one), rival('single commit, p50', 'ms', raw.commit)],
      checks,
      'less',
    );
  peer?.kill();
  if (wants('P10')) {
    const rebuilt = await rebuildRates(app.url, url, rounds, note);
    add('P10', 0.5, 0.1, rebuilt.ratios, rebuilt.rivals, rebuilt.checks);
  }
  await app.stop();
}

if (wants('P12')) {
  const small = await concord('bench_small', 1_000);
  const large = await concord('bench_large', 1_000);
  await large.app.stop();
  await growLog(large.url, 1_000_000, note);
  large.app = await startApp(large.url, large.dataDir);
  large.world.port = Number(new URL(large.app.url).port);
  const raw = { small: [], large: [] };
  for (const side of ['small', 'large']) await load({ small, large }[side].world, { ms: 3000 });
  for (let round = 0; round < rounds; round += 1) {
    raw.small.push((await load(small.world, {})).perSecond);
    raw.large.push((await load(large.world, {})).perSecond);
  }
  add(
    'P12',
    0.9,
    0.5,
    raw.large.map((rate, round) => rate / raw.small[round]),
    [
      { name: 'Concord with 10^6 events', unit: 'req/s', rounds: raw.large },
      { name: 'Concord with 10^3 events', unit: 'req/s', rounds: raw.small },
    ],
    { conserved: true },
  );
  await small.app.stop();
  await large.app.stop();
}

if (wants('web')) for (const row of await webFigures(server, { rounds, seconds, count: Number(options.needs), note })) add(...row);

const services = DISTRIBUTED.some(wants)
  ? await measureDistributed(wants, {
      ...{ server, rounds, seconds, note, add, load, concord, atRest, conserved },
      track: (child) => apps.add(child),
    })
  : undefined;

let start;
if (wants('start')) start = await idleMemory(rounds, note);

await server.stop();
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
const host = { cores: cpus().length, memory: `${Math.round(totalmem() / 2 ** 30)} GiB`, node: process.version };
const output = results.map((result) => ({ ...result, server: server.settings, host, commit }));
if (options.write) {
  const file = join(import.meta.dirname, '../../docs/benchmarks.json');
  const before = (() => {
    try {
      return JSON.parse(readFileSync(file, 'utf8'));
    } catch {
      return { ratios: [] };
    }
  })();
  const ids = new Set(output.map(({ id }) => id));
  const all = {
    date: new Date().toISOString().slice(0, 10),
    ratios: [...before.ratios.filter(({ id }) => !ids.has(id)), ...output].sort((a, b) =>
      a.id.localeCompare(b.id, 'en', { numeric: true }),
    ),
    start: start ?? before.start,
    services: services ?? before.services,
  };
  writeFileSync(file, `${JSON.stringify(all, null, 2)}\n`);
  report(all);
}
process.stdout.write(
  `${options.json ? JSON.stringify({ ratios: output, start, services }, null, 2) : [...output.map(({ id, ratio, goal, verdict }) => `${id}  ${ratio.median.toFixed(2)}  (${ratio.min.toFixed(2)}-${ratio.max.toFixed(2)})  goal ${goal}  ${verdict}`), ...[start, services].filter(Boolean).map((one) => JSON.stringify(one))].join('\n')}\n`,
);
process.exit(output.some(({ verdict }) => verdict === 'void') ? 1 : 0);
