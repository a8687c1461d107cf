import type { Signer } from '@concord/contracts';
import { Refused, type DomainEvent, type EventMeta } from '@concord/kernel';
import { fold, given, SPEC_META, type Past } from '@concord/testing';
import fc from 'fast-check';
import { Milestone, MilestonePlanned, type MilestoneState } from './milestone.js';
import { Project } from './project.js';
import { BACKING, LANTERN, milestone, MINISTRY, NEED, PROJECT, reason, RUNNING, SIGNERS } from './story.js';
import {
  addEvidence,
  recallSubmission,
  releaseMilestone,
  returnMilestone,
  signMilestone,
  startMilestone,
  submitMilestone,
} from './submission.js';

const { milestoneId: _id, ...terms } = milestone(1, 20);
const planned = MilestonePlanned({
  projectId: PROJECT,
  needId: NEED,
  leadId: LANTERN,
  stewardId: MINISTRY,
  partnerIds: [],
  ...terms,
});
const project = given(Project, RUNNING).state;

type Attempt = (state: MilestoneState) => readonly [readonly DomainEvent[], Partial<EventMeta>];

const addNth = (n: number, person: string): Attempt => {
  const evidence = { sha256: String(n).repeat(64), caption: 'Photo', licence: 'CC0-1.0', capturedOn: '2026-01-01' };
  return (state) => [[addEvidence(state, project, evidence, '2026-01-02T00:00:00.000Z')], { person }];
};
const submit = (person: string): Attempt => {
  return (state) => [[submitMilestone(state, project, 'Done')], { person }];
};
const sign = (signer: Signer, person: string, version: 'current' | 'old' = 'current'): Attempt => {
  return (state) => {
    const hash = version === 'current' ? (state.submission?.hash ?? '') : 'f'.repeat(64);
    const actor = { person, organisation: signer.organisationId, backing: BACKING };
    return [signMilestone(state, project, { role: signer.role, hash }, actor), { person, organisation: signer.organisationId }];
  };
};
const giveBack = (signer: Signer, person: string): Attempt => {
  return (state) => [[returnMilestone(state, reason('photos'), { person, organisation: signer.organisationId })], { person }];
};
const release = (person: string): Attempt => {
  return (state) => [[releaseMilestone(state, project, person)], { person }];
};

/** Those who work on the milestone and those who judge it overlap in p-2. */
const author = fc.constantFrom('p-1', 'p-2');
const judge = fc.constantFrom('p-2', 'p-3', 'p-4');
const signer = fc.constantFrom(...SIGNERS);

/** Steps as people could try them, possible or not; some as they belong together, so that random sequences get far. */
const episode = fc.oneof(
  fc.nat({ max: 5 }).map((n) => [addNth(n, 'p-1'), submit('p-1')]),
  judge.map((person) => SIGNERS.map((one) => sign(one, person))),
  fc.tuple(judge, judge).map(([first, second]) => [release(first), release(second)]),
  fc.tuple(fc.nat({ max: 5 }), author).map(([n, person]) => [addNth(n, person)]),
  author.map((person) => [submit(person)]),
  fc.tuple(signer, judge, fc.constantFrom('current', 'old')).map(([one, person, version]) => [sign(one, person, version)]),
  fc.tuple(signer, judge).map(([one, person]) => [giveBack(one, person)]),
  fc.constant<Attempt[]>([(state) => [[recallSubmission(state, reason('typo'))], {}]]),
);

/** What must hold in every state, whatever led to it. */
function check(before: MilestoneState, kind: string, after: MilestoneState, person: string | undefined): void {
  expect(new Set(after.evidence.map(({ sha256 }) => sha256)).size).toBe(after.evidence.length);
  if (['accepted', 'released'].includes(after.status)) {
    expect(after.signatures).toHaveLength(after.signers.length);
    expect(after.signatures.every(({ hash }) => hash === after.submission?.hash)).toBe(true);
  }
  if (['returned', 'in_progress', 'planned'].includes(after.status)) expect(after.signatures).toEqual([]);
  if (['MilestoneSigned', 'MilestoneReturned', 'MilestoneReleased'].includes(kind)) expect(before.authors).not.toContain(person);
  if (kind === 'MilestoneReleased') expect(before.pendingApproval?.person).not.toBe(person);
  if (kind === 'MilestoneSubmitted') expect(after.submissions).toBe(before.submissions + 1);
}

describe('whatever is tried on a milestone', () => {
  it('it is accepted only with every signature on one hash, by people who authored nothing, and released by two', () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(fc.array(episode, { minLength: 10, maxLength: 30, size: 'max' }), (episodes) => {
        let past: Past[] = [planned, startMilestone(fold(Milestone, [planned]), project)];
        let state = fold(Milestone, past);
        for (const step of episodes.flat()) {
          const [events, meta] = tried(state, step);
          for (const event of events) {
            const after = Milestone.evolve(state, event, { ...SPEC_META, ...meta });
            check(state, event.kind, after, meta.person);
            past = [...past, [event, meta]];
            state = after;
            reached.add(event.kind);
          }
        }
        expect(fold(Milestone, past)).toEqual(state);
      }),
      { numRuns: 200 },
    );
    // A property that never gets there proves nothing.
    expect([...reached]).toEqual(
      expect.arrayContaining(['MilestoneAccepted', 'MilestoneReleased', 'MilestoneReturned', 'SubmissionRecalled']),
    );
  });
});

function tried(state: MilestoneState, step: Attempt): readonly [readonly DomainEvent[], Partial<EventMeta>] {
  try {
    return step(state);
  } catch (error) {
    if (error instanceof Refused) return [[], {}];
    throw error;
  }
}
