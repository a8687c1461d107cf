import type { Followable, ItemReason, ObjectKind } from '@concord/contracts';
import type { OrganisationRole, PlatformRole } from '@concord/kernel';
import type { Party } from './parties.js';

/** The object through which somebody is concerned: the event's own stream, or one that its payload names. */
export type Scope = 'subject' | 'need' | 'project' | 'pledge';

/** People an event concerns, and why. */
export type Address =
  | { readonly kind: 'party'; readonly party: Party; readonly of: Scope; readonly reason: ItemReason }
  /** Members of the organisation that is the event's stream. */
  | { readonly kind: 'members'; readonly roles: readonly OrganisationRole[]; readonly reason: ItemReason }
  /** The person named in the payload, or the stream itself. */
  | { readonly kind: 'person'; readonly reason: ItemReason }
  | { readonly kind: 'platform'; readonly role: PlatformRole; readonly reason: ItemReason }
  /** Those who follow what is public anyway. */
  | { readonly kind: 'followers'; readonly of: Followable; readonly reason: 'following' };

/** What an event of one kind is about, and whom it concerns. */
export interface Notice {
  readonly about: ObjectKind;
  readonly to: readonly Address[];
}

/** The reason that goes with being a party, where a notice names no other. */
const REASON: Readonly<Record<Party, ItemReason>> = {
  owner: 'owner',
  endorser: 'decision',
  invited: 'assigned',
  reviewer: 'reviewer',
  proposer: 'lead',
  lead: 'lead',
  partner: 'partner',
  steward: 'steward',
  pledger: 'pledger',
  funder: 'pledger',
  recipient: 'recipient',
  signer: 'signer',
  maintainer: 'assigned',
};

type Words = `${Party}@${Scope}` | `${Party}@${Scope} ${ItemReason}` | `${Followable}-followers`;

/** `pledger@need assigned`: the pledgers of the event's need, because something is now theirs to do. */
function address(words: Words): Address {
  if (words.endsWith('-followers'))
    return { kind: 'followers', of: words.slice(0, -'-followers'.length) as Followable, reason: 'following' };
  const [, party, of, reason] = /^(\w+)@(\w+)(?: (\w+))?$/u.exec(words)! as unknown as [
    string,
    Party,
    Scope,
    ItemReason | undefined,
  ];
  return { kind: 'party', party, of, reason: reason ?? REASON[party] };
}

const about = (object: ObjectKind, ...to: readonly (Words | Address)[]): Notice => ({
  about: object,
  to: to.map((one) => (typeof one === 'string' ? address(one) : one)),
});
const silent = (object: ObjectKind): Notice => about(object);
const person = (reason: ItemReason): Address => ({ kind: 'person', reason });
const members = (reason: ItemReason): Address => ({ kind: 'members', roles: ['admin', 'approver'], reason });
const registrars: Address = { kind: 'platform', role: 'registrar', reason: 'assigned' };

const DIRECTORY: Record<string, Notice> = {
  OrganisationRegistered: silent('organisation'),
  OrganisationRevised: silent('organisation'),
  VerificationRequested: about('organisation', registrars),
  VerificationInformationAsked: about('organisation', members('assigned')),
  OrganisationVerified: about('organisation', members('decision'), 'organisation-followers'),
  VerificationRejected: about('organisation', members('decision')),
  OrganisationSuspended: about('organisation', members('decision'), 'organisation-followers'),
  OrganisationReinstated: about('organisation', members('decision'), 'organisation-followers'),
  VerificationExpired: about('organisation', members('assigned')),
  FocalPointDesignated: about('organisation', members('decision')),
  MembershipGranted: about('organisation', person('member')),
  // Who is no longer a member hears nothing more of the organisation.
  MembershipRevoked: silent('organisation'),
  PersonRegistered: silent('person'),
  PlatformRolesSet: about('person', person('decision')),
  SessionsEnded: silent('person'),
  ApiTokenIssued: silent('person'),
  ApiTokenRevoked: silent('person'),
  SigningKeyPublished: silent('person'),
  SigningKeyRetired: silent('person'),
};

const PARTNERSHIPS: Record<string, Notice> = {
  NeedSubmitted: about('need', 'endorser@subject assigned', 'owner@subject'),
  NeedEndorsed: about('need', 'owner@subject decision'),
  NeedReturned: about('need', 'owner@subject decision'),
  NeedPublished: about('need', 'owner@subject', 'endorser@subject', 'organisation-followers'),
  NeedAmended: about('need', 'pledger@subject', 'proposer@subject', 'need-followers'),
  NeedIntakeClosed: about('need', 'owner@subject', 'reviewer@subject', 'proposer@subject'),
  NeedExtended: about('need', 'proposer@subject', 'pledger@subject', 'need-followers'),
  NeedPartnered: about('need', 'pledger@subject', 'need-followers'),
  NeedAwardFinalised: about('need', 'owner@subject', 'lead@subject', 'pledger@subject', 'need-followers'),
  NeedClosed: about('need', 'owner@subject', 'lead@subject', 'pledger@subject', 'proposer@subject', 'need-followers'),
  NeedWithdrawn: about('need', 'owner@subject', 'endorser@subject', 'pledger@subject', 'proposer@subject'),
  NeedExpired: about('need', 'owner@subject', 'pledger@subject', 'proposer@subject'),
  NeedOrganisationInvited: about('need', 'invited@subject'),
  NeedReviewerAppointed: about('need', person('reviewer')),
  NeedReviewerDismissed: about('need', person('decision')),
  ProposalSubmitted: about('proposal', 'owner@subject', 'lead@subject', 'partner@subject'),
  ProposalReviewStarted: about('proposal', 'lead@subject', 'partner@subject', 'reviewer@need'),
  ProposalShortlisted: about('proposal', 'lead@subject decision', 'partner@subject decision'),
  FullProposalInvited: about('proposal', 'lead@subject assigned', 'partner@subject'),
  ProposalAccepted: about('proposal', 'lead@subject decision', 'partner@subject decision', 'owner@subject'),
  ProposalDeclined: about('proposal', 'lead@subject decision', 'partner@subject decision'),
  ProposalWithdrawn: about('proposal', 'owner@subject', 'partner@subject', 'reviewer@need'),
};

