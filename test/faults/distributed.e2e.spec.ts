import { kafkaLacking } from '@concord/testing';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { castOn, verifyAll } from './cast.js';
import { Chance, seedOfRun } from './chance.js';
import { unleash } from './chaos.js';
import { checkRun } from './check-run.js';
import { checkSubscriber } from './delivery-checks.js';
import { distributedLine, reportOf } from './distributed-report.js';
import { eventually } from './eventually.js';
import { CLIENT_FAULTS } from './faults-of-clients.js';
import { DATABASE_FAULTS } from './faults-of-the-database.js';
import { MESSAGE_FAULTS, poisonLying } from './faults-of-messages.js';
import { NET_FAULTS } from './faults-of-the-net.js';
import { PROCESS_FAULTS } from './faults-of-processes.js';
import { FaultyCluster } from './faulty-cluster.js';
import { History } from './history.js';
import { KafkaTraffic } from './kafka-traffic.js';
import { Load } from './load.js';
import { checkPoison } from './poison-checks.js';
import { RoomListener } from './room-listener.js';
import { readRows, type StoredRows } from './stored-rows.js';
import { asSuperuser, GROUPS, type World } from './world.js';

// The faults of reliability.md 5 on one distributed cluster under load. README.md says which classes, and what is checked.
// FAULT_SEED has a run again as far as its faults and commands go; FAULT_COUNT or FAULT_MINUTES makes it shorter or longer;
// FAULT_REPORT names a file for the report as JSON.
const MINUTES = process.env['FAULT_MINUTES'] === undefined ? undefined : Number(process.env['FAULT_MINUTES']);
const COUNT = MINUTES === undefined ? Number(process.env['FAULT_COUNT'] ?? 64) : undefined;
const ONLY = process.env['FAULT_ONLY'];
/** The selection lets faults hold for a quarter of the time. */
const LASTING = MINUTES === undefined ? 0.25 : 1;
const CONTEXTS = ['directory', 'partnerships', 'pledges', 'stewardship', 'notifications', 'gateway'];
const LANES = [[...PROCESS_FAULTS], [...DATABASE_FAULTS, ...CLIENT_FAULTS], [...NET_FAULTS, ...MESSAGE_FAULTS]]
  .map((faults) => faults.filter(({ row, name }) => ONLY === undefined || new RegExp(ONLY, 'u').test(`${row} ${name}`)))
  .filter((faults) => faults.length > 0);
const seed = seedOfRun();

/** Whether a log has been relayed and projected to its end. */
const AT_REST = CONTEXTS.map(
  (
    context,
  ) => `SELECT '${context}' AS context, NOT EXISTS (SELECT 1 FROM ${context}.cursors c, (SELECT xid, position FROM ${context}.events ORDER BY xid DESC, position DESC LIMIT 1) e
                 WHERE (c.xid, c.position) < (e.xid, e.position)) AS rests`,
).join(' UNION ALL ');

const lacking = await kafkaLacking();
const suite =
  lacking === undefined ? describe : () => it(`NOT RUN here, distributed faults: ${lacking}`, () => expect(lacking).toBeDefined());

