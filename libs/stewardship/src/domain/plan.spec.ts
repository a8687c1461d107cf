import { PlanProposed, PlanSigned, ProjectStarted } from '@concord/contracts';
import { given } from '@concord/testing';
import { agreedPlan, planAwaits, planChanges, proposePlan, signPlan } from './plan.js';
import { MilestoneMoved, Project } from './project.js';
import * as story from './story.js';

const { asked, facts, milestone, opened, PLAN, proposed, reason, RUNNING, signed } = story;

describe('propose-plan', () => {
  it('proposes the milestones of the story under a hash', () => {
    given(Project, [opened])
      .when((state) => proposePlan(state, asked(), facts()))
      .then(PlanProposed({ needId: story.NEED, version: 1, hash: story.planHash(1, PLAN), milestones: PLAN }));
  });

  it('gives ids to milestones that have none', () => {
    const { milestoneId: _id, ...without } = milestone(1, 100);
    given(Project, [opened])
      .when((state) => proposePlan(state, asked([without]), facts()))
      .then(
        PlanProposed({
          needId: story.NEED,
          version: 1,
          hash: story.planHash(1, [{ ...without, milestoneId: story.uuid(901) }]),
          milestones: [{ ...without, milestoneId: story.uuid(901) }],
        }),
      );
  });

  it.each([
    ['shares that do not sum to 100 (R34)', [milestone(1, 99)], 'shares_not_100'],
    ['the same milestone twice', [milestone(1, 50), milestone(1, 50)], 'duplicate_milestone'],
    [
      'a responsible organisation outside the project (R35)',
      [milestone(1, 100, { responsibleId: story.NORVALE })],
      'not_a_partner',
    ],
    ['a line of another need (R35)', [milestone(1, 100, { lineIds: [story.uuid(99)] })], 'not_found'],
    ['a date that has passed (R35)', [milestone(1, 100, { dueOn: '2026-01-04' })], 'date_past'],
    ['the same signer twice', [milestone(1, 100, { signers: [story.SIGNERS[0]!, story.SIGNERS[0]!] })], 'duplicate_signer'],
    [
      'the lead as a signer (R22)',
      [milestone(1, 100, { signers: [{ role: 'community', organisationId: story.LANTERN }] })],
      'conflict_of_interest',
    ],
    [
      'a steward that is not the steward',
      [milestone(1, 100, { signers: [{ role: 'steward', organisationId: story.FORUM }] })],
      'wrong_signer',
    ],
    [
      'a funder without a pledge',
      [milestone(1, 100, { signers: [{ role: 'funder', organisationId: story.FORUM }] })],
      'wrong_signer',
    ],
    [
      'a partner as verifier (R37)',
      [milestone(1, 100, { signers: [{ role: 'verifier', organisationId: story.MEADOW }] })],
      'conflict_of_interest',
    ],
    [
      'a pledger as verifier (R37)',
      [milestone(1, 100, { signers: [{ role: 'verifier', organisationId: story.NORVALE }] })],
      'conflict_of_interest',
    ],
    [
      'a recipient as verifier (R37)',
      [milestone(1, 100, { signers: [{ role: 'verifier', organisationId: story.MINISTRY }] })],
      'conflict_of_interest',
    ],
  ])('refuses %s', (_what, milestones, code) => {
    given(Project, [opened])
      .when((state) => proposePlan(state, asked(milestones), facts()))
      .refused(code);
  });

  it('refuses signers that are not registered and ids that are taken', () => {
    given(Project, [opened])
      .when((state) => proposePlan(state, asked(), facts({ isKnown: () => false })))
      .refused('not_found');
    given(Project, [opened])
      .when((state) => proposePlan(state, asked(), facts({ isFree: () => false })))
      .refused('already_exists');
  });

  it('needs a reason after the start', () => {
    given(Project, RUNNING)
      .when((state) => proposePlan(state, asked(), facts()))
      .refused('reason_required');
  });

  it('keeps what was submitted, accepted or released as it was agreed', () => {
    const submitted = [...RUNNING, MilestoneMoved({ milestoneId: PLAN[0]!.milestoneId, to: 'submitted' })];
    const changed = [milestone(1, 30), milestone(2, 20), ...PLAN.slice(2)];
    const without = [milestone(2, 50), ...PLAN.slice(2)];
    for (const milestones of [changed, without]) {
      given(Project, submitted)
        .when((state) => proposePlan(state, { milestones, reason: reason('late') }, facts()))
        .refused('wrong_state', { state: 'submitted' });
    }
    given(Project, submitted)
      .when((state) => proposePlan(state, { milestones: [PLAN[0]!, milestone(2, 80)], reason: reason('late') }, facts()))
      .then(
        PlanProposed({
          needId: story.NEED,
          version: 2,
          hash: story.planHash(2, [PLAN[0]!, milestone(2, 80)]),
          milestones: [PLAN[0]!, milestone(2, 80)],
          reason: reason('late'),
        }),
      );
  });

  it('does not revive a dropped milestone', () => {
    const fewer = [milestone(1, 20), milestone(2, 80)];
    given(Project, [...RUNNING, proposed(fewer, 2), story.agreed(fewer, 2)])
      .when((state) => proposePlan(state, { milestones: PLAN, reason: reason('late') }, facts()))
      .refused('wrong_state', { state: 'dropped' });
  });
});