const PLEDGES: Record<string, Notice> = {
  LineOpened: silent('line'),
  LineAmended: silent('line'),
  LineMinimumReached: about('line', 'owner@need', 'lead@need', 'need-followers'),
  LineClosed: about('line', 'need-followers'),
  PledgeMade: about('pledge', 'owner@subject', 'need-followers'),
  PledgeAmended: about('pledge', 'owner@subject', 'recipient@subject'),
  PledgeAccepted: about('pledge', 'pledger@subject decision', 'recipient@subject'),
  PledgeDeclined: about('pledge', 'pledger@subject decision'),
  PledgeConfirmed: about('pledge', 'owner@subject', 'recipient@subject', 'need-followers', 'project-followers'),
  PledgeWithdrawn: about('pledge', 'owner@subject', 'recipient@subject'),
  PledgeLapsed: about('pledge', 'pledger@subject', 'owner@subject', 'recipient@subject'),
  CommitmentRevised: about('pledge', 'pledger@subject', 'owner@subject', 'recipient@subject'),
  InstalmentsScheduled: about('pledge', 'pledger@subject'),
  InstalmentDue: about('pledge', 'pledger@subject assigned', 'recipient@subject'),
  PledgeDelivered: about('pledge', 'owner@subject', 'project-followers'),
  DeliveryRecorded: about('delivery', 'recipient@subject assigned'),
  DeliveryAcknowledged: about('delivery', 'pledger@subject decision'),
  DeliveryDisputed: about('delivery', 'pledger@subject assigned'),
  DeliveryCorrected: about('delivery', 'recipient@subject assigned'),
  DeliveryVoided: about('delivery', 'recipient@subject'),
  DeliveryReversed: about('delivery', 'pledger@subject', 'recipient@subject'),
  FundOpened: silent('fund'),
  ExpenditureRecorded: about('fund', 'steward@project', 'lead@project'),
  ExpenditureVoided: about('fund', 'steward@project', 'lead@project'),
  FundsRefunded: about('fund', 'pledger@pledge decision', 'steward@project', 'lead@project'),
  FundSettled: about('fund', 'steward@project', 'lead@project'),
  FundReopened: about('fund', 'steward@project', 'lead@project'),
};

const everySide = [
  'steward@project',
  'lead@project',
  'partner@project',
  'signer@project',
  'pledger@need',
  'project-followers',
] as const;
const STEWARDSHIP: Record<string, Notice> = {
  ProjectOpened: about('project', 'lead@subject assigned', 'steward@subject', 'partner@subject', 'need-followers'),
  PlanProposed: about('project', 'steward@project signer', 'funder@need signer', 'partner@project'),
  PlanSigned: about('project', 'lead@project', 'steward@project'),
  PlanAgreed: about('project', ...everySide),
  ProjectStarted: about('project', ...everySide, 'need-followers'),
  ProjectCancelled: about('project', ...everySide, 'need-followers'),
  ProjectSuspended: about('project', ...everySide),
  ProjectResumed: about('project', ...everySide),
  ProjectUpdatePosted: about('project', ...everySide),
  ProjectFinalisationStarted: about('project', ...everySide),
  ProjectReopened: about('project', ...everySide),
  ProjectClosed: about('project', ...everySide, 'need-followers'),
  StewardshipPlanRecorded: about('project', 'steward@project', 'maintainer@project'),
  PartnershipRated: about('project', 'steward@project', 'lead@project'),
  MilestoneReminded: about('milestone', 'lead@project assigned', 'partner@project'),
  MilestoneStarted: about('milestone', 'steward@project', 'partner@project'),
  // A milestone may have a hundred pieces of evidence; its submission is the one notice of them all.
  EvidenceAdded: silent('milestone'),
  MilestoneSubmitted: about('milestone', 'signer@subject', 'steward@project', 'partner@project'),
  SubmissionRecalled: about('milestone', 'signer@subject', 'steward@project'),
  MilestoneSigned: about('milestone', 'lead@project', 'steward@project'),
  MilestoneAccepted: about('milestone', 'steward@project assigned', 'lead@project decision', 'partner@project'),
  MilestoneReturned: about('milestone', 'lead@project decision', 'partner@project', 'signer@subject'),
  MilestoneReleased: about('milestone', 'lead@project decision', 'partner@project', 'pledger@need', 'project-followers'),
  MilestoneDropped: about('milestone', 'lead@project', 'partner@project', 'signer@subject'),
  ReportSubmitted: about('report', 'steward@project assigned', 'pledger@need'),
  ReportAccepted: about('report', 'lead@project decision', 'pledger@need', 'project-followers'),
  ReportSentBack: about('report', 'lead@project decision'),
};

/** Whom every published kind of event concerns; the silent ones are listed too, so that a new kind is a decision (a spec fails). */
export const NOTICES: ReadonlyMap<string, Notice> = new Map([
  ...Object.entries(DIRECTORY),
  ...Object.entries(PARTNERSHIPS),
  ...Object.entries(PLEDGES),
  ...Object.entries(STEWARDSHIP),
]);
