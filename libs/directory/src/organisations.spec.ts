import {
  FocalPointDesignated,
  MembershipGranted,
  OrganisationRegistered,
  OrganisationVerified,
  PublicOrganisation,
  VerificationRequested,
} from '@concord/contracts';

import { fold } from '@concord/testing';
import { Organisation, OrganisationApprovalGiven } from './domain/organisation.js';
import { organisationRow, presentOrganisation } from './organisations.js';

const id = '00000000-0000-7000-8000-000000000001';
const personId = '00000000-0000-7000-8000-00000000000a';
const registered = OrganisationRegistered({
  organisationId: id,
  name: 'Énergie Réseau',
  type: '80',
  acronym: 'ER',
  capabilities: ['Off-grid power'],
  sdgs: ['4.a', '7'],
});
const past = [registered, MembershipGranted({ personId, roles: ['admin'] }), VerificationRequested({})];
const verified = [
  ...past,
  OrganisationVerified({ validUntil: '2028-01-01T00:00:00.000Z' }),
  FocalPointDesignated({ countries: ['MW'] }),
];

describe('the row of an organisation', () => {
  it('is searched without accents and case, and found under the goals of its targets', () => {
    expect(organisationRow(id, fold(Organisation, verified))).toMatchObject({
      name: 'energie reseau',
      search: 'energie reseau er off-grid power',
      sdgs: ['4.a', '4', '7'],
      members: [personId],
      focal_countries: ['MW'],
      standing: 'verified',
      due_at: '2028-01-01T00:00:00.000Z',
    });
  });

  it('falls due only while verified', () => {
    expect(organisationRow(id, fold(Organisation, past)).due_at).toBeNull();
  });
});

describe('the public organisation', () => {
  const present = (state: ReturnType<typeof fold<typeof Organisation.initial>>) =>
    PublicOrganisation.parse(presentOrganisation({ id, version: 5, state, subject: undefined, at: '2026-01-01T00:00:00.000Z' }));

  it('shows the profile and the standing, and nobody who belongs to it', () => {
    const shown = present(fold(Organisation, verified));
    expect(shown).toMatchObject({ id, version: 5, name: 'Énergie Réseau', standing: 'verified', focalCountries: ['MW'] });
    expect(JSON.stringify(shown)).not.toContain(personId);
  });

  it('shows that a step waits for a second approval, not whose', () => {
    const shown = present(fold(Organisation, [...past, [OrganisationApprovalGiven({ of: 'verify:1' }), { person: 'person-1' }]]));
    expect(shown.pendingApproval).toEqual({ of: 'verify:1', at: '2026-01-01T00:00:00.000Z' });
  });
});
