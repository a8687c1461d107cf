// P15: kill -9 of everything, a start at once on the same data, and the time until 95 % of the earlier rate is answered again.
// Concord with its embedded database ÷ node:http with one insert over a database of the same kind. The load never pauses.
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { startPostgres } from '@concord/platform';
import { startChild } from './child.mjs';
import { populate, startApp } from './world.mjs';

const RATE = 100;
const WINDOW_MS = 500;
const BACK_MS_MAX = 60_000;

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Milliseconds from the kill until the first half second in which 95 % of the rate was answered begins. */
async function timeToReturn(world, killAndStart) {
  const moments = [];
  let acknowledged = 0;
  const load = startChild('open-load.mjs', [], {
    hear: ({ ok }) => {
      if (!ok) return;
      acknowledged += 1;
      moments.push(performance.now());
    },
  });
  const enough = (from) => {
    const since = moments.filter((moment) => moment >= from);
    const wanted = Math.floor((RATE * WINDOW_MS * 0.95) / 1000);
    const first = since.findIndex((moment, n) => (since[n + wanted - 1] ?? Infinity) - moment <= WINDOW_MS);
    return first < 0 ? undefined : since[first];
  };
  const until = async (from, what) => {
    for (const deadline = performance.now() + BACK_MS_MAX; performance.now() < deadline;) {
      const moment = enough(from);
      if (moment !== undefined) return moment;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`the rate was not reached ${what}; last answers: ${moments.slice(-3).map(Math.round).join(', ')}`);
  };
  try {
    await load.ask('steady', { world, rate: RATE });
    await until(performance.now(), 'before the kill');
    const killed = performance.now();
    const started = killAndStart();
    // Answers that were under way when it was killed are no return.
    await started.dead;
    const [moment] = await Promise.all([until(performance.now(), 'after the kill'), started.ready]);
    await load.ask('stop');
    return { ms: moment - killed, acknowledged };
  } finally {
    await load.end();
  }
}

async function concordSide(folder) {
  const dataDir = join(folder, 'recovery');
  mkdirSync(dataDir);
  const env = { CONCORD_PORT: String(await freePort()) };
  const side = { app: await startApp(undefined, dataDir, { env }) };
  const world = await populate(side.app.url, 60);
  side.world = { ...world, port: Number(env.CONCORD_PORT) };
  side.databaseUrl = () => {
    const [password, port] = ['superuser-password', 'port'].map((file) =>
      readFileSync(join(dataDir, 'postgres', file), 'utf8').trim(),
    );
    return `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
  };
  side.crash = () => {
    const { pid, ended } = side.app;
    process.kill(pid, 'SIGKILL');
    const ready = ended.then(() => startApp(undefined, dataDir, { env })).then((app) => (side.app = app));
    return { dead: ended, ready };
  };
  return side;
}

async function bareSide(folder) {
  const dataDir = join(folder, 'bare');
  const port = await freePort();
  const start = async () => {
    const database = await startPostgres({ dataDir, ...(side.database ? { port: side.database.port } : {}) });
    side.database = database;
    return database;
  };
  const side = {};
  const { url } = await start();
  const serve = () =>
    new Promise((hear) => {
      side.child = startChild('peers/bare.mjs', [url, String(port)], { hear });
    });
  await serve();
  side.world = { port, token: 'none', organisation: 'none', lines: ['any'], path: '/' };
  side.crash = () => {
    process.kill(side.database.pid, 'SIGKILL');
    const dead = Promise.all([side.child.end(), side.database.exited]);
    return { dead, ready: dead.then(() => Promise.all([start(), serve()])) };
  };
  side.stop = async () => {
    await side.child.end();
    await side.database.stop();
  };
  return side;
}

/** Milliseconds until 95 % of the rate is back, per round. `conserved` checks what was acknowledged against the database. */
export async function recovery({ server, rounds, note, conserved, track }) {
  const bare = await bareSide(server.folder);
  const concord = await concordSide(server.folder);
  const figures = { concord: [], bare: [] };
  let [acknowledged, checks] = [0, {}];
  try {
    track(concord.app);
    for (let round = 0; round < rounds; round += 1) {
      const run = await timeToReturn(concord.world, concord.crash);
      track(concord.app);
      acknowledged += run.acknowledged;
      figures.concord.push(run.ms);
      figures.bare.push((await timeToReturn(bare.world, bare.crash)).ms);
      checks = await conserved(concord.databaseUrl(), acknowledged);
      note(`back after ${Math.round(run.ms)} ms, bare after ${Math.round(figures.bare.at(-1))} ms ${JSON.stringify(checks)}`);
    }
  } finally {
    await concord.app.stop();
    await bare.stop();
  }
  return {
    ratios: figures.concord.map((ms, round) => ms / figures.bare[round]),
    rivals: [
      { name: `Concord and its database killed, 95 % of ${RATE} commands/s again`, unit: 'ms', rounds: figures.concord },
      { name: 'node:http with one insert and its database killed, the same', unit: 'ms', rounds: figures.bare },
    ],
    checks,
  };
}
