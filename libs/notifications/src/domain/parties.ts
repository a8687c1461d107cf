import { kindOf, type RoutedEvent } from '@concord/contracts';

/** What an organisation, or a person as reviewer, is to an object. */
export const PARTIES = [
  'owner',
  'endorser',
  'invited',
  'reviewer',
  'proposer',
  'lead',
  'partner',
  'steward',
  'pledger',
  'funder',
  'recipient',
  'signer',
  'maintainer',
] as const;
/** What an organisation, or a person as reviewer, is to an object. */
export type Party = (typeof PARTIES)[number];

/** That a holder (an organisation; for a reviewer a person) is a party of an object. */
export interface PartyRow {
  readonly object: string;
  readonly party: Party;
  readonly holder: string;
}

/** Parties an event ends: those the stream `via` had made, or those of one holder. */
export interface PartyEnd {
  readonly object: string;
  readonly party: Party;
  readonly holder?: string;
}

/** What one event says about who is a party of what. */
export interface PartyChange {
  readonly gained: readonly PartyRow[];
  readonly lost: readonly PartyEnd[];
}

type Data = Readonly<Record<string, unknown>>;
interface SignerShape {
  readonly organisationId: string;
}
interface MilestoneShape {
  readonly milestoneId: string;
  readonly signers?: readonly SignerShape[];
}

const FIELDS: Readonly<Record<string, readonly (readonly [field: string, party: Party])[]>> = {
  need: [
    ['organisationId', 'owner'],
    ['leadId', 'lead'],
    ['endorserIds', 'endorser'],
    ['endorserId', 'endorser'],
  ],
  proposal: [
    ['ownerId', 'owner'],
    ['leadId', 'lead'],
    ['partnerIds', 'partner'],
  ],
  pledge: [
    ['organisationId', 'pledger'],
    ['ownerId', 'owner'],
    ['recipientId', 'recipient'],
  ],
  project: [
    ['stewardId', 'steward'],
    ['leadId', 'lead'],
    ['partnerIds', 'partner'],
    ['maintainerId', 'maintainer'],
  ],
  fund: [['recipientId', 'recipient']],
};

const FAMILY: readonly (readonly [pattern: RegExp, family: keyof typeof FIELDS])[] = [
  [/^Need/u, 'need'],
  [/^(Proposal|FullProposal)/u, 'proposal'],
  [/^(Pledge|Commitment|Instalment|Delivery)/u, 'pledge'],
  [/^(Project|Plan[A-Z]|StewardshipPlan)/u, 'project'],
  [/^FundOpened$/u, 'fund'],
];

const ids = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((id): id is string => typeof id === 'string');
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Reads from an event's payload who became, or ceased to be, a party of which object. Unknown kinds say nothing. */
export function partiesOf(event: RoutedEvent): PartyChange {
  const kind = kindOf(event.type);
  const data = event.data as Data;
  const special = SPECIAL[kind]?.(event.subject, data);
  if (special && ONLY_SPECIAL.has(kind)) return special;
  const family = FAMILY.find(([pattern]) => pattern.test(kind))?.[1];
  const gained = (family ? FIELDS[family]! : []).flatMap(([field, party]) =>
    ids(data[field]).map((holder) => ({ object: event.subject, party, holder })),
  );
  return { gained: [...gained, ...(special?.gained ?? [])], lost: special?.lost ?? [] };
}

const row = (object: unknown, party: Party, holder: unknown): PartyRow[] =>
  ids(holder).map((id) => ({ object: text(object), party, holder: id }));
const onlyGained = (...gained: readonly PartyRow[][]): PartyChange => ({ gained: gained.flat(), lost: [] });
const onlyLost = (...lost: readonly PartyEnd[]): PartyChange => ({ gained: [], lost });

const signersOf = (project: string, data: Data): PartyRow[] =>
  ((data.milestones ?? []) as readonly MilestoneShape[]).flatMap(({ milestoneId, signers = [] }) =>
    signers.flatMap(({ organisationId }) => [
      ...row(milestoneId, 'signer', organisationId),
      ...row(project, 'signer', organisationId),
    ]),
  );

const award = (need: unknown, project: unknown, data: Data, steward: unknown): PartyChange =>
  onlyGained(
    row(need, 'lead', data.leadId),
    row(project, 'steward', steward),
    row(project, 'lead', data.leadId),
    row(project, 'partner', data.partnerIds),
  );

const pledgeOver = (_pledge: string, data: Data): PartyChange =>
  onlyLost({ object: text(data.needId), party: 'pledger' }, { object: text(data.needId), party: 'funder' });

// Kinds whose stream is not the need itself, or whose fields do not mean what they mean in its other events.
const ONLY_SPECIAL: ReadonlySet<string> = new Set(['NeedOrganisationInvited', 'NeedReviewerAppointed', 'NeedReviewerDismissed']);

// What a payload says about objects other than its own stream.
const SPECIAL: Readonly<Record<string, (subject: string, data: Data) => PartyChange>> = {
  NeedOrganisationInvited: (need, data) => onlyGained(row(need, 'invited', data.organisationId)),
  NeedReviewerAppointed: (_intake, data) => onlyGained(row(data.needId, 'reviewer', data.personId)),
  NeedReviewerDismissed: (_intake, data) => onlyLost({ object: text(data.needId), party: 'reviewer', holder: text(data.personId) }),
  NeedPartnered: (need, data) => award(need, data.projectId, data, data.organisationId),
  ProposalSubmitted: (_proposal, data) => onlyGained(row(data.needId, 'proposer', data.leadId)),
  ProposalDeclined: (_proposal, data) => onlyLost({ object: text(data.needId), party: 'proposer' }),
  ProposalWithdrawn: (_proposal, data) => onlyLost({ object: text(data.needId), party: 'proposer' }),
  ProposalAccepted: (_proposal, data) => award(data.needId, data.projectId, data, data.ownerId),
  PledgeMade: (_pledge, data) =>
    onlyGained(
      row(data.needId, 'pledger', data.organisationId),
      data.kind === 'funding' ? row(data.needId, 'funder', data.organisationId) : [],
    ),
  PledgeDeclined: pledgeOver,
  PledgeWithdrawn: pledgeOver,
  PledgeLapsed: (pledge, data) =>
    data.cause === 'expired' || data.cause === 'line_closed' ? pledgeOver(pledge, data) : onlyLost(),
  PlanProposed: (project, data) => onlyGained(signersOf(project, data)),
  MilestoneSubmitted: (milestone, data) =>
    onlyGained(
      ((data.signers ?? []) as readonly SignerShape[]).flatMap(({ organisationId }) => row(milestone, 'signer', organisationId)),
    ),
};
