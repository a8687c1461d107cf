import type {
  DeliveryResource,
  MilestoneResource,
  NeedResource,
  PledgeResource,
  ProjectBoard,
  ProjectResource,
  ProposalResource,
  PublicOrganisation,
} from '@concord/contracts';
import type { z } from 'zod';
import type { Listed } from '../../api.js';
import type { Visit } from '../../server/visit.server.js';
import { toScore } from './scoring.server.js';

type Need = z.output<typeof NeedResource>;
type Proposal = z.output<typeof ProposalResource>;
type Pledge = z.output<typeof PledgeResource>;
type Delivery = z.output<typeof DeliveryResource>;
type Milestone = z.output<typeof MilestoneResource>;
type Board = z.output<typeof ProjectBoard>;

/** A step that waits for the organisation acted for: which, about what, where, by when. */
export interface Waiting {
  readonly key: string;
  /** Name of the step: `endorse`, `sign` …; its words are `my-work:do.<step>`. */
  readonly step: string;
  readonly kind: 'need' | 'proposal' | 'pledge' | 'delivery' | 'project' | 'milestone' | 'report' | 'organisation';
  readonly title: string;
  readonly to: string;
  /** RFC 3339 instant or day. */
  readonly by?: string;
  readonly overdue?: boolean;
  /** A first approver has acted; another one must act too (R23). */
  readonly second?: boolean;
}

/** Projects whose boards are read for one page; more are told of by their milestones only. */
const BOARDS_MAX = 20;
const LIMIT = 50;
const LIVE = ['pipeline', 'implementation', 'suspended', 'finalisation'];

/** Titles by the id of a need. */
type Titles = ReadonlyMap<string, string>;

/** Everything that waits for the organisation the reader acts for, the most urgent first. */
export async function waitingFor(visit: Visit, organisation: string): Promise<Waiting[]> {
  const list = async <T>(path: string, query: Readonly<Record<string, string | readonly string[]>> = {}) =>
    (await visit.api.get<Listed<T>>(path, { query: { limit: LIMIT, ...query } })).body.items;
  const [own, endorsements, needs, invited, proposals, asOwner, asPledger, received, disputed, signing, projects] =
    await Promise.all([
      visit.api.get<z.output<typeof PublicOrganisation>>(`/organisations/${organisation}`).then(({ body }) => body),
      list<Need>('/endorsements'),
      list<Need>('/needs', { organisation, status: ['draft', 'submitted', 'endorsed', 'matching'] }),
      list<Need>('/invitations'),
      list<Proposal>('/proposals', { status: ['draft', 'in_review', 'shortlisted'] }),
      list<Pledge>('/pledges', { owner: organisation, status: 'offered' }),
      list<Pledge>('/pledges', { organisation, status: ['offered', 'confirmed', 'partly_delivered'] }),
      list<Delivery>('/deliveries', { recipient: organisation, status: 'recorded' }),
      list<Delivery>('/deliveries', { organisation, status: 'disputed' }),
      list<Milestone>('/milestones', { awaitingBy: organisation }),
      list<z.output<typeof ProjectResource>>('/projects', { organisation, status: LIVE, sort: 'due' }),
    ]);
  const boards = await boardsOf(visit, [
    ...projects.map(({ id }) => id),
    ...signing.map(({ projectId }) => projectId),
    ...asPledger.flatMap(({ projectId }) => projectId ?? []),
  ]);
  const unmarked = await toScore(visit, proposals);
  const pledges = [...asOwner, ...asPledger];
  const titles = await titlesOf(
    visit,
    [...pledges, ...received, ...disputed].map(({ needId }) => needId),
    [...needs, ...endorsements],
  );
  return byUrgency([
    ...ofOrganisation(own),
    ...endorsements.map((need) => needStep(need, 'endorse')),
    ...needs.flatMap(ofNeed),
    ...invited.filter(({ status }) => status === 'published').map((need) => needStep(need, 'propose')),
    ...proposals.filter(({ id }) => unmarked.has(id)).map(({ id, title }) => proposalStep(id, title, 'score')),
    ...proposals.flatMap((one) => ofProposal(one, organisation)),
    ...asOwner.flatMap((one) => ofOffer(one, titles)),
    ...asPledger.flatMap((one) => ofPledge(one, titles)),
    ...received.map((one) => ofDelivery(one, 'acknowledge', titles)),
    ...disputed.map((one) => ofDelivery(one, 'correct', titles)),
    ...boards.flatMap((board) => ofBoard(board, organisation)),
    ...signing.map(ofMilestone),
  ]);
}

async function boardsOf(visit: Visit, ids: readonly string[]): Promise<Board[]> {
  const asked = [...new Set(ids)].slice(0, BOARDS_MAX);
  return Promise.all(asked.map(async (id) => (await visit.api.get<Board>(`/projects/${id}/board`)).body));
}

async function titlesOf(visit: Visit, ids: readonly string[], known: readonly Need[]): Promise<Titles> {
  const titles = new Map(known.map(({ id, title }) => [id, title]));
  const missing = [...new Set(ids)].filter((id) => !titles.has(id));
  const found = await Promise.all(missing.map(async (id) => (await visit.api.get<Need>(`/needs/${id}`)).body));
  for (const { id, title } of found) titles.set(id, title);
  return titles;
}

