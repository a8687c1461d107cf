// The floors: what PostgreSQL itself can do with the same rows. pgbench where it is installed, else the same statements in a raw
// `pg` loop with as many connections.
import { randomUUID } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

const state = JSON.stringify({
  needId: '01890000-0000-7000-8000-000000000000',
  ownerId: '01890000-0000-7000-8000-000000000001',
  kind: 'funding',
  status: 'offered',
  unit: 'USD',
  quantity: 100,
  counted: 100,
  terms: { instrument: 'grant', earmarking: 3, schedule: { type: 'by_milestone' } },
  offerVersion: 1,
  hash: 'a'.repeat(64),
  madeAt: '2026-01-01T00:00:00.000Z',
  validUntil: '2026-04-01T00:00:00.000Z',
});
const lineState = JSON.stringify({
  needId: '01890000-0000-7000-8000-000000000000',
  ownerId: '01890000-0000-7000-8000-000000000001',
  kind: 'funding',
  title: 'Line',
  unit: 'USD',
  recipient: 'lead',
  target: 9e15,
  reserved: 100,
  confirmed: 0,
  delivered: 0,
  status: 'open',
});
const data = JSON.stringify({
  needId: '01890000-0000-7000-8000-000000000000',
  lineId: '01890000-0000-7000-8000-000000000002',
  ownerId: '01890000-0000-7000-8000-000000000001',
  organisationId: '01890000-0000-7000-8000-000000000003',
  kind: 'funding',
  unit: 'USD',
  quantity: 100,
  counted: 100,
  version: 1,
  hash: 'a'.repeat(64),
  validUntil: '2026-04-01T00:00:00.000Z',
  terms: { instrument: 'grant', earmarking: 3, schedule: { type: 'by_milestone' } },
});
const meta = JSON.stringify({
  at: '2026-01-01T00:00:00.000Z',
  person: '01890000-0000-7000-8000-000000000004',
  organisation: '01890000-0000-7000-8000-000000000003',
  correlation: '01890000-0000-7000-8000-000000000005',
});
const body = `${state.slice(0, -1)},"id":"01890000-0000-7000-8000-000000000006","version":1}`;

/** Tables like the log's and the two boards', so that the floor writes the same rows with the same indexes. */
export const FLOOR_TABLES = `
  CREATE TABLE requests (scope text, key text, hash text NOT NULL, status smallint NOT NULL, headers json NOT NULL, body text NOT NULL, at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (scope, key));
  CREATE TABLE streams (id uuid PRIMARY KEY, kind text NOT NULL, version int NOT NULL, published int NOT NULL, state json NOT NULL, hash text NOT NULL) WITH (fillfactor = 70);
  CREATE TABLE events (position bigint GENERATED ALWAYS AS IDENTITY, xid xid8 NOT NULL DEFAULT pg_current_xact_id(), stream uuid NOT NULL, version int NOT NULL, kind text NOT NULL, schema_version smallint NOT NULL, previous int, data jsonb NOT NULL, meta jsonb NOT NULL, hash text NOT NULL, PRIMARY KEY (stream, version));
  CREATE UNIQUE INDEX ON events (xid, position);
  CREATE TABLE lines (n int PRIMARY KEY, id uuid NOT NULL);
  CREATE TABLE line_board (id uuid PRIMARY KEY, need_id text NOT NULL, owner_id text NOT NULL, kind text NOT NULL, unit text NOT NULL, title text NOT NULL, status text NOT NULL, target bigint NOT NULL, reserved bigint NOT NULL, confirmed bigint NOT NULL, delivered bigint NOT NULL, CHECK (reserved + confirmed <= target)) WITH (fillfactor = 50);
  CREATE INDEX ON line_board (need_id);
  CREATE INDEX ON line_board (title, id);
  CREATE TABLE pledge_board (id uuid PRIMARY KEY, need_id text, line_id text, owner_id text, organisation_id text, recipient_id text, project_id text, kind text, status text, unit text, quantity bigint, counted bigint, ever_confirmed bigint, delivered bigint, made_at timestamptz, valid_until timestamptz, next_due_on date) WITH (fillfactor = 90);
  CREATE INDEX ON pledge_board (made_at, id);
  CREATE INDEX ON pledge_board (need_id, made_at, id);
  CREATE INDEX ON pledge_board (organisation_id, made_at, id);
  CREATE INDEX ON pledge_board (valid_until, id) WHERE status = 'offered';
  INSERT INTO lines SELECT n, gen_random_uuid() FROM generate_series(1, 10000) n;
  INSERT INTO streams SELECT id, 'Line', 1, 1, '${lineState}', repeat('f', 64) FROM lines;
  INSERT INTO line_board SELECT id, '01890000-0000-7000-8000-000000000000', '01890000-0000-7000-8000-000000000001', 'funding', 'USD', 'Line ' || n, 'open', 9000000000000000, 0, 0, 0 FROM lines;`;

