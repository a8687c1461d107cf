import { everyone } from '@concord/access';
import {
  DirectoryCodes,
  OrganisationKind,
  OrganisationType,
  PublicOrganisation,
  type OrganisationProfile,
} from '@concord/contracts';
import { STANDINGS, text } from '@concord/kernel';
import { defineList, defineResource, defineTable, searchText, type Presented } from '@concord/platform';
import { z } from 'zod';
import { Organisation, type OrganisationState } from './domain/organisation.js';

const OrganisationRows = defineTable({
  name: 'organisations',
  key: ['id'],
  columns: {
    id: 'uuid',
    name: 'text',
    search: 'text',
    type: 'text',
    org_kind: 'text',
    country: 'text',
    identifier: 'text',
    standing: 'text',
    capabilities: 'text[]',
    sectors: 'text[]',
    sdgs: 'text[]',
    countries_served: 'text[]',
    focal_countries: 'text[]',
    members: 'text[]',
    registered_at: 'timestamptz',
    due_at: 'timestamptz',
  },
  unique: {
    organisations_identifier: {
      code: 'identifier_taken',
      message: 'Another verified organisation has this identifier. Check which of the two it belongs to.',
    },
  },
});

/** Goals and targets as named, and the goal of every target: who serves 4.a is found under 4. */
const goalsOf = (profile: OrganisationProfile): string[] => [
  ...new Set((profile.sdgs ?? []).flatMap((sdg) => [sdg, sdg.split('.')[0] ?? sdg])),
];

/** The row of an organisation in the capability directory. */
export function organisationRow(
  _id: string,
  { profile, standing, validUntil, focalCountries, members, registeredAt }: OrganisationState,
) {
  return {
    name: searchText(profile.name),
    search: searchText(profile.name, profile.acronym, ...(profile.capabilities ?? [])),
    type: profile.type,
    org_kind: profile.orgKind ?? null,
    country: profile.country ?? null,
    identifier: profile.identifier ?? null,
    standing,
    capabilities: (profile.capabilities ?? []).map((capability) => searchText(capability)),
    sectors: profile.sectors ?? [],
    sdgs: goalsOf(profile),
    countries_served: profile.countriesServed ?? [],
    focal_countries: [...focalCountries],
    members: Object.keys(members),
    registered_at: registeredAt,
    due_at: standing === 'verified' ? (validUntil ?? null) : null,
  };
}

/** The public form of an organisation: who belongs to it is not part of it. */
export function presentOrganisation({ id, version, state }: Presented<OrganisationState>): z.input<typeof PublicOrganisation> {
  const { profile, standing, validUntil, reason, focalCountries, registeredAt, pendingApproval } = state;
  return {
    id,
    version,
    ...profile,
    standing,
    validUntil,
    reason,
    focalCountries: [...focalCountries],
    registeredAt,
    pendingApproval: pendingApproval && { of: pendingApproval.of, at: pendingApproval.at },
  };
}

/** Organisations of every type, public. */
export const organisations = defineResource<OrganisationState, typeof PublicOrganisation>({
  aggregate: Organisation,
  plural: 'organisations',
  output: PublicOrganisation,
  present: presentOrganisation,
  readable: everyone,
  view: { table: OrganisationRows, row: organisationRow },
});

/** The capability directory: who there is, what they can do, where and for which goals. */
export const listOrganisations = defineList({
  name: 'listOrganisations',
  summary:
    'The capability directory: search by name, acronym and capability; filter by type, country, goal, sector, countries served, standing',
  resource: organisations,
  allows: everyone,
  visible: () => 'true',
  filters: {
    type: { column: 'type', match: 'is', value: OrganisationType },
    kind: { column: 'org_kind', match: 'is', value: OrganisationKind },
    country: { column: 'country', match: 'is', value: DirectoryCodes.country },
    standing: { column: 'standing', match: 'is', value: z.enum(STANDINGS) },
    sdg: { column: 'sdgs', match: 'has', value: DirectoryCodes.goalOrTarget },
    sector: { column: 'sectors', match: 'has', value: DirectoryCodes.sector },
    capability: { column: 'capabilities', match: 'has', value: text(80).transform((value) => searchText(value)) },
    serves: { column: 'countries_served', match: 'has', value: DirectoryCodes.country },
    endorses: { column: 'focal_countries', match: 'has', value: DirectoryCodes.country },
  },
  search: 'search',
  sorts: { name: { column: 'name', direction: 'asc' }, newest: { column: 'registered_at', direction: 'desc' } },
  facets: ['type', 'country', 'sdg', 'standing'],
});
