import { ApiProblem, createClient, type Client } from '@concord/client';
import type {
  DeliveryResource,
  Me,
  MilestoneResource,
  NeedResource,
  PledgeResource,
  ProjectBoard,
  ProjectResource,
  ProposalResource,
} from '@concord/contracts';
import { emailOf, SHARED_PASSWORD, type ActorKey } from '@concord/story';
import type { z } from 'zod';
import { eventually } from '../faults/eventually.js';

/** Objects as the API shows them. */
export type Need = z.output<typeof NeedResource>;
export type Proposal = z.output<typeof ProposalResource>;
export type Project = z.output<typeof ProjectResource>;
export type Milestone = z.output<typeof MilestoneResource>;
export type Pledge = z.output<typeof PledgeResource>;
export type Delivery = z.output<typeof DeliveryResource>;

interface Listed<Item> {
  readonly items: readonly Item[];
}

interface Actor {
  readonly client: Client;
  readonly personId: string;
  /** Organisation acted for; empty for those who belong to none. */
  readonly organisationId: string;
}

const DAY_MS = 86_400_000;
const LATE_MS_MAX = 20_000;
const REASON = { reason: { code: 'other', text: 'So that the page has something to show.' } };

/** How far a need is taken. */
export type Stage = 'draft' | 'submitted' | 'endorsed' | 'published' | 'matching';

/** Brings the objects of the running Concord into the states that pages are opened in, through the API, as the people of the demo. */
export class World {
  private readonly actors = new Map<ActorKey, Promise<Actor>>();
  private readonly anonymous: Client;

  constructor(private readonly url: string) {
    this.anonymous = createClient({ baseUrl: url });
  }

  /** Somebody of the demo, acting for their organisation. */
  as(who: ActorKey): Promise<Actor> {
    const known = this.actors.get(who) ?? this.signIn(who);
    this.actors.set(who, known);
    return known;
  }

  private async signIn(who: ActorKey): Promise<Actor> {
    const credentials = { email: emailOf(who), password: SHARED_PASSWORD };
    const { body } = await this.anonymous.post<{ accessToken: string }>('/sessions', { body: credentials });
    const client = this.anonymous.as({ token: body.accessToken });
    const { body: me } = await client.get<z.output<typeof Me>>('/me');
    const organisation = me.memberships[0]?.organisation.id;
    return {
      client: organisation === undefined ? client : this.anonymous.as({ token: body.accessToken, organisation }),
      personId: me.id,
      organisationId: organisation ?? '',
    };
  }

  /** Reads as anybody, or as somebody. */
  async get<T>(path: string, who?: ActorKey): Promise<T> {
    const client = who === undefined ? this.anonymous : (await this.as(who)).client;
    return (await client.get<T>(path)).body;
  }

  /** Items of a list. */
  async list<T>(path: string, who?: ActorKey): Promise<readonly T[]> {
    return (await this.get<Listed<T>>(path, who)).items;
  }

  /** Posts; what another context has not heard of yet (403, 404) is tried again for a while. */
  async post<T>(who: ActorKey, path: string, body: unknown = {}): Promise<T> {
    const { client } = await this.as(who);
    const deadline = Date.now() + LATE_MS_MAX;
    for (;;) {
      try {
        return (await client.post<T>(path, { body })).body;
      } catch (error) {
        const late = error instanceof ApiProblem && [403, 404].includes(error.status);
        if (late && Date.now() < deadline) continue;
        if (!(error instanceof ApiProblem)) throw error;
        throw new Error(`${who} POST ${path}: ${error.code} ${error.message} ${JSON.stringify(error.facts)}`, { cause: error });
      }
    }
  }

  /** Business time so many days from now. */
  async inDays(days: number): Promise<string> {
    const { businessTime } = await this.get<{ businessTime: string }>('/clock');
    return new Date(Date.parse(businessTime) + days * DAY_MS).toISOString();
  }

  /** Moves business time. */
  async moveDays(days: number): Promise<void> {
    await this.post('registrar', '/clock', { to: await this.inDays(days) });
  }

