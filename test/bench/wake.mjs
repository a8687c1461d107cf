// P6, in a process of its own: 1,000 events a second are committed on a schedule, and a reader gets each after its commit. Argument:
// database address. Asked `run`, it measures one reader: Concord's own tail, woken by the commits of its process as in production, or
// the floor, a reader woken by NOTIFY that reads the same rows by the same cursor.
import { randomUUID } from 'node:crypto';
import { coreTables, Tail } from '@concord/platform';
import { clearInterval, setInterval } from 'node:timers';
import pg from 'pg';
import { at, serve } from './child.mjs';
import { onSchedule } from './http-pool.mjs';

const RATE = 1_000;
const LATE_MS_MAX = 20_000;
const data = JSON.stringify({ organisationId: randomUUID(), quantity: 100, terms: 'x'.repeat(200) });
const meta = JSON.stringify({ at: '2026-01-01T00:00:00.000Z', correlation: randomUUID() });
const pool = new pg.Pool({ connectionString: process.argv[2], max: 20 });
await pool.query(coreTables.sql);

/** When each event was committed, and when it arrived. */
function watch() {
  const committed = new Map();
  const arrived = new Map();
  let double = 0;
  return {
    committed,
    arrived,
    take: (stream) => {
      if (arrived.has(stream)) double += 1;
      arrived.set(stream, performance.now());
    },
    result: () => {
      const waits = [...committed].map(([stream, moment]) => Math.max(0, (arrived.get(stream) ?? Infinity) - moment));
      const known = waits.filter(Number.isFinite).sort((a, b) => a - b);
      return { p50: at(known, 0.5), p99: at(known, 0.99), events: committed.size, lost: waits.length - known.length, double };
    },
  };
}

/** Commits one event at a time, on schedule; `after` is called behind each commit. */
async function write(ms, { committed }, after) {
  const underWay = new Set();
  await onSchedule(RATE, ms, () => {
    const stream = randomUUID();
    const written = pool
      .query({
        name: 'event',
        text: `INSERT INTO events (stream, version, kind, schema_version, previous, data, meta, hash) VALUES ($1, 1, 'Bench', 1, 0, $2, $3, '')`,
        values: [stream, data, meta],
      })
      .then(() => {
        committed.set(stream, performance.now());
        after();
      })
      .finally(() => underWay.delete(written));
    underWay.add(written);
  });
  await Promise.all(underWay);
}

async function untilAll({ committed, arrived }) {
  const deadline = performance.now() + LATE_MS_MAX;
  while (arrived.size < committed.size && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
}

async function concord(ms) {
  const seen = watch();
  const tail = new Tail({
    pool,
    name: 'relay',
    batch: 1_000,
    pollMs: 100,
    watched: true,
    deliver: async (rows) => rows.forEach(({ stream }) => seen.take(stream)),
    failed: (error) => process.stderr.write(`${error.stack}\n`),
  });
  await tail.start();
  await tail.caughtUp();
  seen.arrived.clear();
  await write(ms, seen, () => tail.wake());
  await untilAll(seen);
  await tail.stop();
  return seen.result();
}

async function floor(ms) {
  const seen = watch();
  const [teller, listener] = [new pg.Client(process.argv[2]), new pg.Client(process.argv[2])];
  await Promise.all([teller.connect(), listener.connect()]);
  const { rows } = await pool.query(
    `SELECT xid::text, position::text FROM events ORDER BY events.xid DESC, events.position DESC LIMIT 1`,
  );
  let cursor = rows[0] ?? { xid: '0', position: '0' };
  let [again, reading, ended, telling] = [false, false, false, false];
  let told = Promise.resolve();
  const read = async () => {
    again = true;
    if (reading) return;
    reading = true;
    while (again && !ended) {
      again = false;
      const found = await listener.query({
        name: 'read',
        text: `SELECT xid::text, position::text, stream, version, kind, data, meta FROM events WHERE (xid, position) > ($1::xid8, $2::bigint)
                AND xid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY events.xid, events.position LIMIT 1000`,
        values: [cursor.xid, cursor.position],
      });
      found.rows.forEach(({ stream }) => seen.take(stream));
      cursor = found.rows.at(-1) ?? cursor;
      if (found.rows.length > 0) again = true;
    }
    reading = false;
  };
  listener.on('notification', () => void read());
  await listener.query('LISTEN grown');
  const poll = setInterval(() => void read(), 100);
  // At most one NOTIFY a millisecond, from a connection of its own.
  const tell = () => {
    if (telling) return;
    telling = true;
    setTimeout(() => {
      if (!ended) told = teller.query('NOTIFY grown').then(() => void (telling = false));
    }, 1);
  };
  await write(ms, seen, tell);
  await untilAll(seen);
  ended = true;
  clearInterval(poll);
  while (reading) await new Promise((resolve) => setTimeout(resolve, 5));
  await told;
  await Promise.all([teller.end(), listener.end()]);
  return seen.result();
}

serve({ concord, floor });
