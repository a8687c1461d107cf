import type { Actor, Answer } from '@concord/testing';
import { daysAfter } from '@concord/kernel';
import type { World } from './world.js';

/** Ids of one object of every kind; what is called hidden is not for strangers, what is called shown is public. */
export interface Objects {
  readonly draftNeed: string;
  readonly openNeed: string;
  readonly awardedNeed: string;
  readonly line: string;
  readonly draftProposal: string;
  readonly submittedProposal: string;
  readonly reviewedProposal: string;
  readonly pledge: string;
  readonly commitment: string;
  readonly delivery: string;
  readonly project: string;
  readonly milestone: string;
  readonly report: string;
  readonly inbox: string;
  readonly follow: string;
  readonly session: string;
  readonly token: string;
  readonly invitation: string;
  readonly person: string;
  /** SHA-256 of files: stored only, and cited by evidence. */
  readonly storedFile: string;
  readonly citedFile: string;
}

type Stage = Omit<World, 'objects'>;
const SECRET = 'zzsecret';
const OCTETS = { headers: { 'content-type': 'application/octet-stream' } };

const from = ({ on }: Stage, days: number): string => daysAfter(on.clock.now(), days);
const idOf = ({ body }: Answer): string => body.id;

const needContent = (stage: Stage, title: string) => ({
  title,
  summary: 'Sixty rural schools need lessons that work offline.',
  language: 'en',
  needType: 'technical_assistance',
  country: 'MW',
  sdgTargets: ['4.a'],
  lines: [
    { kind: 'expertise', title: 'Training', unit: 'hour', target: 1_000, recipient: 'lead' },
    { kind: 'funding', title: 'Money', unit: 'USD', target: 100_000, recipient: 'lead' },
  ],
  criteria: [{ title: 'Relevance', weight: 100 }],
  intakeClosesAt: from(stage, 60),
  validUntil: from(stage, 200),
});

async function publishedNeed(stage: Stage, title: string) {
  const { body } = await stage.as('owner').ok('/needs', needContent(stage, title));
  await stage.as('owner').ok(`/needs/${body.id}/submit`);
  await stage.as('owner2').ok(`/needs/${body.id}/publish`);
  await stage.on.platform.settled();
  return { id: body.id as string, lines: body.lines as { lineId: string }[], criterion: body.criteria[0].criterionId as string };
}
type Need = Awaited<ReturnType<typeof publishedNeed>>;

async function proposal(stage: Stage, need: Need): Promise<{ id: string; hash: string }> {
  const { body } = await stage.as('lead').ok('/proposals', {
    needId: need.id,
    title: 'Lessons that travel',
    summary: 'Servers in a box.',
    approach: `Survey, pilot, roll-out. ${SECRET}`,
    months: 12,
    answers: [{ criterionId: need.criterion, text: `How we meet it. ${SECRET}` }],
  });
  return body;
}

async function submitted(stage: Stage, need: Need) {
  const { id, hash } = await proposal(stage, need);
  await stage.as('lead2').ok(`/proposals/${id}/submit`, { hash });
  return { id, hash };
}

/** Two reviewers score the proposals of a need whose intake closes now. */
async function review(stage: Stage, need: Need, { id, hash }: { id: string; hash: string }): Promise<void> {
  const { as, sessions } = stage;
  for (const key of ['reviewer', 'reviewer2'] as const) {
    await as('owner2').ok(`/needs/${need.id}/appoint-reviewer`, { personId: sessions[key].person });
  }
  await as('owner2').ok(`/needs/${need.id}/close-intake`);
  const marks = [{ criterionId: need.criterion, mark: 8 }];
  for (const key of ['reviewer', 'reviewer2'] as const) await as(key).ok(`/proposals/${id}/score`, { hash, marks });
}

async function award(stage: Stage, need: Need): Promise<string> {
  const { as, on } = stage;
  const { id, hash } = await submitted(stage, need);
  await review(stage, need, { id, hash });
  await as('owner').ok(`/proposals/${id}/shortlist`);
  await as('owner').ok(`/proposals/${id}/accept`, { hash });
  const { body } = await as('owner2').ok(`/proposals/${id}/accept`, { hash });
  on.clock.moveTo(from(stage, 11));
  await on.platform.runDue();
  return body.projectId;
}

const hours = (stage: Stage, lineId: string) => ({
  lineId,
  kind: 'expertise',
  hours: 100,
  skill: 'Teaching',
  role: 'Trainer',
  languages: ['en'],
  remote: false,
  from: from(stage, 0).slice(0, 10),
  until: from(stage, 100).slice(0, 10),
  aidType: 'D01',
});

