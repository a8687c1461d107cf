import { kindOf } from '@concord/contracts';
import type { ConsumerDefinition, Database, PublicEvent } from '@concord/platform';
import { partiesOf, type PartyEnd, type PartyRow } from './domain/parties.js';

/** Contexts whose events concern people. */
export const SOURCES = ['directory', 'partnerships', 'pledges', 'stewardship'] as const;

const TITLE_UNITS_MAX = 200;

/** A title short enough for a notice, cut between characters. */
export const shortTitle = (title: string): string =>
  title.length <= TITLE_UNITS_MAX ? title : [...title].slice(0, TITLE_UNITS_MAX / 2).join('');

/**
 * The copies that recipients are looked up in: who is a member of what, who has a platform role, who is a party of which need,
 * proposal, pledge, project or milestone, and how published needs and projects are called.
 */
export const replicas: ConsumerDefinition = {
  name: 'notification-replicas',
  from: SOURCES,
  async apply(events, db) {
    for (const run of runs(events)) await applyRun(run, db);
  },
};

type Step =
  | { readonly kind: 'gain'; readonly rows: readonly (PartyRow & { via: string })[] }
  | { readonly kind: 'one'; readonly event: PublicEvent };

// Most events only add parties: neighbours of that sort go into one statement. Whatever removes or replaces keeps its place.
function runs(events: readonly PublicEvent[]): Step[] {
  const steps: Step[] = [];
  let rows: (PartyRow & { via: string })[] = [];
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
    rows.push(...gained.map((row) => ({ ...row, via: event.subject })));
  }
  flush();
  return steps;
}

async function applyRun(step: Step, db: Database): Promise<void> {
  if (step.kind === 'gain') return gain(step.rows, db);
  const { event } = step;
  const { lost } = partiesOf(event);
  if (lost.length > 0) await lose(lost, event.subject, db);
  await REPLACING.get(kindOf(event.type))?.(event, event.data as Record<string, never>, db);
}

async function gain(rows: readonly (PartyRow & { via: string })[], db: Database): Promise<void> {
  await db.query(
    `INSERT INTO parties (object, party, holder, via)
     SELECT DISTINCT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[]) AS n(object, party, holder, via) ORDER BY 1, 2, 3, 4
     ON CONFLICT DO NOTHING`,
    [rows.map((row) => row.object), rows.map((row) => row.party), rows.map((row) => row.holder), rows.map((row) => row.via)],
  );
}

async function lose(ends: readonly PartyEnd[], via: string, db: Database): Promise<void> {
  for (const { object, party, holder } of ends) {
    if (holder === undefined)
      await db.query('DELETE FROM parties WHERE object = $1 AND party = $2 AND via = $3', [object, party, via]);
    else await db.query('DELETE FROM parties WHERE object = $1 AND party = $2 AND holder = $3', [object, party, holder]);
  }
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
        `INSERT INTO members (organisation, person, roles) VALUES ($1, $2, $3)
         ON CONFLICT (organisation, person) DO UPDATE SET roles = excluded.roles`,
        [event.subject, data.personId, data.roles],
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
