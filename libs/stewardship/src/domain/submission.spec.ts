import {
  EvidenceAdded,
  MilestoneAccepted,
  MilestoneReleased,
  MilestoneReturned,
  MilestoneSigned,
  MilestoneStarted,
  MilestoneSubmitted,
  ProjectSuspended,
  SubmissionRecalled,
  type SignerRole,
} from '@concord/contracts';
import type { DomainEvent, EventMeta } from '@concord/kernel';
import { given } from '@concord/testing';
import { awaitingSigners, Milestone, MilestonePlanned, ReleaseApprovalGiven } from './milestone.js';
import { Project } from './project.js';
import { BACKING, LANTERN, MEADOW, milestone, MINISTRY, NEED, PROJECT, reason, RUNNING, SIGNERS } from './story.js';
import {
  addEvidence,
  EVIDENCE_MAX,
  recallSubmission,
  releaseMilestone,
  returnMilestone,
  signMilestone,
  startMilestone,
  submissionHash,
  submitMilestone,
} from './submission.js';

const { milestoneId: _id, ...terms } = milestone(2, 30);
const ids = { projectId: PROJECT, needId: NEED };
const AT = '2026-03-01T00:00:00.000Z';

const planned = MilestonePlanned({ ...ids, leadId: LANTERN, stewardId: MINISTRY, partnerIds: [MEADOW], ...terms });
const started = MilestoneStarted(ids);
const photo = { sha256: 'a'.repeat(64), caption: 'Lesson in Zomba', licence: 'CC-BY-4.0', capturedOn: '2026-02-28' };
const added = [EvidenceAdded({ ...ids, ...photo }), { person: 'field-1', organisation: LANTERN }] as const;
const working = [planned, started, added] as const;

const project = given(Project, RUNNING).state;
const suspended = given(Project, [...RUNNING, ProjectSuspended({ needId: NEED, reason: reason('audit') })]).state;

const hashOf = (version: number) => submissionHash(given(Milestone, working).state, version, 'Done', [photo.sha256]);
const submission = (version = 1): readonly [DomainEvent, Partial<EventMeta>] => [
  MilestoneSubmitted({
    ...ids,
    title: 'M2',
    version,
    hash: hashOf(version),
    narrative: 'Done',
    evidence: [photo.sha256],
    signers: SIGNERS,
  }),
  { person: 'lantern-1', organisation: LANTERN },
];
const submitted = [...working, submission()] as const;

const signature = (
  { role, organisationId }: { role: SignerRole; organisationId: string },
  version = 1,
): readonly [DomainEvent, Partial<EventMeta>] => [
  MilestoneSigned({ ...ids, role, hash: hashOf(version) }),
  { person: `${role}-1`, organisation: organisationId },
];
const actor = (organisation: string, person = 'signer-1') => ({ person, organisation, backing: BACKING });

describe('work on a milestone', () => {
  it('starts in a running project', () => {
    given(Milestone, [planned])
      .when((state) => startMilestone(state, project))
      .then(started);
    given(Milestone, [planned])
      .when((state) => startMilestone(state, suspended))
      .refused('wrong_state', { state: 'suspended' });
    given(Milestone, working)
      .when((state) => startMilestone(state, project))
      .refused('wrong_state');
  });

  it('takes each file once as evidence, also while suspended, not from the future', () => {
    given(Milestone, [planned, started])
      .when((state) => addEvidence(state, suspended, photo, AT))
      .then(EvidenceAdded({ ...ids, ...photo }));
    given(Milestone, working)
      .when((state) => addEvidence(state, project, photo, AT))
      .refused('already_added');
    given(Milestone, [planned, started])
      .when((state) => addEvidence(state, project, { ...photo, capturedOn: '2026-03-02' }, AT))
      .refused('date_future');
    given(Milestone, [planned])
      .when((state) => addEvidence(state, project, photo, AT))
      .refused('wrong_state');
  });

  it('takes a bounded number of files', () => {
    const full = Array.from({ length: EVIDENCE_MAX }, (_none, n) =>
      EvidenceAdded({ ...ids, ...photo, sha256: n.toString(16).padStart(64, '0') }),
    );
    given(Milestone, [planned, started, ...full])
      .when((state) => addEvidence(state, project, photo, AT))
      .refused('too_many');
  });

  it('is submitted as a frozen version whose hash covers criteria, narrative and evidence (R36)', () => {
    given(Milestone, working)
      .when((state) => submitMilestone(state, project, 'Done'))
      .then(submission()[0] as ReturnType<typeof MilestoneSubmitted>);
    const { state } = given(Milestone, working);
    const other = [
      submissionHash(state, 1, 'Done ', [photo.sha256]),
      submissionHash(state, 2, 'Done', [photo.sha256]),
      submissionHash(state, 1, 'Done', [photo.sha256, 'b'.repeat(64)]),
      submissionHash({ ...state, criteria: [{ ...state.criteria[0]!, quantity: 31 }] }, 1, 'Done', [photo.sha256]),
    ];
    expect(new Set([hashOf(1), ...other]).size).toBe(5);
    expect(submissionHash(state, 1, '', ['a', 'b'])).toBe(submissionHash(state, 1, '', ['b', 'a']));
  });

  it('is not submitted without evidence or while suspended (R40)', () => {
    given(Milestone, [planned, started])
      .when((state) => submitMilestone(state, project, 'Done'))
      .refused('evidence_missing');
    given(Milestone, working)
      .when((state) => submitMilestone(state, suspended, 'Done'))
      .refused('wrong_state', { state: 'suspended' });
  });

  it('is recalled before it is accepted', () => {
    given(Milestone, [...submitted, signature(SIGNERS[0]!)])
      .when((state) => recallSubmission(state, reason('typo')))
      .then(SubmissionRecalled({ ...ids, reason: reason('typo') }));
    given(Milestone, working)
      .when((state) => recallSubmission(state, reason('typo')))
      .refused('wrong_state');
  });
});

