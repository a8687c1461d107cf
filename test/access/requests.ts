import type { Route } from '@concord/platform';
import { fitting, schemaOf } from './json-schema.js';
import type { World } from './world.js';

/** A kind of place in the object dimension of the matrix. */
export const PLACES = ['hidden', 'shown', 'absent', 'other', 'malformed'] as const;
/** A foreign private object, a public one, an id of nothing, an id of another kind of object, something that is no id. */
export type Place = (typeof PLACES)[number];

const ABSENT = '01900000-0000-7000-8000-00000000dead';
const ABSENT_SHA256 = 'd'.repeat(64);

/** Objects by the first part of the path: which there is to hide, and which to show. */
function family(world: World, plural: string): { hidden?: string; shown?: string; other: string; absent?: string } {
  const { objects: o, organisations } = world;
  const other = o.pledge;
  switch (plural) {
    case 'organisations':
      return { shown: organisations.owner, other };
    case 'people':
      return { hidden: o.person, other };
    case 'sessions':
      return { hidden: o.session, other };
    case 'tokens':
      return { hidden: o.token, other };
    case 'invitations':
      return { hidden: o.invitation, other };
    case 'needs':
      return { hidden: o.draftNeed, shown: o.openNeed, other };
    case 'proposals':
      return { hidden: o.submittedProposal, other };
    case 'pledges':
      return { shown: o.pledge, other: o.line };
    case 'lines':
      return { shown: o.line, other };
    case 'deliveries':
      return { hidden: o.delivery, other };
    case 'funds':
      // The fund of a project has the project's id, in its own context.
      return { shown: o.project, other };
    case 'projects':
      return { shown: o.project, other: o.milestone };
    case 'milestones':
      return { shown: o.milestone, other: o.project };
    case 'reports':
      return { shown: o.report, other: o.project };
    case 'inboxes':
      return { hidden: o.inbox, other };
    case 'follows':
      return { hidden: o.follow, other: o.inbox };
    case 'files':
      return { hidden: o.storedFile, shown: o.citedFile, other, absent: ABSENT_SHA256 };
    case 'operations':
      return { shown: 'needs', other, absent: 'nothing' };
    default:
      throw new Error(`requests.ts knows no objects for /${plural}. Add what a stranger may and may not see there.`);
  }
}

/** The addresses of a route, one per place it has; a route without an object has one. */
export function addressesOf(world: World, route: Route): ReadonlyMap<Place, string> {
  if (!route.path.includes(':')) return new Map([['shown', route.path]]);
  const { hidden, shown, other, absent = ABSENT } = family(world, route.path.split('/')[1]!);
  const at = (id: string) => route.path.replace(/:\w+/u, encodeURIComponent(id));
  const ids: readonly (readonly [Place, string | undefined])[] = [
    ['hidden', hidden],
    ['shown', shown],
    ['absent', absent],
    ['other', other],
    ['malformed', `${ABSENT.toUpperCase()}'--`],
  ];
  return new Map(ids.flatMap(([place, id]) => (id === undefined ? [] : [[place, at(id)] as const])));
}

const HOURS = { kind: 'expertise', log: [{ pseudonym: 'E-1', day: '2030-01-01', hours: 1, work: 'zz' }] };
const reason = { code: 'spec', text: 'Because the spec says so.' };

/** Bodies of routes whose inputs have rules that their JSON Schema does not show, or that have to name an object of the world. */
const BODIES: Readonly<Record<string, (world: World) => unknown>> = {
  addEvidence: ({ objects }) => ({ sha256: objects.citedFile, caption: 'zz', licence: 'CC-BY-4.0', capturedOn: '2026-01-01' }),
  correctDelivery: () => ({ ...HOURS, reason }),
  draftProposal: ({ objects }) => ({ needId: objects.openNeed, title: 'zz', summary: 'zz' }),
  followObject: ({ objects }) => ({ objectKind: 'project', objectId: objects.project }),
  issueToken: ({ organisations }) => ({ name: 'zz', organisationId: organisations.owner, scopes: ['read'] }),
  makePledge: ({ objects }) => ({
    lineId: objects.line,
    kind: 'in_kind',
    items: 1,
    item: 'zz',
    valuation: 'not_valued',
  }),
  markItemsDone: () => ({ upTo: 1 }),
  markItemsRead: () => ({ upTo: 1 }),
  markItemsUnread: () => ({ upTo: 1 }),
  recordDelivery: ({ objects }) => ({ pledgeId: objects.commitment, ...HOURS }),
  reviseOrganisation: () => ({ name: 'zz' }),
  registerPerson: () => ({ name: 'zz', email: 'somebody@concord.example', password: 'short' }),
  storeFile: () => Buffer.from('zz'),
};

/** A body that fits the route, so that nothing but who asks can be refused. Throws when the route's schema would not take it. */
export function bodyOf(world: World, route: Route): unknown {
  if (!route.body) return undefined;
  const body = BODIES[route.name]?.(world) ?? fitting(schemaOf(route.body));
  const parsed = route.body.safeParse(body);
  if (!parsed.success)
    throw new Error(`requests.ts: the body made for ${route.name} does not fit; name one in BODIES. ${parsed.error.message}`);
  return body;
}

/** Query strings of routes that cannot be asked without one. */
export function queryOf(world: World, route: Route): string {
  if (!route.query || route.query.safeParse({}).success) return '';
  const { openNeed, person } = world.objects;
  if (route.name === 'listSimilarNeeds') return '?country=MW&sdgTarget=4.a';
  if (route.name === 'listPeople') return `?id=${person}`;
  if (route.path.endsWith('/proof')) return `?stream=${openNeed}&version=1`;
  throw new Error(`requests.ts: ${route.name} needs a query string; add one.`);
}
