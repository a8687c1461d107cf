// P11: events a second that a live read model takes in, Concord's ledger ÷ a thousand events a transaction by one upsert.
import pg from 'pg';
import { startChild } from './child.mjs';
import { addEvents, untilRead } from './many-events.mjs';

const EVENTS_A_SECOND = 20_000;

/** Events a second, per round; after each round both tables have to hold the same entries. */
export async function liveView({ server, rounds, seconds, note }) {
  const url = await server.database('bench_live');
  const child = startChild('live-side.mjs', [url]);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const figures = { concord: [], floor: [] };
  const checks = { lost: 0, double: 0 };
  const run = async (count) => {
    const place = await addEvents(client, 'PledgeMade', count);
    const concord = await untilRead(client, 'projection ledger', place);
    return [concord, await child.ask('floor')].map((ms) => (count * 1000) / ms);
  };
  const count = EVENTS_A_SECOND * seconds;
  let total = 2_000;
  try {
    // Answers once the platform has started.
    await child.ask('floor');
    await run(total);
    for (let round = 0; round < rounds; round += 1) {
      const [concord, floor] = await run(count);
      total += count;
      figures.concord.push(concord);
      figures.floor.push(floor);
      const { rows } = await client.query(
        `SELECT (SELECT count(*) FROM pledges.ledger_entries)::int AS entries,
                (SELECT count(*) FROM (SELECT stream, version, side, amount FROM floor.ledger_entries
                   EXCEPT SELECT stream, version, side, amount FROM pledges.ledger_entries) differ)::int AS missing,
                (SELECT sum(debit) FROM pledges.ledger_books)::float8 AS debit`,
      );
      checks.lost = rows[0].missing;
      // Totals are added to, not counted: an event taken twice shows there.
      checks.double = Math.abs(rows[0].entries - 2 * total) + Math.abs(rows[0].debit - 100 * total);
      note(`live read model: ${Math.round(concord)} events/s, floor ${Math.round(floor)}`);
    }
  } finally {
    await child.end();
    await client.end();
  }
  return {
    ratios: figures.concord.map((rate, round) => rate / figures.floor[round]),
    rivals: [
      { name: 'read model ledger, live', unit: 'events/s', rounds: figures.concord },
      { name: 'raw pg, read and upsert 1,000 events a transaction', unit: 'events/s', rounds: figures.floor },
    ],
    checks,
  };
}
