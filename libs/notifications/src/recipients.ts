import { ITEM_REASONS, kindOf } from '@concord/contracts';
import type { Database, PublicEvent } from '@concord/platform';
import { ACTING_ROLES, audienceOf, RECIPIENTS_MAX, type Audience, type NoticeContent, type Recipient } from './domain/audience.js';
import { ItemAdded } from './domain/inbox.js';
import { shortTitle } from './replicas.js';

/** Whom an event concerns, and what they are told. */
export interface Targets {
  readonly recipients: readonly Recipient[];
  readonly content: NoticeContent;
}

/**
 * Finds the people an event concerns, each once with the strongest reason, without the person who acted. Who is a party of what goes by
 * the time of the event, memberships by this moment as well: who has left an organisation gets nothing through it.
 */
export async function expand(event: PublicEvent, db: Database): Promise<Targets | undefined> {
  const audience = audienceOf(event);
  if (!audience) return undefined;
  const recipients = await concerned(audience, event, db);
  if (recipients.length === 0) return undefined;
  return { recipients, content: await contentOf(event, audience, db) };
}

/** Those of the people an event concerns who have not been told of it, each under their id; who follows from now on is none of them. */
export async function expandAgain(event: PublicEvent, db: Database): Promise<ReadonlyMap<string, Targets>> {
  const targets = await expand(event, db);
  if (!targets) return new Map();
  const told = await db.query<{ person: string }>(
    `SELECT DISTINCT stream::text AS person FROM events WHERE stream = ANY ($1::uuid[]) AND kind = $2
        AND data->'item'->>'event' = $3 AND data->'item'->>'type' = $4`,
    [targets.recipients.map(({ person }) => person), ItemAdded.kind, event.id, event.type],
  );
  const known = new Set(told.map(({ person }) => person));
  const missed = targets.recipients.filter(({ person, reason }) => reason !== 'following' && !known.has(person));
  return new Map(missed.map((recipient) => [recipient.person, { ...targets, recipients: [recipient] }]));
}

interface ConcernedRow {
  readonly person: string;
  readonly rank: number;
  readonly organisation: string | null;
}

async function concerned(audience: Audience, { person: actor, time }: PublicEvent, db: Database): Promise<Recipient[]> {
  const rows = await db.query<ConcernedRow>(
    `WITH asked AS (SELECT * FROM unnest($1::uuid[], $2::text[], $3::int[]) AS a(object, party, rank)),
     holders AS (
       SELECT p.holder, p.party, a.rank FROM asked a JOIN parties p ON p.object = a.object AND p.party = a.party
        WHERE p.since <= $15::timestamptz AND (p.until IS NULL OR p.until > $15)
     ),
     present AS (SELECT * FROM members WHERE since <= $15),
     found AS (
       SELECT m.person, h.rank, m.organisation FROM holders h JOIN present m ON m.organisation = h.holder WHERE m.roles && $4::text[]
       UNION ALL SELECT h.holder, h.rank, NULL FROM holders h WHERE h.party = 'reviewer'
       UNION ALL
       SELECT m.person, n.rank, m.organisation
         FROM unnest($5::uuid[], $6::text[], $7::int[]) AS n(organisation, roles, rank)
         JOIN present m ON m.organisation = n.organisation AND m.roles && string_to_array(n.roles, ',')
       UNION ALL SELECT n.person, n.rank, NULL FROM unnest($8::uuid[], $9::int[]) AS n(person, rank)
       UNION ALL
       SELECT r.person, n.rank, NULL FROM unnest($10::text[], $11::int[]) AS n(role, rank) JOIN platform_roles r ON n.role = ANY (r.roles)
       UNION ALL
       SELECT f.person, n.rank, NULL FROM unnest($12::uuid[], $13::int[]) AS n(object, rank)
         JOIN follows f ON f.object_id = n.object AND f.active
     )
     SELECT * FROM (
       SELECT DISTINCT ON (person) person, rank, organisation FROM found
        WHERE person IS DISTINCT FROM $14::uuid ORDER BY person, rank, organisation
     ) once ORDER BY rank, person LIMIT ${RECIPIENTS_MAX}`,
    [
      audience.parties.map((one) => one.object),
      audience.parties.map((one) => one.party),
      audience.parties.map((one) => one.rank),
      ACTING_ROLES,
      audience.organisations.map((one) => one.organisation),
      audience.organisations.map((one) => one.roles.join(',')),
      audience.organisations.map((one) => one.rank),
      audience.persons.map((one) => one.person),
      audience.persons.map((one) => one.rank),
      audience.platform.map((one) => one.role),
      audience.platform.map((one) => one.rank),
      audience.followed.map((one) => one.object),
      audience.followed.map((one) => one.rank),
      actor ?? null,
      time,
    ],
  );
  return rows.map(({ person, rank, organisation }) => ({
    person,
    reason: ITEM_REASONS[rank]!,
    ...(organisation !== null && { organisation }),
  }));
}

const TITLED = new Set(['NeedPublished', 'ProjectOpened']);

async function contentOf(event: PublicEvent, audience: Audience, db: Database): Promise<NoticeContent> {
  return {
    objectKind: audience.about,
    objectId: audience.objectId,
    type: event.type,
    event: event.id,
    at: event.time,
    title: await titleOf(event, audience, db),
    needId: audience.needId,
    projectId: audience.projectId,
    actorOrganisation: event.organisation,
  };
}

async function titleOf(event: PublicEvent, { projectId, needId }: Audience, db: Database): Promise<string | undefined> {
  if (TITLED.has(kindOf(event.type))) return shortTitle((event.data as { title: string }).title);
  const [row] = await db.query<{ title: string }>(
    'SELECT title FROM titles WHERE object IN ($1::uuid, $2::uuid) ORDER BY (object = $1::uuid) DESC LIMIT 1',
    [projectId ?? null, needId ?? null],
  );
  return row?.title;
}
