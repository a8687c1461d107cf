import { Id, Refused, type Policy, type Subject } from '@concord/kernel';
import { z } from 'zod';
import { kindOf } from '../bus/public-event.js';
import type { Context } from '../context/context.js';
import type { Database } from '../database/table.js';
import type { Place, TailedEvent } from '../log/tail.js';
import { decodeCursor, encodeCursor } from '../service/cursor.js';
import { statementText } from './checkpoint.js';
import { CHECKPOINT_COLUMNS, LOG_START, type CheckpointRow } from './checkpoints.js';
import { inclusionPath } from './merkle.js';
import { contextQuery, nounOf, type ContextQuery } from './operations.js';

const everyone: Policy<undefined> = { label: 'everyone', permits: () => true };

const Limit = z.coerce.number().int().min(1).max(100).default(20);
const Cursor = z.string().max(200).optional();

const CheckpointShape = z
  .object({
    number: z.int(),
    events: z.int().meta({ description: 'Events it covers, in the order of the log, behind those of the checkpoint before' }),
    root: z.string().meta({ description: 'RFC 6962 Merkle root over the hashes of these events' }),
    previous: z.string().meta({ description: 'SHA-256 of the statement before; zeros for the first' }),
    at: z.string(),
    kid: z.string(),
    statement: z.string().meta({ description: 'The text that is signed' }),
    signature: z.string().meta({ description: 'Ed25519 over the statement, base64url' }),
  })
  .meta({ id: 'Checkpoint' });

const CheckpointPage = z
  .object({
    items: z.array(CheckpointShape),
    keys: z.array(z.object({ kid: z.string(), publicJwk: z.record(z.string(), z.unknown()) })),
    next: z.string().optional(),
  })
  .meta({ id: 'CheckpointPage' });

const ProofShape = z
  .object({
    event: z.string().meta({ description: 'Hash of the event: the leaf' }),
    index: z.int().meta({ description: 'Place of the leaf among the events of the checkpoint, from 0' }),
    path: z.array(z.string()).meta({ description: 'Siblings on the way to the root, RFC 9162 2.1.3' }),
    checkpoint: CheckpointShape,
  })
  .meta({ id: 'CheckpointProof' });

const DecisionPage = z
  .object({
    items: z.array(
      z.object({
        stream: z.string(),
        version: z.int(),
        kind: z.string(),
        at: z.string().meta({ description: 'Business time, RFC 3339 UTC' }),
        organisation: z.string().optional(),
        reason: z.unknown(),
      }),
    ),
    next: z.string().optional(),
  })
  .meta({ id: 'DecisionPage' });

function shown(context: string, row: CheckpointRow): z.input<typeof CheckpointShape> {
  const { number, events, root, previous, at, kid, signature } = row;
  return { number, events, root, previous, at, kid, statement: statementText({ ...row, context }), signature };
}

/** The whole number a cursor names; refuses a foreign one. */
function placeOf(cursor: string | undefined, list: string): string | undefined {
  if (cursor === undefined) return undefined;
  const place = decodeCursor(cursor);
  if (place?.length === 2 && place[0] === list && /^\d{1,18}$/u.test(String(place[1]))) return String(place[1]);
  throw new Refused('invalid_cursor', 'This cursor does not belong to this list. Start again without a cursor.');
}

const page = <Item>(path: string, list: string, items: readonly Item[], last: string | undefined) => {
  if (last === undefined) return { items: [...items] };
  const next = encodeCursor([list, last]);
  return { items: [...items], next, headers: { link: `</api/v1${path}?cursor=${next}>; rel="next"` } };
};

function checkpoints(context: string): ContextQuery {
  const path = `/checkpoints/${context}`;
  return contextQuery({
    name: `list${nounOf(context)}Checkpoints`,
    summary:
      'Signed roots over all events, newest first, with the keys they are signed with; keep copies to hold this server to them',
    path,
    query: z.strictObject({ limit: Limit, cursor: Cursor }),
    output: CheckpointPage,
    allows: everyone,
    answer: async (_running, { db, query: { limit, cursor } }) => {
      const before = placeOf(cursor, 'checkpoints');
      const rows = await db.query<CheckpointRow>(
        `SELECT ${CHECKPOINT_COLUMNS} FROM checkpoints WHERE $1::bigint IS NULL OR number < $1 ORDER BY number DESC LIMIT $2`,
        [before ?? null, limit + 1],
      );
      const keys = await db.query<{ kid: string; publicJwk: Record<string, unknown> }>(
        'SELECT kid, public_jwk AS "publicJwk" FROM checkpoint_keys ORDER BY at',
      );
      const taken = rows.slice(0, limit);
      const last = rows.length > limit ? String(taken.at(-1)!.number) : undefined;
      const { headers, ...body } = {
        headers: {},
        ...page(
          path,
          'checkpoints',
          taken.map((row) => shown(context, row)),
          last,
        ),
      };
      return { body: { ...body, keys }, headers };
    },
  });
}

