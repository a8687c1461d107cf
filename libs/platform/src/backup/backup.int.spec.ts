import {
  library,
  readers,
  startConcord,
  startSecondServer,
  testServer,
  type SecondServer,
  type TestConcord,
} from '@concord/testing';
import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { AdjustableClock, uuidv7 } from '../clock.js';
import { openDatabase } from '../context/context.js';
import type { ContextDatabase } from '../database/context-database.js';
import { provision } from '../database/provision.js';
import { Platform } from '../platform.js';
import { defineService } from '../service/definitions.js';
import { verifyContext } from '../verify/verify-context.js';
import { backUp } from './back-up.js';
import { restore } from './restore.js';

/** A context whose readers number by an epoch. */
const counting = defineService({
  name: 'counting',
  resources: [],
  commands: [],
  queries: [],
  reactions: [],
  projections: [],
  schedules: [],
  publishes: [],
  published: () => undefined,
  migrations: [
    {
      name: '0001-rooms',
      sql: `CREATE TABLE rooms (room text PRIMARY KEY, epoch text NOT NULL DEFAULT gen_random_uuid()::text, last_offset bigint NOT NULL);
            CREATE TABLE seats (room text NOT NULL REFERENCES rooms ON DELETE CASCADE, label text, PRIMARY KEY (room, label));`,
    },
  ],
});
const services = [library, readers, counting];
const strange = 'tab\there, line\nbreak, back\\slash, \\N, ünïcode — ٤٢';

let concord: TestConcord;
let second: SecondServer;
let folder: string;
let adminUrl: string;
const open: ContextDatabase[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'concord-backup-'));
  concord = await startConcord({ services });
  second = await startSecondServer();
  const { database } = concord.platform.context('counting');
  adminUrl = await superuserUrl(concord);
  await database.query(`INSERT INTO rooms (room, last_offset) VALUES ('public', 7)`);
  await database.query(`INSERT INTO seats VALUES ('public', $1)`, [strange]);
});
afterAll(async () => {
  await second.stop();
  await concord.stop();
  await rm(folder, { recursive: true, force: true });
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((database) => database.close()));
});

/** The shared test server’s superuser, in the database of this spec. */
async function superuserUrl({ platform }: TestConcord): Promise<string> {
  const [row] = await platform.context('library').database.query<{ name: string }>('SELECT current_database() AS name');
  const url = new URL(testServer());
  url.pathname = `/${row!.name}`;
  return url.href;
}

/** An empty database on the second server, whose transaction ids are far behind those of the first. */
async function emptyTarget(): Promise<{ url: string; databases: ReadonlyMap<string, ContextDatabase> }> {
  const name = `target_${uuidv7().replaceAll('-', '')}`;
  const client = new pg.Client({ connectionString: second.url });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const url = new URL(second.url);
  url.pathname = `/${name}`;
  return { url: url.href, databases: await opened(url.href) };
}

async function opened(url: string): Promise<ReadonlyMap<string, ContextDatabase>> {
  const all = [...services, stub('directory')];
  const given = await provision(
    url,
    all.map(({ name }) => name),
  );
  const databases = new Map<string, ContextDatabase>();
  for (const service of all) {
    const database = await openDatabase(service, given.get(service.name)!);
    databases.set(service.name, database);
    open.push(database);
  }
  return databases;
}

const stub = (name: string) => defineService({ ...counting, name, migrations: [] });
const contexts = [...services.map(({ name }) => name), 'directory'];

