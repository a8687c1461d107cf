import { text } from '@concord/kernel';
import { z } from 'zod';

/** Codes of the IATI code list OrganisationType (iatistandard.org), with the names the list gives them. */
export const ORGANISATION_TYPES = {
  '10': 'Government',
  '11': 'Local Government',
  '15': 'Other Public Sector',
  '21': 'International NGO',
  '22': 'National NGO',
  '23': 'Regional NGO',
  '24': 'Partner Country based NGO',
  '30': 'Public Private Partnership',
  '40': 'Multilateral',
  '60': 'Foundation',
  '70': 'Private Sector',
  '71': 'Private Sector in Provider Country',
  '72': 'Private Sector in Aid Recipient Country',
  '73': 'Private Sector in Third Country',
  '80': 'Academic, Training and Research',
  '90': 'Other',
} as const;

/** IATI OrganisationType code. */
export const OrganisationType = z
  .enum(Object.keys(ORGANISATION_TYPES) as [keyof typeof ORGANISATION_TYPES, ...(keyof typeof ORGANISATION_TYPES)[]])
  .meta({ id: 'OrganisationType', description: 'IATI OrganisationType code' });
export type OrganisationType = z.infer<typeof OrganisationType>;

/** Kinds that IATI files under 90 (other): Concord's own codes. */
export const OrganisationKind = z.enum(['open_source_community', 'ospo']).meta({
  id: 'OrganisationKind',
  description: 'Kind of an organisation of type 90: open-source community or open-source programme office',
});

/** Identifier in the organisation's own register, `{list}-{local}` as org-id.guide writes it: `GB-CHC-1234567`. No `/ & | ?` (IATI 2.03). */
export const OrgIdentifier = z
  .string()
  .max(120)
  .regex(/^[A-Z]{2,3}-[A-Z0-9_]{1,20}-[A-Za-z0-9._~:-]+$/u, 'must be {list}-{local}, such as GB-CHC-1234567')
  .meta({ id: 'OrgIdentifier', description: 'org-id identifier {list}-{local}', examples: ['GB-CHC-1234567'] });

const country = z
  .string()
  .regex(/^[A-Z]{2}$/u, 'must be an ISO 3166-1 alpha-2 code')
  .meta({ description: 'ISO 3166-1 alpha-2 code' });
const goalOrTarget = z
  .string()
  .regex(/^(?:[1-9]|1[0-7])(?:\.(?:[1-9]\d?|[a-d]))?$/u, 'must be a goal (4) or a target (4.a)')
  .meta({ description: 'SDG goal (4) or target (4.a)' });
const sector = z
  .string()
  .regex(/^\d{3}(?:\d{2})?$/u, 'must be a DAC sector of 3 or 5 digits')
  .meta({ description: 'OECD DAC sector, 3 or 5 digits' });
const language = z
  .string()
  .regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$/u, 'must be a BCP 47 tag')
  .meta({ description: 'BCP 47 tag' });
// Written as a browser sends it: ASCII with %-escapes, so that nothing hides in it and every store takes it.
const website = z
  .url({ protocol: /^https?$/u })
  .max(500)
  .regex(/^[!-~]+$/u, 'must be written in ASCII, with %-escapes');

/** Values of the filters of the capability directory. */
export const DirectoryCodes = { country, goalOrTarget, sector, language } as const;

const unique = <Item extends z.ZodType<string>>(item: Item, max: number) =>
  z
    .array(item)
    .max(max)
    .refine((items) => new Set(items).size === items.length, 'must not name anything twice');

/** Who an organisation is: what the registrars verify, so it is fixed while they look and afterwards. */
const identity = {
  name: text(200),
  type: OrganisationType,
  orgKind: OrganisationKind.optional(),
  country: country.optional(),
  identifier: OrgIdentifier.optional(),
};

/** What an organisation says of itself: may change at any time. */
const offer = {
  acronym: text(30).optional(),
  description: text(4000).optional(),
  website: website.optional(),
  /** What it can do, in a few words each; searchable. */
  capabilities: unique(text(80), 40).optional(),
  sectors: unique(sector, 40).optional(),
  sdgs: unique(goalOrTarget, 40).optional(),
  countriesServed: unique(country, 260).optional(),
  languages: unique(language, 40).optional(),
};

/** The public profile of an organisation. */
export const profileFields = { ...identity, ...offer };
export const OrganisationProfile = z.strictObject(profileFields).meta({ id: 'OrganisationProfile' });
export type OrganisationProfile = z.infer<typeof OrganisationProfile>;

/** Fields of the profile that are fixed from the request for verification on. */
export const IDENTITY_FIELDS = [
  'name',
  'type',
  'orgKind',
  'country',
  'identifier',
] as const satisfies readonly (keyof OrganisationProfile)[];

/** New values of the profile: an absent field stays, `null` empties it. */
export const OrganisationRevision = z
  .strictObject({
    name: identity.name.optional(),
    type: identity.type.optional(),
    orgKind: identity.orgKind.nullable(),
    country: identity.country.nullable(),
    identifier: identity.identifier.nullable(),
    acronym: offer.acronym.nullable(),
    description: offer.description.nullable(),
    website: offer.website.nullable(),
    capabilities: offer.capabilities.nullable(),
    sectors: offer.sectors.nullable(),
    sdgs: offer.sdgs.nullable(),
    countriesServed: offer.countriesServed.nullable(),
    languages: offer.languages.nullable(),
  })
  .refine((revision) => Object.keys(revision).length > 0, 'must name at least one field')
  .meta({ id: 'OrganisationRevision' });
export type OrganisationRevision = z.infer<typeof OrganisationRevision>;