function proof(context: string): ContextQuery {
  return contextQuery({
    name: `get${nounOf(context)}CheckpointProof`,
    summary: 'Proves that an event is under a signed root: with the path anyone computes the root from the hash of the event',
    path: `/checkpoints/${context}/proof`,
    query: z.strictObject({
      stream: Id,
      version: z.coerce
        .number()
        .int()
        .min(1)
        .max(2 ** 31 - 1),
    }),
    output: ProofShape,
    allows: everyone,
    answer: async (running, { db, subject, query: { stream, version } }) => {
      if (!(await mayRead(running, stream, subject))) throw notCovered();
      return { body: await prove(context, db, stream, version) };
    },
  });
}

const notCovered = (): Refused =>
  new Refused('not_found', 'No checkpoint covers such an event. They are made every minute: ask again, or check the version.');

/** A proof says that an event is there, so it is for those who may read the object: for everyone else it looks absent. */
async function mayRead({ database, service }: Context, stream: string, subject: Subject | undefined): Promise<boolean> {
  const [row] = await database.query<{ kind: string; state: unknown }>('SELECT kind, state FROM streams WHERE id = $1', [stream]);
  const resource = service.resources.find(({ aggregate }) => aggregate.kind === row?.kind);
  return row !== undefined && resource !== undefined && resource.readable.permits(subject, row.state);
}

async function prove(context: string, db: Database, stream: string, version: number): Promise<z.input<typeof ProofShape>> {
  const [event] = await db.query<Place>('SELECT xid::text, position::text FROM events WHERE stream = $1 AND version = $2', [
    stream,
    version,
  ]);
  const [checkpoint] = await db.query<CheckpointRow>(
    `SELECT ${CHECKPOINT_COLUMNS} FROM checkpoints c WHERE (c.xid, c.position) >= ($1::xid8, $2::bigint) ORDER BY c.xid, c.position LIMIT 1`,
    [event?.xid ?? null, event?.position ?? null],
  );
  if (!event || !checkpoint) throw notCovered();
  const [before] = await db.query<Place>('SELECT xid::text, position::text FROM checkpoints WHERE number = $1', [
    checkpoint.number - 1,
  ]);
  const { xid, position } = before ?? LOG_START;
  const leaves = await db.query<{ hash: string; wanted: boolean }>(
    `SELECT hash, stream = $5 AND version = $6 AS wanted FROM events e
      WHERE (e.xid, e.position) > ($1::xid8, $2::bigint) AND (e.xid, e.position) <= ($3::xid8, $4::bigint) ORDER BY e.xid, e.position`,
    [xid, position, checkpoint.xid, checkpoint.position, stream, version],
  );
  const index = leaves.findIndex(({ wanted }) => wanted);
  const hashes = leaves.map(({ hash }) => hash);
  return { event: hashes[index]!, index, path: inclusionPath(hashes, index), checkpoint: shown(context, checkpoint) };
}

function decisions(context: string): ContextQuery {
  const path = `/decisions/${context}`;
  return contextQuery({
    name: `list${nounOf(context)}Decisions`,
    summary: 'The public decision log: every step that gave a reason, newest first (R32)',
    path,
    query: z.strictObject({ limit: Limit, cursor: Cursor }),
    output: DecisionPage,
    allows: everyone,
    answer: async (running, { query: { limit, cursor } }) => {
      const { items, last } = await decided(running, limit, placeOf(cursor, 'decisions'));
      const { headers, ...body } = { headers: {}, ...page(path, 'decisions', items, last) };
      return { body, headers };
    },
  });
}

async function decided({ database, publisher }: Context, limit: number, before: string | undefined) {
  const rows = await database.query<TailedEvent>(
    `SELECT position::text, xid::text, stream, version, kind, schema_version, previous, data, meta FROM events e
      WHERE data ? 'reason' AND previous IS NOT NULL AND ($1::bigint IS NULL OR e.position < $1) ORDER BY e.position DESC LIMIT $2`,
    [before ?? null, limit + 1],
  );
  const taken = rows.slice(0, limit);
  const items = taken.flatMap((row) => {
    const event = publisher.publicForm(row);
    const reason = (event?.data as { reason?: unknown } | undefined)?.reason;
    if (!event || reason === undefined) return [];
    const { subject, sequence, time, organisation } = event;
    return {
      stream: subject,
      version: sequence,
      kind: kindOf(event),
      at: time,
      ...(organisation === undefined ? {} : { organisation }),
      reason,
    };
  });
  return { items, last: rows.length > limit ? taken.at(-1)!.position : undefined };
}

/** What everyone may read of a context's log as a whole. */
export const publicRecordOf = (context: string): readonly ContextQuery[] => [
  checkpoints(context),
  proof(context),
  decisions(context),
];