describe('a backup under load, restored on another server', () => {
  it('has everything acknowledged before it, verifies clean, and goes on where the log ended', async () => {
    const actor = await concord.actor({ organisation: uuidv7() });
    const { body: shelf } = await actor.ok('/shelves', { name: strange.slice(0, 40).replace(/[\t\n]/gu, ' '), room: 100_000 });
    for (let n = 0; n < 20; n += 1) await actor.ok(`/shelves/${shelf.id}/put`, { title: `before ${n}` });
    await concord.settle();
    for (const context of concord.platform.contexts.values()) await context.checkpoints.make();

    let stopped = false;
    const writer = async (w: number): Promise<number> => {
      const { body } = await actor.ok('/shelves', { name: `shelf of ${w} ${uuidv7()}`, room: 100_000 });
      let puts = 0;
      for (; !stopped; puts += 1) await actor.ok(`/shelves/${body.id}/put`, { title: `during ${w}/${puts}` });
      return puts;
    };
    const load = Promise.all(Array.from({ length: 8 }, (_, w) => writer(w)));
    const target = join(folder, 'under-load');
    const manifest = await backUp({ url: adminUrl, contexts, folder: target, version: 'spec' }).finally(() => (stopped = true));
    const written = (await load).reduce((sum, puts) => sum + puts, 0);
    expect(written).toBeGreaterThan(8);
    expect((await stat(target)).mode & 0o077).toBe(0);
    expect((await readdir(folder)).filter((name) => name.startsWith('.unfinished'))).toEqual([]);

    const { url, databases } = await emptyTarget();
    const restored = await restore({ folder: target, databases });
    expect(restored).toEqual(manifest);
    const lines = (context: string, sql: string) => databases.get(context)!.query<Record<string, string>>(sql);
    const [log] = await lines(
      'library',
      `SELECT count(*)::int AS n, max(position)::text AS last, count(DISTINCT xid)::int AS xids FROM events`,
    );
    expect(log).toEqual({ n: manifest.contexts['library']!.tables['events']!.rows, last: String(log!['n']), xids: 1 });
    const [acknowledged] = await lines('library', `SELECT books::int AS n FROM shelf_board WHERE id = '${shelf.id}'`);
    expect(acknowledged).toEqual({ n: 20 });
    expect(await lines('counting', 'SELECT label FROM seats')).toEqual([{ label: strange }]);

    // The platform goes on: the same process as after any restart.
    const faults: string[] = [];
    const platform = await Platform.start({
      services: [...services, stub('directory')],
      accesses: await provision(url, contexts),
      clock: new AdjustableClock(),
      standingChanges: () => [],
      version: 'spec',
      rateLimit: { perSecond: 1e6, burst: 1e6 },
      failed: (where, error) => void faults.push(`${where}: ${String(error)}`),
    });
    try {
      await platform.settled();
      const context = platform.context('library');
      const [{ id }] = (await context.database.query<{ id: string }>('SELECT id FROM shelf_board ORDER BY books DESC LIMIT 1')) as [
        { id: string },
      ];
      const welcomes = async () =>
        (
          await platform
            .context('readers')
            .database.query<{ state: { welcomes: number } }>('SELECT state FROM streams WHERE id = $1', [id])
        )[0]!.state.welcomes;
      const [shelfAggregate] = [library.resources[0]!.aggregate];
      const before = await welcomes();
      await context.execute(
        (decision) => {
          decision.read(shelfAggregate, id);
          decision.append(shelfAggregate, id, { kind: 'BookPut', data: { title: 'after' } } as never);
        },
        [{ aggregate: shelfAggregate, id }],
      );
      await platform.settled();
      expect(await welcomes()).toBe(before + 1);
      const [order] = await context.database.query<{ ordered: boolean }>(
        `SELECT (SELECT (xid, position) FROM events WHERE data->>'title' = 'after') > ALL (SELECT (xid, position) FROM events WHERE data->>'title' IS DISTINCT FROM 'after') AS ordered`,
      );
      expect(order).toEqual({ ordered: true });
      for (const one of platform.contexts.values()) {
        const report = await verifyContext(one);
        expect({ context: report.context, found: report.checks.flatMap(({ first }) => first) }).toEqual({
          context: report.context,
          found: [],
        });
      }
      expect(faults).toEqual([]);
    } finally {
      await platform.stop();
    }
  });

  it('gives readers who number by an epoch a new one, at every restore', async () => {
    const target = join(folder, 'epochs');
    await backUp({ url: adminUrl, contexts, folder: target, version: 'spec' });
    const epochs = new Set<string>();
    const known = concord.platform.context('counting').database;
    epochs.add((await known.query<{ epoch: string }>('SELECT epoch FROM rooms'))[0]!.epoch);
    for (let n = 0; n < 2; n += 1) {
      const { databases } = await emptyTarget();
      await restore({ folder: target, databases });
      const rows = await databases
        .get('counting')!
        .query<{ epoch: string; last_offset: string }>('SELECT epoch, last_offset FROM rooms');
      expect(rows[0]!.last_offset).toBe('7');
      epochs.add(rows[0]!.epoch);
    }
    expect(epochs.size).toBe(3);
  });

  it('would lose events if the places were kept as they were: they lie in the other server’s future', async () => {
    const { databases } = await emptyTarget();
    const target = join(folder, 'control');
    await backUp({ url: adminUrl, contexts, folder: target, version: 'spec' });
    await restore({ folder: target, databases });
    const database = databases.get('library')!;
    const visible = async () =>
      (
        await database.query<{ n: number }>(
          'SELECT count(*)::int AS n FROM events WHERE xid < pg_snapshot_xmin(pg_current_snapshot())',
        )
      )[0]!.n;
    expect(await visible()).toBeGreaterThan(0);
    const [source] = await concord.platform
      .context('library')
      .database.query<{ xid: string }>('SELECT max(xid)::text AS xid FROM events');
    const [here] = await database.query<{ xid: string }>('SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xid');
    // The shared server may be as young as the second one; a busy one never is.
    const foreign = BigInt(source!.xid) > BigInt(here!.xid) ? source!.xid : String(BigInt(here!.xid) + 1_000_000n);
    await database.query(`UPDATE events SET xid = $1::xid8`, [foreign]);
    expect(await visible()).toBe(0);
  });
});

