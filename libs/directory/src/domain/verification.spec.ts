import {
  FocalPointDesignated,
  MembershipGranted,
  OrganisationReinstated,
  OrganisationRegistered,
  OrganisationRevised,
  OrganisationSuspended,
  OrganisationVerified,
  VerificationExpired,
  VerificationInformationAsked,
  VerificationRejected,
  VerificationRequested,
} from '@concord/contracts';
import { given } from '@concord/testing';
import { Organisation, OrganisationApprovalGiven } from './organisation.js';
import {
  askInformation,
  designateFocalPoint,
  expireVerification,
  reinstateOrganisation,
  rejectVerification,
  requestVerification,
  suspendOrganisation,
  twoYearsAfter,
  verifyOrganisation,
} from './verification.js';

const organisationId = '00000000-0000-7000-8000-000000000001';
const member = '00000000-0000-7000-8000-00000000000a';
const anna = { person: '00000000-0000-7000-8000-00000000000b', at: '2026-03-01T00:00:00.000Z' };
const ben = { person: '00000000-0000-7000-8000-00000000000c', at: '2026-03-02T00:00:00.000Z' };
const reason = { code: 'register_unclear', text: 'The register names another legal form.' };

const registered = OrganisationRegistered({ organisationId, name: 'Harbourlight Foundation', type: '60', identifier: 'GB-CHC-1' });
const joined = MembershipGranted({ personId: member, roles: ['admin'] });
const pending = [registered, joined, VerificationRequested({})];
const verified = [...pending, OrganisationVerified({ validUntil: '2028-03-02T00:00:00.000Z' })];
const suspended = [...verified, OrganisationSuspended({ reason })];

describe('requestVerification', () => {
  it('makes an unverified organisation pending', () => {
    const state = given(Organisation, [registered, joined])
      .when((organisation) => requestVerification(organisation, 'GB-CHC-1'))
      .then(VerificationRequested({}));
    expect(state.standing).toBe('pending');
  });

  it('takes another identifier of the checklist into the profile', () => {
    given(Organisation, [registered])
      .when((organisation) => requestVerification(organisation, 'GB-CHC-2'))
      .then(
        OrganisationRevised({ name: 'Harbourlight Foundation', type: '60', identifier: 'GB-CHC-2' }),
        VerificationRequested({}),
      );
  });

  it.each([
    ['pending', pending],
    ['verified', verified],
    ['suspended', suspended],
  ])('is refused while %s', (_standing, past) => {
    given(Organisation, past)
      .when((organisation) => requestVerification(organisation, 'GB-CHC-1'))
      .refused('wrong_state');
  });

  it('is possible again after a rejection and after expiry', () => {
    for (const ended of [VerificationRejected({ reason }), VerificationExpired({})]) {
      const past = ended.kind === 'VerificationRejected' ? [...pending, ended] : [...verified, ended];
      given(Organisation, past)
        .when((organisation) => requestVerification(organisation, 'GB-CHC-1'))
        .then(VerificationRequested({}));
    }
  });
});

describe('verifyOrganisation', () => {
  it('records the first registrar and verifies for two years with the second', () => {
    const first = given(Organisation, pending)
      .when((organisation) => verifyOrganisation(organisation, anna))
      .then(OrganisationApprovalGiven({ of: 'verify:1' }));
    expect(first.standing).toBe('pending');
    const approval = [OrganisationApprovalGiven({ of: 'verify:1' }), anna] as const;
    const state = given(Organisation, [...pending, approval])
      .when((organisation) => verifyOrganisation(organisation, ben))
      .then(OrganisationVerified({ validUntil: '2028-03-02T00:00:00.000Z' }));
    expect(state).toMatchObject({ standing: 'verified', validUntil: '2028-03-02T00:00:00.000Z' });
    expect(state.pendingApproval).toBeUndefined();
  });

  it('refuses the same registrar twice (R23)', () => {
    given(Organisation, [...pending, [OrganisationApprovalGiven({ of: 'verify:1' }), anna]])
      .when((organisation) => verifyOrganisation(organisation, anna))
      .refused('same_person');
  });

  it('refuses a registrar who belongs to the organisation (R22)', () => {
    given(Organisation, pending)
      .when((organisation) => verifyOrganisation(organisation, { ...anna, person: member }))
      .refused('conflict_of_interest');
  });

  it('forgets an approval of an earlier round', () => {
    const asked = VerificationInformationAsked({ reason });
    given(Organisation, [...pending, [OrganisationApprovalGiven({ of: 'verify:1' }), anna], asked, VerificationRequested({})])
      .when((organisation) => verifyOrganisation(organisation, ben))
      .then(OrganisationApprovalGiven({ of: 'verify:2' }));
  });

  it('is refused unless pending', () => {
    given(Organisation, [registered])
      .when((organisation) => verifyOrganisation(organisation, anna))
      .refused('wrong_state', { state: 'unverified' });
  });
});

