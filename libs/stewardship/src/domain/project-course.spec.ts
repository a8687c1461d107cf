import {
  PartnershipRated,
  ProjectCancelled,
  ProjectClosed,
  ProjectFinalisationStarted,
  ProjectReopened,
  ProjectResumed,
  ProjectStarted,
  ProjectSuspended,
  ProjectUpdatePosted,
  StewardshipPlanRecorded,
} from '@concord/contracts';
import { given } from '@concord/testing';
import {
  cancelProject,
  closeProject,
  closureGaps,
  finishProject,
  ratePartnership,
  recordStewardshipPlan,
  reopenProject,
  resumeProject,
  startBlockers,
  startProject,
  postUpdate,
  suspendProject,
  terminateProject,
} from './project-course.js';
import { FundStandingChanged, MilestoneMoved, progressOf, Project, ProjectApprovalGiven, ReportMoved } from './project.js';
import {
  agreed,
  BACKING,
  LANTERN,
  MEADOW,
  MINISTRY,
  NEED,
  opened,
  PLAN,
  PROJECT,
  proposed,
  reason,
  RUNNING,
  uuid,
} from './story.js';

const verified = () => ({ standing: 'verified' as const });
const codes = (blockers: readonly { code: string }[]) => blockers.map(({ code }) => code);

describe('start (R33)', () => {
  const planned = [opened, proposed(), agreed()];

  it('starts with an agreed plan, confirmed minimums, the final award and verified parties', () => {
    given(Project, planned)
      .when((state) => startProject(state, startBlockers(state, PROJECT, BACKING, verified)))
      .then(ProjectStarted({ needId: NEED }));
  });

  it('says all that is missing at once', () => {
    const { state } = given(Project, [opened]);
    const none = { backers: {}, minimums: [], awardedTo: uuid(99) };
    expect(startBlockers(state, PROJECT, none, (id) => ({ standing: id === MEADOW ? 'expired' : 'verified' }))).toEqual([
      { code: 'plan', ids: [] },
      { code: 'minimums', ids: [opened.data.lines[0]!.lineId] },
      { code: 'award', ids: [] },
      { code: 'organisations', ids: [MEADOW] },
    ]);
    given(Project, [opened])
      .when(() => startProject(state, startBlockers(state, PROJECT, none, verified)))
      .refused('not_ready');
  });

  it('does not start on a plan that a newer proposal puts in doubt', () => {
    const { state } = given(Project, [...planned, proposed(PLAN, 2)]);
    expect(codes(startBlockers(state, PROJECT, BACKING, verified))).toEqual(['plan']);
  });

  it('starts once', () => {
    given(Project, RUNNING)
      .when((state) => startProject(state, []))
      .refused('wrong_state', { state: 'implementation' });
  });
});

describe('two approvers of the steward (R23)', () => {
  it('cancel before the start', () => {
    given(Project, [opened])
      .when((state) => cancelProject(state, reason('no_capacity'), 'm-1'))
      .then(ProjectApprovalGiven({ of: 'cancel no_capacity', reason: reason('no_capacity') }));
    const first = [
      opened,
      [ProjectApprovalGiven({ of: 'cancel no_capacity', reason: reason('no_capacity') }), { person: 'm-1' }],
    ] as const;
    given(Project, first)
      .when((state) => cancelProject(state, reason('no_capacity'), 'm-1'))
      .refused('same_person');
    const after = given(Project, first)
      .when((state) => cancelProject(state, reason('no_capacity'), 'm-2'))
      .then(ProjectCancelled({ needId: NEED, reason: reason('no_capacity') }));
    expect(after).toMatchObject({ status: 'cancelled', endReason: reason('no_capacity'), firstEndReason: reason('no_capacity') });
    expect(after.pendingApproval).toBeUndefined();
    given(Project, RUNNING)
      .when((state) => cancelProject(state, reason('late'), 'm-1'))
      .refused('wrong_state');
  });

  it('resume and terminate a suspended project, terminate by the same document', () => {
    const suspended = [...RUNNING, ProjectSuspended({ needId: NEED, reason: reason('audit') })];
    const resumed = [...suspended, [ProjectApprovalGiven({ of: 'resume cleared' }), { person: 'm-1' }] as const];
    given(Project, resumed)
      .when((state) => resumeProject(state, reason('cleared'), 'm-2'))
      .then(ProjectResumed({ needId: NEED, reason: reason('cleared') }));
    const document = 'd'.repeat(64);
    const noticed = [...suspended, [ProjectApprovalGiven({ of: `terminate ${document}` }), { person: 'm-1' }] as const];
    given(Project, noticed)
      .when((state) => terminateProject(state, reason('fraud'), 'e'.repeat(64), 'm-2'))
      .then(ProjectApprovalGiven({ of: `terminate ${'e'.repeat(64)}`, reason: reason('fraud') }));
    given(Project, noticed)
      .when((state) => terminateProject(state, reason('fraud'), document, 'm-2'))
      .then(ProjectCancelled({ needId: NEED, reason: reason('fraud'), document }));
  });

  it('an approval that waited ends when the project moves on', () => {
    const waiting = [
      ...RUNNING,
      ProjectSuspended({ needId: NEED, reason: reason('audit') }),
      ProjectApprovalGiven({ of: 'resume cleared' }),
    ];
    const { state } = given(Project, [...waiting, ProjectResumed({ needId: NEED, reason: reason('cleared') })]);
    expect(state.pendingApproval).toBeUndefined();
  });
});