function ofOrganisation({ id, name, standing }: z.output<typeof PublicOrganisation>): Waiting[] {
  if (!['unverified', 'rejected', 'expired'].includes(standing)) return [];
  return [
    { key: `organisation ${id}`, step: 'verification', kind: 'organisation', title: name, to: `/organisations/${id}/verification` },
  ];
}

const needStep = ({ id, title, intakeClosesAt }: Need, step: string): Waiting => ({
  key: `need ${id} ${step}`,
  step,
  kind: 'need',
  title,
  to: step === 'endorse' ? `/needs/${id}/endorse` : `/needs/${id}`,
  ...(step === 'propose' && intakeClosesAt !== undefined ? { by: intakeClosesAt } : {}),
});

function ofNeed(need: Need): Waiting[] {
  if (need.status === 'draft') return [needStep(need, 'submitNeed')];
  if (need.status === 'endorsed') return [needStep(need, 'publish')];
  if (need.status === 'submitted') return need.endorserIds.length === 0 ? [needStep(need, 'publish')] : [];
  return [{ ...needStep(need, 'decide'), ...(need.validUntil === undefined ? {} : { by: need.validUntil }) }];
}

const proposalStep = (id: string, title: string, step: string): Waiting => ({
  key: `proposal ${id} ${step}`,
  step,
  kind: 'proposal',
  title,
  to: `/proposals/${id}`,
});

function ofProposal(
  { id, title, status, leadId, partnerIds, ownerId, pendingApproval }: Proposal,
  organisation: string,
): Waiting[] {
  const own = leadId === organisation || partnerIds.includes(organisation);
  if (own) return status === 'draft' ? [proposalStep(id, title, 'submitProposal')] : [];
  if (ownerId !== organisation) return [];
  if (status === 'shortlisted') return [{ ...proposalStep(id, title, 'accept'), second: pendingApproval !== undefined }];
  return status === 'in_review' ? [proposalStep(id, title, 'shortlist')] : [];
}

const titleOf = (titles: Titles, needId: string): string => titles.get(needId) ?? '';

function ofOffer({ id, needId, accepted, validUntil }: Pledge, titles: Titles): Waiting[] {
  if (accepted) return [];
  return [
    {
      key: `pledge ${id}`,
      step: 'acceptPledge',
      kind: 'pledge',
      title: titleOf(titles, needId),
      to: `/pledges/${id}`,
      by: validUntil,
    },
  ];
}

function ofPledge(pledge: Pledge, titles: Titles): Waiting[] {
  const { id, needId, status, accepted, validUntil, recipientId, due, pendingApproval } = pledge;
  const one = { key: `pledge ${id}`, kind: 'pledge' as const, title: titleOf(titles, needId), to: `/pledges/${id}` };
  if (status === 'offered') {
    // Before the award there is nobody to deliver to: the offer waits for the owner of the need.
    if (!accepted || recipientId === undefined) return [];
    return [{ ...one, step: 'confirm', by: validUntil, second: pendingApproval !== undefined }];
  }
  return due > pledge.recorded ? [{ ...one, step: 'deliver' }] : [];
}

const ofDelivery = ({ id, needId }: Delivery, step: string, titles: Titles): Waiting => ({
  key: `delivery ${id}`,
  step,
  kind: 'delivery',
  title: titleOf(titles, needId),
  to: `/deliveries/${id}`,
});

const KINDS = { projects: 'project', milestones: 'milestone', reports: 'report' } as const;

/** What the board of a project says this organisation can do now. */
function ofBoard({ project, milestones, next }: Board, organisation: string): Waiting[] {
  return next
    .filter(({ who, blockedBy }) => blockedBy.length === 0 && who.some(({ organisationId }) => organisationId === organisation))
    .map(({ step, resource, id, title, dueOn, overdue }) => ({
      key: `${KINDS[resource]} ${id} ${step}`,
      step: resource === 'reports' ? `${step}Report` : step.replaceAll('-', '_'),
      kind: KINDS[resource],
      title: resource === 'reports' ? project.title : title,
      to: resource === 'milestones' ? `/projects/${project.id}/milestones/${id}` : `/projects/${project.id}`,
      ...(dueOn === undefined ? {} : { by: dueOn }),
      overdue,
      second: resource === 'milestones' && milestones.find((one) => one.id === id)?.pendingApproval !== undefined,
    }));
}

/** A milestone of a project whose board was not read. */
const ofMilestone = ({ id, projectId, title, status, dueOn, overdue, pendingApproval }: Milestone): Waiting => {
  const step = status === 'accepted' ? 'release' : 'sign';
  return {
    key: `milestone ${id} ${step}`,
    step,
    kind: 'milestone',
    title,
    to: `/projects/${projectId}/milestones/${id}`,
    by: dueOn,
    overdue,
    second: pendingApproval !== undefined,
  };
};

const NEVER = '9999';

/** Each step once, overdue ones first, then by date. */
function byUrgency(steps: readonly Waiting[]): Waiting[] {
  const once = [...new Map([...steps].reverse().map((step) => [step.key, step])).values()].reverse();
  const late = ({ overdue }: Waiting): number => (overdue ? 0 : 1);
  return once.sort((a, b) => late(a) - late(b) || (a.by ?? NEVER).localeCompare(b.by ?? NEVER));
}
