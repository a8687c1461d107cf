import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg, { type PoolClient } from 'pg';
import copy from 'pg-copy-streams';
import type { ContextDatabase } from '../database/context-database.js';
import { BadBackup, readManifest, type Manifest, type TableCopy } from './manifest.js';

/** Where a backup goes. */
export interface RestoreOptions {
  readonly folder: string;
  /** Migrated and empty databases, by context. Nothing else may use them meanwhile. */
  readonly databases: ReadonlyMap<string, ContextDatabase>;
  progress?(table: string, rows: number): void;
}

/**
 * Fills empty databases from a backup: every table, then the counters, then new epochs of what readers number by (a column `epoch`), so
 * that whoever has seen more than the backup holds is told to begin again. Each file is checked by its hash while it is read.
 * Throws `BadBackup` when the backup is not whole, was made by other migrations, or a database is not empty: nothing is changed then.
 */
export async function restore({ folder, databases, progress }: RestoreOptions): Promise<Manifest> {
  const manifest = await readManifest(folder);
  const clients: PoolClient[] = [];
  let broken = true;
  try {
    for (const [context, held] of Object.entries(manifest.contexts)) {
      const database = databases.get(context);
      if (!database) throw new BadBackup(`The backup has the context ${context}, and this build does not.`);
      const client = await database.pool.connect();
      clients.push(client);
      await client.query('BEGIN');
      await client.query('SET LOCAL idle_in_transaction_session_timeout = 0');
      await refuseUnfit(client, context, held.migrations);
      await fill(client, { context, folder, tables: held.tables, ...(progress ? { progress } : {}) });
    }
    for (const context of databases.keys())
      if (!manifest.contexts[context]) throw new BadBackup(`The backup lacks the context ${context}.`);
    for (const client of clients) await client.query('COMMIT');
    broken = false;
    return manifest;
  } finally {
    // Ending the connection rolls back what was not committed.
    for (const client of clients) client.release(broken);
  }
}

async function refuseUnfit(client: PoolClient, context: string, migrations: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ name: string }>('SELECT name FROM migrations ORDER BY timestamp, name');
  const present = new Set(rows.map(({ name }) => name));
  const ahead = migrations.filter((name) => !present.has(name));
  if (ahead.length > 0)
    throw new BadBackup(
      `The backup of ${context} is newer than this build, which does not know: ${ahead.join(', ')}. Restore it with the version that made it.`,
    );
  const behind = [...present].filter((name) => !migrations.includes(name));
  if (behind.length > 0)
    throw new BadBackup(
      `The backup of ${context} is older than this build: it lacks ${behind.join(', ')}. Restore it with the version that made it, then upgrade.`,
    );
  const { rowCount } = await client.query('SELECT 1 FROM events LIMIT 1');
  if (rowCount !== 0)
    throw new BadBackup(`The log of ${context} is not empty. Restore into an empty database; nothing is ever written over.`);
}

interface Filling {
  readonly context: string;
  readonly folder: string;
  readonly tables: Readonly<Record<string, TableCopy>>;
  progress?(table: string, rows: number): void;
}

async function fill(client: PoolClient, { context, folder, tables, progress }: Filling): Promise<void> {
  // Migrations may have put first rows into tables; the backup has them as they are today.
  const names = Object.keys(tables).map((table) => pg.escapeIdentifier(table));
  await client.query(`TRUNCATE ${names.join(', ')}`);
  for (const table of await inOrderOfReferences(client, Object.keys(tables))) {
    const held = tables[table]!;
    await fillTable(client, table, held, join(folder, context, `${table}.copy`));
    progress?.(`${context}.${table}`, held.rows);
  }
  await continueCounters(client);
  await raiseEpochs(client);
}

async function fillTable(client: PoolClient, table: string, held: TableCopy, file: string): Promise<void> {
  const columns = held.columns.map((column) => pg.escapeIdentifier(column)).join(', ');
  const digest = createHash('sha256');
  const digesting = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      digest.update(chunk);
      done(null, chunk);
    },
    // Before the last piece is handed on: a file that was changed never becomes a whole COPY.
    flush(done) {
      const same = digest.digest('hex') === held.sha256;
      done(same ? null : new BadBackup(`${file} was changed after the backup was made.`));
    },
  });
  const into = client.query(copy.from(`COPY ${pg.escapeIdentifier(table)} (${columns}) FROM STDIN`));
  try {
    await pipeline(createReadStream(file), digesting, into);
  } catch (cause) {
    if (cause instanceof BadBackup) throw cause;
    throw new BadBackup(`${file} cannot be read into ${table}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
  if (into.rowCount !== held.rows) throw new BadBackup(`${file} has ${into.rowCount} rows, and the manifest says ${held.rows}.`);
}

/** Tables so that each comes behind those it refers to. */
async function inOrderOfReferences(client: PoolClient, tables: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ table: string; refers: string }>(
    `SELECT c.conrelid::regclass::text AS table, c.confrelid::regclass::text AS refers FROM pg_constraint c
      WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace AND c.conrelid <> c.confrelid`,
  );
  const plain = (name: string) => name.slice(name.lastIndexOf('.') + 1).replaceAll('"', '');
  const ordered = new Set<string>();
  const visit = (table: string, path: readonly string[]): void => {
    if (path.includes(table)) throw new BadBackup(`Tables refer to each other in a circle: ${[...path, table].join(' → ')}.`);
    for (const { table: from, refers } of rows) if (plain(from) === table) visit(plain(refers), [...path, table]);
    ordered.add(table);
  };
  for (const table of tables) visit(table, []);
  return [...ordered].filter((table) => tables.includes(table));
}

/**
 * Counters of identity columns go on behind the highest number. The catalogues are asked for this schema alone: the information schema
 * would open the tables of the other contexts, which other transactions of this restore hold.
 */
async function continueCounters(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ table: string; column: string; sequence: string }>(
    `SELECT t.relname::text AS table, a.attname::text AS column, s.oid::regclass::text AS sequence
       FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S' JOIN pg_class t ON t.oid = d.refobjid
       JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
      WHERE d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND t.relnamespace = current_schema()::regnamespace`,
  );
  for (const { table, column, sequence } of rows)
    await client.query(
      `SELECT setval($1::regclass, coalesce(max(${pg.escapeIdentifier(column)}), 0) + 1, false) FROM ${pg.escapeIdentifier(table)}`,
      [sequence],
    );
}

/** Every column `epoch` gets a new value: offsets given after the snapshot was made belong to the old one. */
async function raiseEpochs(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ table: string }>(
    `SELECT c.relname::text AS table FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attname = 'epoch' AND a.atthasdef`,
  );
  for (const { table } of rows) await client.query(`UPDATE ${pg.escapeIdentifier(table)} SET epoch = DEFAULT`);
}