describe('a backup that cannot be used', () => {
  const whole = () => join(folder, 'whole');
  beforeAll(() => backUp({ url: adminUrl, contexts, folder: whole(), version: 'spec' }));

  const damaged = async (name: string, damage: (target: string) => Promise<unknown>): Promise<string> => {
    const target = join(folder, name);
    await backUp({ url: adminUrl, contexts, folder: target, version: 'spec' });
    await damage(target);
    return target;
  };
  const manifestOf = async (target: string) => JSON.parse(await readFile(join(target, 'manifest.json'), 'utf8'));

  it.each([
    ['a changed byte', (t: string) => appendFile(join(t, 'library', 'streams.copy'), 'x'), /was changed after the backup/u],
    ['a missing file', (t: string) => rm(join(t, 'library', 'events.copy')), /cannot be read/u],
    ['no manifest', (t: string) => rm(join(t, 'manifest.json')), /is not a backup, or one that was cut off/u],
    ['a manifest that is no JSON', (t: string) => writeFile(join(t, 'manifest.json'), '{'), /is not JSON/u],
    [
      'a changed manifest',
      async (t: string) => {
        const file = await manifestOf(t);
        file.manifest.contexts.library.tables.events.rows += 1;
        await writeFile(join(t, 'manifest.json'), JSON.stringify(file));
      },
      /was changed after it was made/u,
    ],
  ])('is refused with %s, and nothing is written', async (name, damage, message) => {
    const target = await damaged(name.replaceAll(' ', '-'), damage);
    const { databases } = await emptyTarget();
    await expect(restore({ folder: target, databases })).rejects.toThrow(message);
    for (const [context, database] of databases) {
      const [row] = await database.query<{ n: number }>('SELECT count(*)::int AS n FROM events');
      expect({ context, n: row!.n }).toEqual({ context, n: 0 });
    }
  });

  it('is never written over anything: neither a folder nor a database', async () => {
    await expect(backUp({ url: adminUrl, contexts, folder: whole(), version: 'spec' })).rejects.toThrow(/exists\. Name a folder/u);
    const { databases } = await emptyTarget();
    await restore({ folder: whole(), databases });
    await expect(restore({ folder: whole(), databases })).rejects.toThrow(/The log of library is not empty/u);
  });

  it('is refused by a build with other migrations, or without one of its contexts', async () => {
    const { databases } = await emptyTarget();
    await databases.get('library')!.query(`INSERT INTO migrations (timestamp, name) VALUES (1, 'Step_of_tomorrow')`);
    await expect(restore({ folder: whole(), databases })).rejects.toThrow(/is older than this build: it lacks Step_of_tomorrow/u);
    await databases.get('library')!.query(`DELETE FROM migrations WHERE name LIKE '%shelf_board%' OR timestamp = 1`);
    await expect(restore({ folder: whole(), databases })).rejects.toThrow(
      /is newer than this build, which does not know: Step0001_shelf_board/u,
    );
    const fewer = new Map([...databases].filter(([name]) => name !== 'counting'));
    await expect(restore({ folder: whole(), databases: fewer })).rejects.toThrow(
      /has the context counting, and this build does not|newer than this build/u,
    );
  });

  it('leaves nothing when the database has no log, or cannot be reached', async () => {
    const target = join(folder, 'nothing');
    await expect(backUp({ url: adminUrl, contexts: ['public'], folder: target, version: 'spec' })).rejects.toThrow(
      /no log of public/u,
    );
    const nowhere = new URL(adminUrl);
    nowhere.port = '1';
    await expect(backUp({ url: nowhere.href, contexts, folder: target, version: 'spec' })).rejects.toThrow(/ECONNREFUSED/u);
    expect((await readdir(folder)).filter((name) => name.includes('nothing'))).toEqual([]);
  });
});
