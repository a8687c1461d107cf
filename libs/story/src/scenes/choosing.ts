import {
  NeedOutcome,
  NeedResource,
  NeedReview,
  PledgeResource,
  ProjectResource,
  FundResource,
  ProposalResource,
  ProposalScores,
} from '@concord/contracts';
import type { ActorKey, OrganisationKey } from '../cast.js';
import { CRITERIA, SCORES } from '../figures.js';
import type { Stage } from '../stage.js';
import type { Step } from '../step.js';

/** Three reviewers whose marks count, and one who has to declare a conflict. */
const REVIEWERS: readonly ActorKey[] = ['ministry2', 'office', 'fieldmark'];
const CONFLICTED: ActorKey = 'lakemont';

const proposalOf = (stage: Stage, lead: OrganisationKey): string => `/proposals/${stage.the(`proposal ${lead}`)}`;

/** Drafts a proposal that answers every criterion, and submits it by its hash. */
async function propose(
  stage: Stage,
  lead: OrganisationKey,
  title: string,
  partners: readonly OrganisationKey[] = [],
): Promise<void> {
  const draft = {
    needId: stage.the('need'),
    title,
    summary: `${title}: lessons that reach every pupil without a connection.`,
    approach: 'Survey of the sites, a pilot in 30 schools, the other 30, then handover to the districts.',
    answers: CRITERIA.map((criterion, index) => ({
      criterionId: stage.the(`criterion ${index + 1}`),
      text: `How we meet ${criterion.title.toLowerCase()}.`,
    })),
    months: 11,
    partnerIds: partners.map((key) => stage.org(key)),
  };
  const { id, hash } = await stage.post(lead, '/proposals', draft, ProposalResource);
  stage.keep(`proposal ${lead}`, id);
  stage.keep(`hash of proposal ${lead}`, hash);
  const submitted = await stage.post(lead, `/proposals/${id}/submit`, { hash }, ProposalResource);
  stage.check(`Proposal of ${stage.nameOf(lead)}`, submitted.status, 'submitted');
}

async function score(stage: Stage, lead: keyof typeof SCORES): Promise<void> {
  const { marks, results, mean } = SCORES[lead];
  const hash = stage.the(`hash of proposal ${lead}`);
  for (const [index, reviewer] of REVIEWERS.entries()) {
    const given = marks[index]!.map((mark, nth) => ({ criterionId: stage.the(`criterion ${nth + 1}`), mark }));
    await stage.post(reviewer, `${proposalOf(stage, lead)}/score`, { hash, marks: given }, ProposalResource);
  }
  const scores = await stage.get(`${proposalOf(stage, lead)}/scores`, ProposalScores, 'ministry');
  const found = REVIEWERS.map((reviewer) => scores.sheets.find(({ personId }) => personId === stage.who(reviewer).id)?.result);
  stage.check(`Scores of ${stage.nameOf(lead)}, in hundredths`, found, results);
  stage.check(`Mean of ${stage.nameOf(lead)}, in hundredths`, scores.meanScore, mean);
}

async function review(stage: Stage): Promise<void> {
  const need = `/needs/${stage.the('need')}`;
  await stage.post(CONFLICTED, `${need}/declare-conflict`, { nature: 'employment' }, NeedResource);
  const attempt = { hash: stage.the('hash of proposal lantern'), marks: [{ criterionId: stage.the('criterion 1'), mark: 10 }] };
  await stage.refused(CONFLICTED, `${proposalOf(stage, 'lantern')}/score`, attempt, 'conflict_of_interest');
  await score(stage, 'lantern');
  await score(stage, 'bluefin');
}

