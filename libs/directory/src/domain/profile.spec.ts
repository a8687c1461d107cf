import {
  MembershipGranted,
  OrganisationRegistered,
  OrganisationRevised,
  OrganisationVerified,
  VerificationRequested,
} from '@concord/contracts';
import { given } from '@concord/testing';
import { Organisation } from './organisation.js';
import { registerOrganisation, reviseOrganisation } from './profile.js';

const organisationId = '00000000-0000-7000-8000-000000000001';
const personId = '00000000-0000-7000-8000-00000000000a';
const profile = { name: 'Kestrel Labs', type: '70', country: 'KE', acronym: 'KL' } as const;
const registered = OrganisationRegistered({ organisationId, ...profile });

describe('registerOrganisation', () => {
  it('makes the person who registers its admin', () => {
    const state = given(Organisation, [])
      .when(() => registerOrganisation(organisationId, profile, personId))
      .then(registered, MembershipGranted({ personId, roles: ['admin'] }));
    expect(state).toMatchObject({ organisationId, standing: 'unverified', members: { [personId]: ['admin'] } });
  });

  it('takes a kind with type 90 only', () => {
    given(Organisation, [])
      .when(() => registerOrganisation(organisationId, { ...profile, orgKind: 'ospo' }, personId))
      .refused('kind_without_type');
  });
});

describe('reviseOrganisation', () => {
  it('keeps what is absent and empties what is null', () => {
    given(Organisation, [registered])
      .when((organisation) => reviseOrganisation(organisation, { acronym: null, capabilities: ['hosting'] }))
      .then(OrganisationRevised({ name: 'Kestrel Labs', type: '70', country: 'KE', capabilities: ['hosting'] }));
  });

  it('is no event when nothing changes', () => {
    given(Organisation, [registered])
      .when((organisation) => reviseOrganisation(organisation, { acronym: 'KL' }))
      .then();
  });

  it.each([
    ['pending', [registered, VerificationRequested({})]],
    ['verified', [registered, VerificationRequested({}), OrganisationVerified({ validUntil: '2028-01-01T00:00:00.000Z' })]],
  ])('keeps who the organisation is while %s, not what it says of itself', (_standing, past) => {
    given(Organisation, past)
      .when((organisation) => reviseOrganisation(organisation, { name: 'Kestrel Holdings' }))
      .refused('identity_fixed', { fields: ['name'] });
    given(Organisation, past)
      .when((organisation) => reviseOrganisation(organisation, { description: 'Offline-first software.' }))
      .then(OrganisationRevised({ ...profile, description: 'Offline-first software.' }));
  });
});