describe('sign', () => {
  it('collects the required roles and accepts with the last (R38)', () => {
    const last = SIGNERS[3]!;
    const three = [...submitted, ...SIGNERS.slice(0, 3).map((signer) => signature(signer))];
    expect(awaitingSigners(given(Milestone, three).state)).toEqual([last]);
    const { state } = given(Milestone, three);
    const events = signMilestone(state, project, { role: last.role, hash: hashOf(1) }, actor(last.organisationId));
    expect(events).toEqual([
      MilestoneSigned({ ...ids, role: last.role, hash: hashOf(1) }),
      MilestoneAccepted({ ...ids, hash: hashOf(1) }),
    ]);
  });

  it('is by the hash of the submitted version: the story signs v1 after v2 was handed in (R26)', () => {
    const returned = MilestoneReturned({ ...ids, reason: reason('photos'), role: 'verifier', version: 1 });
    const again = [...submitted, returned, submission(2)];
    const { role, organisationId } = SIGNERS[2]!;
    given(Milestone, again)
      .when((state) => signMilestone(state, project, { role, hash: hashOf(1) }, actor(organisationId)))
      .refused('stale_version');
    given(Milestone, again)
      .when((state) => signMilestone(state, project, { role, hash: hashOf(2) }, actor(organisationId)))
      .then(MilestoneSigned({ ...ids, role, hash: hashOf(2) }));
  });

  it('refuses another role, a second signature, an author (R22), and a verifier that has pledged since (R37)', () => {
    const steward = SIGNERS[0]!;
    const hash = hashOf(1);
    given(Milestone, submitted)
      .when((state) => signMilestone(state, project, { role: 'funder', hash }, actor(steward.organisationId)))
      .refused('not_a_signer');
    given(Milestone, [...submitted, signature(steward)])
      .when((state) => signMilestone(state, project, { role: 'steward', hash }, actor(steward.organisationId)))
      .refused('already_signed');
    for (const author of ['field-1', 'lantern-1']) {
      given(Milestone, submitted)
        .when((state) => signMilestone(state, project, { role: 'steward', hash }, actor(steward.organisationId, author)))
        .refused('conflict_of_interest');
    }
    const verifier = SIGNERS[2]!.organisationId;
    const pledged = { ...actor(verifier), backing: { ...BACKING, backers: { [verifier]: { funding: 0, other: 1 } } } };
    given(Milestone, submitted)
      .when((state) => signMilestone(state, project, { role: 'verifier', hash }, pledged))
      .refused('conflict_of_interest');
  });

  it('ends with one return; the next round starts without signatures (R38)', () => {
    const { organisationId } = SIGNERS[2]!;
    const state = given(Milestone, [...submitted, signature(SIGNERS[0]!)])
      .when((now) => returnMilestone(now, reason('photos'), { person: 'v-1', organisation: organisationId }))
      .then(MilestoneReturned({ ...ids, reason: reason('photos'), role: 'verifier', version: 1 }));
    expect(state).toMatchObject({ status: 'returned', signatures: [] });
    given(Milestone, submitted)
      .when((now) => returnMilestone(now, reason('x_y'), { person: 'p', organisation: MEADOW }))
      .refused('not_a_signer');
    given(Milestone, submitted)
      .when((now) => returnMilestone(now, reason('x_y'), { person: 'field-1', organisation: organisationId }))
      .refused('conflict_of_interest');
  });
});

describe('release', () => {
  const accepted = [...submitted, ...SIGNERS.map((signer) => signature(signer)), MilestoneAccepted({ ...ids, hash: hashOf(1) })];

  it('needs two approvers of the steward (R23)', () => {
    given(Milestone, accepted)
      .when((state) => releaseMilestone(state, project, 'm-1'))
      .then(ReleaseApprovalGiven({ of: hashOf(1) }));
    const first = [...accepted, [ReleaseApprovalGiven({ of: hashOf(1) }), { person: 'm-1' }] as const];
    given(Milestone, first)
      .when((state) => releaseMilestone(state, project, 'm-1'))
      .refused('same_person');
    const state = given(Milestone, first)
      .when((now) => releaseMilestone(now, project, 'm-2'))
      .then(MilestoneReleased({ ...ids, share: 30 }));
    expect(state.pendingApproval).toBeUndefined();
  });

  it('is refused while suspended (R40), before acceptance, and to an author (R22)', () => {
    given(Milestone, accepted)
      .when((state) => releaseMilestone(state, suspended, 'm-1'))
      .refused('wrong_state', { state: 'suspended' });
    given(Milestone, submitted)
      .when((state) => releaseMilestone(state, project, 'm-1'))
      .refused('wrong_state', { state: 'submitted' });
    given(Milestone, accepted)
      .when((state) => releaseMilestone(state, project, 'lantern-1'))
      .refused('conflict_of_interest');
  });
});
