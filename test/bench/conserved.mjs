// The check behind every load of pledges.
import pg from 'pg';

/** What must hold after a round: nothing acknowledged is missing, nothing is there twice, nothing is over its cap. */
export async function conserved(databaseUrl, acknowledged) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const one = async (sql) => Number((await client.query(sql)).rows[0].n);
  const made = await one(`SELECT count(*) AS n FROM pledges.events WHERE kind = 'PledgeMade'`);
  const answers = await one(`SELECT count(*) AS n FROM pledges.requests WHERE status = 201 AND body LIKE '%"lineId"%'`);
  const streams = await one(`SELECT count(*) AS n FROM pledges.streams WHERE kind = 'Pledge'`);
  const over = await one(
    `SELECT count(*) AS n FROM pledges.streams WHERE kind = 'Line' AND (state->>'reserved')::numeric + (state->>'confirmed')::numeric > (state->>'target')::numeric`,
  );
  const reserved = await one(
    `SELECT coalesce(sum((state->>'reserved')::numeric), 0) AS n FROM pledges.streams WHERE kind = 'Line'`,
  );
  const offered = await one(
    `SELECT coalesce(sum((state->>'counted')::numeric), 0) AS n FROM pledges.streams WHERE kind = 'Pledge'`,
  );
  await client.end();
  // A connection that is cut at the end of a round leaves its last request unacknowledged, but never a pledge without its stored answer.
  return {
    conserved: reserved === offered && made === streams,
    lost: Math.max(0, acknowledged - made),
    double: Math.abs(made - answers),
    overcap: over,
  };
}
