import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { castOn, verifyAll } from './cast.js';
import { Chance, seedOfRun } from './chance.js';
import { checkRun } from './check-run.js';
import { History } from './history.js';
import { killAtRandom } from './kills.js';
import { Load } from './load.js';
import { reportLine } from './report-line.js';
import { RoomListener } from './room-listener.js';
import { eventually } from './eventually.js';
import { RunningApp } from './running-app.js';
import { readRows, type Query } from './stored-rows.js';

// F1, F3 and F7 (reliability.md 5): the built app and its database are killed at random moments while clients pledge, amend, accept
// and withdraw, send copies at once and hang up. FAULT_SEED has a run again as far as its faults and commands go; FAULT_KILLS makes
// it longer.
const KILLS = Number(process.env['FAULT_KILLS'] ?? 32);
const CONTEXTS = ['directory', 'partnerships', 'pledges', 'stewardship', 'notifications', 'gateway'];
const seed = seedOfRun();

/** Whether every listener and projection stands at the end of the log it follows, all in one look. */
const AT_REST = CONTEXTS.map(
  (
    context,
  ) => `SELECT NOT EXISTS (SELECT 1 FROM ${context}.cursors c, (SELECT xid, position FROM ${context}.events ORDER BY xid DESC, position DESC LIMIT 1) e
                 WHERE (c.xid, c.position) < (e.xid, e.position)) AS rests`,
).join(' UNION ALL ');

let folder: string;
let app: RunningApp;
let listener: RoomListener | undefined;
let load: Load | undefined;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), `concord-test-${process.pid}-`));
  app = new RunningApp(folder);
  await app.start();
}, 120_000);
afterAll(async () => {
  listener?.close();
  await load?.abandon();
  await app.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
}, 60_000);

it(
  `loses, repeats and invents nothing over ${KILLS} kills`,
  async () => {
    const began = performance.now();
    const chance = new Chance(seed);
    const history = new History();
    const cast = await castOn(app.url);
    const room = `need:${cast.needId}`;
    listener = await RoomListener.join(app.url, room);
    await listener.knock(`organisation:${cast.owner.id}`);
    load = new Load(cast, history, chance.fork(), { writers: 8, thinkMs: 60, hangUp: 0.03 });
    load.start();
    const kills = await killAtRandom(app, history, chance.fork(), KILLS);
    await load.stop();
    await load.askAgain();

    const client = new pg.Client({ connectionString: await app.databaseUrl() });
    await client.connect();
    const query: Query = async <Row>(sql: string) => (await client.query(sql)).rows as Row[];
    try {
      await eventually('the listeners to reach the end of every log', async () =>
        (await query<{ rests: boolean }>(AT_REST)).every(({ rests }) => rests),
      );
      const rows = await readRows(query);
      await listener.upTo(rows.rooms.find((one) => one.room === room)!.last);
      const findings = checkRun(history, rows, listener);
      const differences = await verifyAll(app.url, CONTEXTS);
      process.stdout.write(
        `${reportLine({ seed, minutes: (performance.now() - began) / 60_000, history, rows, kills, listener, findings, app, differences })}\n`,
      );
      expect(findings.slice(0, 20)).toEqual([]);
      expect(differences).toEqual([]);
      expect({ deaths: app.deaths, kills: kills.length }).toEqual({ deaths: 0, kills: KILLS });
    } finally {
      await client.end();
    }
  },
  120_000 + KILLS * 20_000,
);
