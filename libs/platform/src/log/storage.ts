import { Refused, type Aggregate } from '@concord/kernel';
import type { Pool } from 'pg';
import { emptyHead, type Draft, type StreamHead } from './draft.js';
import { appendStatement, type StoredRequest } from './statement.js';
import type { Handled, Outcome, RequestKey } from './work.js';

/** Nothing was written. `retry`: others were first, decide again; `command`: one command's rows do not fit, `cause` says which rule. */
export class StorageConflict extends Error {
  constructor(
    readonly of: 'retry' | 'command',
    override readonly cause: unknown,
  ) {
    super(`nothing was written (${of})`, { cause });
  }
}

/** Refusals by the name of the unique index a command ran into; see `Table.unique`. */
export type UniqueIndexes = ReadonlyMap<string, { readonly code: string; readonly message: string }>;

/** What the executor needs of PostgreSQL. */
export interface LogStorage {
  append(draft: Draft, requests: readonly StoredRequest[], handled: readonly Handled[]): Promise<'written' | StorageConflict>;
  heads(streams: readonly { id: string; aggregate: Aggregate }[]): Promise<Map<string, StreamHead>>;
  known(
    requests: readonly RequestKey[],
    handled: readonly Handled[],
  ): Promise<{ requests: Map<string, { hash: string; outcome: Outcome }>; handled: Set<string> }>;
}

/** Unique indexes whose violation means that another writer was first, not that the command is wrong. */
const RACES = new Set(['events_pkey', 'requests_pkey', 'inbox_pkey', 'streams_pkey']);
/** serialization_failure, deadlock_detected: rolled back, safe to decide again. */
const ROLLED_BACK = new Set(['40001', '40P01']);

/** The log's tables over a pool. All statements are prepared and autocommit. */
export class PostgresStorage implements LogStorage {
  constructor(
    private readonly pool: Pool,
    private readonly uniques: UniqueIndexes,
  ) {}

  async append(
    draft: Draft,
    requests: readonly StoredRequest[],
    handled: readonly Handled[],
  ): Promise<'written' | StorageConflict> {
    if (draft.events.length === 0 && requests.length === 0 && handled.length === 0 && draft.rows.size === 0 && !reads(draft))
      return 'written';
    try {
      const { rows } = await this.pool.query<{ ok: boolean }>(appendStatement(draft, requests, handled));
      return rows[0]?.ok ? 'written' : new StorageConflict('retry', 'a stream that was read has changed');
    } catch (error) {
      return this.classify(error);
    }
  }

  private classify(error: unknown): StorageConflict {
    const { code, constraint } = error as { code?: string; constraint?: string };
    if (code === '23505' && RACES.has(constraint ?? '')) return new StorageConflict('retry', error);
    if (code !== undefined && ROLLED_BACK.has(code)) return new StorageConflict('retry', error);
    const unique = code === '23505' ? this.uniques.get(constraint ?? '') : undefined;
    if (unique) return new StorageConflict('command', new Refused(unique.code, unique.message));
    // 22 and 23: a value that does not fit a column. The rest concerns the server or the connection.
    if (code?.startsWith('22') || code?.startsWith('23')) return new StorageConflict('command', error);
    throw error;
  }

  async heads(streams: readonly { id: string; aggregate: Aggregate }[]): Promise<Map<string, StreamHead>> {
    const { rows } = await this.pool.query<{ id: string; kind: string } & StreamHead>({
      name: 'heads',
      text: 'SELECT id, kind, version, published, state, hash FROM streams WHERE id = ANY($1::uuid[])',
      values: [[...new Set(streams.map(({ id }) => id))]],
    });
    const found = new Map(rows.map((row) => [row.id, row]));
    return new Map(
      streams.map(({ id, aggregate }) => {
        const row = found.get(id);
        return [
          id,
          row
            ? { kind: row.kind, version: row.version, published: row.published, state: row.state, hash: row.hash }
            : emptyHead(aggregate),
        ];
      }),
    );
  }

  async known(requests: readonly RequestKey[], handled: readonly Handled[]) {
    const { rows: answers } = await this.pool.query<RequestKey & { status: number; headers: Record<string, string>; body: string }>(
      {
        name: 'known requests',
        text: 'SELECT scope, key, hash, status, headers, body FROM requests JOIN unnest($1::text[], $2::text[]) AS u(scope, key) USING (scope, key)',
        values: [requests.map(({ scope }) => scope), requests.map(({ key }) => key)],
      },
    );
    const { rows: marks } = await this.pool.query<Handled>({
      name: 'known events',
      text: 'SELECT consumer, stream, sequence FROM inbox JOIN unnest($1::text[], $2::uuid[], $3::int[]) AS u(consumer, stream, sequence) USING (consumer, stream, sequence)',
      values: [
        handled.map(({ consumer }) => consumer),
        handled.map(({ stream }) => stream),
        handled.map(({ sequence }) => sequence),
      ],
    });
    return {
      requests: new Map(
        answers.map(({ scope, key, hash, status, headers, body }) => [
          `${scope}\n${key}`,
          { hash, outcome: { status, headers, body } },
        ]),
      ),
      handled: new Set(marks.map(({ consumer, stream, sequence }) => `${consumer}\n${stream}\n${sequence}`)),
    };
  }
}

const reads = (draft: Draft): boolean => {
  for (const { base } of draft.streams()) if (base.version > 0) return true;
  return false;
};

/** The server went away before or after the commit: only the tables know which. One that has no connection left did nothing. */
export function isConnectionLoss(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  if (code !== undefined && /^(08|53300$|57P0[1-4]|ECONN|EPIPE)/u.test(code)) return true;
  return /Connection terminated|connection timeout|Client has encountered a connection error|timeout exceeded/iu.test(
    message ?? '',
  );
}
