import { OrganisationProfile, OrganisationRevision, OrgIdentifier } from './profile.js';

const profile = (fields: object) => OrganisationProfile.safeParse({ name: 'Kestrel Labs', type: '70', ...fields }).success;

describe('an organisation profile', () => {
  it.each([
    {},
    { identifier: 'GB-CHC-1234567', country: 'GB', website: 'https://kestrel.example/a?b=%C3%A9' },
    { type: '90', orgKind: 'ospo', sdgs: ['4', '4.a', '17.19'], sectors: ['112', '11220'], languages: ['en', 'zh-Hans', 'pt-BR'] },
    { name: 'ወርቅ ድርጅት', capabilities: ['hosting', 'Hosting'] },
  ])('may say %j', (fields) => {
    expect(profile(fields)).toBe(true);
  });

  it.each([
    { type: '12' },
    { type: 'toString' },
    { name: ' ' },
    { name: 'a\u0000b' },
    { name: '\ud800' },
    { country: 'gb' },
    { sdgs: ['18'] },
    { sdgs: ['4', '4'] },
    { sectors: ['1122'] },
    { website: 'javascript:alert(1)' },
    { website: 'https://a.example/\u0000' },
    { website: 'https://a.example/\ud800' },
    { orgKind: 'cooperative' },
    { contact: 'amina@kestrel.example' },
  ])('may not say %j', (fields) => {
    expect(profile(fields)).toBe(false);
  });

  it('has an identifier as org-id writes it, without the characters that IATI forbids', () => {
    for (const good of ['GB-CHC-1234567', 'XM-DAC-41114', 'US-EIN-12-3456789', 'MW-NBM-OL.7'])
      expect(OrgIdentifier.safeParse(good).success).toBe(true);
    for (const bad of ['GB-CHC', 'gb-chc-1', 'GB-CHC-1/2', 'GB-CHC-1&2', 'GB-CHC-1 2', 'GB-CHC-1?', 'GB-CHC-1|2']) {
      expect(OrgIdentifier.safeParse(bad).success).toBe(false);
    }
  });

  it('is revised in at least one field, and emptied only where it may be empty', () => {
    expect(OrganisationRevision.safeParse({}).success).toBe(false);
    expect(OrganisationRevision.safeParse({ acronym: null }).success).toBe(true);
    expect(OrganisationRevision.safeParse({ name: null }).success).toBe(false);
    expect(OrganisationRevision.safeParse({ standing: 'verified' }).success).toBe(false);
  });
});
