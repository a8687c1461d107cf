// P10: rebuilding a read model from the log of the running app, beside copying the same events out.
import { pipeline } from 'node:stream/promises';
import { Writable } from 'node:stream';
import pg from 'pg';
import copy from 'pg-copy-streams';
import { administrator } from './world.mjs';

/** Ratios per round of events a second: rebuild of the pledges' board ÷ COPY of the pledges' events. Checks that the board is the same afterwards. */
export async function rebuildRates(base, databaseUrl, rounds, note) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const events = Number((await client.query('SELECT count(*) AS n FROM pledges.events')).rows[0].n);
  const content = async () =>
    (await client.query(`SELECT count(*) AS n, md5(string_agg(md5(b::text), '' ORDER BY id)) AS hash FROM pledges.pledge_board b`))
      .rows[0];
  const before = await content();
  const figures = { ratios: [], rebuild: [], copied: [] };
  for (let round = 0; round < rounds; round += 1) {
    let started = performance.now();
    await pipeline(
      client.query(copy.to('COPY (SELECT * FROM pledges.events) TO STDOUT')),
      new Writable({ write: (_chunk, _encoding, done) => done() }),
    );
    figures.copied.push((events / (performance.now() - started)) * 1000);
    const call = await administrator(base);
    started = performance.now();
    await call('POST', '/operations/pledges/views/pledge_board/rebuild', {});
    figures.rebuild.push((events / (performance.now() - started)) * 1000);
    figures.ratios.push(figures.rebuild.at(-1) / figures.copied.at(-1));
    note(`rebuild of ${events} events: ${figures.ratios.at(-1).toFixed(2)}`);
  }
  const after = await content();
  await client.end();
  return {
    ratios: figures.ratios,
    rivals: [
      { name: `rebuild of pledge_board from ${events} events`, unit: 'events/s', rounds: figures.rebuild },
      { name: 'COPY of the same events', unit: 'events/s', rounds: figures.copied },
    ],
    checks: { conserved: before.n === after.n && before.hash === after.hash },
  };
}