async function accept(stage: Stage): Promise<void> {
  const path = `${proposalOf(stage, 'lantern')}/accept`;
  await stage.refused('ministry', path, { hash: 'f'.repeat(64) }, 'stale_version');
  const hash = stage.the('hash of proposal lantern');
  const first = await stage.post('ministry', path, { hash }, ProposalResource);
  stage.check('After the first approver', first.status, 'shortlisted');
  await stage.refused('ministry', path, { hash }, 'same_person');
  const { status, projectId } = await stage.post('ministry2', path, { hash }, ProposalResource);
  stage.check('After the second', status, 'accepted');
  stage.keep('project', projectId ?? '');
  const outcome = await stage.get(`/needs/${stage.the('need')}/outcome`, NeedOutcome);
  stage.check('Need', outcome.status, 'partnered');
  stage.check(
    'Bluefin is declined with it',
    outcome.declined.map(({ leadId }) => leadId === stage.org('bluefin')),
    [true],
  );
  const project = await stage.eventually(`/projects/${projectId}`, ProjectResource, () => true);
  stage.check('Project, IATI ActivityStatus', project.statusCode, '1');
  await stage.eventually(`/funds/${projectId}`, FundResource, ({ status: of }) => of === 'open');
  await Promise.all([
    stage.told('lantern', 'ProposalAccepted', 'decision'),
    stage.told('bluefin', 'ProposalDeclined', 'decision'),
    stage.told('lantern', 'ProjectOpened', 'assigned'),
    stage.told('harbourlight', 'NeedPartnered', 'pledger'),
  ]);
}

/** From three proposals to the award of one (domain.md section 6, steps 7 to 9; R22, R23, R25, R26, R28). */
export const choosing: readonly Step[] = [
  {
    day: 18,
    title: 'Lantern with Open Meadow, Bluefin and Kestrel submit proposals',
    actor: 'lantern',
    async play(stage) {
      await propose(stage, 'lantern', 'Lessons that travel', ['openMeadow']);
      await propose(stage, 'bluefin', 'Servers in a box');
      await propose(stage, 'kestrel', 'Sync when you can');
      await stage.told('openMeadow', 'ProposalSubmitted', 'partner');
    },
  },
  {
    day: 20,
    title: 'Kestrel withdraws; the Ministry appoints four reviewers',
    actor: 'kestrel',
    async play(stage) {
      const why = { reason: { code: 'other_work', text: 'Our engineers pledge hours instead.' } };
      await stage.post('kestrel', `${proposalOf(stage, 'kestrel')}/withdraw`, why, ProposalResource);
      const need = `/needs/${stage.the('need')}`;
      for (const reviewer of [...REVIEWERS, CONFLICTED]) {
        await stage.post('ministry', `${need}/appoint-reviewer`, { personId: stage.who(reviewer).id }, NeedResource);
      }
      const { reviewers, proposalCount } = await stage.get(`${need}/review`, NeedReview, 'ministry');
      stage.check('Reviewers and proposals', [reviewers.length, proposalCount], [4, 2]);
    },
  },
  {
    day: 21,
    title: 'The clock closes intake; the review of two proposals starts',
    actor: 'ministry',
    async play(stage) {
      await stage.eventually(`/needs/${stage.the('need')}`, NeedResource, ({ status }) => status === 'matching');
      const { status } = await stage.get(proposalOf(stage, 'lantern'), ProposalResource, 'ministry');
      stage.check('Proposal of Lantern', status, 'in_review');
    },
  },
  { day: 30, title: 'Three reviewers score; the fourth has a conflict and is refused', actor: 'ministry', play: review },
  {
    day: 33,
    title: 'The Ministry shortlists both',
    actor: 'ministry',
    async play(stage) {
      for (const lead of ['lantern', 'bluefin'] as const) {
        await stage.post('ministry', `${proposalOf(stage, lead)}/shortlist`, {}, ProposalResource);
        await stage.told(lead, 'ProposalShortlisted', 'decision');
      }
    },
  },
  {
    day: 35,
    title: 'Two approvers of the Ministry accept Lantern by its hash; Bluefin is declined',
    actor: 'ministry',
    play: accept,
  },
];

/** Nothing is firm before the award is final (R9). */
export const finality: readonly Step[] = [
  {
    day: 44,
    title: 'Harbourlight wants to confirm and is refused: the award is not final',
    actor: 'harbourlight',
    async play(stage) {
      const path = `/pledges/${stage.the('P1')}`;
      const { hash } = await stage.get(path, PledgeResource);
      await stage.refused('harbourlight', `${path}/confirm`, { hash }, 'not_final');
    },
  },
  {
    day: 46,
    title: 'Ten days have passed without an appeal: the award is final',
    actor: 'ministry',
    async play(stage) {
      const { award } = await stage.eventually(`/needs/${stage.the('need')}`, NeedResource, (need) => need.award?.final === true);
      stage.check('The award is for the project of Lantern', award?.projectId === stage.the('project'), true);
      await stage.told('lantern', 'NeedAwardFinalised', 'lead');
    },
  },
];
