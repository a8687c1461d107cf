// Many events in a log at once, by SQL: made-up ones without true hashes, for measuring what reads them, never for verification.
import { PLEDGES_EVENTS } from '@concord/contracts';

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

/** The newest version of a public kind of the pledges. */
export const versionOf = (kind) => PLEDGES_EVENTS.find((definition) => definition.kind === kind).version;

/** Commits so many events of one kind, each of a stream of its own, to the pledges' log; resolves with the place of the last one. */
export async function addEvents(client, kind, count) {
  const { rows } = await client.query(
    `WITH added AS (
       INSERT INTO pledges.events (stream, version, kind, schema_version, previous, data, meta, hash)
       SELECT gen_random_uuid(), 1, $1, $2, 0, $3::jsonb, $4::jsonb, repeat('0', 64) FROM generate_series(1, $5::int) RETURNING xid, position)
     SELECT xid::text, max(position)::text AS position FROM added GROUP BY xid`,
    [kind, versionOf(kind), data, meta, count],
  );
  return rows[0];
}

/** Milliseconds until the named cursor of the pledges is at the place. Throws after a minute. */
export async function untilRead(client, cursor, { xid, position }) {
  const started = performance.now();
  for (;;) {
    const { rows } = await client.query({
      name: 'cursor',
      text: 'SELECT (xid, position) >= ($2::xid8, $3::bigint) AS there, xid::text, position::text FROM pledges.cursors WHERE name = $1',
      values: [cursor, xid, position],
    });
    if (rows[0]?.there) return performance.now() - started;
    if (performance.now() - started > 60_000)
      throw new Error(`${cursor} is at ${JSON.stringify(rows[0])} after a minute, and not at ${xid}, ${position}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
