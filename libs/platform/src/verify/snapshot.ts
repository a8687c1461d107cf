import { StringDecoder } from 'node:string_decoder';
import pg, { type ClientConfig, type Pool } from 'pg';
import copy from 'pg-copy-streams';
import type { Database } from '../database/table.js';

/** Values of a row as COPY writes them: text, or null. */
export type Fields = readonly (string | null)[];

/** A connection of its own beside the pool, so that long reads take none from the requests. End it. */
export async function connect(pool: Pool): Promise<pg.Client> {
  const client = new pg.Client(pool.options as ClientConfig);
  // The query under way fails with the same error; without a listener it would end the process as well.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** A client as the context's own code sees its database. */
export const databaseOver = (client: pg.Client): Database => ({
  query: async (sql, parameters = []) => (await client.query(sql, parameters as unknown[])).rows,
});

/** Runs a select and yields its rows as they arrive, some kilobytes at a time. */
export async function* copyOut(client: pg.Client, select: string): AsyncGenerator<readonly Fields[]> {
  const stream = client.query(copy.to(`COPY (${select}) TO STDOUT`));
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + decoder.write(chunk as Buffer)).split('\n');
    rest = lines.pop()!;
    if (lines.length > 0) yield lines.map(fields);
  }
}

const ESCAPED: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

function fields(line: string): Fields {
  const parts = line.split('\t');
  if (!line.includes('\\')) return parts;
  return parts.map((part) => {
    if (part === '\\N') return null;
    return part.includes('\\') ? part.replace(/\\(.)/gu, (_all, char: string) => ESCAPED[char] ?? char) : part;
  });
}

/** A field that cannot be null, in the COPY text format. */
export const copyText = (value: string): string =>
  /[\\\n\r\t]/u.test(value)
    ? value.replace(/[\\\n\r\t]/gu, (char) => ({ '\n': '\\n', '\r': '\\r', '\t': '\\t' })[char] ?? '\\\\')
    : value;

/**
 * One consistent view of a context's database on as many connections as are needed. The transactions only read, so they hold no
 * transaction id: a verification that takes minutes does not hold the relays back, which wait for the oldest running id.
 */
export class Snapshot implements Database {
  private readonly clients: pg.Client[] = [];
  private readonly free: pg.Client[] = [];

  private constructor(
    private readonly pool: Pool,
    private readonly main: pg.Client,
    private readonly name: string,
  ) {
    this.clients.push(main);
  }

  static async open(pool: Pool): Promise<Snapshot> {
    const client = await connect(pool);
    try {
      await begin(client);
      const { rows } = await client.query<{ name: string }>('SELECT pg_export_snapshot() AS name');
      return new Snapshot(pool, client, rows[0]!.name);
    } catch (error) {
      await client.end();
      throw error;
    }
  }

  async query<R = Record<string, unknown>>(sql: string, parameters: readonly unknown[] = []): Promise<R[]> {
    const { rows } = await this.main.query(sql, parameters as unknown[]);
    return rows as R[];
  }

  /** Rows of a select, on a connection beside the one that `query` uses; several may be read at once. */
  async *copy(select: string): AsyncGenerator<readonly Fields[]> {
    const client = this.free.pop() ?? (await this.fork());
    yield* copyOut(client, select);
    this.free.push(client);
  }

  async close(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.end()));
  }

  private async fork(): Promise<pg.Client> {
    const client = await connect(this.pool);
    this.clients.push(client);
    await begin(client);
    await client.query(`SET TRANSACTION SNAPSHOT ${pg.escapeLiteral(this.name)}`);
    return client;
  }
}

async function begin(client: pg.Client): Promise<void> {
  await client.query('SET idle_in_transaction_session_timeout = 0');
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
}

/** Looks at rows of a batched source one by one; awaits only where a batch ends. */
export class Lookahead<T> {
  private batch: readonly T[] = [];
  private at = 0;
  private ended = false;

  constructor(private readonly source: AsyncIterator<readonly T[]>) {}

  /** The next row without taking it; undefined at the end, or when `ready` is false. */
  get next(): T | undefined {
    return this.batch[this.at];
  }

  /** Whether `next` says the truth; otherwise `fill` first. */
  get ready(): boolean {
    return this.ended || this.at < this.batch.length;
  }

  take(): T | undefined {
    return this.batch[this.at++];
  }

  async fill(): Promise<void> {
    while (!this.ready) {
      const { value, done } = await this.source.next();
      this.ended = done ?? false;
      this.batch = this.ended ? [] : (value as readonly T[]);
      this.at = 0;
    }
  }
}