const released = PLAN.map(({ milestoneId }) => MilestoneMoved({ milestoneId, to: 'released' }));
const finished = [...RUNNING, ...released, ProjectFinalisationStarted({ needId: NEED })];
const stewardshipPlan = { maintainerId: MEADOW, funding: 'Yearly grant', handover: 'Training held' };
const complete = [
  ...finished,
  ReportMoved({ reportId: uuid(70), kind: 'final', to: 'accepted' }),
  FundStandingChanged({ settled: true }),
  StewardshipPlanRecorded({ needId: NEED, ...stewardshipPlan }),
  PartnershipRated({ needId: NEED, side: 'lead', score: 5, comment: 'Clear' }),
  PartnershipRated({ needId: NEED, side: 'steward', score: 4, comment: 'Late' }),
];

describe('the end', () => {
  it('finishes when no milestone is open, and can be reopened', () => {
    given(Project, RUNNING)
      .when(finishProject)
      .refused('milestones_open', { milestoneIds: PLAN.map(({ milestoneId }) => milestoneId) });
    given(Project, [...RUNNING, ...released])
      .when(finishProject)
      .then(ProjectFinalisationStarted({ needId: NEED }));
    given(Project, finished)
      .when((state) => reopenProject(state, reason('defect')))
      .then(ProjectReopened({ needId: NEED, reason: reason('defect') }));
  });

  it('posts news while there is something to tell', () => {
    const update = { language: 'en', text: 'Twelve schools are online.' };
    const after = given(Project, RUNNING)
      .when((state) => postUpdate(state, update))
      .then(ProjectUpdatePosted({ needId: NEED, ...update }));
    expect(after.lastUpdate?.text).toBe(update.text);
    given(Project, [...RUNNING, ProjectCancelled({ needId: NEED, reason: reason('withdrawn') })])
      .when((state) => postUpdate(state, update))
      .refused('wrong_state');
  });

  it('suspends only what runs', () => {
    given(Project, RUNNING)
      .when((state) => suspendProject(state, reason('audit')))
      .then(ProjectSuspended({ needId: NEED, reason: reason('audit') }));
    given(Project, finished)
      .when((state) => suspendProject(state, reason('audit')))
      .refused('wrong_state');
  });

  it('closes only with everything of R44, by two approvers', () => {
    expect(closureGaps(given(Project, finished).state)).toEqual([
      'final_report',
      'fund',
      'stewardship_plan',
      'lead_rating',
      'steward_rating',
    ]);
    given(Project, finished)
      .when((state) => closeProject(state, 'm-1'))
      .refused('not_ready');
    given(Project, complete)
      .when((state) => closeProject(state, 'm-1'))
      .then(ProjectApprovalGiven({ of: 'close' }));
    given(Project, [...complete, [ProjectApprovalGiven({ of: 'close' }), { person: 'm-1' }]])
      .when((state) => closeProject(state, 'm-2'))
      .then(ProjectClosed({ needId: NEED }));
  });

  it('a fund that opens again stands in the way', () => {
    given(Project, [...complete, FundStandingChanged({ settled: false })])
      .when((state) => closeProject(state, 'm-1'))
      .refused('not_ready', { missing: ['fund'] });
  });

  it('an accepted milestone has to be released first', () => {
    const accepted = MilestoneMoved({ milestoneId: PLAN[3]!.milestoneId, to: 'accepted' });
    const { state } = given(Project, [...complete, accepted]);
    expect(closureGaps(state)).toEqual(['milestones']);
    expect(progressOf(state)).toEqual({ accepted: 100, released: 80 });
  });

  it('records the stewardship plan and one rating a side', () => {
    given(Project, finished)
      .when((state) => recordStewardshipPlan(state, stewardshipPlan, false))
      .refused('not_found');
    given(Project, finished)
      .when((state) => recordStewardshipPlan(state, stewardshipPlan, true))
      .then(StewardshipPlanRecorded({ needId: NEED, ...stewardshipPlan }));
    given(Project, RUNNING)
      .when((state) => ratePartnership(state, { score: 3, comment: 'Fair' }, LANTERN))
      .refused('wrong_state');
    const after = given(Project, complete)
      .when((state) => ratePartnership(state, { score: 3, comment: 'Fair' }, MINISTRY))
      .then(PartnershipRated({ needId: NEED, side: 'steward', score: 3, comment: 'Fair' }));
    expect(after.ratings).toHaveLength(2);
  });
});
