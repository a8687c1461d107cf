import { Refused, type DomainEvent } from '@concord/kernel';
import { fold, given } from '@concord/testing';
import fc from 'fast-check';
import { Intake } from './intake.js';
import {
  DEPUTY,
  HASH,
  id,
  inReviewPast,
  intakePast,
  LANTERN,
  LANTERN_EDITOR,
  matchingPast,
  MINISTER,
  PARTIES,
  PROPOSAL,
  proposalDrafted,
  publishedPast,
  REVIEWERS,
} from './lesson-need.js';
import { Need } from './need.js';
import {
  acceptProposal,
  declineProposal,
  declineWithNeed,
  inviteFullProposal,
  shortlistProposal,
  startReview,
} from './proposal-review.js';
import { reviseProposal, submitProposal, withdrawProposal } from './proposal-writing.js';
import { Proposal, ProposalApprovalGiven, proposalHash, ProposalRevised, type ProposalState, revisedContent } from './proposal.js';

const published = fold(Need, publishedPast);
const matching = fold(Need, matchingPast);
const intake = fold(Intake, intakePast);
const reason = { code: 'spec', text: 'Because the spec says so.' };
const about = { needId: PARTIES.needId, leadId: LANTERN, stage: 'full' } as const;

/** The arrows of domain.md section 4 without clarification and appeal; a need that ends declines what it received in any state. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  draft: ['draft', 'submitted', 'withdrawn', 'declined'],
  submitted: ['draft', 'in_review', 'withdrawn', 'declined'],
  in_review: ['shortlisted', 'declined', 'withdrawn'],
  shortlisted: ['draft', 'accepted', 'declined', 'withdrawn'],
};

type Step = (state: ProposalState) => { by: string; events: readonly DomainEvent[] };
const accept =
  (by: string): Step =>
  (state) => ({
    by,
    events: [
      acceptProposal(state, { need: matching, intake }, { person: by }, { hash: state.hash, projectId: id(50), meanScore: 8183 })
        .event,
    ],
  });

const STEPS: Readonly<Record<string, Step>> = {
  revise: (state) => ({ by: LANTERN_EDITOR, events: reviseProposal(state, { months: 9 }, LANTERN, published) }),
  submit: (state) => ({
    by: id(121),
    events: submitProposal(state, published, intake, { id: id(2), hash: state.hash, at: published.updatedAt }).events,
  }),
  review: (state) => ({ by: MINISTER, events: startReview(state, REVIEWERS) }),
  shortlist: (state) => ({ by: MINISTER, events: [shortlistProposal(state, intake, { person: MINISTER }, 2)] }),
  invite: (state) => ({ by: MINISTER, events: inviteFullProposal(state, matching) }),
  acceptFirst: accept(MINISTER),
  acceptSecond: accept(DEPUTY),
  acceptAuthor: accept(LANTERN_EDITOR),
  decline: (state) => ({ by: MINISTER, events: [declineProposal(state, intake, { person: MINISTER }, reason)] }),
  needGone: (state) => ({ by: MINISTER, events: declineWithNeed(state, reason) }),
  withdraw: (state) => ({ by: id(121), events: withdrawProposal(state, intake, id(2), reason).events }),
};

function take(state: ProposalState, step: Step): ProposalState {
  let outcome: ReturnType<Step>;
  try {
    outcome = step(state);
  } catch (error) {
    if (error instanceof Refused) return state;
    throw error;
  }
  const next = outcome.events.reduce((folded, event) => {
    const definition = Proposal.events.get(event.kind)!;
    expect(definition.parse(event.data, definition.version)).toEqual(event.data);
    return Proposal.evolve(folded, event, { at: '2026-02-01T00:00:00.000Z', person: outcome.by });
  }, state);
  if (next.status !== state.status) expect(ARROWS[state.status]).toContain(next.status);
  return next;
}

describe('the hash of a proposal', () => {
  it('covers need, lead, stage, version and content', () => {
    const others = [
      proposalHash({ ...about, needId: id(9) }, 1, PROPOSAL),
      proposalHash({ ...about, leadId: id(9) }, 1, PROPOSAL),
      proposalHash({ ...about, stage: 'concept_note' }, 1, PROPOSAL),
      proposalHash(about, 2, PROPOSAL),
      proposalHash(about, 1, { ...PROPOSAL, months: 13 }),
    ];
    expect(new Set([HASH, ...others]).size).toBe(6);
    expect(proposalHash(about, 1, JSON.parse(JSON.stringify(PROPOSAL)))).toBe(HASH);
  });

  it('is of the content after the change', () => {
    expect(revisedContent(PROPOSAL, { months: 13, title: undefined as never })).toEqual({ ...PROPOSAL, months: 13 });
  });
});

describe('the proposal', () => {
  it('does not count a first approval for another version', () => {
    const approved = [ProposalApprovalGiven({ of: `accept:${HASH}` }), { person: MINISTER }] as const;
    const { state } = given(Proposal, [
      ...inReviewPast,
      approved,
      ProposalRevised({ changes: {}, version: 2, hash: 'a'.repeat(64) }),
    ]);
    // The approval names the hash it was for, so it cannot count for another one (R26).
    expect(state.pendingApproval?.of).not.toContain(state.hash);
  });

  it('follows its arrows; only two persons who did not write it accept it; its hash is that of its content', () => {
    const [event, meta] = proposalDrafted;
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...Object.keys(STEPS)), { maxLength: 30 }), (names) => {
        let state = Proposal.evolve(Proposal.initial, event, { at: meta.at!, person: meta.person! });
        for (const name of names) {
          const before = state;
          state = take(state, STEPS[name]!);
          expect(state.hash).toBe(proposalHash(state, state.contentVersion, state.content));
          if (state.contentVersion === before.contentVersion) expect(state.hash).toBe(before.hash);
          if (state.status !== 'accepted' || before.status === 'accepted') continue;
          expect(before).toMatchObject({ status: 'shortlisted', stage: 'full' });
          expect(before.pendingApproval?.person).toBe(name === 'acceptFirst' ? DEPUTY : MINISTER);
          expect(name).not.toBe('acceptAuthor');
        }
        expect(JSON.parse(JSON.stringify(state))).toEqual(state);
      }),
      { numRuns: 100 },
    );
  });

  it('can be accepted that way', () => {
    const [event, meta] = proposalDrafted;
    let state = Proposal.evolve(Proposal.initial, event, { at: meta.at!, person: meta.person! });
    for (const name of ['submit', 'revise', 'submit', 'review', 'shortlist', 'acceptFirst', 'acceptSecond'])
      state = take(state, STEPS[name]!);
    expect(state).toMatchObject({ status: 'accepted', contentVersion: 2, projectId: id(50) });
  });
});