describe('the other decisions of registrars', () => {
  it('sends a request back with a reason', () => {
    const state = given(Organisation, pending)
      .when((organisation) => askInformation(organisation, reason, anna))
      .then(VerificationInformationAsked({ reason }));
    expect(state).toMatchObject({ standing: 'unverified', reason });
  });

  it('rejects a request with a reason', () => {
    const state = given(Organisation, pending)
      .when((organisation) => rejectVerification(organisation, reason, anna))
      .then(VerificationRejected({ reason }));
    expect(state).toMatchObject({ standing: 'rejected', reason });
  });

  it('suspends and reinstates by two registrars and keeps the end of the verification', () => {
    given(Organisation, verified)
      .when((organisation) => suspendOrganisation(organisation, reason, anna))
      .then(OrganisationApprovalGiven({ of: 'suspend:1', reason }));
    given(Organisation, [...verified, [OrganisationApprovalGiven({ of: 'suspend:1', reason }), anna]])
      .when((organisation) => suspendOrganisation(organisation, reason, ben))
      .then(OrganisationSuspended({ reason }));
    const state = given(Organisation, [...suspended, [OrganisationApprovalGiven({ of: 'reinstate:1', reason }), anna]])
      .when((organisation) => reinstateOrganisation(organisation, reason, ben))
      .then(OrganisationReinstated({ reason }));
    expect(state).toMatchObject({ standing: 'verified', validUntil: '2028-03-02T00:00:00.000Z' });
  });

  it('suspends only who is verified, reinstates only who is suspended', () => {
    given(Organisation, pending)
      .when((organisation) => suspendOrganisation(organisation, reason, anna))
      .refused('wrong_state');
    given(Organisation, verified)
      .when((organisation) => reinstateOrganisation(organisation, reason, anna))
      .refused('wrong_state');
  });
});

describe('expireVerification', () => {
  it('ends a verification at its end, not before', () => {
    const before = given(Organisation, verified).when((organisation) =>
      expireVerification(organisation, '2028-03-01T23:59:59.999Z'),
    );
    before.then();
    const state = given(Organisation, verified)
      .when((organisation) => expireVerification(organisation, '2028-03-02T00:00:00.000Z'))
      .then(VerificationExpired({}));
    expect(state.standing).toBe('expired');
  });

  it('leaves a suspended organisation suspended', () => {
    given(Organisation, suspended)
      .when((organisation) => expireVerification(organisation, '2030-01-01T00:00:00.000Z'))
      .then();
  });

  it('counts 24 calendar months', () => {
    expect(twoYearsAfter('2026-12-31T10:00:00.000Z')).toBe('2028-12-31T10:00:00.000Z');
    expect(twoYearsAfter('2028-02-29T10:00:00.000Z')).toBe('2030-02-28T10:00:00.000Z');
  });
});

describe('designateFocalPoint', () => {
  it('names countries once, in order, and nothing when nothing changes', () => {
    const designated = FocalPointDesignated({ countries: ['MW', 'ZM'] });
    given(Organisation, verified)
      .when((organisation) => designateFocalPoint(organisation, ['ZM', 'MW', 'ZM']))
      .then(designated);
    given(Organisation, [...verified, designated])
      .when((organisation) => designateFocalPoint(organisation, ['MW', 'ZM']))
      .then();
  });

  it('needs a verified organisation to begin, none to end', () => {
    given(Organisation, [registered])
      .when((organisation) => designateFocalPoint(organisation, ['MW']))
      .refused('wrong_state');
    given(Organisation, [...verified, FocalPointDesignated({ countries: ['MW'] }), OrganisationSuspended({ reason })])
      .when((organisation) => designateFocalPoint(organisation, []))
      .then(FocalPointDesignated({ countries: [] }));
  });
});