  /** A need of the Ministry with a line of each kind, taken so far. */
  async need(title: string, stage: Stage): Promise<Need> {
    const line = (kind: string, unit: string, target: number, words: string) => ({
      kind,
      unit,
      target,
      title: words,
      recipient: 'lead',
    });
    const draft = await this.post<Need>('ministry', '/needs', {
      title,
      summary: 'Twelve town libraries have no way to lend out digital books, and 4,000 readers wait for them.',
      language: 'en',
      needType: 'technical_assistance',
      country: 'MW',
      regions: ['MW-ZO'],
      sdgTargets: ['4.a', '9.c'],
      lines: [
        line('funding', 'USD', 7_000_000, 'Equipment'),
        line('expertise', 'hour', 160, 'Training'),
        line('in_kind', 'item', 24, 'Readers'),
        line('data', 'dataset', 1, 'Catalogue'),
      ],
      criteria: [
        { title: 'Relevance', weight: 60 },
        { title: 'Cost', weight: 40 },
      ],
      intakeClosesAt: await this.inDays(60),
      validUntil: await this.inDays(180),
    });
    const path = `/needs/${draft.id}`;
    if (stage === 'draft') return draft;
    const submitted = await this.post<Need>('ministry', `${path}/submit`);
    if (stage === 'submitted') return submitted;
    const endorsed = await this.post<Need>('office', `${path}/endorse`);
    if (stage === 'endorsed') return endorsed;
    const published = await this.post<Need>('ministry', `${path}/publish`);
    if (stage === 'published') return published;
    return this.post<Need>('ministry', `${path}/close-intake`);
  }

  /** A proposal to a published need; submitted unless it stays a draft. */
  async proposal(need: Need, lead: ActorKey, { stage = 'full', draft = false } = {}): Promise<Proposal> {
    const drafted = await this.post<Proposal>(lead, '/proposals', {
      needId: need.id,
      stage,
      title: stage === 'full' ? 'Lending shelves' : 'A note on lending shelves',
      summary: 'A shelf of readers in every town, filled over night.',
      ...(stage === 'full'
        ? {
            approach: 'Town by town, the three largest first.',
            answers: need.criteria.map(({ criterionId, title }) => ({ criterionId, text: `How we meet ${title.toLowerCase()}.` })),
            months: 9,
          }
        : {}),
    });
    if (draft) return drafted;
    return this.post<Proposal>(lead, `/proposals/${drafted.id}/submit`, { hash: drafted.hash });
  }

  /** Appoints both people of the Ministry as reviewers. */
  async reviewers(need: Need): Promise<void> {
    for (const who of ['ministry', 'ministry2'] as const)
      await this.post('ministry', `/needs/${need.id}/appoint-reviewer`, { personId: (await this.as(who)).personId });
  }

  /** Two reviewers mark a proposal in review. */
  async scores(need: Need, { id, hash }: Proposal): Promise<void> {
    const marks = need.criteria.map(({ criterionId }) => ({ criterionId, mark: 8 }));
    for (const who of ['ministry', 'ministry2'] as const) await this.post(who, `/proposals/${id}/score`, { hash, marks });
  }

  /** A project before its start: the accepted proposal of Lantern to a new need. */
  async project(title: string): Promise<Project> {
    const need = await this.need(title, 'published');
    const proposal = await this.proposal(need, 'lantern');
    await this.reviewers(need);
    await this.post('ministry', `/needs/${need.id}/close-intake`);
    await this.scores(need, proposal);
    await this.post('ministry', `/proposals/${proposal.id}/shortlist`);
    await this.post('ministry', `/proposals/${proposal.id}/accept`, { hash: proposal.hash });
    const { projectId } = await this.post<Proposal>('ministry2', `/proposals/${proposal.id}/accept`, { hash: proposal.hash });
    return eventually(`project ${projectId}`, () => this.get<Project>(`/projects/${projectId}`).catch(() => undefined));
  }

