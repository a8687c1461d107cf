import type { ActorKey } from '@concord/story';
import type { Delivery, Milestone, Need, Pledge, Project, World } from './world.js';

/** A page opened by somebody. */
export interface Visit {
  /** Who; nobody in particular when absent. */
  readonly who?: ActorKey;
  /** Path below the language. */
  readonly path: string;
  /** 200 when absent. */
  readonly status?: number;
  /** This form of the page, counted from 0, is sent with nothing filled in: the page with its faults is looked at too. */
  readonly faulty?: number;
}

/** Where the visits go: ids of objects in the states that the pages are for. */
export type Scenery = Awaited<ReturnType<typeof scenery>>;

/** Brings objects into the states of the visits. */
export async function scenery(world: World) {
  const project = (await world.list<Project>('/projects'))[0]!;
  const pledges = await world.list<Pledge>(`/pledges?project=${project.id}&limit=100`);
  const milestones = await world.list<Milestone>(`/milestones?project=${project.id}&sort=due`);
  const planned = milestones.filter(({ status }) => status === 'planned').map(({ id }) => id);
  await world.handIn(planned[0]!, 'Fifty-nine schools were reached.');
  await world.post('lantern', `/milestones/${planned[1]}/start`);
  const funding = pledges.find(({ kind, unit, quantity }) => kind === 'funding' && unit === 'USD' && quantity === 30_000_000)!;
  const hours = pledges.find(({ kind, delivered }) => kind === 'expertise' && delivered === 80)!;
  const goods = pledges.find(({ kind }) => kind === 'in_kind')!;
  const recorded = await world.hours('openMeadow', hours.id);
  const deliveries = await world.list<Delivery>(`/deliveries?project=${project.id}&limit=100`, 'lantern');
  const stream = JSON.stringify(await world.get(`/funds/${project.id}/stream`));
  const reports = await world.list<{ id: string }>(`/reports?project=${project.id}`);
  const invitation = await world.post<{ id: string; token: string }>(
    'brightwater',
    `/organisations/${(await world.as('brightwater')).organisationId}/invite`,
    { email: 'newcomer@brightwater.example', roles: ['viewer'] },
  );
  return {
    need: project.needId,
    project: project.id,
    funding,
    hours: hours.id,
    goods: goods.id,
    milestone: milestones.find(({ status }) => status === 'released')!.id,
    handedIn: planned[0]!,
    begun: planned[1]!,
    recorded: recorded.id,
    acknowledged: deliveries.find(({ status }) => status === 'acknowledged')!.id,
    expenditure: /"expenditureId":"([0-9a-f-]{36})"/u.exec(stream)?.[1] ?? '',
    report: reports[0]!.id,
    invitation,
    organisation: (await world.as('lantern')).organisationId,
    colleague: (await world.as('lantern2')).personId,
    person: (await world.as('umber')).personId,
    ...(await needs(world)),
    ...(await proposals(world)),
  };
}

async function needs(world: World) {
  const draft = await world.need('Ferry timetables', 'draft');
  const published = await world.need('School radio for the northern lake shore and its islands', 'published');
  const offer = await world.offer('harbourlight', published);
  const accepted = await world.offer('harbourlight', published);
  await world.post('ministry', `/pledges/${accepted.id}/accept`, { hash: accepted.hash });
  await world.post('lantern', `/needs/${published.id}/pin`);
  const organisationId = (await world.as('bluefin')).organisationId;
  await world.post('ministry', `/needs/${published.id}/invite`, { organisationId });
  return {
    draft: draft.id,
    draftLine: draft.lines[0]!.lineId,
    submitted: (await world.need('Bridges for carts', 'submitted')).id,
    endorsed: (await world.need('Reading lamps', 'endorsed')).id,
    published: published.id,
    lines: published.lines.map(({ lineId }) => lineId),
    offer: offer.id,
    accepted: accepted.id,
    writing: (await world.proposal(published, 'lantern', { draft: true })).id,
  };
}

