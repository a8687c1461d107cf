import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import pg from 'pg';
import copy from 'pg-copy-streams';
import { MANIFEST, manifestText, type Manifest, type TableCopy } from './manifest.js';

/** What to back up, and where to. */
export interface BackUpOptions {
  /** A role that may read everything: the superuser, or a member of pg_read_all_data. */
  readonly url: string;
  /** Contexts, each the schema of that name. */
  readonly contexts: readonly string[];
  /** Must not exist yet. */
  readonly folder: string;
  readonly version: string;
  /** Copies what is not in the database into the unfinished folder, after the snapshot: what the rows name is there. */
  also?(folder: string): Promise<void>;
  progress?(table: string, rows: number): void;
}

/**
 * Copies every table of every context out of one snapshot, while the platform goes on working. The places in the logs (transaction
 * id and position) are numbered anew, 1, 2, 3 in the order of the log: a backup holds nothing of the server it was made on. The folder
 * appears whole or not at all. Throws when it exists, when a right is missing, or when the disk is full.
 */
export async function backUp(options: BackUpOptions): Promise<Manifest> {
  const folder = resolve(options.folder);
  const unfinished = join(dirname(folder), `.unfinished-${basename(folder)}`);
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true });
  // Whoever can read a backup can sign in as anybody: it holds keys and the hashes of passwords.
  await mkdir(unfinished, { mode: 0o700 });
  const client = new pg.Client({ connectionString: options.url, application_name: 'concord backup' });
  client.on('error', () => undefined);
  try {
    await refuseExisting(folder);
    await client.connect();
    await client.query('SET idle_in_transaction_session_timeout = 0');
    await client.query('SET search_path = pg_catalog');
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const manifest: Manifest = {
      format: 'concord-backup/1',
      version: options.version,
      at: new Date().toISOString(),
      contexts: {},
    };
    for (const context of options.contexts)
      manifest.contexts[context] = await copyContext(client, context, join(unfinished, context), options);
    await client.query('COMMIT');
    await options.also?.(unfinished);
    await writeWhole(join(unfinished, MANIFEST), manifestText(manifest));
    await rename(unfinished, folder);
    return manifest;
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  } finally {
    await client.end();
  }
}

async function refuseExisting(folder: string): Promise<void> {
  const found = await open(folder).catch(() => undefined);
  await found?.close();
  if (found) throw new Error(`${folder} exists. Name a folder that does not: a backup never replaces another.`);
}

async function copyContext(
  client: pg.Client,
  context: string,
  folder: string,
  { progress }: BackUpOptions,
): Promise<Manifest['contexts'][string]> {
  const { rows } = await client.query<{ table: string; columns: string[] }>(
    `SELECT c.relname AS table, array_agg(a.attname::text ORDER BY a.attnum) AS columns
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE c.relnamespace = $1::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
        AND c.relname !~ '_rebuilt$'
      GROUP BY c.relname ORDER BY c.relname`,
    [context],
  );
  if (!rows.some(({ table }) => table === 'events'))
    throw new Error(
      `There is no log of ${context} in this database. Is DATABASE_URL the one Concord uses, and did Concord ever start?`,
    );
  await mkdir(folder, { mode: 0o700 });
  const { rows: done } = await client.query<{ name: string }>(
    `SELECT name FROM ${pg.escapeIdentifier(context)}.migrations ORDER BY timestamp, name`,
  );
  const tables: Record<string, TableCopy> = {};
  for (const { table, columns } of rows) {
    if (table === 'migrations') continue;
    tables[table] = { columns, ...(await copyTable(client, selectOf(context, table, columns), join(folder, `${table}.copy`))) };
    progress?.(`${context}.${table}`, tables[table].rows);
  }
  return { migrations: done.map(({ name }) => name), tables };
}

/** All rows of a table; of a table that names a place in the log, with the place numbered anew. */
function selectOf(context: string, table: string, columns: readonly string[]): string {
  const schema = pg.escapeIdentifier(context);
  const numbered = `SELECT xid, position, row_number() OVER (ORDER BY xid, position) AS place FROM ${schema}.events`;
  const shown = columns.map((column) => {
    if (!columns.includes('xid') || !columns.includes('position')) return `t.${pg.escapeIdentifier(column)}`;
    // Transaction 1 is older than any: restored events are visible to every relay, and come before every new one.
    if (column === 'xid') return `CASE WHEN p.place > 0 THEN '1'::xid8 ELSE '0'::xid8 END AS xid`;
    return column === 'position' ? 'p.place AS position' : `t.${pg.escapeIdentifier(column)}`;
  });
  const from = `${schema}.${pg.escapeIdentifier(table)} t`;
  if (!columns.includes('xid') || !columns.includes('position')) return `SELECT ${shown.join(', ')} FROM ${from}`;
  // A place is that of an event, or before the first one; any other is counted, so that no event is skipped or repeated.
  return `WITH numbered AS (${numbered}) SELECT ${shown.join(', ')} FROM ${from} LEFT JOIN numbered n USING (xid, position)
    CROSS JOIN LATERAL (SELECT coalesce(n.place, (SELECT count(*) FROM ${schema}.events e WHERE (e.xid, e.position) <= (t.xid, t.position))) AS place) p
    ORDER BY p.place`;
}

async function copyTable(client: pg.Client, select: string, file: string): Promise<Omit<TableCopy, 'columns'>> {
  const digest = createHash('sha256');
  let bytes = 0;
  const handle = await open(file, 'wx', 0o600);
  try {
    const stream = client.query(copy.to(`COPY (${select}) TO STDOUT`));
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      digest.update(chunk);
      bytes += chunk.length;
      await handle.writeFile(chunk);
    }
    await handle.sync();
    return { rows: stream.rowCount, bytes, sha256: digest.digest('hex') };
  } finally {
    await handle.close();
  }
}

async function writeWhole(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