  /** Proposes a plan of one milestone for a project; two sides still sign it. */
  async plan(project: Project, days: number): Promise<Project> {
    const steward = (await this.as('ministry')).organisationId;
    const lines = await this.list<{ id: string }>(`/lines?need=${project.needId}`);
    const milestone = {
      title: 'Twelve libraries lend',
      criteria: [{ criterion: 'Libraries that lend', quantity: 12, unit: 'library' }],
      dueOn: (await this.inDays(days)).slice(0, 10),
      responsibleId: project.leadId,
      lineIds: lines.slice(0, 1).map(({ id }) => id),
      signers: [{ role: 'steward', organisationId: steward }],
      share: 100,
    };
    return this.post<Project>('lantern', `/projects/${project.id}/propose-plan`, { milestones: [milestone] });
  }

  /** A project whose only milestone is handed in, signed and so accepted. Business time moves by eleven days: the award must be final. */
  async finished(title: string): Promise<Project> {
    const { id, needId } = await this.project(title);
    await this.moveDays(11);
    const path = `/projects/${id}`;
    await eventually('a final award', async () => (await this.get<Need>(`/needs/${needId}`)).award?.final);
    const { proposedPlan } = await this.plan(await this.get<Project>(path), 30);
    const hash = proposedPlan?.hash;
    await this.post('lantern2', `${path}/sign-plan`, { role: 'lead', hash });
    await this.post('ministry', `${path}/sign-plan`, { role: 'steward', hash });
    await eventually(
      'a project that may start',
      async () => (await this.get<z.output<typeof ProjectBoard>>(`${path}/board`)).startBlockedBy.length === 0,
    );
    await this.post('ministry', `${path}/start`);
    const [milestone] = await this.list<Milestone>(`/milestones?project=${id}`);
    await this.handIn(milestone!.id, 'Twelve libraries lend out books.');
    const { submission } = await this.get<Milestone>(`/milestones/${milestone!.id}`);
    await this.post('ministry', `/milestones/${milestone!.id}/sign`, { role: 'steward', hash: submission?.hash });
    return this.post<Project>('lantern', `${path}/finish`);
  }

  /** Starts a milestone of Lantern where it is planned, proves it and hands it in. */
  async handIn(id: string, narrative: string): Promise<Milestone> {
    const { status } = await this.get<Milestone>(`/milestones/${id}`);
    if (status === 'planned') await this.post('lantern', `/milestones/${id}/start`);
    const bytes = new TextEncoder().encode(`Proof of ${id}: ${narrative}\n`);
    const { sha256 } = await this.post<{ sha256: string }>('lantern', '/files', bytes);
    const capturedOn = (await this.inDays(-1)).slice(0, 10);
    const evidence = { sha256, caption: 'Lists of the libraries', licence: 'CC-BY-4.0', capturedOn };
    await this.post('lantern', `/milestones/${id}/add-evidence`, evidence);
    return this.post<Milestone>('lantern2', `/milestones/${id}/submit`, { narrative });
  }

  /** Eight hours of one day, recorded on a commitment of expertise; the recipient has not said anything yet. */
  async hours(who: ActorKey, pledgeId: string): Promise<Delivery> {
    const log = [{ pseudonym: 'Expert A', day: (await this.inDays(-1)).slice(0, 10), hours: 8, work: 'Work with the schools' }];
    return this.post<Delivery>(who, '/deliveries', { pledgeId, kind: 'expertise', log });
  }

  /** An offer of money on the first line of a need. */
  async offer(who: ActorKey, need: Need): Promise<Pledge> {
    const lineId = need.lines[0]!.lineId;
    await eventually('an open line', () => this.get(`/lines/${lineId}`).catch(() => undefined));
    const amount = { amount: 500_000, currency: 'USD' };
    const terms = { instrument: 'grant', earmarking: 3, schedule: { type: 'by_milestone' } };
    return this.post<Pledge>(who, '/pledges', { lineId, kind: 'funding', amount, ...terms });
  }

  /** Why something was done, where it does not matter why. */
  get reason(): typeof REASON {
    return REASON;
  }
}
