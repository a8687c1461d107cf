import { ProjectStarted, type MilestoneStatus, type PlannedMilestone } from '@concord/contracts';
import { fold, SPEC_META, type Past } from '@concord/testing';
import { Refused, type DomainEvent, type EventMeta } from '@concord/kernel';
import fc from 'fast-check';
import { agreedPlan, proposePlan, signPlan } from './plan.js';
import { closeProject, finishProject, reopenProject, resumeProject, suspendProject } from './project-course.js';
import { MilestoneMoved, Project, progressOf, type ProjectState } from './project.js';
import { BACKING, facts, HARBOURLIGHT, LANTERN, milestone, MINISTRY, NEED, opened, PLAN, reason, RUNNING } from './story.js';

type Attempt = (state: ProjectState) => readonly [DomainEvent | undefined, Partial<EventMeta>];

const SIGNERS = { lead: LANTERN, steward: MINISTRY, funder: HARBOURLIGHT } as const;

const plans = [PLAN, PLAN.slice(0, 3), [PLAN[0]!, milestone(2, 80)], [...PLAN.slice(0, 3), milestone(5, 20)], [milestone(6, 100)]];

const sign = (role: keyof typeof SIGNERS, person: string): Attempt => {
  return (state) => {
    const organisation = SIGNERS[role];
    const hash = state.proposed?.hash ?? '';
    return [signPlan(state, { role, hash }, { organisation, person, backing: BACKING }), { person, organisation }];
  };
};
const agree: Attempt = (state) => [agreedPlan(state, BACKING), {}];
const start: Attempt = (state) => [state.status === 'pipeline' && state.agreed ? ProjectStarted({ needId: NEED }) : undefined, {}];
const suspend: Attempt = (state) => [suspendProject(state, reason('audit')), {}];
const resume = (person: string): Attempt => {
  return (state) => [resumeProject(state, reason('go_on'), person), { person }];
};
const propose = (milestones: readonly PlannedMilestone[]): Attempt => {
  return (state) => {
    const proposal = proposePlan(state, { milestones, reason: reason('replan') }, facts());
    return [proposal, { person: 'lead-1', organisation: LANTERN }];
  };
};
const move = (n: number, to: MilestoneStatus): Attempt => {
  return (state) => {
    const open = state.milestones.filter(({ status }) => status !== 'dropped')[n];
    return [state.startedAt && open ? MilestoneMoved({ milestoneId: open.milestoneId, to }) : undefined, {}];
  };
};

const plan = fc.constantFrom(...plans);
const person = fc.constantFrom('lead-1', 'other-1');
const moves = fc.tuple(fc.nat({ max: 5 }), fc.constantFrom<MilestoneStatus>('submitted', 'accepted', 'released', 'returned'));

/** Steps as people could try them, possible or not; some as they belong together, so that random sequences get far. */
const episode = fc.oneof(
  plan.map((milestones) => [
    propose(milestones),
    sign('lead', 'other-1'),
    sign('steward', 'other-1'),
    sign('funder', 'other-1'),
    agree,
  ]),
  fc.constant([suspend, resume('m-1'), resume('m-2')]),
  plan.map((milestones) => [propose(milestones)]),
  fc.tuple(fc.constantFrom('lead', 'steward', 'funder'), person).map(([role, who]) => [sign(role, who)]),
  moves.map(([n, status]) => [move(n, status)]),
  fc.constantFrom('m-1', 'm-2').map((who) => [resume(who)]),
  fc.constantFrom('m-1', 'm-2').map((who): Attempt[] => [(state) => [closeProject(state, who), { person: who }]]),
  fc
    .constantFrom<Attempt>(
      agree,
      start,
      suspend,
      (state) => [finishProject(state), {}],
      (state) => [reopenProject(state, reason('defect')), {}],
    )
    .map((one) => [one]),
);

function check(before: ProjectState, after: ProjectState): void {
  const live = after.milestones.filter(({ status }) => status !== 'dropped');
  expect([0, 100]).toContain(live.reduce((sum, { share }) => sum + share, 0));
  const frozen = before.milestones.filter(({ status }) => ['submitted', 'accepted', 'released'].includes(status));
  for (const { milestoneId, share } of frozen) expect(live).toContainEqual(expect.objectContaining({ milestoneId, share }));
  const { accepted, released } = progressOf(after);
  expect(released).toBeLessThanOrEqual(accepted);
  expect(accepted).toBeLessThanOrEqual(100);
}

describe('whatever is tried on a project', () => {
  it('its shares sum to 100, nothing handed in is dropped or changed, and progress stays within the plan', () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(fc.boolean(), fc.array(episode, { minLength: 10, maxLength: 30, size: 'max' }), (running, episodes) => {
        const past: Past[] = running ? [...RUNNING] : [opened];
        let state = fold(Project, past);
        for (const step of episodes.flat()) {
          const next = tried(state, step);
          if (!next) continue;
          const after = Project.evolve(state, next[0], { ...SPEC_META, ...next[1] });
          check(state, after);
          past.push(next);
          state = after;
          reached.add(next[0].kind);
          if (state.milestones.some(({ status }) => status === 'dropped')) reached.add('dropped');
        }
        expect(fold(Project, past)).toEqual(state);
      }),
      { numRuns: 200 },
    );
    // A property that never gets there proves nothing.
    expect([...reached]).toEqual(
      expect.arrayContaining(['PlanAgreed', 'ProjectStarted', 'ProjectSuspended', 'ProjectResumed', 'dropped']),
    );
  });
});

function tried(state: ProjectState, step: Attempt): readonly [DomainEvent, Partial<EventMeta>] | undefined {
  try {
    const [event, meta] = step(state);
    return event && [event, meta];
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}
