import { FundResource, LineResource, NeedResource, PledgeResource, ProjectResource, ReportResource } from '@concord/contracts';
import { BOOKS, REFUND } from '../figures.js';
import type { Stage } from '../stage.js';
import type { Step } from '../step.js';

const project = (stage: Stage): string => `/projects/${stage.the('project')}`;

async function refund(stage: Stage): Promise<void> {
  const path = `/funds/${stage.the('project')}/refund`;
  const back = {
    pledgeId: stage.the('P1'),
    amount: REFUND,
    refundedOn: stage.date(378),
    reference: 'P1-REFUND',
    reason: { code: 'unspent', text: 'Training cost less than planned.' },
  };
  await stage.refused('harbourlight', path, back, 'not_offered');
  await stage.post('lantern', path, back, FundResource);
  const fund = await stage.post('harbourlight', path, back, FundResource);
  stage.check('Books of the fund', fund.balances, [BOOKS.EUR, BOOKS.USD]);
  await stage.told('harbourlight', 'FundsRefunded', 'decision');
}

async function lapse(stage: Stage): Promise<void> {
  const path = `/pledges/${stage.the('P8')}/lapse-remainder`;
  const why = { reason: { code: 'not_needed', text: 'The localisation was done in fewer hours.' } };
  const first = await stage.post('openMeadow', path, why, PledgeResource);
  stage.check('P8 after one side', first.status, 'partly_delivered');
  const { status, lapsed } = await stage.post('ministry', path, why, PledgeResource);
  stage.check('P8 after both sides, and the hours that lapsed', [status, lapsed], ['lapsed', 60]);
  await stage.told('ministry', 'FundSettled', 'steward');
  const fund = await stage.get(`/funds/${stage.the('project')}`, FundResource);
  stage.check('Fund', fund.status, 'settled');
}

async function report(stage: Stage): Promise<void> {
  const { finalReportId } = await stage.get(project(stage), ProjectResource);
  const path = `/reports/${finalReportId}`;
  const words = {
    narrative: 'Sixty schools have offline lessons; 372 teachers were trained.',
    lessons: 'Survey the power supply first.',
  };
  const { submission } = await stage.post('lantern', `${path}/submit`, words, ReportResource);
  await stage.told('ministry', 'ReportSubmitted', 'assigned');
  const verdict = { hash: submission?.hash, rating: 'on_track' };
  const { status, rating } = await stage.post('ministry', `${path}/accept`, verdict, ReportResource);
  stage.check('Final report', [status, rating], ['accepted', 'on_track']);
  await stage.told('lantern', 'ReportAccepted', 'decision');
}

async function rate(stage: Stage): Promise<void> {
  const plan = {
    maintainerId: stage.org('openMeadow'),
    funding: 'The Ministry pays for hosting; Open Meadow keeps the software.',
    handover: 'Both districts run the lessons with their own staff.',
  };
  await stage.refused('ministry', `${project(stage)}/close`, {}, 'not_ready');
  await stage.post('lantern', `${project(stage)}/record-stewardship-plan`, plan, ProjectResource);
  await stage.post('lantern', `${project(stage)}/rate`, { score: 5, comment: 'Clear and fair.' }, ProjectResource);
  const { missingForClose } = await stage.post(
    'ministry',
    `${project(stage)}/rate`,
    { score: 4, comment: 'On time and open.' },
    ProjectResource,
  );
  stage.check('What is missing for the closure', missingForClose, []);
  await stage.told('openMeadow', 'StewardshipPlanRecorded', 'assigned');
}

async function close(stage: Stage): Promise<void> {
  await stage.post('ministry', `${project(stage)}/close`, {}, ProjectResource);
  const { status, statusCode } = await stage.post('ministry2', `${project(stage)}/close`, {}, ProjectResource);
  stage.check('Project, with its IATI ActivityStatus', [status, statusCode], ['closed', '4']);
  const need = await stage.eventually(`/needs/${stage.the('need')}`, NeedResource, ({ status: of }) => of === 'closed');
  stage.check('Outcome of the need', need.outcome, 'partners');
  for (const line of ['L1', 'L2', 'L3', 'L4']) {
    await stage.eventually(`/lines/${stage.the(line)}`, LineResource, ({ status: of }) => of === 'closed');
  }
  await Promise.all([
    stage.told('lantern', 'ProjectClosed', 'lead'),
    ...(['harbourlight', 'fieldmark', 'forum'] as const).map((key) => stage.told(key, 'ProjectClosed', 'signer')),
    ...(['norvale', 'brightwater', 'cedarRidge', 'openMeadow', 'atlas'] as const).map((key) =>
      stage.told(key, 'ProjectClosed', 'pledger'),
    ),
  ]);
}

/** Refund, remainder, report, stewardship plan and closure (domain.md section 6, step 17; R10, R17, R44). */
export const ending: readonly Step[] = [
  { day: 378, title: 'Lantern refunds USD 12,000 to Harbourlight', actor: 'lantern', play: refund },
  { day: 380, title: 'Open Meadow and the Ministry let 60 hours lapse: the fund is settled', actor: 'openMeadow', play: lapse },
  {
    day: 381,
    title: 'Lantern finishes the work',
    actor: 'lantern',
    async play(stage) {
      const { statusCode } = await stage.post('lantern', `${project(stage)}/finish`, {}, ProjectResource);
      stage.check('Project, IATI ActivityStatus', statusCode, '3');
    },
  },
  { day: 383, title: 'Lantern reports; the Ministry accepts: on track', actor: 'lantern', play: report },
  { day: 384, title: 'The stewardship plan names Open Meadow; both sides rate the partnership', actor: 'lantern', play: rate },
  {
    day: 385,
    title: 'Two approvers of the Ministry close the project; the need closes with partners',
    actor: 'ministry',
    play: close,
  },
];
