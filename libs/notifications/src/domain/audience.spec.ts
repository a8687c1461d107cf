import * as contracts from '@concord/contracts';
import { Inbox, ItemAdded } from './inbox.js';
import { audienceOf, notify, rankOf } from './audience.js';
import { NOTICES } from './notices.js';
import { partiesOf } from './parties.js';

const KINDS = Object.values(contracts as Record<string, unknown>)
  .filter((value) => typeof value === 'function' && 'kind' in value && 'parse' in value)
  .map((definition) => (definition as unknown as { kind: string }).kind)
  .filter((kind) => kind !== 'InboxChanged');

const event = (type: string, subject: string, data: unknown) => ({ type: `concord.spec.${type}`, subject, data });

describe('notices', () => {
  it('say of every published kind whom it concerns, and of no other', () => {
    expect([...NOTICES.keys()].sort()).toEqual([...new Set(KINDS)].sort());
  });

  it('tell followers only what anybody may read', () => {
    const followed = [...NOTICES].filter(([, { to }]) => to.some(({ kind }) => kind === 'followers')).map(([kind]) => kind);
    const closed = followed.filter((kind) => contracts.ROOM_RULES.get(kind)!.open.length === 0);
    expect(followed.length).toBeGreaterThan(10);
    expect(closed).toEqual([]);
  });

  it('tell nobody that a membership ended', () => {
    expect(audienceOf(event('MembershipRevoked', 'organisation-1', { personId: 'person-1' }))).toBeUndefined();
  });
});

describe('audience', () => {
  it('asks the tables for the parties and knows at once those the event names', () => {
    const data = { needId: 'need-1', organisationId: 'funder-1', ownerId: 'owner-1', kind: 'funding' };
    expect(audienceOf(event('PledgeMade', 'pledge-1', data))).toEqual({
      about: 'pledge',
      objectId: 'pledge-1',
      needId: 'need-1',
      parties: [{ object: 'pledge-1', party: 'owner', rank: rankOf('owner') }],
      organisations: [{ organisation: 'owner-1', roles: ['approver', 'editor'], rank: rankOf('owner') }],
      persons: [],
      platform: [],
      followed: [{ object: 'need-1', rank: rankOf('following') }],
    });
  });

  it('finds the project of a fund in its stream', () => {
    const audience = audienceOf(event('ExpenditureRecorded', 'project-1', { needId: 'need-1' }));
    expect(audience?.projectId).toBe('project-1');
    expect(audience?.parties.map(({ party }) => party)).toEqual(['steward', 'lead']);
  });

  it('is empty for what nobody needs to hear', () => {
    expect(audienceOf(event('EvidenceAdded', 'milestone-1', {}))).toBeUndefined();
    expect(audienceOf(event('NeverHeardOf', 'x', {}))).toBeUndefined();
  });
});

describe('parties', () => {
  it('come from the award', () => {
    const data = { needId: 'need-1', ownerId: 'owner-1', leadId: 'lead-1', partnerIds: ['partner-1'], projectId: 'project-1' };
    expect(partiesOf(event('ProposalAccepted', 'proposal-1', data)).gained).toEqual([
      { object: 'proposal-1', party: 'owner', holder: 'owner-1' },
      { object: 'proposal-1', party: 'lead', holder: 'lead-1' },
      { object: 'proposal-1', party: 'partner', holder: 'partner-1' },
      { object: 'need-1', party: 'lead', holder: 'lead-1' },
      { object: 'project-1', party: 'steward', holder: 'owner-1' },
      { object: 'project-1', party: 'lead', holder: 'lead-1' },
      { object: 'project-1', party: 'partner', holder: 'partner-1' },
    ]);
  });

  it('sign what the plan says they sign', () => {
    const milestones = [{ milestoneId: 'milestone-1', signers: [{ role: 'verifier', organisationId: 'verifier-1' }] }];
    expect(partiesOf(event('PlanProposed', 'project-1', { needId: 'need-1', milestones })).gained).toEqual([
      { object: 'milestone-1', party: 'signer', holder: 'verifier-1' },
      { object: 'project-1', party: 'signer', holder: 'verifier-1' },
    ]);
  });

  it('end with a withdrawn pledge, but not with the lapse of a remainder', () => {
    const data = { needId: 'need-1', organisationId: 'funder-1' };
    expect(partiesOf(event('PledgeWithdrawn', 'pledge-1', data)).lost).toEqual([
      { object: 'need-1', party: 'pledger' },
      { object: 'need-1', party: 'funder' },
    ]);
    expect(partiesOf(event('PledgeLapsed', 'pledge-1', { ...data, cause: 'expired' })).lost).toHaveLength(2);
    expect(partiesOf(event('PledgeLapsed', 'pledge-1', { ...data, cause: 'remainder' })).lost).toEqual([]);
  });

  it('do not take the invited organisation for the owner', () => {
    const data = { organisationId: 'invited-1', ownerId: 'owner-1', title: 'Wells' };
    expect(partiesOf(event('NeedOrganisationInvited', 'need-1', data)).gained).toEqual([
      { object: 'need-1', party: 'invited', holder: 'invited-1' },
    ]);
  });
});

describe('notify', () => {
  it('puts one item with its reason into the inbox and leaves out what is not known', () => {
    const content = {
      objectKind: 'need',
      objectId: '0197a000-0000-7000-8000-0000000000aa',
      type: 'concord.partnerships.NeedPublished',
      event: '0197a000-0000-7000-8000-0000000000aa/3',
      at: '2026-01-02T00:00:00.000Z',
      title: undefined,
    } as const;
    const person = '0197a000-0000-7000-8000-000000000001';
    const { title: _title, ...said } = content;
    expect(notify(Inbox.initial, { person, reason: 'following' }, content)).toEqual([
      ItemAdded({ person, item: { item: 1, reason: 'following', ...said }, unread: 1 }),
    ]);
  });
});
