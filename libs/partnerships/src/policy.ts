import type { Policy } from '@concord/kernel';
import { acting, anyOf, drafting, draftOf, memberOf, of, when } from '@concord/access';
import type { NeedState } from './domain/need.js';
import type { ProposalState } from './domain/proposal.js';
import { writersOf } from './domain/proposal-writing.js';

const ownerOfNeed = (need: NeedState) => need.organisationId;
const endorsers = (need: NeedState) => (need.status === 'draft' ? [] : need.endorserIds);

/** Public from publication on; before, its owner and, once it was submitted, the country's focal points. */
export const needReadable: Policy<NeedState> = anyOf(
  when('everyone, once it was published', (need: NeedState) => need.publishedAt !== undefined),
  memberOf('the owner of the need', ownerOfNeed),
  memberOf('a focal point asked to endorse it', endorsers),
);

/** May begin a draft: any organisation that is not suspended (R20). */
export const mayDraft: Policy<unknown> = drafting('editor');

/** May write in a draft of the owner (R20). */
export const needDrafter = draftOf('editor', 'the owner of the need', ownerOfNeed);

/** Oe */
export const needEditor = of('editor', 'the owner of the need', ownerOfNeed);

/** Oa */
export const needApprover = of('approver', 'the owner of the need', ownerOfNeed);

/** Takes back what it drafted, verified or not. */
export const needDraftApprover = draftOf('approver', 'the owner of the need', ownerOfNeed);

/** Approver of a focal point that was asked. */
export const focalPointApprover = of('approver', 'a focal point of the country', endorsers);

/** Pins are an organisation's own affair. */
export const mayPin: Policy<unknown> = drafting('viewer');

/** Editors of any verified organisation. */
export const verifiedEditor: Policy<unknown> = acting('editor');

const leadOf = (proposal: ProposalState) => proposal.leadId;

/** The owner and its reviewers read what was submitted, not what is being written. */
const received = (proposal: ProposalState): boolean => proposal.submittedAt !== undefined && proposal.status !== 'draft';
const ownerOnceReceived = (proposal: ProposalState) => (received(proposal) ? proposal.ownerId : undefined);

/** A person appointed to review, for any organisation or none; not while acting for a suspended one (R20). */
export const reviewer: Policy<ProposalState> = {
  label: 'a reviewer of the need',
  permits: (subject, proposal) =>
    subject !== undefined &&
    subject.standing !== 'suspended' &&
    received(proposal) &&
    proposal.reviewerIds.includes(subject.person),
};

/** Lead and co-authors always; the need's owner and its reviewers once it was submitted and while nobody writes in it. */
export const proposalReadable: Policy<ProposalState> = anyOf(
  memberOf('the lead or a co-author', writersOf),
  memberOf('the owner of the need', ownerOnceReceived),
  reviewer,
);

/** Le or a co-author's editor, verified or not (R20). */
export const proposalWriter = draftOf('editor', 'the lead or a co-author', writersOf);

/** La */
export const leadApprover = of('approver', 'the lead', leadOf);

/** La, also of a lead that is not verified: it may take back what it drafted. */
export const leadDraftApprover = draftOf('approver', 'the lead', leadOf);

/** Oe of the need a proposal answers. */
export const decidingEditor = of('editor', 'the owner of the need', ownerOnceReceived);

/** Oa of the need a proposal answers. */
export const decidingApprover = of('approver', 'the owner of the need', ownerOnceReceived);
