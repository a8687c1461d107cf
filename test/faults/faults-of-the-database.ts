import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Chance } from './chance.js';
import { asSuperuser, hold, type Fault, type World } from './world.js';

/** How long the database may stay away before it is started again, milliseconds. */
const AWAY_MS_MAX = 1_500;

async function killPostmaster(world: World, chance: Chance): Promise<void> {
  const { postgres } = world.cluster;
  await postgres.kill();
  await pause(chance.next() * AWAY_MS_MAX);
  await postgres.start();
}

/** Runs a trigger after each statement that appends to the log of pledges, for a while. */
async function withTrigger(world: World, body: string, seconds: number): Promise<void> {
  await asSuperuser(world, async (client) => {
    await client.query(
      `CREATE OR REPLACE FUNCTION pledges.fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${body} RETURN NULL; END $$`,
    );
    await client.query('CREATE TRIGGER fault AFTER INSERT ON pledges.events FOR EACH STATEMENT EXECUTE FUNCTION pledges.fault()');
    try {
      await hold(world, seconds);
    } finally {
      await client.query('DROP TRIGGER IF EXISTS fault ON pledges.events');
    }
  });
}

/** A transaction that has written and does not end: nobody may read past it. */
async function openTransaction(world: World): Promise<void> {
  await asSuperuser(world, async (client) => {
    await client.query('BEGIN; SELECT pg_current_xact_id();');
    await hold(world, 30);
    await client.query('ROLLBACK');
  });
}

async function endBackends(world: World): Promise<void> {
  await asSuperuser(world, async (client) => {
    for (let end = performance.now() + Math.max(2_000, 10_000 * world.lasting); performance.now() < end;) {
      await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename <> 'postgres' AND random() < 0.5`);
      await pause(200);
    }
  });
}

/** Takes all connections the server has, and ends those of everybody else. */
async function holdConnections(world: World): Promise<void> {
  const held: pg.Client[] = [];
  await asSuperuser(world, async (client) => {
    try {
      for (;;) {
        const one = new pg.Client({ connectionString: world.cluster.postgres.adminUrl });
        one.on('error', () => undefined);
        await one.connect();
        held.push(one);
      }
    } catch {
      // The last one there was.
    }
    await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE '%pledges'`);
    await hold(world, 8);
  });
  await Promise.all(held.map((one) => one.end().catch(() => undefined)));
}

/** What a migration does to a table that is written all the time: a column more, an index, and away again. */
async function migrate(world: World): Promise<void> {
  await asSuperuser(world, async (client) => {
    await client.query(`SET lock_timeout = '2s'`);
    const tried = async (sql: string): Promise<void> => {
      for (let tries = 1; ; tries += 1) {
        try {
          await client.query(sql);
          return;
        } catch (error) {
          if ((error as { code?: string }).code !== '55P03' || tries === 20) throw error;
        }
      }
    };
    await tried('ALTER TABLE pledges.requests ADD COLUMN IF NOT EXISTS next_version int DEFAULT 7');
    await tried('CREATE INDEX CONCURRENTLY IF NOT EXISTS faults_migration ON pledges.events (kind, at)').catch(() =>
      tried('CREATE INDEX IF NOT EXISTS faults_migration ON pledges.events (kind)'),
    );
    await tried('DROP INDEX pledges.faults_migration');
    await tried('ALTER TABLE pledges.requests DROP COLUMN next_version');
  });
}

const RAISE = `IF random() < 0.3 THEN RAISE EXCEPTION 'fault' USING ERRCODE = CASE WHEN random() < 0.5 THEN '40001' ELSE '40P01' END; END IF;`;

/** Faults of the database. One at a time, and not while it is being killed. */
export const DATABASE_FAULTS: readonly Fault[] = [
  { row: 'F3', name: 'kill -9 of the postmaster', inject: killPostmaster },
  { row: 'F27', name: 'a write transaction that stays open', inject: openTransaction },
  {
    row: 'F28',
    name: 'commits in another order than writes',
    inject: (world) => withTrigger(world, 'PERFORM pg_sleep(random() * 0.15);', 15),
  },
  { row: 'F29', name: 'deadlocks and failed serialisations', inject: (world) => withTrigger(world, RAISE, 10) },
  { row: 'F29', name: 'back-ends ended every 200 ms', inject: endBackends },
  { row: 'F16', name: 'no connection left', inject: holdConnections },
  { row: 'F32', name: 'a migration under load', inject: migrate },
];
