import { MilestoneStarted, ProjectFinalisationStarted, ProjectSuspended } from '@concord/contracts';
import { fold, type Past } from '@concord/testing';
import { Milestone, MilestonePlanned } from './milestone.js';
import { nextSteps, type Board } from './next-steps.js';
import { MilestoneMoved, Project } from './project.js';
import { Report, ReportScheduled } from './report.js';
import {
  agreed,
  BACKING,
  HARBOURLIGHT,
  LANTERN,
  MINISTRY,
  NEED,
  opened,
  PLAN,
  PROJECT,
  proposed,
  reason,
  RUNNING,
  signed,
  uuid,
} from './story.js';

const planned = PLAN.map(({ milestoneId, ...terms }) => ({
  id: milestoneId,
  state: fold(Milestone, [
    MilestonePlanned({ projectId: PROJECT, needId: NEED, leadId: LANTERN, stewardId: MINISTRY, partnerIds: [], ...terms }),
  ]),
}));
const report = {
  id: uuid(70),
  state: fold(Report, [
    ReportScheduled({ projectId: PROJECT, needId: NEED, leadId: LANTERN, stewardId: MINISTRY, kind: 'final', dueOn: '2026-07-15' }),
  ]),
};

const board = (past: readonly Past[], more: Partial<Board> = {}): Board => ({
  id: PROJECT,
  project: fold(Project, past),
  backing: BACKING,
  milestones: [],
  reports: [],
  startBlockers: [],
  at: '2026-03-20T00:00:00.000Z',
  ...more,
});
const shown = (of: Board) =>
  nextSteps(of).map(({ step, who, blockedBy }) => [step, who.map(({ role }) => role).join(' '), blockedBy.join(' ')]);

describe('what has to happen next', () => {
  it('before the start: plan, signatures, start', () => {
    expect(shown(board([opened]))).toEqual([['propose-plan', 'lead', '']]);
    const waiting = board([opened, proposed(), signed('lead', LANTERN)], { startBlockers: [{ code: 'plan', ids: [] }] });
    expect(nextSteps(waiting)[0]).toMatchObject({
      step: 'sign-plan',
      who: [
        { role: 'steward', organisationId: MINISTRY },
        { role: 'funder', organisationId: HARBOURLIGHT },
      ],
    });
    expect(shown(waiting)[1]).toEqual(['start', 'steward', 'plan']);
    expect(shown(board([opened, proposed(), agreed()]))).toEqual([['start', 'steward', '']]);
  });

  it('while running: milestones and the report by their dates, late ones marked', () => {
    const started = {
      id: planned[0]!.id,
      state: Milestone.evolve(planned[0]!.state, MilestoneStarted({ projectId: PROJECT, needId: NEED }), { at: '' }),
    };
    const steps = nextSteps(board(RUNNING, { milestones: [started, ...planned.slice(1)], reports: [report] }));
    expect(steps.map(({ step, dueOn, overdue }) => [step, dueOn, overdue])).toEqual([
      ['submit', '2026-03-15', true],
      ['start', '2026-04-15', false],
      ['start', '2026-05-15', false],
      ['start', '2026-06-15', false],
      ['submit', '2026-07-15', false],
    ]);
  });

  it('while suspended: first resume, the rest is blocked', () => {
    const steps = shown(
      board([...RUNNING, ProjectSuspended({ needId: NEED, reason: reason('audit') })], { milestones: planned.slice(0, 1) }),
    );
    expect(steps).toEqual([
      ['resume', 'steward', ''],
      ['start', 'lead', 'suspended'],
    ]);
  });

  it('at the end: finish, then what R44 asks for', () => {
    const done = [...RUNNING, ...PLAN.map(({ milestoneId }) => MilestoneMoved({ milestoneId, to: 'released' }))];
    expect(shown(board(done))).toEqual([['finish', 'lead', '']]);
    expect(shown(board([...done, ProjectFinalisationStarted({ needId: NEED })]))).toEqual([
      ['record-stewardship-plan', 'lead steward', ''],
      ['rate', 'lead', ''],
      ['rate', 'steward', ''],
      ['close', 'steward', 'final_report fund stewardship_plan lead_rating steward_rating'],
    ]);
  });
});