suite('the distributed composition under faults', () => {
  let folder: string;
  let cluster: FaultyCluster;
  let load: Load | undefined;
  const listeners: RoomListener[] = [];
  const leftovers: (() => void)[] = [];
  const chance = new Chance(seed);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), `concord-faults-${process.pid}-`));
    cluster = await FaultyCluster.start(folder, chance.fork());
  }, 300_000);

  afterAll(async () => {
    for (const listener of listeners) listener.close();
    for (const end of leftovers) end();
    await load?.abandon();
    await cluster?.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }, 120_000);

  /** Where everything is, until it stays there twice in a row. */
  async function settled(world: World): Promise<void> {
    let before = '';
    let now = '';
    await eventually('everything published to be handled', async () => {
      const logs = await asSuperuser(world, async (client) => {
        const { rows } = await client.query<{ context: string; rests: boolean }>(AT_REST);
        const { rows: counts } = await client.query(
          `SELECT ${CONTEXTS.map((context) => `(SELECT count(*) FROM ${context}.events) AS ${context}`).join(', ')}`,
        );
        return { waiting: rows.filter(({ rests }) => !rests).map(({ context }) => context), counts };
      });
      const lags = [...(await world.traffic.behind(GROUPS))].filter(([, lag]) => lag > 0);
      [before, now] = [now, JSON.stringify({ ...logs, lags })];
      return logs.waiting.length === 0 && lags.length === 0 && before === now;
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}; last seen: ${now}`, { cause: error });
    });
  }

  async function readersOf(world: World): Promise<void> {
    const { cluster: of, room, target } = world;
    for (const base of of.sockets) {
      listeners.push(await RoomListener.join(base, room));
      listeners.push(await RoomListener.join(base, `organisation:${target.owner.id}`, { token: target.owner.token }));
      await listeners.at(-2)!.knock(`organisation:${target.owner.id}`);
    }
  }

  it(
    `loses, repeats and invents nothing over ${COUNT === undefined ? `${MINUTES} minutes` : `${COUNT} faults`}`,
    async () => {
      process.stdout.write(`faults: seed ${seed}\n`);
      const began = performance.now();
      const history = new History();
      const cast = await castOn(cluster.bases[0]);
      const target = { ...cast, bases: cluster.bases };
      const room = `need:${cast.needId}`;
      const world: World = {
        cluster,
        traffic: new KafkaTraffic(cluster.kafka.addresses),
        history,
        target,
        room,
        listeners,
        poisoned: new Set(),
        complaints: [],
        leftovers,
        lasting: LASTING,
      };
      await readersOf(world);
      load = new Load(target, history, chance.fork(), { writers: 6, thinkMs: 150, hangUp: 0.03, library: true });
      load.start();
      const until = COUNT === undefined ? { moment: began + MINUTES! * 60_000 } : { faults: COUNT };
      const injected = await unleash(world, LANES, chance.fork(), until, (line) => process.stdout.write(`${line}\n`));
      await load.stop();
      await load.askAgain();
      const minutes = (performance.now() - began) / 60_000;

      await settled(world);
      const rows: StoredRows = await asSuperuser(world, (client) =>
        readRows(async <Row>(sql: string) => (await client.query(sql)).rows as Row[]),
      );
      const lasts = new Map(rows.rooms.map((one) => [one.room, one.last]));
      for (const listener of listeners) await listener.upTo(lasts.get(listener.room) ?? 0);
      const lying = await poisonLying(world);
      expect([...lying.keys()].sort()).toEqual([...world.poisoned].sort());
      const { findings: ofPoison, explained, rest } = checkPoison(rows, lying);
      const findings = [
        ...ofPoison,
        ...checkRun(history, rest),
        ...listeners.flatMap((listener) => checkSubscriber(listener, rest)),
      ];
      const differences = await verifyAll(cluster.bases[1], CONTEXTS);
      const poisoned = [...lying.values()].reduce((total, times) => total + times, 0);
      const { deaths } = cluster;
      const run = { seed, minutes, history, rows: rest, injected, listeners, findings, differences, deaths };
      const report = reportOf({ ...run, copies: world.traffic.copies, parked: { explained, poisoned } });
      process.stdout.write(`${distributedLine(report)}\n`);
      const file = process.env['FAULT_REPORT'];
      if (file !== undefined)
        await writeFile(file, `${JSON.stringify({ ...report, findings, differencesFound: differences, injected }, null, 2)}\n`);

      expect(findings.slice(0, 20)).toEqual([]);
      expect(differences).toEqual([]);
      expect(world.complaints).toEqual([]);
      expect(deaths).toBe(0);
      if (COUNT !== undefined) expect(injected.length).toBeGreaterThanOrEqual(COUNT);
    },
    600_000 + (MINUTES ?? 20) * 60_000,
  );
});