async function commitment(stage: Stage, need: Need): Promise<string> {
  const { body } = await stage.as('funder').ok('/pledges', hours(stage, need.lines[0]!.lineId));
  await stage.as('owner').ok(`/pledges/${body.id}/accept`, { hash: body.hash });
  await stage.as('funder2').ok(`/pledges/${body.id}/confirm`, { hash: body.hash });
  await stage.on.platform.settled();
  return body.id;
}

const recordHours = async (stage: Stage, pledgeId: string): Promise<string> => {
  const log = [{ pseudonym: 'E-1', day: from(stage, 0).slice(0, 10), hours: 8, work: `Survey ${SECRET}` }];
  return idOf(await stage.as('funder').ok('/deliveries', { pledgeId, kind: 'expertise', log }));
};

async function milestones(stage: Stage, project: string, need: Need): Promise<string> {
  const { as, on, organisations } = stage;
  const [lead, owner] = [organisations.lead, organisations.owner];
  const planned = (title: string, share: number) => ({
    title,
    share,
    criteria: [{ criterion: 'Schools', quantity: 60, unit: 'school' }],
    dueOn: from(stage, 90).slice(0, 10),
    responsibleId: lead,
    lineIds: [need.lines[0]!.lineId],
    signers: [{ role: 'steward', organisationId: owner }],
  });
  const plan = { milestones: [planned('Survey', 40), planned('Handover', 60)] };
  const { hash } = (await as('lead').ok(`/projects/${project}/propose-plan`, plan)).body.proposedPlan;
  await as('lead2').ok(`/projects/${project}/sign-plan`, { role: 'lead', hash });
  const { body } = await as('owner').ok(`/projects/${project}/sign-plan`, { role: 'steward', hash });
  await on.platform.settled();
  await as('owner').ok(`/projects/${project}/start`);
  const [first] = body.milestones as { milestoneId: string }[];
  await as('lead').ok(`/milestones/${first!.milestoneId}/start`);
  return first!.milestoneId;
}

async function upload(who: Actor, content: string): Promise<string> {
  return (await who.ok('/files', Buffer.from(content), OCTETS)).body.sha256;
}

/** What belongs to the owner's person: session, token, invitation, inbox and follow. */
async function personal(stage: Stage, need: string) {
  const { as, on, organisations, sessions } = stage;
  const owner = as('owner');
  const session = (await on.signIn('owner@concord.example')).sessionId;
  const issued = { name: SECRET, organisationId: organisations.owner, scopes: ['read', 'write'] };
  const invited = { email: 'zzsecret-2@concord.example', roles: ['viewer'] };
  return {
    session,
    token: idOf(await owner.ok('/tokens', issued)),
    invitation: idOf(await owner.ok(`/organisations/${organisations.owner}/invite`, invited)),
    follow: idOf(await owner.ok('/follows', { objectKind: 'need', objectId: need })),
    person: sessions.owner.person,
    inbox: sessions.owner.person,
  };
}

/** Plays a small story through the API: a draft, a need that is open, and one that became a running project. */
export async function playStory(stage: Stage): Promise<Objects> {
  const { as, on } = stage;
  const draftNeed = idOf(await as('owner').ok('/needs', needContent(stage, `Draft ${SECRET}`)));
  const open = await publishedNeed(stage, 'Lessons, still open');
  const reviewed = await publishedNeed(stage, 'Lessons, in review');
  const awarded = await publishedNeed(stage, 'Lessons, awarded');
  const draftProposal = (await proposal(stage, await publishedNeed(stage, 'Lessons, to be answered'))).id;
  const submittedProposal = (await submitted(stage, open)).id;
  const inReview = await submitted(stage, reviewed);
  await review(stage, reviewed, inReview);
  const project = await award(stage, awarded);
  await on.platform.settled();
  const pledge = idOf(await as('funder').ok('/pledges', hours(stage, open.lines[0]!.lineId)));
  const committed = await commitment(stage, awarded);
  const milestone = await milestones(stage, project, awarded);
  const delivery = await recordHours(stage, committed);
  const citedFile = await upload(as('lead'), 'Photo list');
  const evidence = { sha256: citedFile, caption: 'Photos', licence: 'CC-BY-4.0', capturedOn: from(stage, 0).slice(0, 10) };
  await as('lead').ok(`/milestones/${milestone}/add-evidence`, evidence);
  await on.platform.settled();
  const report = (await on.anonymous().get(`/reports?project=${project}`)).body.items[0].id;
  const own = await personal(stage, open.id);
  await on.platform.settled();
  return {
    draftNeed,
    openNeed: open.id,
    awardedNeed: awarded.id,
    line: open.lines[0]!.lineId,
    draftProposal,
    submittedProposal,
    reviewedProposal: inReview.id,
    pledge,
    commitment: committed,
    delivery,
    project,
    milestone,
    report,
    storedFile: await upload(as('lead'), `Not cited ${SECRET}`),
    citedFile,
    ...own,
  };
}
