import * as contracts from '../index.js';
import { ACCESS_ROOM, organisationsOf, ROOM_RULES, roomsOf } from './rooms.js';
import { RoomName } from './messages.js';

const DEFINITIONS = Object.values(contracts as Record<string, unknown>).filter(
  (value) => typeof value === 'function' && 'kind' in value && 'parse' in value,
) as unknown as { kind: string; schema: { shape: Record<string, unknown> } }[];
const KINDS = DEFINITIONS.map(({ kind }) => kind);

// Fields of events that name something else than an organisation.
const OTHER_IDS = [
  'deliveryId',
  'expenditureId',
  'lineId',
  'milestoneId',
  'needId',
  'personId',
  'pledgeId',
  'projectId',
  'proposalId',
  'proposalIds',
  'sessionIds',
  'tokenId',
];

const event = (kind: string, subject: string, data: unknown, organisation?: string) => ({
  type: `concord.spec.${kind}`,
  subject,
  data,
  ...(organisation !== undefined && { organisation }),
});

// Who these events are about, or what they say, is not for everybody. A kind may leave this list only by a decision.
const CLOSED = [
  'ApiTokenIssued',
  'ApiTokenRevoked',
  'DeliveryAcknowledged',
  'DeliveryCorrected',
  'DeliveryDisputed',
  'DeliveryRecorded',
  'DeliveryReversed',
  'DeliveryVoided',
  'FullProposalInvited',
  'InboxChanged',
  'MembershipGranted',
  'MembershipRevoked',
  'NeedEndorsed',
  'NeedExpired',
  'NeedIntakeClosed',
  'NeedOrganisationInvited',
  'NeedReturned',
  'NeedReviewerAppointed',
  'NeedReviewerDismissed',
  'NeedSubmitted',
  'NeedWithdrawn',
  'OrganisationRegistered',
  'PersonRegistered',
  'PlatformRolesSet',
  'ProposalDeclined',
  'ProposalReviewStarted',
  'ProposalShortlisted',
  'ProposalSubmitted',
  'ProposalWithdrawn',
  'SessionsEnded',
  'SigningKeyPublished',
  'SigningKeyRetired',
  'VerificationExpired',
  'VerificationInformationAsked',
  'VerificationRejected',
  'VerificationRequested',
];

describe('rooms', () => {
  it('are decided for every published kind, and for no other', () => {
    expect([...ROOM_RULES.keys()].sort()).toEqual([...new Set(KINDS)].sort());
  });

  it('are never open for what is restricted', () => {
    expect(
      [...ROOM_RULES]
        .filter(([, { open }]) => open.length === 0)
        .map(([kind]) => kind)
        .sort(),
    ).toEqual(CLOSED);
    const data = { needId: 'n', projectId: 'p', personId: 'x', organisationId: 'o', ownerId: 'w', leadId: 'l' };
    for (const kind of CLOSED) {
      const open = roomsOf(event(kind, 's', data)).filter((room) => /^(public|need|project)/u.test(room));
      expect([kind, open]).toEqual([kind, []]);
    }
  });

  it('of a pledge are its need and the organisations it names', () => {
    const data = { needId: 'n', organisationId: 'funder', ownerId: 'owner' };
    expect(roomsOf(event('PledgeMade', 'pledge', data, 'funder'))).toEqual(['need:n', 'organisation:funder', 'organisation:owner']);
  });

  it('of a published need are the public one, its own and its owner’s', () => {
    expect(roomsOf(event('NeedPublished', 'n', { organisationId: 'o' }))).toEqual(['public', 'need:n', 'organisation:o']);
  });

  it('of an inbox are its person’s alone', () => {
    expect(roomsOf(event('InboxChanged', 'x', { unread: 1 }, 'o'))).toEqual(['person:x']);
  });

  it('of a revoked membership are the organisation, the person and the gateways', () => {
    expect(roomsOf(event('MembershipRevoked', 'o', { personId: 'x' }, 'o'))).toEqual(['organisation:o', 'person:x', ACCESS_ROOM]);
  });

  it('of a token are the gateways alone: its digest is nobody’s business', () => {
    expect(roomsOf(event('ApiTokenRevoked', 'x', { digest: 'd' }, 'o'))).toEqual([ACCESS_ROOM]);
    expect(roomsOf(event('ApiTokenIssued', 'x', { digest: 'd', organisationId: 'o' }, 'o'))).toEqual([]);
  });

  it('know every field that names an organisation', () => {
    const fields = DEFINITIONS.flatMap(({ schema }) => Object.keys(schema.shape)).filter((field) => /Ids?$/u.test(field));
    const organisations = [...new Set(fields)].filter((field) => !OTHER_IDS.includes(field));
    const unknown = organisations.filter((field) => organisationsOf({ [field]: field.endsWith('s') ? ['o'] : 'o' }).length !== 1);
    expect(unknown).toEqual([]);
    expect(organisations.length).toBeGreaterThan(7);
  });

  it('are none for an unknown kind', () => {
    expect(roomsOf(event('NeverHeardOf', 'x', { needId: 'n' }))).toEqual([]);
  });

  it('have names that clients can ask for, except the gateways’ own', () => {
    expect(RoomName.safeParse('need:0197a000-0000-7000-8000-000000000001').success).toBe(true);
    for (const name of [ACCESS_ROOM, 'need:', 'need:x', 'PUBLIC', 'public ', 'person:0197a000-0000-7000-8000-00000000000']) {
      expect(RoomName.safeParse(name).success).toBe(false);
    }
  });
});
