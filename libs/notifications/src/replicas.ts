import { kindOf } from '@concord/contracts';
import type { ConsumerDefinition, Database, PublicEvent } from '@concord/platform';
import { audienceOf } from './domain/audience.js';
import { partiesOf, type PartyEnd, type PartyRow } from './domain/parties.js';

/** Contexts whose events concern people. */
export const SOURCES = ['directory', 'partnerships', 'pledges', 'stewardship'] as const;

const TITLE_UNITS_MAX = 200;

/** A title short enough for a notice, cut between characters. */
export const shortTitle = (title: string): string =>
  title.length <= TITLE_UNITS_MAX ? title : [...title].slice(0, TITLE_UNITS_MAX / 2).join('');

/** Events are kept this long by business time for those who turn out later to have been concerned. */
const HEARD_KEPT = "interval '1 day'";

/**
 * The copies that recipients are looked up in: who is a member of what, who has a platform role, who is a party of which need,
 * proposal, pledge, project or milestone since and until when, and how published needs and projects are called. Beside them the events
 * that somebody hears of: who was concerned by one may come to be known after it.
 */
export const replicas: ConsumerDefinition = {
  name: 'notification-replicas',
  from: SOURCES,
  async apply(events, db) {
    for (const run of runs(events)) await applyRun(run, db);
    await hear(events, db);
  },
  belated,
};

interface Gain extends PartyRow {
  readonly via: string;
  readonly since: string;
}
type Step = { readonly kind: 'gain'; readonly rows: readonly Gain[] } | { readonly kind: 'one'; readonly event: PublicEvent };

// Most events only add parties: neighbours of that sort go into one statement. Whatever removes or replaces keeps its place.
function runs(events: readonly PublicEvent[]): Step[] {
  const steps: Step[] = [];
  let rows: Gain[] = [];
  const flush = () => {
    if (rows.length > 0) steps.push({ kind: 'gain', rows });
    rows = [];
  };
  for (const event of events) {
    const { gained, lost } = partiesOf(event);
    if (REPLACING.has(kindOf(event.type)) || lost.length > 0) {
      flush();
      steps.push({ kind: 'one', event });
    }
    rows.push(...gained.map((row) => ({ ...row, via: event.subject, since: event.time })));
  }
  flush();
  return steps;
}

async function applyRun(step: Step, db: Database): Promise<void> {
  if (step.kind === 'gain') return gain(step.rows, db);
  const { event } = step;
  const { lost } = partiesOf(event);
  if (lost.length > 0) await lose(lost, event, db);
  await REPLACING.get(kindOf(event.type))?.(event, event.data as Record<string, never>, db);
}

async function gain(rows: readonly Gain[], db: Database): Promise<void> {
  await db.query(
    `INSERT INTO parties AS p (object, party, holder, via, since)
     SELECT object, party, holder, via, min(since)
       FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::timestamptz[]) AS n(object, party, holder, via, since)
      GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
     ON CONFLICT (object, party, holder, via) DO UPDATE SET since = excluded.since, until = NULL WHERE p.until IS NOT NULL`,
    [
      rows.map((row) => row.object),
      rows.map((row) => row.party),
      rows.map((row) => row.holder),
      rows.map((row) => row.via),
      rows.map((row) => row.since),
    ],
  );
}

// Who ceases to be a party still hears of what happened before.
async function lose(ends: readonly PartyEnd[], { subject, time }: PublicEvent, db: Database): Promise<void> {
  for (const { object, party, holder } of ends) {
    await db.query(
      `WITH gone AS (DELETE FROM parties WHERE until < $3::timestamptz - ${HEARD_KEPT})
       UPDATE parties SET until = $3 WHERE object = $1 AND party = $2 AND until IS NULL AND ${holder === undefined ? 'via' : 'holder'} = $4`,
      [object, party, time, holder ?? subject],
    );
  }
}

