import { ITEM_REASONS, kindOf } from '@concord/contracts';
import type { Database, PublicEvent } from '@concord/platform';
import DataLoader from 'dataloader';
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
 * the time of the event, memberships by this moment as well: who has left an organisation gets nothing through it. Events that are looked
 * up in the same moment share two queries.
 */
export const expand = (event: PublicEvent, db: Database): Promise<Targets | undefined> => lookUpsIn(db).load(event);

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

type LookUps = DataLoader<PublicEvent, Targets | undefined>;
const loaders = new WeakMap<Database, LookUps>();

function lookUpsIn(db: Database): LookUps {
  let loader = loaders.get(db);
  if (!loader) {
    loader = new DataLoader((events) => lookUp(events, db), { cache: false, batchScheduleFn: setImmediate });
    loaders.set(db, loader);
  }
  return loader;
}

/** Answers for each event by itself: one that cannot be looked up does not spoil the others'. */
async function lookUp(events: readonly PublicEvent[], db: Database): Promise<readonly (Targets | undefined | Error)[]> {
  try {
    return await targetsOf(events, db);
  } catch (error) {
    if (events.length === 1) return [error instanceof Error ? error : new Error(String(error))];
    return (await Promise.all(events.map((event) => lookUp([event], db)))).flat();
  }
}

async function targetsOf(events: readonly PublicEvent[], db: Database): Promise<(Targets | undefined)[]> {
  const asked = events.map((event) => ({ event, audience: audienceOf(event) }));
  const recipients = await concerned(asked, db);
  const found = asked.map(({ event, audience }, at) => ({ event, audience, recipients: recipients.get(at) ?? [] }));
  const titles = await titlesOf(
    found.flatMap(({ audience, recipients: all }) => (audience && all.length > 0 ? [audience] : [])),
    db,
  );
  return found.map(({ event, audience, recipients: all }) =>
    audience && all.length > 0 ? { recipients: all, content: contentOf(event, audience, titles) } : undefined,
  );
}

interface Asked {
  readonly event: PublicEvent;
  readonly audience: Audience | undefined;
}
interface ConcernedRow {
  /** Which of the events. */
  readonly at: number;
  readonly person: string;
  readonly rank: number;
  readonly organisation: string | null;
}

/** Event, person, rank of the strongest reason, organisation through which: in order of the events. */
const CONCERNED = `
     WITH moment AS (SELECT * FROM unnest($1::int[], $2::timestamptz[], $3::uuid[]) AS e(at, time, actor)),
     asked AS (SELECT * FROM unnest($4::int[], $5::uuid[], $6::text[], $7::int[]) AS a(at, object, party, rank)),
     holders AS (
       SELECT e.at, e.time, p.holder, p.party, a.rank FROM asked a JOIN moment e USING (at) JOIN parties p ON p.object = a.object AND p.party = a.party
        WHERE p.since <= e.time AND (p.until IS NULL OR p.until > e.time)
     ),
     found AS (
       SELECT h.at, m.person, h.rank, m.organisation FROM holders h JOIN members m ON m.organisation = h.holder AND m.since <= h.time
        WHERE m.roles && $8::text[]
       UNION ALL SELECT h.at, h.holder, h.rank, NULL FROM holders h WHERE h.party = 'reviewer'
       UNION ALL
       SELECT n.at, m.person, n.rank, m.organisation
         FROM unnest($9::int[], $10::uuid[], $11::text[], $12::int[]) AS n(at, organisation, roles, rank) JOIN moment e USING (at)
         JOIN members m ON m.organisation = n.organisation AND m.since <= e.time AND m.roles && string_to_array(n.roles, ',')
       UNION ALL SELECT n.at, n.person, n.rank, NULL FROM unnest($13::int[], $14::uuid[], $15::int[]) AS n(at, person, rank)
       UNION ALL
       SELECT n.at, r.person, n.rank, NULL FROM unnest($16::int[], $17::text[], $18::int[]) AS n(at, role, rank)
         JOIN platform_roles r ON n.role = ANY (r.roles)
       UNION ALL
       SELECT n.at, f.person, n.rank, NULL FROM unnest($19::int[], $20::uuid[], $21::int[]) AS n(at, object, rank)
         JOIN follows f ON f.object_id = n.object AND f.active
     ),
     once AS (
       SELECT DISTINCT ON (f.at, f.person) f.* FROM found f JOIN moment e USING (at)
        WHERE f.person IS DISTINCT FROM e.actor ORDER BY f.at, f.person, f.rank, f.organisation
     )
     SELECT at, person, rank, organisation
       FROM (SELECT *, row_number() OVER (PARTITION BY at ORDER BY rank, person) AS place FROM once) placed
      WHERE place <= ${RECIPIENTS_MAX} ORDER BY at, rank, person`;

