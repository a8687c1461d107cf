/** A public event, as far as its rooms depend on it. */
export interface RoutedEvent {
  readonly type: string;
  readonly subject: string;
  readonly organisation?: string | undefined;
  readonly data: unknown;
}

/** Feed that no client may join: the gateways read it, and act on what takes rights away. */
export const ACCESS_ROOM = 'access';

/** Where events of one kind go. Whatever is not open reaches only the organisations and the person it names. */
export interface RoomRule {
  /** What the stream is; the id of its need or project is then its own, else it is in the payload. */
  readonly stream: 'need' | 'project' | 'organisation' | 'person' | 'other';
  /** Rooms anyone may read: only for events whose whole payload is public. */
  readonly open: readonly ('public' | 'need' | 'project')[];
  /** To the rooms of the organisations that the event names or that acted. */
  readonly organisations: boolean;
  /** To the room of the person that the event names or is about. */
  readonly person: boolean;
  /** Changes rights: to the gateways. */
  readonly access: boolean;
}

const rule = (stream: RoomRule['stream'], open: RoomRule['open'], more: Partial<RoomRule> = {}): RoomRule => ({
  stream,
  open,
  organisations: true,
  person: false,
  access: false,
  ...more,
});
const parties = (stream: RoomRule['stream']) => rule(stream, []);
const nowhere = (stream: RoomRule['stream']) => rule(stream, [], { organisations: false });
const rights = (stream: RoomRule['stream'], more: Partial<RoomRule> = {}) =>
  rule(stream, [], { organisations: false, access: true, ...more });

const DIRECTORY: Record<string, RoomRule> = {
  OrganisationRegistered: parties('organisation'),
  OrganisationRevised: rule('organisation', ['public']),
  VerificationRequested: parties('organisation'),
  VerificationInformationAsked: parties('organisation'),
  OrganisationVerified: rule('organisation', ['public']),
  VerificationRejected: parties('organisation'),
  OrganisationSuspended: rule('organisation', ['public']),
  OrganisationReinstated: rule('organisation', ['public']),
  VerificationExpired: parties('organisation'),
  FocalPointDesignated: rule('organisation', ['public']),
  MembershipGranted: rights('organisation', { organisations: true, person: true }),
  MembershipRevoked: rights('organisation', { organisations: true, person: true }),
  PersonRegistered: nowhere('person'),
  PlatformRolesSet: rights('person', { person: true }),
  SessionsEnded: rights('person'),
  ApiTokenIssued: nowhere('person'),
  ApiTokenRevoked: rights('person'),
  SigningKeyPublished: nowhere('other'),
  SigningKeyRetired: nowhere('other'),
};

const PARTNERSHIPS: Record<string, RoomRule> = {
  NeedSubmitted: parties('need'),
  NeedEndorsed: parties('need'),
  NeedReturned: parties('need'),
  NeedPublished: rule('need', ['public', 'need']),
  NeedAmended: rule('need', ['need']),
  NeedIntakeClosed: parties('need'),
  NeedExtended: rule('need', ['public', 'need']),
  NeedPartnered: rule('need', ['public', 'need', 'project']),
  NeedAwardFinalised: rule('need', ['need', 'project']),
  NeedClosed: rule('need', ['public', 'need']),
  // These two may end a need that never was public. Where it was, its room learns the end from the closing of the lines.
  NeedWithdrawn: parties('need'),
  NeedExpired: parties('need'),
  NeedOrganisationInvited: parties('need'),
  NeedReviewerAppointed: rule('need', [], { person: true }),
  NeedReviewerDismissed: rule('need', [], { person: true }),
  ProposalSubmitted: parties('other'),
  ProposalReviewStarted: parties('other'),
  ProposalShortlisted: parties('other'),
  FullProposalInvited: parties('other'),
  ProposalAccepted: rule('other', ['need', 'project']),
  ProposalDeclined: parties('other'),
  ProposalWithdrawn: parties('other'),
};