async function hear(events: readonly PublicEvent[], db: Database): Promise<void> {
  const heard = events.flatMap((event) => {
    const through = throughOf(event);
    return through.length > 0 ? [{ event, through }] : [];
  });
  if (heard.length === 0) return;
  await db.query(
    `WITH gone AS (DELETE FROM heard WHERE at < $1::timestamptz - ${HEARD_KEPT})
     INSERT INTO heard (at, source, id, through, event)
     SELECT (event->>'time')::timestamptz, event->>'source', event->>'id',
            ARRAY(SELECT jsonb_array_elements_text(through)), event
       FROM jsonb_to_recordset($2::jsonb) AS n(event jsonb, through jsonb) ON CONFLICT DO NOTHING`,
    [heard[0]!.event.time, JSON.stringify(heard)],
  );
}

/** Everything through which somebody may be concerned by an event: objects, organisations, platform roles. */
function throughOf(event: PublicEvent): string[] {
  const audience = audienceOf(event);
  if (!audience) return [];
  return [
    ...new Set([
      ...audience.parties.map(({ object }) => object),
      ...audience.organisations.map(({ organisation }) => organisation),
      ...audience.platform.map(({ role }) => role),
    ]),
  ];
}

async function belated(events: readonly PublicEvent[], db: Database): Promise<readonly PublicEvent[]> {
  const through = new Set<string>();
  const organisations = new Set<string>();
  let since: string | undefined;
  for (const event of events) {
    const { type, subject, time, data } = event;
    const found = partiesOf(event).gained.map(({ object }) => object);
    if (kindOf(type) === 'MembershipGranted') {
      found.push(subject);
      organisations.add(subject);
    }
    if (kindOf(type) === 'PlatformRolesSet') found.push(...(data as { roles: readonly string[] }).roles);
    for (const one of found) through.add(one);
    if (found.length > 0 && (since === undefined || time < since)) since = time;
  }
  if (since === undefined) return [];
  const rows = await db.query<{ event: PublicEvent }>(
    `SELECT h.event FROM heard h
      WHERE h.at >= $1::timestamptz
        AND (h.through && $2::text[] OR (cardinality($3::uuid[]) > 0 AND EXISTS (
          SELECT 1 FROM parties p WHERE p.object::text = ANY (h.through) AND p.holder = ANY ($3))))
        AND (h.source, h.id) NOT IN (SELECT * FROM unnest($4::text[], $5::text[]))
      ORDER BY h.at, h.source, h.id`,
    [since, [...through], [...organisations], events.map(({ source }) => source), events.map(({ id }) => id)],
  );
  return rows.map(({ event }) => event);
}

type Replace = (event: PublicEvent, data: Readonly<Record<string, never>>, db: Database) => Promise<unknown>;

const entitle: Replace = async (event, data, db) => {
  if (data.title === undefined) return;
  await db.query('INSERT INTO titles (object, title) VALUES ($1, $2) ON CONFLICT (object) DO UPDATE SET title = excluded.title', [
    event.subject,
    shortTitle(data.title),
  ]);
};

const REPLACING: ReadonlyMap<string, Replace> = new Map<string, Replace>([
  [
    'MembershipGranted',
    async (event, data, db) =>
      db.query(
        `INSERT INTO members (organisation, person, roles, since) VALUES ($1, $2, $3, $4)
         ON CONFLICT (organisation, person) DO UPDATE SET roles = excluded.roles`,
        [event.subject, data.personId, data.roles, event.time],
      ),
  ],
  [
    'MembershipRevoked',
    async (event, data, db) =>
      db.query('DELETE FROM members WHERE organisation = $1 AND person = $2', [event.subject, data.personId]),
  ],
  [
    'PlatformRolesSet',
    async (event, data, db) =>
      db.query(
        'INSERT INTO platform_roles (person, roles) VALUES ($1, $2) ON CONFLICT (person) DO UPDATE SET roles = excluded.roles',
        [event.subject, data.roles],
      ),
  ],
  ['NeedPublished', entitle],
  ['NeedAmended', entitle],
  ['ProjectOpened', entitle],
]);