describe('sign-plan', () => {
  const hash = story.planHash(1, PLAN);
  const as = (organisation: string, person = 'someone') => ({ organisation, person, backing: story.BACKING });

  it('takes the signature of the lead, the steward and each funder', () => {
    for (const [role, organisation] of [
      ['lead', story.LANTERN],
      ['steward', story.MINISTRY],
      ['funder', story.HARBOURLIGHT],
    ] as const) {
      given(Project, [opened, proposed()])
        .when((state) => signPlan(state, { role, hash }, as(organisation)))
        .then(PlanSigned({ needId: story.NEED, role, hash }));
    }
  });

  it('refuses an old hash (R26), a second signature, an outsider, and whoever proposed it (R22)', () => {
    const past = [opened, proposed()];
    given(Project, past)
      .when((state) => signPlan(state, { role: 'lead', hash: 'a'.repeat(64) }, as(story.LANTERN)))
      .refused('stale_version');
    given(Project, [...past, signed('lead', story.LANTERN)])
      .when((state) => signPlan(state, { role: 'lead', hash }, as(story.LANTERN)))
      .refused('already_signed');
    given(Project, past)
      .when((state) => signPlan(state, { role: 'funder', hash }, as(story.NORVALE)))
      .refused('not_a_signer');
    given(Project, past)
      .when((state) => signPlan(state, { role: 'steward', hash }, as(story.LANTERN)))
      .refused('not_a_signer');
    given(Project, past)
      .when((state) => signPlan(state, { role: 'lead', hash }, as(story.LANTERN, 'lantern-1')))
      .refused('conflict_of_interest');
    given(Project, [opened])
      .when((state) => signPlan(state, { role: 'lead', hash }, as(story.LANTERN)))
      .refused('wrong_state');
  });

  it('is agreed with the last signature, or when the last missing funder is gone', () => {
    const most = [opened, proposed(), signed('lead', story.LANTERN), signed('steward', story.MINISTRY)];
    const { state } = given(Project, most);
    expect(planAwaits(state, story.BACKING)).toEqual([{ role: 'funder', organisationId: story.HARBOURLIGHT }]);
    expect(agreedPlan(state, story.BACKING)).toBeUndefined();
    expect(agreedPlan(state, { ...story.BACKING, backers: {} })).toEqual(story.agreed());
    const all = given(Project, [...most, signed('funder', story.HARBOURLIGHT)]).state;
    expect(agreedPlan(all, story.BACKING)).toEqual(story.agreed());
  });

  it('is not agreed when a milestone that it drops was handed in meanwhile', () => {
    const fewer = [milestone(1, 20), milestone(2, 80)];
    const past = [
      ...RUNNING,
      proposed(fewer, 2),
      signed('lead', story.LANTERN, fewer, 2),
      signed('steward', story.MINISTRY, fewer, 2),
    ];
    const { state } = given(Project, [...past, MilestoneMoved({ milestoneId: PLAN[3]!.milestoneId, to: 'submitted' })]);
    expect(() => agreedPlan(state, { ...story.BACKING, backers: {} })).toThrow(expect.objectContaining({ code: 'wrong_state' }));
  });
});

describe('an agreed plan', () => {
  it('adds, changes and drops milestones, and keeps where the others stand', () => {
    const next = [PLAN[0]!, milestone(2, 50), milestone(5, 30)];
    const past = [...RUNNING, MilestoneMoved({ milestoneId: PLAN[0]!.milestoneId, to: 'in_progress' }), proposed(next, 2)];
    const { added, changed, dropped } = planChanges(given(Project, past).state);
    expect(added.map(({ title }) => title)).toEqual(['M5']);
    expect(changed.map(({ title }) => title)).toEqual(['M2']);
    expect(dropped.map(({ title }) => title)).toEqual(['M3', 'M4']);
    const { state } = given(Project, [...past, story.agreed(next, 2)]);
    expect(state.milestones.map(({ title, status, share }) => [title, status, share])).toEqual([
      ['M1', 'in_progress', 20],
      ['M2', 'planned', 50],
      ['M5', 'planned', 30],
      ['M3', 'dropped', 30],
      ['M4', 'dropped', 20],
    ]);
  });

  it('can be planned before the start without a reason', () => {
    expect(given(Project, [opened, proposed(), story.agreed()]).state.agreed?.version).toBe(1);
    given(Project, [opened, proposed(), story.agreed(), ProjectStarted({ needId: story.NEED })]);
  });
});