/** One pledge as one statement: key, capped update of the line with its state and event, pledge stream, its event, its row. */
const pledge = (line, key, id) => `
WITH c AS (UPDATE line_board SET reserved = reserved + 100 WHERE id = (SELECT id FROM lines WHERE n = ${line}) AND reserved + 100 <= target RETURNING id),
l AS (UPDATE streams s SET version = s.version + 1, state = '${lineState}', hash = '${'f'.repeat(64)}' FROM c WHERE s.id = c.id RETURNING s.id, s.version),
r AS (INSERT INTO requests SELECT '01890000-0000-7000-8000-000000000003', ${key}, '${'b'.repeat(64)}', 201, '{"content-type":"application/json; charset=utf-8","etag":"\\"1\\""}', '${body}' FROM l),
s AS (INSERT INTO streams SELECT ${id}, 'pledge', 1, 1, '${state}', '${'c'.repeat(64)}' FROM l),
e AS (INSERT INTO events (stream, version, kind, schema_version, previous, data, meta, hash)
  SELECT l.id, l.version, 'CapacityReserved', 1, NULL::int, '{"pledgeId":"01890000-0000-7000-8000-000000000006","quantity":100}'::jsonb, '${meta}'::jsonb, '${'d'.repeat(64)}' FROM l
  UNION ALL SELECT ${id}, 1, 'PledgeMade', 1, 0, '${data}'::jsonb, '${meta}'::jsonb, '${'e'.repeat(64)}' FROM l),
b AS (INSERT INTO pledge_board SELECT ${id}, '01890000-0000-7000-8000-000000000000', '01890000-0000-7000-8000-000000000002', '01890000-0000-7000-8000-000000000001', '01890000-0000-7000-8000-000000000003', NULL, NULL, 'funding', 'offered', 'USD', 100, 100, 0, 0, now(), now(), NULL FROM l)
SELECT version FROM l`;

const hasPgbench = spawnSync('pgbench', ['--version'], { encoding: 'utf8' });
export const floorName = hasPgbench.status === 0 ? hasPgbench.stdout.trim() : `raw pg ${pg.Client.name} loop`;

/** Commands a second by `clients` connections for `seconds`. `hot`: all on one line. */
export async function floorRate(url, { clients, seconds, hot = false }) {
  return hasPgbench.status === 0 ? withPgbench(url, clients, seconds, hot) : withLoop(url, clients, seconds, hot);
}

function withPgbench(url, clients, seconds, hot) {
  const script = join(mkdtempSync(join(tmpdir(), 'concord-floor-')), 'pledge.sql');
  const statement = pledge(hot ? '1' : ':line', 'gen_random_uuid()::text', 'x.id').replace(
    'WITH c AS',
    'WITH x AS MATERIALIZED (SELECT gen_random_uuid() AS id), c AS',
  );
  const sql = statement.replace(/FROM l(?=[),\n ]|$)/gu, 'FROM l, x').replace('SELECT version FROM l, x', 'SELECT version FROM l');
  writeFileSync(script, `\\set line random(1, 10000)\n${sql.replace(/\n\s*/gu, ' ').trim()};\n`);
  const run = spawnSync(
    'pgbench',
    ['-n', '-M', 'prepared', '-c', String(clients), '-j', '2', '-T', String(Math.ceil(seconds)), '-f', script, url],
    { encoding: 'utf8' },
  );
  const match = /tps = ([\d.]+)/u.exec(run.stdout);
  if (run.status !== 0 || !match) throw new Error(`pgbench failed: ${run.stderr}`);
  return Number(match[1]);
}

async function withLoop(url, clients, seconds, hot) {
  const end = performance.now() + seconds * 1000;
  let done = 0;
  const client = async () => {
    const connection = new pg.Client({ connectionString: url });
    await connection.connect();
    const text = pledge('$1', '$2', '$3::uuid');
    while (performance.now() < end) {
      const id = randomUUID();
      await connection.query({ name: 'pledge', text, values: [hot ? 1 : 1 + Math.floor(Math.random() * 10_000), id, id] });
      done += 1;
    }
    await connection.end();
  };
  await Promise.all(Array.from({ length: clients }, client));
  return done / seconds;
}

/** Median milliseconds of one committed insert by one client: the least a durable answer can cost. */
export async function commitMs(url, seconds) {
  const connection = new pg.Client({ connectionString: url });
  await connection.connect();
  await connection.query('CREATE TABLE IF NOT EXISTS single (id uuid PRIMARY KEY, body text NOT NULL)');
  const times = [];
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    const started = performance.now();
    await connection.query({ name: 'single', text: 'INSERT INTO single VALUES ($1, $2)', values: [randomUUID(), state] });
    times.push(performance.now() - started);
  }
  await connection.end();
  return times.sort((a, b) => a - b)[times.length >> 1];
}