async function proposals(world: World) {
  const need: Need = await world.need('Reading rooms by the lake', 'published');
  const note = await world.proposal(need, 'lantern', { stage: 'concept_note' });
  const full = await world.proposal(need, 'bluefin');
  const rival = await world.proposal(need, 'kestrel');
  await world.reviewers(need);
  await world.post('ministry', `/needs/${need.id}/close-intake`);
  for (const one of [note, full]) {
    await world.scores(need, one);
    await world.post('ministry', `/proposals/${one.id}/shortlist`);
  }
  const pipeline = await world.project('Reading tents');
  await world.plan(pipeline, 60);
  return { matching: need.id, note: note.id, full: full.id, rival: rival.id, pipeline: pipeline.id };
}

const by = (who: ActorKey, ...paths: string[]): Visit[] => paths.map((path) => ({ who, path }));
const faulty = (who: ActorKey, path: string, form = 0): Visit => ({ who, path, faulty: form });
const open = (...paths: string[]): Visit[] => paths.map((path) => ({ path }));
const steps = (who: ActorKey, top: string, ...names: string[]): Visit[] => by(who, ...names.map((name) => `${top}/steps/${name}`));

/** A visit of every page by its route, in the states worth a look; steps that are not possible now say so, and are looked at as well. */
export const visitsOf = (at: Scenery): Readonly<Record<string, readonly Visit[]>> => ({
  ...publicVisits(at),
  ...needVisits(at),
  ...givingVisits(at),
  ...projectVisits(at),
  ...accountVisits(at),
});

const publicVisits = ({ need, draft, published, project, organisation, funding }: Scenery) => ({
  '': open('/'),
  '*': [{ path: '/nothing-here', status: 404 }],
  'sign-in': [{ path: '/sign-in?return=/my-work', faulty: 0 }],
  acting: by('lantern', '/acting'),
  accessibility: open('/accessibility'),
  problems: open('/problems'),
  'problems/:code': [...open('/problems/line_full'), { path: '/problems/nothing-like-this', status: 404 }],
  needs: open('/needs', '/needs?country=MW&q=lessons', '/needs?q=nothing-like-this'),
  'needs/:id': [...open(`/needs/${need}`), ...by('ministry', `/needs/${published}`), { path: `/needs/${draft}`, status: 404 }],
  search: open('/search', '/search?q=lessons', '/search?q=nothing-like-this'),
  data: open('/data'),
  'sdgs/:goal': open('/sdgs/4', '/sdgs/17'),
  'countries/:code': open('/countries/MW', '/countries/FJ'),
  map: open('/map'),
  organisations: open('/organisations', '/organisations?q=nothing-like-this'),
  'organisations/:id': [...open(`/organisations/${organisation}`), ...by('lantern', `/organisations/${organisation}`)],
  'embed/need/:id': open(`/embed/need/${need}`),
  'embed/project/:id': open(`/embed/project/${project}`),
  'pledges/:id/certificate': open(`/pledges/${funding.id}/certificate`),
  'verify/:hash?': open(
    '/verify',
    `/verify/${funding.hash}?pledge=${funding.id}`,
    `/verify/${'f'.repeat(64)}?pledge=${funding.id}`,
  ),
  developers: open('/developers'),
  policies: open('/policies'),
});

const needVisits = ({ draft, draftLine, submitted, endorsed, published, matching }: Scenery) => ({
  'needs/new': [faulty('ministry', '/needs/new')],
  'needs/:id/edit': by('ministry', `/needs/${draft}/edit`),
  'needs/:id/edit/about': by('ministry', `/needs/${draft}/edit/about`),
  'needs/:id/edit/place': by('ministry', `/needs/${draft}/edit/place`),
  'needs/:id/edit/lines': by('ministry', `/needs/${draft}/edit/lines`),
  'needs/:id/edit/lines/:line': [
    faulty('ministry', `/needs/${draft}/edit/lines/new?kind=funding`),
    ...by('ministry', `/needs/${draft}/edit/lines/${draftLine}`),
  ],
  'needs/:id/edit/criteria': by('ministry', `/needs/${draft}/edit/criteria`),
  'needs/:id/edit/dates': by('ministry', `/needs/${draft}/edit/dates`),
  'needs/:id/check': by('ministry', `/needs/${draft}/check`),
  'needs/:id/endorse': [faulty('office', `/needs/${submitted}/endorse`, 1)],
  'needs/:id/publish': by('ministry', `/needs/${endorsed}/publish`),
  'needs/:id/amend': [faulty('ministry', `/needs/${published}/amend`)],
  'needs/:id/steps/:step': [
    ...steps('ministry', `/needs/${published}`, 'close-intake', 'withdraw'),
    faulty('ministry', `/needs/${matching}/steps/extend`),
    faulty('ministry', `/needs/${matching}/steps/close`),
    ...steps('ministry', `/needs/${submitted}`, 'return'),
  ],
  'needs/:id/invitations': by('ministry', `/needs/${published}/invitations?q=school`),
  'needs/:id/pin': by('lantern', `/needs/${published}/pin`),
  pins: by('lantern', '/pins'),
});

