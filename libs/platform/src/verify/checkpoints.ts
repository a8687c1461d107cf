import type { ContextDatabase } from '../database/context-database.js';
import type { Database } from '../database/table.js';
import type { Place } from '../log/tail.js';
import {
  CHECKPOINT_EVENTS_MAX,
  newCheckpointKey,
  signed,
  statementHash,
  type Checkpoint,
  type CheckpointKey,
  type Statement,
} from './checkpoint.js';
import { merkleRoot } from './merkle.js';

const EVERY_MS = 60_000;

/** A row of `checkpoints`: the checkpoint without its context, and the place of the last event it covers. */
export type CheckpointRow = Omit<Checkpoint, 'context'> & Place;

/** Columns of `checkpoints` as `CheckpointRow` has them. */
export const CHECKPOINT_COLUMNS = 'number, xid::text, position::text, events, root, previous, at, kid, signature';

/** Where the log begins. */
export const LOG_START: Place = { xid: '0', position: '0' };

/**
 * Makes signed checkpoints over a context's log: every minute of real time when there are new events. A lock lets one process at a
 * time make them. Only events whose transaction is older than every running one are covered, so that none can come in between later.
 */
export class Checkpoints {
  private timer: NodeJS.Timeout | undefined;
  private making: Promise<number> | undefined;
  private stopped = false;

  constructor(
    private readonly context: string,
    private readonly database: ContextDatabase,
    private readonly failed: (error: unknown) => void,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.make().catch(this.failed), EVERY_MS);
    this.timer.unref();
  }

  /** Stops after the checkpoint under way. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.stopped = true;
    await this.making?.catch(() => undefined);
  }

  /** Covers everything that is new. Resolves to the number of checkpoints made: 0 when nothing is new or another process is at it. */
  make(): Promise<number> {
    this.making ??= this.makeAll().finally(() => (this.making = undefined));
    return this.making;
  }

  private async makeAll(): Promise<number> {
    for (let made = 0; ; made += 1) if (this.stopped || !(await this.database.transaction((db) => this.makeNext(db)))) return made;
  }

  private async makeNext(db: Database): Promise<boolean> {
    const [lock] = await db.query<{ taken: boolean }>('SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS taken', [
      `concord checkpoints ${this.context}`,
    ]);
    if (!lock?.taken) return false;
    const [last] = await db.query<CheckpointRow>(`SELECT ${CHECKPOINT_COLUMNS} FROM checkpoints ORDER BY number DESC LIMIT 1`);
    const { xid, position } = last ?? LOG_START;
    const rows = await db.query<Place & { hash: string }>(
      `SELECT hash, xid::text, position::text FROM events
        WHERE (xid, position) > ($1::xid8, $2::bigint) AND xid < pg_snapshot_xmin(pg_current_snapshot())
        ORDER BY events.xid, events.position LIMIT ${CHECKPOINT_EVENTS_MAX}`,
      [xid, position],
    );
    const end = rows.at(-1);
    if (!end) return false;
    const key = await this.key(db);
    const statement: Statement = {
      context: this.context,
      number: (last?.number ?? 0) + 1,
      events: rows.length,
      root: merkleRoot(rows.map(({ hash }) => hash)),
      previous: statementHash(last && { ...last, context: this.context }),
      at: new Date().toISOString(),
      kid: key.kid,
    };
    const { number, events, root, previous, at, kid, signature } = signed(statement, key);
    await db.query(
      `INSERT INTO checkpoints (number, xid, position, events, root, previous, at, kid, signature) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [number, end.xid, end.position, events, root, previous, at, kid, signature],
    );
    return true;
  }

  private async key(db: Database): Promise<CheckpointKey> {
    const [newest] = await db.query<CheckpointKey>(
      'SELECT kid, public_jwk, private_jwk FROM checkpoint_keys ORDER BY at DESC, kid LIMIT 1',
    );
    if (newest) return newest;
    const key = newCheckpointKey();
    await db.query('INSERT INTO checkpoint_keys (kid, public_jwk, private_jwk) VALUES ($1, $2, $3)', [
      key.kid,
      JSON.stringify(key.public_jwk),
      JSON.stringify(key.private_jwk),
    ]);
    return key;
  }
}