const onNeed = rule('other', ['need']);
const onProject = rule('other', ['need', 'project']);
const PLEDGES: Record<string, RoomRule> = {
  LineOpened: onNeed,
  LineAmended: onNeed,
  LineMinimumReached: onNeed,
  LineClosed: onNeed,
  PledgeMade: onNeed,
  PledgeAmended: onNeed,
  PledgeAccepted: onNeed,
  PledgeDeclined: onNeed,
  PledgeConfirmed: onProject,
  PledgeWithdrawn: onNeed,
  PledgeLapsed: onProject,
  CommitmentRevised: onProject,
  InstalmentsScheduled: onProject,
  InstalmentDue: onProject,
  PledgeDelivered: onProject,
  // A delivery is read by those it concerns; what it counts for is public as PledgeDelivered.
  DeliveryRecorded: parties('other'),
  DeliveryAcknowledged: parties('other'),
  DeliveryDisputed: parties('other'),
  DeliveryCorrected: parties('other'),
  DeliveryVoided: parties('other'),
  DeliveryReversed: parties('other'),
  FundOpened: rule('project', ['project']),
  ExpenditureRecorded: rule('project', ['project']),
  ExpenditureVoided: rule('project', ['project']),
  FundsRefunded: rule('project', ['project']),
  FundSettled: rule('project', ['project']),
  FundReopened: rule('project', ['project']),
};

const headline = rule('project', ['public', 'need', 'project']);
const ofProject = rule('project', ['project']);
const inProject = rule('other', ['project']);
const STEWARDSHIP: Record<string, RoomRule> = {
  ProjectOpened: headline,
  PlanProposed: ofProject,
  PlanSigned: ofProject,
  PlanAgreed: ofProject,
  ProjectStarted: headline,
  ProjectCancelled: headline,
  ProjectSuspended: headline,
  ProjectResumed: headline,
  ProjectUpdatePosted: ofProject,
  ProjectFinalisationStarted: ofProject,
  ProjectReopened: ofProject,
  ProjectClosed: headline,
  StewardshipPlanRecorded: ofProject,
  PartnershipRated: ofProject,
  MilestoneStarted: inProject,
  MilestoneReminded: inProject,
  EvidenceAdded: inProject,
  MilestoneSubmitted: inProject,
  SubmissionRecalled: inProject,
  MilestoneSigned: inProject,
  MilestoneAccepted: inProject,
  MilestoneReturned: inProject,
  MilestoneReleased: inProject,
  MilestoneDropped: inProject,
  ReportSubmitted: inProject,
  ReportAccepted: inProject,
  ReportSentBack: inProject,
};

/** Where every published kind of event goes. A kind that is not here goes nowhere, and a spec fails. */
export const ROOM_RULES: ReadonlyMap<string, RoomRule> = new Map([
  ...Object.entries(DIRECTORY),
  ...Object.entries(PARTNERSHIPS),
  ...Object.entries(PLEDGES),
  ...Object.entries(STEWARDSHIP),
  ['InboxChanged', rule('person', [], { organisations: false, person: true })],
]);

/** `PledgeMade` of `concord.pledges.PledgeMade`. */
export const kindOf = (type: string): string => type.slice(type.lastIndexOf('.') + 1);

const ORGANISATION_FIELDS = ['organisationId', 'ownerId', 'leadId', 'stewardId', 'recipientId', 'endorserId', 'maintainerId'];
const ORGANISATION_LISTS = ['partnerIds', 'endorserIds'];

/** Ids of the organisations that a payload names. */
export function organisationsOf(data: Readonly<Record<string, unknown>>): string[] {
  const named = [...ORGANISATION_FIELDS.map((field) => data[field]), ...ORGANISATION_LISTS.flatMap((field) => data[field] ?? [])];
  const signers = Array.isArray(data.signers)
    ? data.signers.map((signer: { organisationId?: unknown }) => signer.organisationId)
    : [];
  return [...new Set([...named, ...signers].filter((id) => typeof id === 'string'))];
}

/** The rooms an event goes to, each once. Depends on nothing but the event, so that every gateway numbers a room alike. */
export function roomsOf(event: RoutedEvent): string[] {
  const applies = ROOM_RULES.get(kindOf(event.type));
  if (!applies) return [];
  const data = event.data as Readonly<Record<string, unknown>>;
  const idOf = (stream: 'need' | 'project'): unknown => (applies.stream === stream ? event.subject : data[`${stream}Id`]);
  const rooms: string[] = [];
  for (const room of applies.open) {
    const id = room === 'public' ? undefined : idOf(room);
    if (room === 'public') rooms.push('public');
    else if (typeof id === 'string') rooms.push(`${room}:${id}`);
  }
  if (applies.organisations) {
    const acting = event.organisation === undefined ? [] : [event.organisation];
    const own = applies.stream === 'organisation' ? [event.subject] : [];
    rooms.push(...[...own, ...acting, ...organisationsOf(data)].map((id) => `organisation:${id}`));
  }
  if (applies.person) rooms.push(`person:${typeof data.personId === 'string' ? data.personId : event.subject}`);
  if (applies.access) rooms.push(ACCESS_ROOM);
  return [...new Set(rooms)];
}