const givingVisits = ({
  need,
  published,
  matching,
  lines,
  offer,
  accepted,
  funding,
  hours,
  writing,
  note,
  full,
  rival,
}: Scenery) => ({
  'needs/:id/pledge': open(`/needs/${published}/pledge`),
  'needs/:id/pledge/:line': [
    faulty('harbourlight', `/needs/${published}/pledge/${lines[0]}`),
    ...by('harbourlight', ...lines.slice(1).map((line) => `/needs/${published}/pledge/${line}`)),
  ],
  'needs/:id/pledges': open(`/needs/${need}/pledges`),
  pledges: [...open('/pledges'), ...by('harbourlight', '/pledges?status=withdrawn')],
  'pledges/:id': [...open(`/pledges/${funding.id}`), ...by('harbourlight', `/pledges/${offer}`)],
  'pledges/:id/amend': [faulty('harbourlight', `/pledges/${offer}/amend`)],
  'pledges/:id/steps/:step': [
    ...steps('ministry', `/pledges/${offer}`, 'accept'),
    faulty('ministry', `/pledges/${offer}/steps/decline`),
    ...steps('harbourlight', `/pledges/${accepted}`, 'confirm', 'withdraw'),
    faulty('openMeadow', `/pledges/${hours}/steps/revise-commitment`),
    ...steps('openMeadow', `/pledges/${hours}`, 'lapse-remainder'),
  ],
  'needs/:id/propose': [faulty('bluefin', `/needs/${published}/propose`)],
  'needs/:id/proposals': by('ministry', `/needs/${matching}/proposals`),
  'needs/:id/reviewers': [faulty('ministry', `/needs/${matching}/reviewers`, 1)],
  'needs/:id/conflict': [faulty('ministry2', `/needs/${matching}/conflict`)],
  proposals: by('lantern', '/proposals', '/proposals?status=withdrawn'),
  'proposals/:id': [...by('ministry', `/proposals/${full}`), ...by('lantern', `/proposals/${writing}`)],
  'proposals/:id/edit': by('lantern', `/proposals/${writing}/edit`),
  'proposals/:id/edit/partners': by('lantern', `/proposals/${writing}/edit/partners?q=open`),
  'proposals/:id/edit/:topic': by('lantern', ...['about', 'approach', 'answers'].map((one) => `/proposals/${writing}/edit/${one}`)),
  'proposals/:id/score': [faulty('ministry', `/proposals/${rival}/score`)],
  'proposals/:id/steps/:step': [
    ...steps('lantern', `/proposals/${writing}`, 'submit'),
    faulty('lantern', `/proposals/${note}/steps/withdraw`),
    ...steps('ministry', `/proposals/${rival}`, 'shortlist'),
    ...steps('ministry', `/proposals/${note}`, 'invite'),
    ...steps('ministry', `/proposals/${full}`, 'accept', 'decline'),
  ],
});