async function concerned(asked: readonly Asked[], db: Database): Promise<ReadonlyMap<number, Recipient[]>> {
  const each = <One extends object>(pick: (audience: Audience) => readonly One[]) =>
    asked.flatMap(({ audience }, at) => (audience ? pick(audience) : []).map((one) => ({ ...one, at })));
  const parties = each((audience) => audience.parties);
  const organisations = each((audience) => audience.organisations);
  const persons = each((audience) => audience.persons);
  const platform = each((audience) => audience.platform);
  const followed = each((audience) => audience.followed);
  const places = (list: readonly { readonly at: number }[]) => list.map(({ at }) => at);
  const ranks = (list: readonly { readonly rank: number }[]) => list.map(({ rank }) => rank);
  const rows = await db.query<ConcernedRow>(CONCERNED, [
    asked.map((_, at) => at),
    asked.map(({ event }) => event.time),
    asked.map(({ event }) => event.person ?? null),
    places(parties),
    parties.map((one) => one.object),
    parties.map((one) => one.party),
    ranks(parties),
    ACTING_ROLES,
    places(organisations),
    organisations.map((one) => one.organisation),
    organisations.map((one) => one.roles.join(',')),
    ranks(organisations),
    places(persons),
    persons.map((one) => one.person),
    ranks(persons),
    places(platform),
    platform.map((one) => one.role),
    ranks(platform),
    places(followed),
    followed.map((one) => one.object),
    ranks(followed),
  ]);
  const recipients = new Map<number, Recipient[]>();
  for (const { at, person, rank, organisation } of rows) {
    const list = recipients.get(at) ?? [];
    list.push({ person, reason: ITEM_REASONS[rank]!, ...(organisation !== null && { organisation }) });
    recipients.set(at, list);
  }
  return recipients;
}

const TITLED = new Set(['NeedPublished', 'ProjectOpened']);

async function titlesOf(audiences: readonly Audience[], db: Database): Promise<ReadonlyMap<string, string>> {
  const objects = new Set(audiences.flatMap(({ projectId, needId }) => [projectId ?? [], needId ?? []].flat()));
  if (objects.size === 0) return new Map();
  const rows = await db.query<{ object: string; title: string }>(
    'SELECT object::text, title FROM titles WHERE object = ANY ($1::uuid[])',
    [[...objects]],
  );
  return new Map(rows.map(({ object, title }) => [object, title]));
}

function contentOf(event: PublicEvent, audience: Audience, titles: ReadonlyMap<string, string>): NoticeContent {
  const { projectId, needId } = audience;
  return {
    objectKind: audience.about,
    objectId: audience.objectId,
    type: event.type,
    event: event.id,
    at: event.time,
    title: TITLED.has(kindOf(event.type))
      ? shortTitle((event.data as { title: string }).title)
      : (titles.get(projectId ?? '') ?? titles.get(needId ?? '')),
    needId,
    projectId,
    actorOrganisation: event.organisation,
  };
}
