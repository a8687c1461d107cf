// How fast pages are among many needs: the list of needs and a need page, each beside the bare API call that it makes, in the same run;
// and the largest paint in a real browser on a slow line.
import { mkdirSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import pg from 'pg';
import { chromium } from 'playwright-core';
import { findBrowser } from '../../infra/scripts/browser.mjs';
import { needs } from '../../libs/partnerships/dist/needs.js';
import { populate, startApp } from './world.mjs';

const CHUNK = 1_000;
const COUNTRIES = ['MW', 'KE', 'ZM', 'NP', 'PE', 'FJ', 'LA', 'SN', 'HT', 'TJ'];
const LANGUAGES = ['en', 'fr', 'es', 'ar', 'ru', 'zh'];
const WORDS = ['lessons', 'clinics', 'water', 'roads', 'seeds', 'maps', 'teachers', 'energy', 'courts', 'harbours'];
/** 1.6 Mbit/s down, 750 kbit/s up, 300 ms: the slow line of the requirement. */
const SLOW = { offline: false, latency: 300, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 };

/**
 * Adds `count` published needs: streams and events copied from one that was made by the API, with place, goals, language and words of
 * their own. The rows of the list come from the same function that the app uses, on the same state, so the read model is right. The
 * hashes are not: this is for measuring, never for verification.
 */
async function growNeeds(url, count, note) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('SET search_path = partnerships');
  const [model] = (
    await client.query(`SELECT s.id, s.version, s.state FROM streams s JOIN needs n ON n.id = s.id WHERE n.public LIMIT 1`)
  ).rows;
  const columns = Object.keys(needs.view.row(model.id, model.state));
  const seed = 20_270_101;
  note(`adding ${count} needs (seed ${seed})`);
  let random = seed;
  const below = (limit) => {
    random = (random + 0x6d2b79f5) | 0;
    let mixed = Math.imul(random ^ (random >>> 15), 1 | random);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
  for (let made = 0; made < count; made += CHUNK) {
    const states = Array.from({ length: Math.min(CHUNK, count - made) }, (_, index) => {
      const word = WORDS[below(WORDS.length)];
      const at = new Date(Date.parse(model.state.publishedAt) - (made + index) * 60_000).toISOString();
      const content = {
        ...model.state.content,
        title: `${word} ${made + index}`,
        country: COUNTRIES[below(COUNTRIES.length)],
        language: LANGUAGES[below(LANGUAGES.length)],
        sdgTargets: [`${1 + below(17)}.a`],
        lines: model.state.content.lines.slice(0, 4),
      };
      return { ...model.state, content, publishedAt: at, updatedAt: at };
    });
    const ids = (await client.query('SELECT gen_random_uuid()::text AS id FROM generate_series(1, $1::int)', [states.length])).rows;
    const rows = states.map((state, index) => ({ id: ids[index].id, state, row: needs.view.row(ids[index].id, state) }));
    await client.query(
      `WITH given AS (SELECT * FROM json_to_recordset($1::json) AS g(id uuid, state json)),
       s AS (INSERT INTO streams SELECT g.id, m.kind, m.version, m.published, g.state, repeat('0', 64) FROM given g, streams m WHERE m.id = $2)
       INSERT INTO events (stream, version, kind, schema_version, previous, data, meta, hash)
         SELECT g.id, e.version, e.kind, e.schema_version, e.previous, e.data, e.meta, repeat('0', 64) FROM given g, events e WHERE e.stream = $2 ORDER BY g.id, e.version`,
      [JSON.stringify(rows.map(({ id, state }) => ({ id, state }))), model.id],
    );
    await client.query(
      `INSERT INTO needs (${columns.join(', ')}) SELECT ${columns.join(', ')} FROM jsonb_populate_recordset(NULL::needs, $1::jsonb)`,
      [JSON.stringify(rows.map(({ row }) => row))],
    );
    if (made % 20_000 === 0) note(`${made} needs`);
  }
  await client.query(
    `UPDATE cursors SET xid = newest.xid, position = newest.position FROM (SELECT xid, position FROM events ORDER BY xid DESC, position DESC LIMIT 1) newest`,
  );
  await client.query('VACUUM ANALYZE');
  await client.query('CHECKPOINT');
  const made = Number((await client.query('SELECT count(*) AS n FROM needs WHERE public')).rows[0].n);
  await client.end();
  return made;
}

/** Asks on one connection and waits for the whole answer; milliseconds. Throws unless it is a 200 that says what it must. */
function asked(agent, url, path, must) {
  return new Promise((done, fail) => {
    const began = performance.now();
    request(`${url}${path}`, { agent, headers: { cookie: 'concord_locale=en' } }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => {
        const ms = performance.now() - began;
        const text = Buffer.concat(chunks).toString('utf8');
        if (answer.statusCode === 200 && text.includes(must)) done(ms);
        else fail(new Error(`GET ${path} answered ${answer.statusCode} without "${must}": ${text.slice(0, 300)}`));
      });
    })
      .on('error', fail)
      .end();
  });
}