function projectVisits(at: Scenery) {
  const { project, pipeline, milestone, handedIn, begun, report, recorded, acknowledged, expenditure, funding, hours, goods } = at;
  const top = `/projects/${project}`;
  const work = (id: string) => `${top}/milestones/${id}`;
  return {
    projects: open('/projects', '/projects?q=nothing-like-this'),
    'projects/:id': [...open(top), ...by('ministry', top), ...by('lantern', `/projects/${pipeline}`)],
    'projects/:id/milestones': open(`${top}/milestones`),
    'projects/:id/milestones/:mid': [...open(work(milestone)), ...by('ministry', work(handedIn))],
    'projects/:id/budget': [...open(`${top}/budget`), ...by('lantern', `${top}/budget`)],
    'projects/:id/activity': open(`${top}/activity`),
    'projects/:id/integrity': open(`${top}/integrity`),
    'projects/:id/report': open(`${top}/report`),
    'projects/:id/plan': [faulty('lantern', `/projects/${pipeline}/plan`)],
    'projects/:id/plan/sign': by('ministry', `/projects/${pipeline}/plan/sign`),
    'projects/:id/steps/:step': [
      ...steps('lantern', top, 'finish'),
      faulty('lantern', `${top}/steps/post-update`),
      faulty('lantern', `${top}/steps/record-stewardship-plan`),
      faulty('ministry', `${top}/steps/suspend`),
      ...steps('ministry', top, 'rate', 'close', 'reopen', 'resume', 'terminate'),
      ...steps('ministry', `/projects/${pipeline}`, 'start', 'cancel'),
    ],
    'projects/:id/milestones/:mid/evidence': [faulty('lantern', `${work(begun)}/evidence`)],
    'projects/:id/milestones/:mid/steps/:step': [
      ...steps('lantern', work(handedIn), 'recall', 'start'),
      ...steps('ministry', work(handedIn), 'sign', 'release'),
      faulty('ministry', `${work(handedIn)}/steps/return`),
      ...steps('lantern', work(begun), 'submit'),
    ],
    'projects/:id/reports/:rid': open(`${top}/reports/${report}`),
    'projects/:id/reports/:rid/steps/:step': [
      faulty('lantern', `${top}/reports/${report}/steps/submit`),
      ...steps('ministry', `${top}/reports/${report}`, 'accept', 'send-back'),
    ],
    'projects/:id/deliveries': by('openMeadow', `${top}/deliveries`),
    'projects/:id/deliveries/new/:pledge': [
      faulty('harbourlight', `${top}/deliveries/new/${funding.id}`),
      ...by('openMeadow', `${top}/deliveries/new/${hours}`),
      ...by('brightwater', `${top}/deliveries/new/${goods}`),
    ],
    'projects/:id/deliveries/:did': by('lantern', `${top}/deliveries/${recorded}`, `${top}/deliveries/${acknowledged}`),
    'deliveries/:id': by('lantern', `/deliveries/${recorded}`),
    'projects/:id/deliveries/:did/steps/:step': [
      ...steps('lantern', `${top}/deliveries/${recorded}`, 'acknowledge'),
      faulty('lantern', `${top}/deliveries/${recorded}/steps/dispute`),
      ...steps('openMeadow', `${top}/deliveries/${recorded}`, 'correct', 'void'),
      ...steps('lantern', `${top}/deliveries/${acknowledged}`, 'reverse'),
    ],
    'projects/:id/fund/expenditure': [faulty('lantern', `${top}/fund/expenditure`)],
    'projects/:id/fund/void/:eid': [faulty('lantern', `${top}/fund/void/${expenditure}`)],
    'projects/:id/fund/refund': [faulty('lantern', `${top}/fund/refund`)],
  };
}

const accountVisits = ({ organisation, colleague, person, invitation }: Scenery) => ({
  register: [{ path: '/register', faulty: 0 }],
  'organisations/new': [faulty('lantern', '/organisations/new')],
  'organisations/:id/edit': by('lantern', `/organisations/${organisation}/edit`),
  'organisations/:id/verification': by('lantern', `/organisations/${organisation}/verification`),
  'organisations/:id/members': [faulty('lantern', `/organisations/${organisation}/members`)],
  'organisations/:id/members/:person': by('lantern', `/organisations/${organisation}/members/${colleague}`),
  'invitations/:id': by('umber', `/invitations/${invitation.id}?token=${invitation.token}`),
  settings: by('lantern', '/settings'),
  'settings/password': [faulty('lantern', '/settings/password')],
  'settings/sessions': by('lantern', '/settings/sessions'),
  'settings/tokens': [faulty('lantern', '/settings/tokens')],
  'my-work': by('ministry', '/my-work'),
  drafts: [...by('ministry', '/drafts'), ...by('lantern', '/drafts'), ...by('umber', '/drafts')],
  inbox: by('ministry', '/inbox', '/inbox?view=done'),
  follows: by('lantern', '/follows'),
  admin: by('registrar', '/admin'),
  'admin/verification': by('registrar', '/admin/verification'),
  'admin/organisations/:id': [faulty('registrar', `/admin/organisations/${organisation}`)],
  'admin/people': [faulty('registrar', '/admin/people')],
  'admin/people/:id': by('registrar', `/admin/people/${person}`),
  'admin/operations': by('registrar', '/admin/operations'),
});