const quantile = (values, share) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];

/** Pages and API calls by turns for `ms`: 99th percentiles of both. */
async function byTurns(url, pairs, ms) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const page = [];
  const api = [];
  const end = performance.now() + ms;
  for (let turn = 0; performance.now() < end || turn < 20; turn += 1) {
    const { pagePath, apiPath, must, mustApi } = pairs[turn % pairs.length];
    page.push(await asked(agent, url, pagePath, must));
    api.push(await asked(agent, url, apiPath, mustApi));
  }
  agent.destroy();
  return { page: quantile(page, 0.99), api: quantile(api, 0.99), requests: page.length };
}

/** Largest contentful paint of a page on the slow line with an empty cache, milliseconds. */
async function largestPaint(browser, url) {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', SLOW);
  await page.goto(url, { waitUntil: 'load' });
  const ms = await page.evaluate(
    () =>
      new Promise((found) => {
        new globalThis.PerformanceObserver((list) => found(list.getEntries().at(-1).startTime)).observe({
          type: 'largest-contentful-paint',
          buffered: true,
        });
      }),
  );
  await context.close();
  return ms;
}

/** The queries of the list, each as the page and as the call that the page makes. */
function listPairs() {
  const query = 'facets=true&count=estimate&limit=20';
  return ['', 'country=KE', 'sdgGoal=4', 'status=published&sort=closing_soon', 'q=harbours', 'language=ar&country=NP'].map(
    (filter) => ({
      pagePath: `/en/needs${filter === '' ? '' : `?${filter}`}`,
      apiPath: `/api/v1/needs?${query}${filter === '' ? '' : `&${filter}`}`,
      must: 'class="cards"',
      mustApi: '"items":[{',
    }),
  );
}

/** Rows of the report about pages, as arguments of `add`: p99 of list and need page beside the API, and the largest paint. */
export async function webFigures(server, { rounds, seconds, count, note }) {
  const executablePath = findBrowser();
  if (executablePath === undefined) throw new Error('There is no Chromium: install it, or name one in CONCORD_BROWSER.');
  const database = await server.database('bench_web');
  const dataDir = join(server.folder, 'bench_web');
  mkdirSync(dataDir);
  const before = await startApp(database, dataDir);
  await populate(before.url, 300);
  const own = (await (await fetch(`${before.url}/api/v1/needs?limit=10`)).json()).items.map(({ id }) => id);
  await before.stop();
  const made = await growNeeds(database, count - own.length, note);
  const app = await startApp(database, dataDir);
  const needPairs = own.map((id) => ({
    pagePath: `/en/needs/${id}`,
    apiPath: `/api/v1/needs/${id}`,
    must: 'id="lines"',
    mustApi: id,
  }));
  const raw = { list: [], need: [], paint: [] };
  const paths = ['/en', '/en/needs', `/en/needs/${own[0]}`, '/ar/needs'];
  const browser = await chromium.launch({ executablePath, args: ['--headless', '--no-sandbox', '--disable-gpu'] });
  try {
    await byTurns(app.url, [...listPairs(), ...needPairs], 2_000);
    for (let round = 0; round < rounds; round += 1) {
      raw.list.push(await byTurns(app.url, listPairs(), seconds * 1000));
      raw.need.push(await byTurns(app.url, needPairs, seconds * 1000));
      const paints = [];
      for (const path of paths) paints.push(await largestPaint(browser, `${app.url}${path}`));
      raw.paint.push(paints);
      note(JSON.stringify({ list: raw.list.at(-1), need: raw.need.at(-1), paints }));
    }
  } finally {
    await browser.close();
    await app.stop();
  }
  return rowsOf(raw, paths, made, made === count);
}

function rowsOf(raw, paths, made, conserved) {
  const rivals = (name, figures) => [
    { name: `${name}, p99, ${made} needs`, unit: 'ms', rounds: figures.map(({ page }) => page) },
    { name: 'its bare API call, p99', unit: 'ms', rounds: figures.map(({ api }) => api) },
    { name: 'page by API call', unit: 'times', rounds: figures.map(({ page, api }) => page / api) },
  ];
  const checks = { conserved };
  return [
    ['W1', 50, 150, raw.list.map(({ page }) => page), rivals('list of needs', raw.list), checks, 'less'],
    ['W2', 50, 150, raw.need.map(({ page }) => page), rivals('need page', raw.need), checks, 'less'],
    [
      'W3',
      2500,
      4000,
      raw.paint.map((paints) => Math.max(...paints)),
      paths.map((path, index) => ({
        name: `largest paint of ${path.replace(/[0-9a-f-]{36}/u, ':id')}`,
        unit: 'ms',
        rounds: raw.paint.map((paints) => paints[index]),
      })),
      checks,
      'less',
    ],
  ];
}
